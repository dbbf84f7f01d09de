"""Writes an export: reports one after the other into the files of the format that was asked for. Memory does
not grow with them, but for a line of the manifest each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from factorypos_tui.archive.export.charts import Chart, packaged, read_chart
from factorypos_tui.archive.export.folders import Folder, new_folder
from factorypos_tui.archive.export.inputs import (
    Asked,
    ExportedReport,
    Format,
    NotAskedFor,
    Read,
    Store,
    canonical,
    read,
)
from factorypos_tui.archive.export.journal import Journal
from factorypos_tui.archive.export.saft import Saft
from factorypos_tui.archive.export.tables import Tables

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Extra:
    """A file that joins an export of reports, such as a closing, by its path."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """What is in an export."""

    zs: int
    files: Sequence[str]
    """The paths of what is in its root."""
    not_here: int = 0
    """Zs between those, of stores or days that nobody asked for."""


class _Writer(Protocol):
    def add(self, report: Read) -> None: ...

    def finish(self) -> None: ...


def write_export(
    target: Path,
    asked: Asked,
    reports: Iterable[ExportedReport],
    chart: Chart | None = None,
    extras: Iterable[Extra] = (),
    not_asked_for: Iterable[NotAskedFor] = (),
) -> Written:
    """Write the reports, in their order, to a directory that is new or empty. `chart` is that of a journal;
    without one it is the packaged neutral one. `extras` join reports as they are. `not_asked_for`: by number
    for each terminal; export.json names those between the Zs that were asked for.

    Raises `FolderTakenError`, `NoPlaceError`, `ValueError` where the bytes of a report are none, and
    `OSError`: then nothing is there."""
    with new_folder(target) as folder:
        contents = _Contents()
        writer = _writer(folder, asked, chart)
        for source in reports:
            report = read(source)
            writer.add(report)
            contents.note(report)
        writer.finish()
        if asked.form is Format.JSON:
            for extra in extras:
                folder.write(extra.path, extra.content)
            if asked.keys is not None:
                folder.write("keys.json", asked.keys)
        contents.note_not_here(not_asked_for)
        folder.write("export.json", canonical(contents.document(asked)))
    in_root = sorted({path.partition("/")[0] for path in folder.hashes})
    return Written(contents.zs, in_root, sum(len(it.not_here) for it in contents.terminals.values()))


def _writer(folder: Folder, asked: Asked, chart: Chart | None) -> _Writer:
    match asked.form:
        case Format.CSV:
            return Tables(folder)
        case Format.JOURNAL:
            return Journal(folder, chart or read_chart(packaged("neutral")))
        case Format.SAFT_CASH_REGISTER:
            return Saft(folder, asked)
        case Format.JSON:
            return _Reports(folder)


class _Reports:
    """Writes each Z as it was frozen, and what the cloud answered to it."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def add(self, report: Read) -> None:
        if not report.is_z:
            return
        name = f"{report['terminal_id']}/Z{report['z_number']:08}.json"
        self._folder.write(f"reports/{name}", report.source.document)
        if report.source.acknowledgement is not None:
            self._folder.write(f"acknowledgements/{name}", report.source.acknowledgement)

    def finish(self) -> None:
        """Everything is written already."""


@dataclass(slots=True)
class _Terminal:
    name: str
    first: int
    last: int
    numbers: set[int] = field(default_factory=set)
    store_ids: set[str] = field(default_factory=set)
    not_here: list[NotAskedFor] = field(default_factory=list)


@dataclass(slots=True)
class _Contents:
    """What `export.json` tells."""

    stores: dict[str, Store] = field(default_factory=dict)
    terminals: dict[str, _Terminal] = field(default_factory=dict)
    zs: int = 0

    def note(self, report: Read) -> None:
        if not report.is_z:
            return
        self.zs += 1
        self.stores[report.store.id] = report.store
        number = report["z_number"]
        name = report["terminal_name"]
        terminal = self.terminals.setdefault(report["terminal_id"], _Terminal(name, number, number))
        terminal.name = name
        terminal.first, terminal.last = min(terminal.first, number), max(terminal.last, number)
        terminal.numbers.add(number)
        terminal.store_ids.add(report.store.id)

    def note_not_here(self, zs: Iterable[NotAskedFor]) -> None:
        for z in zs:
            it = self.terminals.get(z.terminal_id)
            if it and it.first < z.z_number < it.last and z.z_number not in it.numbers:
                it.not_here.append(z)

    def document(self, asked: Asked) -> dict[str, object]:
        return {
            "schema_version": SCHEMA_VERSION,
            "format": asked.form.value,
            "made_at": asked.made_at,
            "made_by": asked.made_by,
            "from": asked.first,
            "to": asked.last,
            "stores": [_store(self.stores[it]) for it in sorted(self.stores)],
            "terminals": [_terminal(it, self.terminals[it]) for it in sorted(self.terminals)],
        }


def _store(store: Store) -> dict[str, object]:
    company = store.company
    names = ("id", "name", "tax_id", "country", "currency")
    return {
        "id": store.id,
        "name": store.name,
        "timezone": store.timezone,
        "company": {name: getattr(company, name) for name in names} if company else None,
    }


def _terminal(terminal_id: str, it: _Terminal) -> dict[str, object]:
    return {
        "id": terminal_id,
        "name": it.name,
        "store_ids": sorted(it.store_ids),
        "first_z_number": it.first,
        "last_z_number": it.last,
        "count": len(it.numbers),
        "not_here": [
            {"z_number": z.z_number, "content_hash": z.content_hash, "why": z.why} for z in it.not_here
        ],
    }
