"""`log`: the log in words."""

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.logs import NAME
from factorypos_tui.cli.output import json_option, print_json, say, tell
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.errors import StorageError, UsageError
from factorypos_tui.core.language import _, on_the_wall
from factorypos_tui.core.language.system_words import system_words
from factorypos_tui.core.queue import shipments
from factorypos_tui.core.queue.referring import ref_of
from factorypos_tui.core.status.log_wording import Entry, entry_words, instant_of_entry
from factorypos_tui.core.storage.database import Database

_PAUSE_S = 0.3
Wanted = Callable[[Entry], bool]


@click.command(
    help=_(
        "Show the log in words, the oldest line first.\n\n"
        "It has a line for each turn of each report, and for whatever went wrong. As JSON the lines are "
        "as they were written, times in UTC."
    )
)
@click.option("--follow", is_flag=True, help=_("Go on with what is written from now on, until Ctrl+C."))
@click.option("--report", "ref", metavar="REF", help=_("Only of this report: Z412, a row, or a report id."))
@click.option(
    "--since",
    metavar=_("TIME"),
    help=_("Only from this time on: 2026-11-22, 2026-11-22T21:30, or with an offset from UTC."),
)
@json_option
@click.pass_obj
def log(home: Home, follow: bool, ref: str | None, since: str | None, as_json: bool) -> None:
    with open_station(home) as station:
        begin = _instant(since) if since else None
        of_report = _of_report(station.database, ref) if ref else None
        show = _shown(as_json)
        lines = 0
        try:
            for line in _lines(home.logs, follow=follow):
                entry = _entry(line)
                if (begin is None or _is_since(entry, begin)) and (of_report is None or of_report(entry)):
                    lines += 1
                    show(entry)
        except OSError as error:
            raise StorageError(
                _("{file} cannot be read: {detail}").format(
                    file=home.logs, detail=system_words(error.strerror)
                )
            ) from error
        except KeyboardInterrupt:
            return
    if not lines:
        say(_("The log has no such line."))


def entries_of(folder: Path) -> Iterator[Entry]:
    """Every line of the log, the oldest first. Raises `OSError`."""
    return map(_entry, _lines(folder, follow=False))


def _shown(as_json: bool) -> Callable[[Entry], None]:
    return print_json if as_json else lambda entry: tell(entry_words(entry))


def _lines(folder: Path, *, follow: bool) -> Iterator[str]:
    """Every line, the oldest file first; with `follow` also every line that is added later, without end."""
    current = folder / NAME
    number = max((int(file.suffix[1:]) for file in folder.glob(f"{NAME}.[0-9]*")), default=0)
    for older in range(number, 0, -1):
        yield from _lines_of(folder / f"{NAME}.{older}")
    if follow:
        yield from _followed(current)
    else:
        yield from _lines_of(current)


def _lines_of(path: Path) -> Iterator[str]:
    if path.exists():
        with path.open(encoding="utf-8", errors="replace") as file:
            yield from file


def _followed(path: Path) -> Iterator[str]:
    """The lines of the file that has this name; when another file gets the name, its lines too."""
    while True:
        if not path.exists():
            time.sleep(_PAUSE_S)
            continue
        with path.open(encoding="utf-8", errors="replace") as file:
            begun = ""
            while True:
                begun += file.readline()
                if begun.endswith("\n"):
                    yield begun
                    begun = ""
                elif not _bears_the_name(path, file.fileno()):
                    break
                else:
                    time.sleep(_PAUSE_S)


def _bears_the_name(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:  # it was renamed, and the next file is not there yet
        return True


def _entry(line: str) -> Entry:
    """What a line says; a line that was cut short is its own text."""
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    return entry if isinstance(entry, dict) else {"event": line.rstrip("\n")}


def _is_since(entry: Entry, begin: datetime) -> bool:
    at = instant_of_entry(entry)
    return at is None or at >= begin


def _of_report(database: Database, typed: str) -> Wanted:
    ref = ref_of(typed)
    if ref.z_number is not None:
        return lambda entry: entry.get("kind") == "Z" and entry.get("z_number") == ref.z_number
    report_id = ref.report_id
    if ref.row_id is not None and (shipment := shipments.shipment(database, ref.row_id)):
        report_id = shipment.report_id
    return lambda entry: report_id is not None and entry.get("report_id") == report_id


def _instant(typed: str) -> datetime:
    """A time that a person typed; without an offset it is in the till's time zone."""
    try:
        instant = datetime.fromisoformat(typed)
    except ValueError:
        raise UsageError(
            _("{time} is no time. Type it as 2026-11-22 or 2026-11-22T21:30.").format(time=typed)
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=on_the_wall(instant.astimezone()).tzinfo)
