"""Finds rows of a FactoryCLOUD's database that can be read but do not fit together."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from peewee import JOIN, Database, fn

from factorypos_tui.server.documents import canonical
from factorypos_tui.server.storage import sequences
from factorypos_tui.server.storage.tables import Configuration, Conflict, Report, Store, Terminal

Code = Literal[
    "missing_z",
    "broken_chain",
    "changed_report",
    "open_conflict",
    "changed_configuration",
    "sequence_behind",
    "dated_before_arrival",
    "dated_after_arrival",
]
NOTES = frozenset({"dated_before_arrival", "dated_after_arrival"})
"""Worth a look, but no fault of the database."""
MOST_NUMBERS = 20
_PAGE = 200


@dataclass
class Finding:
    """One kind of fault of one subject."""

    code: Code
    id: str
    """Of the subject: a terminal, a store or a column."""
    name: str
    """Of the subject."""
    numbers: list[int] = field(default_factory=list)
    """The first numbers of Zs, or of versions, at fault."""
    count: int = 0
    """How many there are in all; a report that is no Z is only counted."""

    def add(self, *numbers: int | None) -> None:
        self.add_all(numbers, len(numbers))

    def add_all(self, numbers: Iterable[int | None], count: int) -> None:
        self.count += count
        room = MOST_NUMBERS - len(self.numbers)
        self.numbers += [number for number in islice(numbers, room) if number is not None]


def findings(database: Database) -> Iterator[Finding]:
    """Everything that does not fit, one subject after the other."""
    for column in sequences.behind(database):
        yield Finding("sequence_behind", column.name, column.name, count=1)
    named = Terminal.select(Terminal.id, Terminal.name, Store.name)
    named = named.join(Store, on=(Terminal.store_id == Store.id)).order_by(Store.name, Terminal.name)
    terminals: Any = named.tuples().bind(database)
    stores = list(Store.select(Store.id, Store.name).order_by(Store.name).bind(database))
    names: dict[str | None, str] = {store.id: store.name for store in stores}
    for terminal_id, terminal, present in list(terminals):
        yield from _of_terminal(database, terminal_id, terminal, {**names, None: present})
    for row in stores:
        changed = Finding("changed_configuration", row.id, row.name)
        for version in _versions(database, row.id):
            if version.etag != f'"{hashlib.sha256(bytes(version.document)).hexdigest()}"':
                changed.add(version.version)
        if changed.count:
            yield changed


def _of_terminal(
    database: Database, terminal_id: str, terminal: str, stores: Mapping[str | None, str]
) -> Iterator[Finding]:
    """Each kind of fault, named with the store that the reports at fault are in. `stores`: their names by id;
    by None, that of the terminal's store."""
    by_store: dict[tuple[Code, str | None], Finding] = {}

    def of(code: Code, store_id: str | None) -> Finding:
        name = f"{terminal}, {stores.get(store_id, stores[None])}"
        return by_store.setdefault((code, store_id), Finding(code, terminal_id, name))

    refused = _refused(database, terminal_id)
    before: Report | None = None
    for report in _zs(database, terminal_id):
        number, document, store_id = report.z_number or 0, _read(report.document), report.store_id
        after = before.z_number or 0 if before else number - 1
        if number - after > 1:
            of("missing_z", store_id).add_all(range(after + 1, number), number - after - 1)
        if document is None or canonical.digest(document) != report.content_hash:
            of("changed_report", store_id).add(number)
        elif before and number - after == 1 and not _follows(document, before, refused):
            of("broken_chain", store_id).add(number)
        before = report
    for store_id, count in list(_open_by_store(terminal_id).bind(database).tuples()):
        of("open_conflict", store_id).add_all(_open_numbers(database, terminal_id, store_id), count)
    for report in _oddly_dated(database, terminal_id):
        is_after = (report.days_off or 0) > 0
        code: Code = "dated_after_arrival" if is_after else "dated_before_arrival"
        of(code, report.store_id).add(report.z_number)
    yield from by_store.values()


def _follows(document: dict[str, Any], before: Report, refused: set[str]) -> bool:
    """Whether a Z follows the one before. A till whose Z was refused goes on from its own Z, which is kept
    beside ours."""
    previous = document.get("previous_hash")
    return previous == before.content_hash or previous in refused


def _zs(database: Database, terminal_id: str) -> Iterator[Report]:
    """The Zs of a terminal by number, a few at a time: a document may be large."""
    query = Report.select(Report.z_number, Report.content_hash, Report.document, Report.store_id)
    query = query.where(Report.terminal_id == terminal_id).order_by(Report.z_number).limit(_PAGE)
    after = 0
    while page := list(query.where(Report.z_number > after).bind(database)):
        yield from page
        after = page[-1].z_number or 0


def _versions(database: Database, store_id: str) -> Iterator[Configuration]:
    query = Configuration.select().where(Configuration.store_id == store_id).order_by(Configuration.version)
    after = 0
    while page := list(query.where(Configuration.version > after).limit(1).bind(database)):
        yield from page
        after = page[-1].version


def _refused(database: Database, terminal_id: str) -> set[str]:
    """The hashes of reports that were refused because another report has their place."""
    query = Conflict.select(Conflict.content_hash).where(Conflict.terminal_id == terminal_id)
    return {conflict.content_hash for conflict in query.bind(database)}


def _open(terminal_id: str, *columns: Any) -> Any:
    """Its conflicts that nobody has settled, each with the report that has the place."""
    query = Conflict.select(*columns).join(Report, JOIN.LEFT_OUTER, on=(Report.id == Conflict.held_id))
    return query.where((Conflict.terminal_id == terminal_id) & Conflict.settled_at.is_null())


def _open_by_store(terminal_id: str) -> Any:
    return _open(terminal_id, Report.store_id, fn.COUNT(1)).group_by(Report.store_id)


def _open_numbers(database: Database, terminal_id: str, store_id: str | None) -> Iterator[int | None]:
    query = _open(terminal_id, Conflict.document).where(Report.store_id.is_null(store_id is None))
    if store_id is not None:
        query = query.where(Report.store_id == store_id)
    for conflict in query.order_by(Conflict.received_at).limit(MOST_NUMBERS).bind(database):
        yield (_read(conflict.document) or {}).get("z_number")


def _oddly_dated(database: Database, terminal_id: str) -> Iterator[Report]:
    query = Report.select(Report.z_number, Report.days_off, Report.store_id)
    query = query.where(Report.terminal_id == terminal_id)
    odd = query.where(Report.days_off.is_null(False)).order_by(Report.z_number)
    return iter(list(odd.bind(database)))


def _read(raw: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(bytes(raw))
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
