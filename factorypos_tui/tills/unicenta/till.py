"""A till of the uniCenta family as core's `Till` port sees it. It is read only. Everything but the connection
is imported when it is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from factorypos_tui.core.capabilities import READ_ONLY
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.models import Close, Terminal, TillFinding, TillStatus
from factorypos_tui.core.ports import Till
from factorypos_tui.core.reports.findings import in_order
from factorypos_tui.tills.unicenta.facts import Facts
from factorypos_tui.tills.unicenta.server import Server

if TYPE_CHECKING:
    from factorypos_tui.core.configuration.change import Sold
    from factorypos_tui.core.configuration.configuration import Configuration
    from factorypos_tui.core.reports.sales import Period, Receipt
    from factorypos_tui.tills.frozen import FrozenDays
    from factorypos_tui.tills.unicenta.closed_days import ClosedDays
    from factorypos_tui.tills.unicenta.naming import Names
    from factorypos_tui.tills.unicenta.reading import Reader
    from factorypos_tui.tills.unicenta.running_day import RunningDay
    from factorypos_tui.tills.unicenta.watching import Watch


class UnicentaTill(Till):
    """One host of a database. Who it is and how it tells the time is known without asking the server."""

    kind = "unicenta"
    can = READ_ONLY

    def __init__(
        self, server: Server, facts: Facts, home: Path, now: Callable[[], datetime] = utc_now
    ) -> None:
        """`home`: the folder of what was told of closed days, and of the administrator's names."""
        self._server, self._said, self._home, self._now = server, facts, home, now

    def terminal(self) -> Terminal:
        """The till as FactoryCLOUD knows it."""
        return self._facts.terminal

    def time_zone(self) -> ZoneInfo:
        """The time zone of its wall clock."""
        return self._facts.zone

    def status(self) -> TillStatus:
        """The running day in short; receipts are those that sold something, as its paper counts them."""
        facts, day = self._facts, self._running.told()
        sold = [receipt for receipt in day.figured.receipts if receipt.lines]
        by_hour: Counter[int] = Counter()
        for receipt in sold:
            by_hour[receipt.sold_at.astimezone(facts.zone).hour] += sum(line.net for line in receipt.lines)
        paid: Counter[str] = Counter()
        for receipt in day.figured.receipts:
            for payment in receipt.payments:
                paid[payment.name] += payment.amount
        return TillStatus(
            kind=self.kind,
            terminal=facts.terminal,
            currency=facts.currency,
            wizard_finished=True,
            last_z_number=self._closed.last_number(),
            open_period_since=day.period.opened_at,
            receipts=len(sold),
            net=sum(by_hour.values()),
            net_by_hour=sorted(by_hour.items()),
            payments=paid.most_common(),
            day_starts_at=facts.day_start.seconds // 3600,
        )

    def revision(self) -> object:
        """Of one statement on indexes."""
        return self._reader.revision()

    def closed_periods(self, after: int, limit: int) -> Sequence[Period]:
        """At most `limit` closed periods with a Z number above `after`, ascending."""
        return self._closed.periods(after, limit)

    def closes(self, after: int) -> Sequence[Close]:
        """Every closed period with a Z number above `after`, ascending, in short."""
        return self._closed.closes(after)

    def late_closes(self) -> Sequence[Close]:
        """Days that their program lost, and that were closed only after days above them had been told."""
        return self._closed.late()

    def findings(self) -> Sequence[TillFinding]:
        """What a person should know of its rows, and of what was done to closed days since."""
        return in_order([*self._running.findings(), *self._watch.findings()])

    def open_period(self) -> Period:
        """The period in which receipts are recorded."""
        return self._closed.with_totals_before(self._running.told())

    def receipts(self, period_id: str) -> Iterator[Receipt]:
        """The receipts of a period in the order of their sale."""
        told = self._closed.receipts_told(period_id)
        if told is None:
            day = self._running.told()
            told = day.receipts if day.period.id == period_id else self._closed.receipts_of_rows(period_id)
        return iter(told)

    def configuration(self) -> Configuration:
        """Its whole configuration."""
        from factorypos_tui.tills.unicenta.configuration import read_configuration

        facts = self._facts
        with self._reader.snapshot():
            return read_configuration(self._reader.tables, self._names.codes, facts)

    def sold(self) -> Sold:
        """What sales have fixed in the configuration: nothing is ever written there."""
        from factorypos_tui.core.configuration.change import Sold

        receipts = self._running.told().figured.receipts
        return Sold(
            frozenset(tax.code for receipt in receipts for tax in receipt.taxes),
            frozenset(payment.code for receipt in receipts for payment in receipt.payments),
            ever=bool(receipts) or self._closed.last_number() is not None,
        )

    def close(self) -> None:
        """Close the calling thread's connections."""
        self._server.close()
        if "_frozen" in self.__dict__:
            self._frozen.close()

    @property
    def _facts(self) -> Facts:
        self._said.check()
        return self._said

    @cached_property
    def _names(self) -> Names:
        from factorypos_tui.tills.unicenta.naming import read_names

        return read_names(self._home)

    @cached_property
    def _reader(self) -> Reader:
        from factorypos_tui.tills.unicenta.reading import Reader
        from factorypos_tui.tills.unicenta.tables import Tables

        return Reader(Tables(self._server, self._names), self._facts.host, self._facts.zone)

    @cached_property
    def _frozen(self) -> FrozenDays:
        from factorypos_tui.tills.frozen import FILE, FrozenDays

        return FrozenDays(self._home / FILE)

    @cached_property
    def _closed(self) -> ClosedDays:
        from factorypos_tui.tills.unicenta.closed_days import ClosedDays

        return ClosedDays(self._reader, self._names.codes, self._facts, self._frozen)

    @cached_property
    def _running(self) -> RunningDay:
        from factorypos_tui.tills.unicenta.running_day import RunningDay

        return RunningDay(self._reader, self._names.codes, self._facts, self._now)

    @cached_property
    def _watch(self) -> Watch:
        from factorypos_tui.tills.unicenta.watching import Watch

        return Watch(self._reader, self._closed, self._frozen, self._names.codes, self._facts)
