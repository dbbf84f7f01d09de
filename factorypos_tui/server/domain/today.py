"""The running day of stores: what was taken so far, beside the same weekday of last week at the same hour."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from peewee import Database

from factorypos_tui.server.documents.headings import Heading, heading_if_any
from factorypos_tui.server.documents.share import Brief, read_brief
from factorypos_tui.server.domain.clocks import hours_told, net_before, place_of
from factorypos_tui.server.domain.dating import zone_of
from factorypos_tui.server.domain.pulses import TerminalNow, terminals_now
from factorypos_tui.server.domain.ranges import days_after, days_before, today_in
from factorypos_tui.server.domain.takings import Compared, Takings, added, compared, takings_of
from factorypos_tui.server.storage.days import ShareRow, documents_of, shares_between
from factorypos_tui.server.storage.tables import Store

WEEK = 7
Shares = Mapping[str, Sequence[tuple[str, Brief]]]
"""Of one store by business date: ids of reports, with what they add."""


@dataclass(frozen=True, slots=True)
class Today:
    """The running day of one store, or the one that is over where no other has begun."""

    store: Store
    day: date
    """The business date that the tills gave it: after midnight it may be that of yesterday."""
    takings: Takings
    reports: tuple[Heading, ...]
    """What it is added up from, in the order of their ids."""
    as_of: str | None
    """The instant up to which all open tills have told; None where none is open."""
    until: int | None
    """Both days are compared up to this hour, on the axis of their dates (`clocks`); None: both are whole."""
    last_week: date
    compared: tuple[Compared, ...]
    terminals: tuple[TerminalNow, ...]

    @property
    def currencies(self) -> list[str]:
        """Of what was taken, and of what it is compared with."""
        return sorted({*self.takings.currencies, *(it.currency for it in self.compared)})

    @property
    def is_open(self) -> bool:
        return bool(self.takings.so_far)


def read_today(database: Database, stores: Sequence[Store], now: datetime) -> list[Today]:
    """The running days of stores of one account, in their order."""
    if not stores:
        return []
    dates = [today_in(store, now) for store in stores]
    first, last = days_before(min(dates), WEEK + 1), days_after(max(dates), 1)
    rows = list(shares_between(database, [store.id for store in stores], first, last))
    shares = _by_store(rows)
    days = {it.id: _running(shares[it.id], today) for it, today in zip(stores, dates, strict=True)}
    wanted = [
        report_id
        for store_id, day in days.items()
        for date_text in (day.isoformat(), days_before(day, WEEK).isoformat())
        for report_id, _brief in shares[store_id].get(date_text, ())
    ]
    open_ids = [report_id for of_store in shares.values() for report_id in _open(of_store)]
    headings = _headings(database, {*wanted, *open_ids})
    terminals = terminals_now(database, stores, [headings[it] for it in open_ids if it in headings], now)
    return [_today(it, days[it.id], shares[it.id], headings, terminals[it.id], now) for it in stores]


def company_compared(days: Iterable[Today]) -> tuple[Compared, ...]:
    """The comparisons of stores added up, each with the hours that it was made with."""
    sums: dict[bool, defaultdict[str, int]] = {True: defaultdict(int), False: defaultdict(int)}
    for it in (one for day in days for one in day.compared):
        sums[True][it.currency] += it.now
        if it.before is not None:
            sums[False][it.currency] += it.before
    return compared(sums[True], sums[False])


def company_takings(days: Iterable[Today]) -> Takings:
    """What stores took together on their running days."""
    return added(day.takings for day in days)


def _by_store(rows: Iterable[ShareRow]) -> defaultdict[str, defaultdict[str, list[tuple[str, Brief]]]]:
    found: defaultdict[str, defaultdict[str, list[tuple[str, Brief]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in rows:
        found[row.store_id][row.business_date].append((row.report_id, read_brief(row.share)))
    return found


def _open(shares: Shares) -> list[str]:
    return [report_id for of_day in shares.values() for report_id, brief in of_day if brief.kind == "X"]


def _running(shares: Shares, today: date) -> date:
    """The day that is told: today, or where nothing is known of it, the one beside it that still runs."""
    if today.isoformat() in shares:
        return today
    for day in (days_after(today, 1), days_before(today, 1)):
        if any(brief.kind == "X" for _id, brief in shares.get(day.isoformat(), ())):
            return day
    return today


def _headings(database: Database, report_ids: Iterable[str]) -> dict[str, Heading]:
    documents = documents_of(database, sorted(report_ids))
    found = {report_id: heading_if_any(document) for report_id, document in documents.items()}
    return {report_id: heading for report_id, heading in found.items() if heading is not None}


def _today(
    store: Store,
    day: date,
    shares: Shares,
    headings: Mapping[str, Heading],
    terminals: tuple[TerminalNow, ...],
    now: datetime,
) -> Today:
    last_week = days_before(day, WEEK)
    reports = [headings[it] for it, _brief in shares.get(day.isoformat(), ()) if it in headings]
    earlier = [headings[it] for it, _brief in shares.get(last_week.isoformat(), ()) if it in headings]
    running = [it for it in reports if it.kind == "X"]
    until = None
    if running:
        until = min(map(hours_told, running))
    elif not reports:
        until = place_of(now.astimezone(zone_of(store.timezone)), day.isoformat())
    base = net_before((it for it in earlier if it.kind == "Z"), until)
    return Today(
        store,
        day,
        takings_of(brief for _id, brief in shares.get(day.isoformat(), ())),
        tuple(reports),
        min((it.taken_at for it in running if it.taken_at), default=None),
        until,
        last_week,
        compared(net_before(reports, until), base),
        terminals,
    )
