"""Finds rows of a FactoryCLOUD's database that can be read but do not fit together."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal, NamedTuple

from peewee import SQL, Database, fn

from factorypos_tui.server.documents import canonical
from factorypos_tui.server.documents.share import share_if_any
from factorypos_tui.server.domain.chains import follows, refused_hashes
from factorypos_tui.server.domain.figures import uncounted_xs, uncounted_zs, without_report
from factorypos_tui.server.domain.keys import current_signer, public_keys
from factorypos_tui.server.domain.settlements import of_held, with_held
from factorypos_tui.server.mail import outbox
from factorypos_tui.server.storage import sequences
from factorypos_tui.server.storage.bodies import zs_with_bodies
from factorypos_tui.server.storage.report_tables import XReport, ZReport
from factorypos_tui.server.storage.signing_tables import SigningKey
from factorypos_tui.server.storage.tables import Configuration, Conflict, Store, Terminal
from factorypos_tui.server.words import told

Code = Literal[
    "missing_z",
    "broken_chain",
    "changed_report",
    "lost_document",
    "uncounted",
    "counted_without_report",
    "open_conflict",
    "changed_configuration",
    "sequence_behind",
    "no_signing_key",
    "unreadable_signing_key",
    "dated_before_arrival",
    "dated_after_arrival",
    "letter_waits",
    "letter_given_up",
]
NOTES = frozenset({"dated_before_arrival", "dated_after_arrival", "letter_waits", "letter_given_up"})
"""Worth a look, but no fault of the database."""
MOST_NUMBERS = 20
_PAGE = 200
_NO_NUMBER = SQL("NULL")  # of an X


@dataclass
class Finding:
    """One kind of fault of one subject."""

    code: Code
    id: str
    """Of the subject: a terminal, a store, a column or a mailbox."""
    name: str
    """Of the subject."""
    numbers: list[int] = field(default_factory=list)
    """The first numbers of Zs, or of versions, at fault."""
    count: int = 0
    """How many there are in all; a report that is no Z is only counted."""
    cause: str = ""
    """Why letters did not leave, where that is known."""

    def add(self, *numbers: int | None) -> None:
        self.add_all(numbers, len(numbers))

    def add_all(self, numbers: Iterable[int | None], count: int) -> None:
        self.count += count
        room = MOST_NUMBERS - len(self.numbers)
        self.numbers += [number for number in islice(numbers, room) if number is not None]


class _Z(NamedTuple):
    z_number: int
    content_hash: str
    business_date: str
    store_id: str
    document: bytes | None


def findings(database: Database) -> Iterator[Finding]:
    """Everything that does not fit, one subject after the other."""
    for column in sequences.behind(database):
        yield Finding("sequence_behind", column.name, column.name, count=1)
    yield from _of_keys(database)
    named = Terminal.select(Terminal.id, Terminal.name, Store.name)
    named = named.join(Store, on=(Terminal.store_id == Store.id)).order_by(Store.name, Terminal.name)
    terminals: Any = named.tuples().bind(database)
    stores = list(
        Store.select(Store.id, Store.name, Store.dropped_before).order_by(Store.name).bind(database)
    )
    dropped = {store.id: store.dropped_before for store in stores}
    names: dict[str | None, str] = {store.id: store.name for store in stores}
    for terminal_id, terminal, present in list(terminals):
        yield from _of_terminal(database, terminal_id, terminal, {**names, None: present}, dropped)
    for row in stores:
        changed = Finding("changed_configuration", row.id, row.name)
        for version in _versions(database, row.id):
            if version.etag != f'"{hashlib.sha256(bytes(version.document)).hexdigest()}"':
                changed.add(version.version)
        if changed.count:
            yield changed
        if count := without_report(database, row.id):
            yield Finding("counted_without_report", row.id, row.name, count=count)
    for left in outbox.backlog(database):
        code: Code = "letter_waits" if left.state == "waiting" else "letter_given_up"
        yield Finding(
            code, left.recipient, left.recipient, count=left.count, cause=left.cause and told(left.cause)
        )


def _of_keys(database: Database) -> Iterator[Finding]:
    """A database that no server has served has no key yet, which is no fault."""
    if current_signer(database) or not (known := public_keys(database)):
        return
    row = SigningKey.select(SigningKey.key_id).where(SigningKey.current == 1).get_or_none(database)
    code: Code = "unreadable_signing_key" if row else "no_signing_key"
    key_id = row.key_id if row else known[-1].key_id
    yield Finding(code, key_id, key_id, count=1)


def _of_terminal(
    database: Database,
    terminal_id: str,
    terminal: str,
    stores: Mapping[str | None, str],
    dropped: Mapping[str, str],
) -> Iterator[Finding]:
    """Each kind of fault, named with the store that the reports at fault are in. `stores`: their names by id;
    by None, that of the terminal's store. `dropped`: before which month their documents were dropped."""
    by_store: dict[tuple[Code, str | None], Finding] = {}

    def of(code: Code, store_id: str | None) -> Finding:
        name = f"{terminal}, {stores.get(store_id, stores[None])}"
        return by_store.setdefault((code, store_id), Finding(code, terminal_id, name))

    refused = refused_hashes(database, terminal_id)
    before: _Z | None = None
    for report in _zs(database, terminal_id):
        number, store_id = report.z_number, report.store_id
        after = before.z_number if before else number - 1
        if number - after > 1:
            of("missing_z", store_id).add_all(range(after + 1, number), number - after - 1)
        if fault := _fault_of(report, before if number - after == 1 else None, refused, dropped[store_id]):
            of(fault, store_id).add(number)
        before = report
    for store_id, count in list(_open_by_store(terminal_id).bind(database).tuples()):
        of("open_conflict", store_id).add_all(_open_numbers(database, terminal_id, store_id), count)
    for z_number, days_off, store_id in _oddly_dated(database, terminal_id):
        code: Code = "dated_after_arrival" if days_off > 0 else "dated_before_arrival"
        of(code, store_id).add(z_number)
    for z_number, store_id in _uncounted(database, terminal_id):
        of("uncounted", store_id).add(z_number)
    yield from by_store.values()


