"""A till of another program, in memory: it can be read, and nothing can be done to it from here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from factorypos_tui.core.configuration.change import Sold
from factorypos_tui.core.configuration.configuration import Configuration
from factorypos_tui.core.errors import TillAbsent
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.models import Close, Terminal, TillFinding, TillStatus
from factorypos_tui.core.ports import Till
from factorypos_tui.core.reports.sales import (
    CloseReason,
    Line,
    Payment,
    Period,
    Perpetual,
    Receipt,
    ReceiptTax,
)
from tests.support.configurations import BAR

_TERMINAL = Terminal(str(UUID(int=7)), "Another program's till")
_ZONE = ZoneInfo("Europe/Madrid")
_OPENED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def _period(opened_at: datetime, so_far: Perpetual) -> Period:
    day = opened_at.astimezone(_ZONE).date()
    return Period(str(uuid4()), _TERMINAL, day, str(_ZONE), "EUR", "another program 1", opened_at, so_far)


@dataclass
class MemoryTill(Till):
    """A till in memory. Its own program sells with `sell` and closes with `end_the_day`."""

    held: Configuration = BAR
    away: bool = False
    """Whether there is no till."""
    kind: str = "memory"
    _periods: list[Period] = field(default_factory=lambda: [_period(_OPENED, Perpetual())])
    _receipts: dict[str, list[Receipt]] = field(default_factory=dict)

    def sell(self) -> None:
        """A coffee for 1.50, in cash."""
        today = self._periods[-1]
        sold = self._receipts.setdefault(today.id, [])
        number = f"{sum(map(len, self._receipts.values())) + 1}"
        coffee = Line("COFFEE", "Café", "D1", "Drinks", "T10", Decimal(1), 150)
        tax, cash = ReceiptTax("T10", "IVA 10 %", "10", 136, 14), Payment("CASH", "Cash", "cash", 150)
        at = today.opened_at + timedelta(minutes=len(sold) + 1)
        sold.append(Receipt(str(uuid4()), number, at, "1", "Ana", [coffee], [tax], [cash]))

    def end_the_day(self) -> None:
        """Close the running day; the next one begins."""
        today = self._periods[-1]
        closed_at = today.opened_at + timedelta(hours=12)
        self._periods[-1] = replace(
            today, z_number=len(self._periods), closed_at=closed_at, close_reason=CloseReason.MANUAL
        )
        so_far = replace(today.perpetual_before, sales=today.perpetual_before.sales + self._net(today))
        self._periods.append(_period(closed_at, so_far))

    def terminal(self) -> Terminal:
        self._be_there()
        return _TERMINAL

    def time_zone(self) -> ZoneInfo:
        self._be_there()
        return _ZONE

    def status(self) -> TillStatus:
        self._be_there()
        today = self._periods[-1]
        sold, hour = self._receipts.get(today.id, ()), today.opened_at.astimezone(_ZONE).hour
        return TillStatus(
            kind=self.kind,
            terminal=_TERMINAL,
            currency="EUR",
            wizard_finished=True,
            last_z_number=len(self._periods) - 1 or None,
            open_period_since=today.opened_at,
            receipts=len(sold),
            net=self._net(today),
            net_by_hour=[(hour, self._net(today))] if sold else (),
        )

    def revision(self) -> object:
        self._be_there()
        return len(self._periods), sum(map(len, self._receipts.values()))

    def closed_periods(self, after: int, limit: int) -> Sequence[Period]:
        self._be_there()
        return self._periods[after:-1][:limit]

    def closes(self, after: int) -> Sequence[Close]:
        closed = self.closed_periods(after, len(self._periods))
        return [Close(p.z_number, p.id, rfc3339(p.closed_at)) for p in closed if p.z_number and p.closed_at]

    def findings(self) -> Sequence[TillFinding]:
        self._be_there()
        return ()

    def open_period(self) -> Period:
        self._be_there()
        return self._periods[-1]

    def receipts(self, period_id: str) -> Iterator[Receipt]:
        self._be_there()
        return iter(self._receipts.get(period_id, ()))

    def configuration(self) -> Configuration:
        self._be_there()
        return self.held

    def sold(self) -> Sold:
        sold = self._receipts.get(self.open_period().id, ())
        return Sold(
            frozenset(tax.code for receipt in sold for tax in receipt.taxes),
            frozenset(payment.code for receipt in sold for payment in receipt.payments),
            ever=bool(self._receipts) or len(self._periods) > 1,
        )

    def close(self) -> None:
        pass

    def _net(self, period: Period) -> int:
        return sum(line.net for receipt in self._receipts.get(period.id, ()) for line in receipt.lines)

    def _be_there(self) -> None:
        if self.away:
            raise TillAbsent("There is no till.")
