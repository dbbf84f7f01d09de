"""The closed days of a till, frozen when they are first told: what its program changes in them afterwards
changes no report. Methods raise `TillError` and `StorageError`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.models import Close
from factorypos_tui.core.reports.sales import Period, Perpetual, Receipt
from factorypos_tui.tills.frozen import MOST_AT_ONCE, FrozenDays, still_reading
from factorypos_tui.tills.unicenta.codes import Codes
from factorypos_tui.tills.unicenta.facts import Facts
from factorypos_tui.tills.unicenta.marks import Mark, mark_of, read_mark
from factorypos_tui.tills.unicenta.periods import Told, tell
from factorypos_tui.tills.unicenta.reading import ALL, Reader
from factorypos_tui.tills.unicenta.rows import CashRow

_AT_ONCE, _RECEIPTS_AT_ONCE = 50, 3000
"""So many days, or days of so many receipts, are read in one snapshot, and kept in one commit."""
_Told = Mapping[tuple[int, str], Close]
_Page = list[tuple[Close, CashRow | None]]


class ClosedDays:
    """The closed days of one host: those that were told, and those that its database has beside them."""

    def __init__(self, reader: Reader, codes: Codes, facts: Facts, frozen: FrozenDays) -> None:
        self._reader, self._codes, self._facts, self._frozen = reader, codes, facts, frozen
        self._by_id: Mapping[str, Close] = {}

    def closes(self, after: int) -> list[Close]:
        """Every closed day with a Z number above `after`, ascending."""
        with self._reader.snapshot():
            return [close for close, _cash in self._listed(after, ALL)]

    def periods(self, after: int, limit: int) -> list[Period]:
        """At most `limit` of them. They are frozen now, all before them first."""
        with self._reader.snapshot():
            page = self._listed(after, limit)
        if new := [cash for _close, cash in page if cash]:
            self._freeze(new[0].sequence, new[-1].sequence)
            page = _with_those_between(page, after, self._told())[:limit]
        periods = (self._period(close, cash) for close, cash in page)
        return [period for period in periods if period]

    def receipts_told(self, period_id: str) -> Sequence[Receipt] | None:
        """The receipts of a day as they were told, without asking the server; None where it was not told."""
        if period_id not in self._by_id:
            self._by_id = {close.period_id: close for close in self._told().values()}
        close = self._by_id.get(period_id)
        return self._frozen.receipts(self._terminal_id, close) if close else None

    def receipts_of_rows(self, period_id: str) -> Sequence[Receipt]:
        """The receipts of a closed day that was not told, none where there is no such day. Raises
        `Unreportable` where its rows cannot be told."""
        with self._reader.snapshot():
            days = self._listed(0, ALL)
            cash = next((cash for close, cash in days if cash and close.period_id == period_id), None)
            return self._tell([cash])[0].receipts if cash else ()

    def late(self) -> list[Close]:
        """Days that have an end now, and above which days were told before, or could not be told: their
        program had lost them."""
        told, tried = self._frozen.numbers(self._terminal_id), self._frozen.tried(self._terminal_id)
        with self._reader.snapshot():
            untold = sorted(self._reader.ended_below(tried) - told)
            closed = [cash for number in untold for cash in self._reader.closed(number - 1, 1)]
        late = [*self._frozen.late(self._terminal_id), *map(self._close, closed)]
        return sorted(late, key=lambda close: close.z_number)

    def last_number(self) -> int | None:
        """The newest Z number; None before the first close."""
        with self._reader.snapshot():
            top, newest = self._reader.open().sequence, self._reader.newest_closed()
        numbers = {number for number, _id in self._told() if number < top}
        return max(numbers | ({newest.sequence} if newest else set()), default=None)

    def with_totals_before(self, running: Told) -> Period:
        """The running day with the totals of all days before it, which are frozen first. Where they are many,
        some are, and `StillReading` is raised."""
        number = self.last_number()
        if number and not self._freeze(number, number, MOST_AT_ONCE):
            raise still_reading()
        return replace(running.period, perpetual_before=self._perpetual_before(running.rows.cash.sequence))

    def told(self) -> list[Close]:
        """Every day that was told, the newest first."""
        return sorted(self._told().values(), key=lambda close: -close.z_number)

    def told_receipts(self, close: Close) -> Sequence[Receipt]:
        """The receipts of a day as they were told."""
        return self._frozen.receipts(self._terminal_id, close) or ()

    def mark(self, close: Close) -> Mark:
        """What was noted of a day when it was told."""
        return read_mark(self._frozen.mark(self._terminal_id, close))

    @property
    def _terminal_id(self) -> str:
        return self._facts.terminal.id

    def _perpetual_before(self, z_number: int) -> Perpetual:
        return self._frozen.perpetual_before(self._terminal_id, z_number)

    def _told(self) -> _Told:
        return {(close.z_number, close.period_id): close for close in self._frozen.closes(self._terminal_id)}

    def _listed(self, after: int, limit: int) -> _Page:
        """Closed days; those that were not told with their rows. What was told stays although its rows were
        deleted since; what is above the running day belongs to a database before a backup was restored."""
        top, told = self._reader.open().sequence, self._told()
        days: dict[int, tuple[Close, CashRow | None]] = {
            close.z_number: (close, None) for close in told.values() if after < close.z_number < top
        }
        for cash in self._reader.closed(after, limit):
            close = self._close(cash)
            known = told.get((close.z_number, close.period_id))
            days[close.z_number] = (known, None) if known else (close, cash)
        return [days[number] for number in sorted(days)][:limit]

    def _close(self, cash: CashRow) -> Close:
        closed_at = self._facts.instant(cash.closed or cash.opened)
        return Close(cash.sequence, self._facts.period_id(cash.money), rfc3339(closed_at))

    def _period(self, close: Close, cash: CashRow | None) -> Period | None:
        """A day as it was told, or as its rows are where they cannot be told. None where another process has
        just thrown it away, since a backup was restored."""
        period = self._frozen.period(self._terminal_id, close)
        if period or not cash:
            return period
        with self._reader.snapshot():
            (day,) = self._tell([cash])
        return replace(day.period, perpetual_before=self._perpetual_before(close.z_number))

    def _freeze(self, first: int, last: int, most: int = ALL) -> bool:
        """Freeze the days up to `last`, from the newest one below `first` that was told. So each is built on
        the totals of the one before. False where the days of one commit with `most` of them came first."""
        position, frozen = max((number for number, _id in self._told() if number < first), default=0), 0
        while position < last:
            if frozen >= most:
                return False
            with self._reader.snapshot():
                told, found = self._told(), _some_closed(self._reader, position)
                new = [c for c in found if (c.sequence, self._facts.period_id(c.money)) not in told]
                days = self._tell(new)
            if not found:
                break
            position = found[-1].sequence
            self._keep(sound := [day for day in days if not day.trouble], position)
            frozen += len(sound)
        return True

    def _tell(self, new: Sequence[CashRow]) -> list[Told]:
        if not new:
            return []
        masters, software = self._reader.masters(new), self._reader.software()
        rows = self._reader.periods(new, masters)
        return [tell(it, self._codes, self._facts, software, it.cash.closed or it.cash.opened) for it in rows]

    def _keep(self, days: Sequence[Told], tried: int) -> None:
        with self._frozen.together():
            for day in days:
                close = self._close(day.rows.cash)
                period = replace(day.period, perpetual_before=self._perpetual_before(close.z_number))
                mark = mark_of(day.rows, day.findings).text()
                self._frozen.freeze(close, period, day.figured.receipts, mark)
            self._frozen.note_tried(self._terminal_id, tried)


def _with_those_between(page: _Page, after: int, told: _Told) -> _Page:
    """A page with the days between its own that were lost when it was listed, and got their end and were
    frozen since. Nobody would ask for one of these again: it does not come late."""
    last = page[-1][0].z_number
    days: dict[int, tuple[Close, CashRow | None]] = {
        close.z_number: (close, None) for close in told.values() if after < close.z_number < last
    }
    return sorted((days | {day[0].z_number: day for day in page}).values(), key=lambda day: day[0].z_number)


def _some_closed(reader: Reader, after: int) -> list[CashRow]:
    """The next closed days above a number: at least one, and not more than memory should hold."""
    found = reader.closed(after, _AT_ONCE)
    counts = reader.counts([cash.money for cash in found])
    sums = accumulate(counts.get(cash.money, 0) for cash in found)
    return found[: max(1, sum(receipts <= _RECEIPTS_AT_ONCE for receipts in sums))]
