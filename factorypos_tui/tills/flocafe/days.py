"""Closed days, as they are told for good: each is made once, in the order of its number, and then kept."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from factorypos_tui.core.errors import Unreportable
from factorypos_tui.core.models import Terminal
from factorypos_tui.core.reports.findings import Code
from factorypos_tui.core.reports.sales import Cash, Period, Perpetual, Receipt
from factorypos_tui.tills.flocafe.closures import (
    Closure,
    closure_of,
    drawer_of,
    fetch_closures,
    in_the_close,
    not_in_the_bills,
    period_of,
    refuse_if_out_of_time,
)
from factorypos_tui.tills.flocafe.facts import Facts
from factorypos_tui.tills.flocafe.flo_database import FloDatabase
from factorypos_tui.tills.flocafe.receipts import odd_numbers, receipts_of
from factorypos_tui.tills.flocafe.rows import bills_of, fetch
from factorypos_tui.tills.flocafe.values import BAD_TEXT
from factorypos_tui.tills.frozen import MOST_AT_ONCE, FrozenDays, still_reading

_AT_ONCE = 20
"""So many days are kept in one commit."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A closed day, made of its row and its bills."""

    receipts: Sequence[Receipt]
    cash: Cash
    odd: Mapping[str, Sequence[str]]


class ClosedDays:
    """The closed days of one scope. Every method raises `TillError` and `StorageError`."""

    def __init__(
        self, file: FloDatabase, kept: FrozenDays, terminal_id: str, scope: str, facts: Callable[[], Facts]
    ) -> None:
        self._file, self._kept, self._id, self._scope, self._facts = file, kept, terminal_id, scope, facts
        self._paged: Mapping[str, Closure] = {}

    def closures(self, after: int, most: int = -1) -> Sequence[Closure]:
        """The rows of closes with a Z number above `after`, ascending."""
        return [*map(closure_of, self._file.read(lambda it: fetch_closures(it, self._scope, after, most)))]

    def periods(self, after: int, limit: int) -> Sequence[Period]:
        """At most `limit` closed periods with a Z number above `after`, ascending. Each begins with the
        totals of those before it, so those are made first."""
        wanted = self.closures(after, limit)
        if not wanted:
            return []
        facts = self._facts()
        self._freeze(wanted[0].z_number, wanted[-1].z_number, facts)
        self._paged = {closure.id(self._id): closure for closure in wanted}
        return [self._period(closure, facts) for closure in wanted]

    def receipts(self, period_id: str) -> Sequence[Receipt]:
        """The receipts of a closed period; none where there is no such period. Raises `Unreportable`."""
        closure = self._paged.get(period_id) or next(
            (closure for closure in self.closures(0) if closure.id(self._id) == period_id), None
        )
        if closure is None:
            return []
        kept = self._kept.receipts(self._id, closure.close(self._id))
        return self._make(closure, self._facts()).receipts if kept is None else kept

    def odd(self, closure: Closure) -> Mapping[str, Sequence[str]]:
        """What was odd when a day was made: the numbers of its receipts, by the code of the finding."""
        mark = self._kept.mark(self._id, closure.close(self._id))
        return json.loads(mark) if mark else {}

    def totals_until(self, z_number: int) -> Perpetual:
        """The totals of all days up to one, which are kept first. Where they are many, some are, and
        `StillReading` is raised."""
        if not self._freeze(z_number, z_number, self._facts(), MOST_AT_ONCE):
            raise still_reading()
        return self._kept.perpetual_before(self._id, z_number + 1)

    def _freeze(self, first: int, last: int, facts: Facts, most: int = sys.maxsize) -> bool:
        """Keep the days up to `last`, from the newest one below `first` that is kept. False where the days of
        one commit with `most` of them came first."""
        known = self._kept.closes(self._id)
        position, kept = max((close.z_number for close in known if close.z_number < first), default=0), 0
        while position < last:
            if kept >= most:
                return False
            found = [it for it in self.closures(position, _AT_ONCE) if it.z_number <= last]
            if not found:
                break
            with self._kept.together():
                for closure in found:
                    if closure.close(self._id) not in known:
                        with suppress(Unreportable):  # it is told where its receipts are asked for
                            self._keep(closure, facts)
                            kept += 1
            position = found[-1].z_number
        return True

    def _keep(self, closure: Closure, facts: Facts) -> None:
        made = self._make(closure, facts)
        before = self._kept.perpetual_before(self._id, closure.z_number)
        period = period_of(closure, facts, Terminal(self._id, facts.company), before, made.cash)
        odd = {code: numbers for code, numbers in made.odd.items() if numbers}
        mark = json.dumps(odd) if odd else ""
        self._kept.freeze(closure.close(self._id), period, made.receipts, mark)

    def _make(self, closure: Closure, facts: Facts) -> _Made:
        refuse_if_out_of_time(closure)
        fetched = self._file.read(lambda it: fetch(it, closure.since, closure.until))
        bills = in_the_close(closure, bills_of(fetched))
        receipts = receipts_of(bills, fetched.methods, facts.exponent, self._id)
        beyond = not_in_the_bills(closure, bills, receipts, facts, self._id)
        receipts = [*receipts, beyond] if beyond else receipts
        odd: dict[str, Sequence[str]] = {
            Code.DOES_NOT_ADD_UP: odd_numbers(bills, receipts, facts.exponent),
            Code.BAD_TEXT: bad_texts(receipts),
        }
        return _Made(receipts, drawer_of(closure, receipts), odd)

    def _period(self, closure: Closure, facts: Facts) -> Period:
        kept = self._kept.period(self._id, closure.close(self._id))
        if kept:
            return kept
        before = self._kept.perpetual_before(self._id, closure.z_number)
        return period_of(closure, facts, Terminal(self._id, facts.company), before, Cash())


def bad_texts(receipts: Iterable[Receipt]) -> Sequence[str]:
    """The numbers of receipts with text that no program can read."""

    def texts(receipt: Receipt) -> Iterable[str]:
        yield from (receipt.number, receipt.user_name)
        for line in receipt.lines:
            yield from (line.item_name, line.department_name)
        yield from (payment.name for payment in receipt.payments)

    return [receipt.number for receipt in receipts if any(BAD_TEXT in text for text in texts(receipt))]
