"""The reports that this terminal has frozen, for an export: they are kept for ever."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from factorypos_tui.archive.export.inputs import NotAskedFor
from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.account.stores import known_store
from factorypos_tui.core.configuration.configuration import CompanyData
from factorypos_tui.core.errors import FactoryPosError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.models import Company, SignedAnswer, Store
from factorypos_tui.core.queue.acknowledgements import acknowledgement
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.rebuilding import report_bytes
from factorypos_tui.core.reports.reports import thaw
from factorypos_tui.core.station import Station

_LISTED = (
    "SELECT id, terminal_id, z_number, kind FROM shipment"
    " WHERE business_date BETWEEN ?1 AND ?2 AND (?3 IS NULL OR store_id = ?3) AND (kind = 'Z' OR ?4)"
    " ORDER BY terminal_id, kind DESC, z_number, state = ?5 DESC, id DESC"
)
_OTHERS = (
    "SELECT terminal_id, z_number, content_hash, business_date BETWEEN ?1 AND ?2 FROM shipment"
    " WHERE kind = 'Z' AND NOT (business_date BETWEEN ?1 AND ?2 AND (?3 IS NULL OR store_id = ?3))"
    " ORDER BY terminal_id, z_number, state = ?4 DESC, id DESC"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports an export has."""

    first: str | None = None
    """The first business date; None for all up to the last one."""
    last: str | None = None
    store: str | None = None
    """A store's id or name; None for every store that this terminal was assigned to."""
    with_xs: bool = False
    """Also those of running days whose bytes are here."""


@dataclass(frozen=True, slots=True)
class KeptReport:
    """One report as it was frozen."""

    body: bytes
    signed: SignedAnswer | None
    """What FactoryCLOUD signed of it."""
    store: Store
    company: Company | None
    """None where it is not known whose the store is."""


def kept_reports(station: Station, wanted: Wanted, lost: Callable[[int], None]) -> Iterator[KeptReport]:
    """The frozen reports, by terminal and number. `lost` is told the number of each Z whose bytes are damaged
    and cannot be made again. Raises `UsageError` where there is no such store."""
    store_id = _store_id(station, wanted.store)
    told: set[tuple[str, int]] = set()
    for row_id, terminal_id, z_number, kind in station.database.rows(
        _LISTED, *_days(wanted), store_id, wanted.with_xs, State.DELIVERED.value
    ):
        if kind == "Z" and (terminal_id, z_number) in told:
            continue  # another row has the same place: the cloud has that one, or it is newer
        body = report_bytes(station, row_id)
        if body is not None and thaw(body) is not None:
            yield _kept(station, row_id, body)
        elif kind == "Z":
            lost(z_number)
        if kind == "Z":
            told.add((terminal_id, z_number))


def zs_not_asked_for(station: Station, wanted: Wanted) -> Iterator[NotAskedFor]:
    """The other Zs that were frozen, by terminal and number. Raises `UsageError` as `kept_reports` does."""
    store_id = _store_id(station, wanted.store)
    before: tuple[str, int] | None = None
    for terminal_id, z_number, content_hash, is_of_day in station.database.rows(
        _OTHERS, *_days(wanted), store_id, State.DELIVERED.value
    ):
        if (terminal_id, z_number) != before:
            yield NotAskedFor(terminal_id, z_number, content_hash, "store" if is_of_day else "day")
        before = terminal_id, z_number


def _days(wanted: Wanted) -> tuple[str, str]:
    return wanted.first or date.min.isoformat(), wanted.last or date.max.isoformat()


def company_data(station: Station) -> CompanyData:
    """Who sells, as the till says it; all None where it does not."""
    try:
        return station.till.configuration().company
    except FactoryPosError:
        return CompanyData()


def _kept(station: Station, row_id: int, body: bytes) -> KeptReport:
    store_id = station.database.value("SELECT store_id FROM shipment WHERE id = ?", row_id)
    assignment = load_assignment(station.database)
    is_assigned = assignment is not None and assignment.store.id == store_id
    company = assignment.company if assignment and is_assigned else None
    signed = acknowledgement(station.database, row_id)
    return KeptReport(body, signed, known_store(station.database, store_id), company)


def _store_id(station: Station, wanted: str | None) -> str | None:
    if wanted is None:
        return None
    there = station.database.rows("SELECT id, name FROM store ORDER BY name, id")
    found = [it for it, name in there if wanted.casefold() in (it, name.casefold())]
    if len(found) == 1:
        return str(found[0])
    listed = ", ".join(f"{plain(name)} ({it})" for it, name in there) or _("none")
    if found:
        words = _("More than one store is called {store}. Say which by its id: {stores}")
    else:
        words = _("This terminal was never assigned to a store {store}. It knows: {stores}")
    raise UsageError(words.format(store=plain(wanted), stores=listed))
