"""`check`: one line and an exit code for a monitor, as Nagios, Icinga, Zabbix and Sensu read them."""

import sys
from datetime import timedelta
from typing import Any, NoReturn

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import tell, whole_number
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _
from factorypos_tui.core.recovery.recovery import forget_the_damage, note_files_seen
from factorypos_tui.core.status.judging import Grade, Limits, grade_of, judge
from factorypos_tui.core.status.judging_wording import plugin_line, plugin_text
from factorypos_tui.core.status.status import read_status
from factorypos_tui.core.status.surroundings import look_around

_EXIT_CODES = {Grade.OK: 0, Grade.WARNING: 1, Grade.CRITICAL: 2, Grade.UNKNOWN: 3}
_USUAL = Limits()


class _Check(click.Command):
    """A command that a monitor runs. An error in its arguments must not look like a state of the till."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the arguments."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            _end_untold(error.format_message())

    def invoke(self, ctx: click.Context) -> None:
        """Judge. Where no judgement is possible, as in another user's folder, say so as a plug-in does."""
        try:
            super().invoke(ctx)
        except FactoryPosError as error:
            _end_untold(str(error))
        except Exception as error:  # noqa: BLE001 - a bug must not end in the exit code of a judgement
            kind = type(error).__name__
            words = _("Something unexpected went wrong ({kind}: {error}).").format(kind=kind, error=error)
            _end_untold(words)


@click.command(
    cls=_Check,
    help=_(
        "Judge this terminal in one line, for a monitor.\n\n"
        "Exit code 0 means that every closed day is in FactoryCLOUD, or on its way; 1, that something should "
        "be seen to; 2, that a closed day is on no way, or that the till cannot be read; 3, that nobody can "
        "tell. After the sign | come figures, as Nagios, Icinga, Zabbix and Sensu read them."
    ),
)
@click.option(
    "--behind",
    type=whole_number(0),
    metavar=_("MINUTES"),
    default=int(_USUAL.behind.total_seconds()) // 60,
    show_default=True,
    help=_("Critical where a closed day takes longer to leave."),
)
@click.option(
    "--clock",
    type=whole_number(0),
    metavar=_("SECONDS"),
    default=int(_USUAL.clock.total_seconds()),
    show_default=True,
    help=_("Warn where the clock is further off FactoryCLOUD's."),
)
@click.option(
    "--disk",
    type=whole_number(0),
    metavar="MIB",
    default=_USUAL.disk,
    show_default=True,
    help=_("Warn where the disk has less room."),
)
@click.option("--seen", is_flag=True, help=_("First note that you know of the damaged files set aside."))
@click.pass_obj
def check(home: Home, behind: int, clock: int, disk: int, seen: bool) -> None:
    limits = Limits(timedelta(minutes=behind), timedelta(seconds=clock), disk)
    _end(*_judged(home, limits, seen))


def _judged(home: Home, limits: Limits, seen: bool) -> tuple[Grade, str]:
    if not (home.sync_db.exists() or home.has_a_till):  # a check must not make a terminal
        raise FactoryPosError(_("There is no terminal in {folder}.").format(folder=home.path))
    with open_station(home) as station:
        if seen:
            forget_the_damage(station.database)
            note_files_seen(station.database)
        status, around = read_status(station), look_around(station)
        matters = judge(status, around, limits)
        grade = grade_of(matters)
        return grade, plugin_line(grade, matters, status, around, limits)


def _end_untold(words: str) -> NoReturn:
    _end(Grade.UNKNOWN, f"{Grade.UNKNOWN} - {plugin_text(words)}")


def _end(grade: Grade, line: str) -> NoReturn:
    tell(line)
    sys.exit(_EXIT_CODES[grade])
