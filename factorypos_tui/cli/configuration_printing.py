"""What the commands `config …` print for people."""

from collections.abc import Sequence

from factorypos_tui.cli.output import tell
from factorypos_tui.core.configuration.accepted import Accepted
from factorypos_tui.core.configuration.backups import BackupBesideNow
from factorypos_tui.core.configuration.change import Applied, Change
from factorypos_tui.core.configuration.configuration import Configuration
from factorypos_tui.core.configuration.difference import Difference
from factorypos_tui.core.configuration.state import ConfigurationStatus, no_upload_words
from factorypos_tui.core.configuration.wording import (
    applied_lines,
    backup_words,
    beside_now_words,
    change_words,
    cloud_words,
    connection_words,
    counts_words,
    section_name,
)
from factorypos_tui.core.language import _, format_number
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.instants import SystemClock
from factorypos_tui.core.language.text import one_line
from factorypos_tui.core.status.configuration_answer import accepted_words

MOST_SHOWN = 20


def show(
    difference: Difference,
    prices_of: Configuration,
    most: int | None,
    *,
    all_by: str = "config diff",
    to_stderr: bool = False,
) -> None:
    """Print the changes by section, at most `most` of each, and how many there are in all. `all_by`: the
    command that shows all."""
    currency = prices_of.company.currency or ""
    for section, changes in difference.sections().items():
        tell(f"{section_name(section)} ({format_number(len(changes))})", err=to_stderr)
        for change in changes[:most]:
            tell(f"  {one_line(change_words(change, currency))}", err=to_stderr)
        if most is not None and len(changes) > most:
            more = _("and {n} more; to see all: {command}").format(
                n=format_number(len(changes) - most), command=command(all_by)
            )
            tell(f"  … {more}", err=to_stderr)
    tell(counts_words(difference), err=to_stderr)


def done_words(change: Change, applied: Applied) -> str:
    """What was done to the till, and how to bring back what was there before."""
    back = _("To bring back how it was before: {command}").format(command=command("config restore"))
    return " ".join([*applied_lines(change, applied), back])


def status_lines(
    status: ConfigurationStatus, backups: Sequence[BackupBesideNow], accepted: Accepted | None
) -> Sequence[tuple[str, str]]:
    """How the configurations of till and cloud compare, a heading and its words each."""
    now = SystemClock().now()
    lines = [
        (_("Store"), status.store.name),
        (_("FactoryCLOUD"), cloud_words(status)),
        (_("This till"), ", ".join(connection_words(status, now))),
    ]
    why_not = status.no_upload and no_upload_words(status.no_upload, status.can)
    lines.append((_("Upload"), why_not or _("possible")))
    if not status.can.take_configuration:
        lines.append((_("Download"), status.can.why_no_configuration))
    if accepted:
        lines.append((_("After the close"), accepted_words(accepted)))
    if not backups:
        lines.append((_("Backups"), _("no backup yet")))
    for found in backups:
        name = _("Backup {id}").format(id=found.backup.id)
        lines.append((name, f"{backup_words(found.backup, now)}: {beside_now_words(found)}"))
    return lines
