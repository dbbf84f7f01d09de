"""Closings as a person reads them: with names, with what corrects what, and why there is none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from peewee import Database, ModelSelect

from factorypos_tui.server import errors
from factorypos_tui.server.domain.closings.document import ClosedZ, ClosingDocument
from factorypos_tui.server.domain.closings.shown import companies_within, terminals_within
from factorypos_tui.server.domain.companies import stores_seen
from factorypos_tui.server.domain.members import Role, stores_for
from factorypos_tui.server.storage.closing_tables import Closing
from factorypos_tui.server.storage.paging import Page
from factorypos_tui.server.storage.report_tables import ZReport
from factorypos_tui.server.storage.tables import Account, Company, Store, Terminal
from factorypos_tui.server.words import told

_ORDER = (Closing.name, Closing.scope_id, Closing.currency, Closing.revision)
_SHORT_ID = 8


@dataclass(frozen=True, slots=True)
class Run:
    """The Zs of one terminal in a closing."""

    terminal: str
    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Other:
    """Another closing of the same period."""

    id: str
    revision: int


@dataclass(frozen=True, slots=True)
class ShownClosing:
    """A closing with what its own document does not tell."""

    signed: bytes
    """The very bytes that were signed, with the signature."""
    document: ClosingDocument
    of: str
    """The name of the terminal, store or company."""
    terminals: Mapping[str, str]
    """The names of the terminals of its Zs."""
    runs: Sequence[Run]
    corrects: Other | None
    corrected_by: Other | None

    @property
    def count(self) -> int:
        """Of its Zs."""
        return sum(run.count for run in self.runs)


class Nothing(Enum):
    """Why a list is empty."""

    NO_DAY = "no day"
    """Nothing was closed at a till yet."""
    NOT_OVER = "not over"
    OTHER_STORES = "other stores"
    """They would tell figures of stores that are not seen."""


def newest_closings(
    database: Database, company: Company, query: "ModelSelect[Closing]", page: Page
) -> tuple[Iterator[ShownClosing], str | None]:
    """Those of a page, the newest first, without their Zs, and where it goes on. Each is read when it is
    asked for, and its Zs are let go: that of a year may be long."""
    rows, cursor = page.newest(database, query.select(Closing.id, *_ORDER), *_ORDER)
    names = _names(database, company)

    def read() -> Iterator[ShownClosing]:
        for row in rows:
            shown = _shown(database, names, Closing.select().where(Closing.id == row.id).get(database))
            shown.document.zs.clear()
            yield replace(shown, signed=b"")

    return read(), cursor


def closing_of_store(database: Database, account: Account, store: Store, closing_id: str) -> ShownClosing:
    """One of a store, or of a terminal that sent for no store that the account does not see. Raises
    `NotYours`."""
    row = Closing.select().where(Closing.id == closing_id).get_or_none(database)
    own = [store.id]
    if row is not None and row.scope == "terminal":
        own = terminals_within(database, own, stores_for(account.id, Role.VIEWER))
    company = Company.select().where(Company.id == store.company_id).get(database)
    return _one_of(database, company, row, ("store", "terminal"), own)


def closing_of_company(
    database: Database, account: Account, company: Company, closing_id: str
) -> ShownClosing:
    """One of a company of which the account sees all stores. Raises `NotYours`."""
    row = Closing.select().where(Closing.id == closing_id).get_or_none(database)
    own = [company.id] if sees_all(database, account, company) else []
    return _one_of(database, company, row, ("company",), own)


def sees_all(database: Database, account: Account, company: Company) -> bool:
    """Whether the account sees each store of a company that has some."""
    seen = [store.id for store in stores_seen(account, company).bind(database)]
    return company.id in companies_within(database, seen)


def why_none_of_store(database: Database, account: Account, store: Store, *, of_terminals: bool) -> Nothing:
    if not _has_days(database, [store.id]):
        return Nothing.NO_DAY
    seen = stores_for(account.id, Role.VIEWER)
    hidden = of_terminals and not terminals_within(database, [store.id], seen)
    return Nothing.OTHER_STORES if hidden else Nothing.NOT_OVER


def why_none_of_company(database: Database, account: Account, company: Company) -> Nothing:
    seen = [store.id for store in stores_seen(account, company).bind(database)]
    if seen and company.id not in companies_within(database, seen):
        return Nothing.OTHER_STORES
    return Nothing.NOT_OVER if _has_days(database, seen) else Nothing.NO_DAY


def _has_days(database: Database, store_ids: Sequence[str]) -> bool:
    query = ZReport.select(ZReport.id).where(ZReport.store_id.in_(store_ids))
    return query.limit(1).scalar(database) is not None


def _one_of(
    database: Database, company: Company, row: Closing | None, scopes: Sequence[str], ids: Sequence[str]
) -> ShownClosing:
    if row is None or row.scope not in scopes or row.scope_id not in ids:
        raise errors.NotYours(told("There is no such closing in your account."))
    return _shown(database, _names(database, company), row)


def _names(database: Database, company: Company) -> dict[str, str]:
    """Those of a company, its stores and its terminals, by their ids."""
    stores = Store.select(Store.id, Store.name).where(Store.company_id == company.id)
    terminals = Terminal.select(Terminal.id, Terminal.name).join(Store, on=(Store.id == Terminal.store_id))
    terminals = terminals.where(Store.company_id == company.id)
    pairs = [*stores.tuples().execute(database), *terminals.tuples().execute(database)]
    return {company.id: company.name, **dict(pairs)}


def _shown(database: Database, names: Mapping[str, str], row: Closing) -> ShownClosing:
    document = ClosingDocument.model_validate_json(row.document)
    others = _others(database, row)
    terminals = {z.terminal_id: _name(names, z.terminal_id) for z in document.zs}
    return ShownClosing(
        row.document.encode(),
        document,
        _name(names, row.scope_id),
        terminals,
        _runs(document.zs, terminals),
        others.get(row.revision - 1),
        others.get(row.revision + 1),
    )


def _others(database: Database, row: Closing) -> dict[int, Other]:
    """The closings of the same period, by revision."""
    own = (Closing.scope == row.scope, Closing.scope_id == row.scope_id, Closing.period == row.period)
    query = Closing.select(Closing.id, Closing.revision).where(*own, Closing.name == row.name)
    query = query.where(Closing.currency == row.currency)
    return {
        revision: Other(closing_id, revision) for closing_id, revision in query.tuples().execute(database)
    }


def _name(names: Mapping[str, str], its_id: str) -> str:
    """A terminal that is another company's by now has a name of theirs: its id is shown."""
    return names.get(its_id) or f"{its_id[:_SHORT_ID]}…"


def _runs(zs: Sequence[ClosedZ], terminals: Mapping[str, str]) -> Sequence[Run]:
    numbers: dict[str, list[int]] = {}
    for z in zs:
        numbers.setdefault(z.terminal_id, []).append(z.z_number)
    runs = [Run(terminals[it], min(found), max(found), len(found)) for it, found in numbers.items()]
    return sorted(runs, key=lambda run: run.terminal)
