"""`check`: one line and an exit code for a monitor, as Nagios, Icinga, Zabbix and Sensu read them."""

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import tell, whole_number
from factorypos_tui.cli.station import open_station
from factorypos_tui.cli.textfile import write_textfile
from factorypos_tui.core.errors import FactoryPosError, StorageError
from factorypos_tui.core.language import _
from factorypos_tui.core.recovery.recovery import forget_the_damage, note_files_seen
from factorypos_tui.core.status.judging import Grade, Limits, grade_of, judge, worst
from factorypos_tui.core.status.plugin_line import plugin_line, plugin_text
from factorypos_tui.core.status.status import read_status
from factorypos_tui.core.status.surroundings import look_around
from factorypos_tui.core.status.thresholds import LABELS, Figure, Range, Thresholds, figures_of, range_of

F = TypeVar("F", bound=Callable[..., Any])

_EXIT_CODES = {Grade.OK: 0, Grade.WARNING: 1, Grade.CRITICAL: 2, Grade.UNKNOWN: 3}
_USUAL = Limits()


_NEVER = timedelta(days=36_500)


def _ranges(name: str, short: str, purpose: str) -> Callable[[F], F]:
    return click.option(
        name, short, multiple=True, metavar=_("LABEL=RANGE"), callback=_read_ranges, help=purpose
    )


def _read_ranges(
    _ctx: click.Context, _option: click.Parameter, typed: tuple[str, ...]
) -> Mapping[str, Range]:
    ranges = {}
    for text in typed:
        label, _equals, span = text.partition("=")
        if label not in LABELS:
            words = _("{text}: the figures are {labels}.")
            raise click.BadParameter(words.format(text=text[:80], labels=", ".join(LABELS)))
        try:
            ranges[label] = range_of(span)
        except ValueError:
            words = _("{text}: a range is 10, 10:, ~:10, 10:20 or @10:20.")
            raise click.BadParameter(words.format(text=text[:80])) from None
    return ranges


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
            _note_untold(ctx)
            _end_untold(str(error))
        except Exception as error:  # noqa: BLE001 - a bug must not end in the exit code of a judgement
            _note_untold(ctx)
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
@_ranges("--warning", "-w", _("Warn where a figure after the sign | is out of a range, as behind=1800."))
@_ranges("--critical", "-c", _("The same, but critical."))
@click.option(
    "--textfile",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar=_("FILE"),
    help=_("Also write the figures to this file, for the textfile collector of node_exporter."),
)
@click.option("--seen", is_flag=True, help=_("First note that you know of the damaged files set aside."))
@click.pass_context
def check(
    ctx: click.Context,
    behind: int,
    clock: int,
    disk: int,
    warning: Mapping[str, Range],
    critical: Mapping[str, Range],
    textfile: Path | None,
    seen: bool,
) -> None:
    asked = Thresholds(warning, critical)
    limits = Limits(
        _NEVER if "behind" in critical else timedelta(minutes=behind),
        _NEVER if "clock_offset" in warning else timedelta(seconds=clock),
        0 if "disk_free" in warning else disk,
    )
    judged = _judged(ctx.obj, limits, asked, seen)
    if textfile:
        state = _EXIT_CODES[judged.grade]
        write_textfile(textfile, ctx.obj.path, time.time(), state, judged.figures)
    _end(judged.grade, judged.line)


@dataclass(frozen=True, slots=True)
class _Judged:
    grade: Grade
    line: str
    figures: Mapping[str, Figure]


def _judged(home: Home, limits: Limits, asked: Thresholds, seen: bool) -> _Judged:
    if not (home.sync_db.exists() or home.has_a_till):  # a check must not make a terminal
        raise FactoryPosError(home.why_no_terminal())
    with open_station(home) as station:
        if seen:
            forget_the_damage(station.database)
            note_files_seen(station.database)
        status, around = read_status(station), look_around(station)
        matters, figures = judge(status, around, limits), figures_of(status, around)
        grade = worst([grade_of(matters), *(grade for _l, _r, grade in asked.crossed(figures))])
        line = plugin_line(grade, matters, status, around, limits, asked)
        return _Judged(grade, line, figures)


def _note_untold(ctx: click.Context) -> None:
    """Let no file go on to say that all is well."""
    if file := ctx.params.get("textfile"):
        with suppress(StorageError):
            write_textfile(file, ctx.obj.path, time.time(), _EXIT_CODES[Grade.UNKNOWN], {})


def _end_untold(words: str) -> NoReturn:
    _end(Grade.UNKNOWN, f"{Grade.UNKNOWN} - {plugin_text(words)}")


def _end(grade: Grade, line: str) -> NoReturn:
    tell(line)
    sys.exit(_EXIT_CODES[grade])