def _fault_of(report: _Z, before: _Z | None, refused: set[str], archived: str) -> Code | None:
    """What is wrong with a Z beside the one right before it. A document of before the month `archived` may be
    gone: then nothing can be compared."""
    if report.document is None:
        return None if report.business_date < archived else "lost_document"
    document = _read(report.document)
    if document is None or _hash_of(document) != report.content_hash:
        return "changed_report"
    is_next = before is None or follows(document.get("previous_hash"), before.content_hash, refused)
    return None if is_next else "broken_chain"


def _hash_of(document: dict[str, Any]) -> str | None:
    try:
        return canonical.digest(document)
    except ValueError:  # damaged so that it has no canonical form
        return None


def _zs(database: Database, terminal_id: str) -> Iterator[_Z]:
    """The Zs of a terminal by number, a few at a time: a document may be large."""
    query = zs_with_bodies(*(getattr(ZReport, name) for name in _Z._fields[:-1])).tuples()
    query = query.where(ZReport.terminal_id == terminal_id).order_by(ZReport.z_number).limit(_PAGE)
    after = 0
    while page := [_Z(*row) for row in query.where(ZReport.z_number > after).bind(database)]:
        yield from page
        after = page[-1].z_number


def _versions(database: Database, store_id: str) -> Iterator[Configuration]:
    query = Configuration.select().where(Configuration.store_id == store_id).order_by(Configuration.version)
    after = 0
    while page := list(query.where(Configuration.version > after).limit(1).bind(database)):
        yield from page
        after = page[-1].version


def _open(terminal_id: str, *columns: Any) -> Any:
    """Its conflicts that nobody has settled, each with the report that has the place."""
    query = with_held(Conflict.select(*columns))
    return query.where((Conflict.terminal_id == terminal_id) & Conflict.settled_at.is_null())


def _open_by_store(terminal_id: str) -> Any:
    return _open(terminal_id, of_held("store_id"), fn.COUNT(1)).group_by(of_held("store_id"))


def _open_numbers(database: Database, terminal_id: str, store_id: str | None) -> Iterator[int | None]:
    query = _open(terminal_id, Conflict.document).where(of_held("store_id").is_null(store_id is None))
    if store_id is not None:
        query = query.where(of_held("store_id") == store_id)
    for conflict in query.order_by(Conflict.received_at).limit(MOST_NUMBERS).bind(database):
        yield (_read(conflict.document) or {}).get("z_number")


def _oddly_dated(database: Database, terminal_id: str) -> Iterator[tuple[int | None, int, str]]:
    """The Z number, by how many days it is off, and the store of each such report; an X has no number."""
    for table, number in ((ZReport, ZReport.z_number), (XReport, _NO_NUMBER)):
        query: Any = table.select(number, table.days_off, table.store_id).order_by(SQL("1")).tuples()
        odd = (table.terminal_id == terminal_id) & table.days_off.is_null(False)
        yield from list(query.where(odd).bind(database))


def _uncounted(database: Database, terminal_id: str) -> Iterator[tuple[int | None, str]]:
    """The Z number and the store of each report that is whole and does not count."""
    zs = uncounted_zs(ZReport.z_number, ZReport.store_id).where(ZReport.terminal_id == terminal_id)
    xs = uncounted_xs(_NO_NUMBER, XReport.store_id).where(XReport.terminal_id == terminal_id)
    for query in (zs, xs):
        for z_number, store_id, document in query.tuples().bind(database):
            if document is None or share_if_any(bytes(document)):
                yield z_number, store_id


def _read(raw: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(bytes(raw))
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
