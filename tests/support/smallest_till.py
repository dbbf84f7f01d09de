"""The smallest till that passes the contract: all that an adapter must answer, over two lists in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from factorypos_tui.core.configuration.change import Sold
from factorypos_tui.core.configuration.configuration import Configuration
from factorypos_tui.core.errors import TillAbsent
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.models import Close, Terminal, TillFinding, TillStatus
from factorypos_tui.core.ports import Till
from factorypos_tui.core.reports.sales import Period, Receipt


@dataclass
class SmallestTill(Till):
    """Its periods are in their order, the last one is open. It closes nothing and takes no configuration."""

    held: Configuration
    periods: list[Period]
    sales: dict[str, list[Receipt]] = field(default_factory=dict)
    """The receipts by the period's id."""
    kind: str = "smallest"
    away: bool = False
    """Whether there is no till."""

    def open_period(self) -> Period:
        if self.away:
            raise TillAbsent("There is no till.")
        return self.periods[-1]

    def closed_periods(self, after: int, limit: int) -> Sequence[Period]:
        self.open_period()
        return [period for period in self.periods if (period.z_number or 0) > after][:limit]

    def receipts(self, period_id: str) -> Iterator[Receipt]:
        self.open_period()
        return iter(self.sales.get(period_id, ()))

    def closes(self, after: int) -> Sequence[Close]:
        closed = self.closed_periods(after, len(self.periods))
        return [Close(p.z_number, p.id, rfc3339(p.closed_at)) for p in closed if p.z_number and p.closed_at]

    def revision(self) -> object:
        return self.open_period().id, sum(map(len, self.sales.values()))

    def terminal(self) -> Terminal:
        return self.open_period().terminal

    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self.open_period().timezone)

    def findings(self) -> Sequence[TillFinding]:
        self.open_period()
        return ()

    def status(self) -> TillStatus:
        today = self.open_period()
        sold = [receipt for receipt in self.sales.get(today.id, ()) if receipt.lines]
        net, hour = net_of(sold), today.opened_at.astimezone(self.time_zone()).hour
        return TillStatus(
            kind=self.kind,
            terminal=today.terminal,
            currency=today.currency,
            wizard_finished=True,
            last_z_number=max((period.z_number or 0 for period in self.periods), default=0) or None,
            open_period_since=today.opened_at,
            receipts=len(sold),
            net=net,
            net_by_hour=[(hour, net)] if sold else (),
        )

    def configuration(self) -> Configuration:
        self.open_period()
        return self.held

    def sold(self) -> Sold:
        today = self.sales.get(self.open_period().id, ())
        taxes = frozenset(tax.code for receipt in today for tax in receipt.taxes)
        payments = frozenset(payment.code for receipt in today for payment in receipt.payments)
        return Sold(taxes, payments, ever=any(self.sales.values()))

    def close(self) -> None:
        pass


def net_of(receipts: Sequence[Receipt]) -> int:
    """What was sold by them, tax included."""
    return sum(line.net for receipt in receipts for line in receipt.lines)
