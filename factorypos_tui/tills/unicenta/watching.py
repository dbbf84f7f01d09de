"""Watches what a till's program still does to days whose reports were made, and to days that it lost."""

from collections.abc import Iterator, Sequence, Set
from itertools import islice

from factorypos_tui.core.models import Close, TillFinding
from factorypos_tui.core.reports.findings import MOST_RECEIPTS, Code
from factorypos_tui.tills.frozen import FrozenDays
from factorypos_tui.tills.unicenta.closed_days import ClosedDays
from factorypos_tui.tills.unicenta.codes import Codes
from factorypos_tui.tills.unicenta.facts import Facts
from factorypos_tui.tills.unicenta.figuring import number_of
from factorypos_tui.tills.unicenta.marks import changes
from factorypos_tui.tills.unicenta.reading import NO_MASTERS, Reader
from factorypos_tui.tills.unicenta.rows import CashRow

_NEWEST = 10
"""A second program that remembers an old day sells into one of these: they are counted each time."""
_READ = 2
"""So many of them are read each time; of all other days one, in turn."""


class Watch:
    """Watches the days of one host. Methods raise `TillError` and `StorageError`."""

    def __init__(
        self, reader: Reader, closed: ClosedDays, frozen: FrozenDays, codes: Codes, facts: Facts
    ) -> None:
        self._reader, self._closed, self._frozen = reader, closed, frozen
        self._codes, self._facts = codes, facts
        self._changed: dict[str, Sequence[TillFinding]] = {}
        self._lost: dict[str, tuple[int, tuple[str, ...]]] = {}
        """Of each lost day how many receipts it had when they were read, and the numbers of what was sold."""
        self._turn = 0

    def findings(self) -> Iterator[TillFinding]:
        """What was odd in the newest days when they were told, and what has become of any day since."""
        told = self._closed.told()
        newest = told[:_NEWEST]
        known = self._frozen.changed(self._facts.terminal.id)
        with self._reader.snapshot():
            for close in newest:
                yield from self._closed.mark(close).findings
            for close, cash in self._to_look_at(told, known):
                self._look_at(close, cash, was_changed=close in known)
            yield from self._left_open({close.period_id for close in told})
        for found in self._changed.values():
            yield from found

    def _to_look_at(self, told: Sequence[Close], known: Set[Close]) -> Iterator[tuple[Close, CashRow]]:
        newest = told[:_NEWEST]
        if not newest:
            return
        rows = self._rows(newest[-1].z_number, len(newest))
        counts = self._reader.counts([cash.money for cash in rows.values()])
        for place, close in enumerate(newest):
            cash = rows.get(close.period_id)
            if cash is None:
                continue  # its rows were deleted with all others of their time
            is_suspect = counts.get(cash.money, 0) != len(self._closed.mark(close).receipts)
            if place < _READ or is_suspect or close in known or close.period_id in self._changed:
                yield close, cash
        if older := told[_NEWEST:]:
            self._turn = (self._turn + 1) % len(older)
            untold = (close for close in older if close in known and close.period_id not in self._changed)
            # What an earlier process found is told again at once: the owner's alarm would end without it.
            for close in {older[self._turn], *islice(untold, _NEWEST)}:
                if cash := self._rows(close.z_number, 1).get(close.period_id):
                    yield close, cash

    def _rows(self, first: int, count: int) -> dict[str, CashRow]:
        """The rows of closed days, by the id of each."""
        return {self._facts.period_id(cash.money): cash for cash in self._reader.closed(first - 1, count)}

    def _look_at(self, close: Close, cash: CashRow, *, was_changed: bool) -> None:
        rows, told = self._reader.period(cash, NO_MASTERS), self._closed.told_receipts(close)
        found = changes(close, self._closed.mark(close), told, rows, self._codes)
        self._changed.pop(close.period_id, None)
        if found:
            self._changed[close.period_id] = found
        if was_changed != bool(found):
            self._frozen.note_changed(self._facts.terminal.id, close, is_changed=bool(found))

    def _left_open(self, told: Set[str]) -> Iterator[TillFinding]:
        """Days that were lost, and that are not told although they may have an end by now."""
        lost = [
            cash
            for cash in self._reader.left_open(self._reader.open().sequence)
            if self._facts.period_id(cash.money) not in told
        ]
        counts = self._reader.counts([cash.money for cash in lost])
        for cash in lost:
            count, (known, sold) = counts.get(cash.money, 0), self._lost.get(cash.money, (None, ()))
            if count != known:
                sold = self._sold_in(cash)
                self._lost[cash.money] = count, sold
            yield TillFinding(Code.LEFT_OPEN, cash.sequence, sold)

    def _sold_in(self, cash: CashRow) -> tuple[str, ...]:
        tickets = self._reader.period(cash, NO_MASTERS).tickets
        sold = [number_of(ticket, self._codes) for ticket in tickets if ticket.kind is not None]
        return tuple(sold[:MOST_RECEIPTS])
