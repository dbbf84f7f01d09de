"""A till of another program, in memory: it can be read, and nothing can be done to it from here."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from factorypos_tui.core.configuration.configuration import Configuration
from factorypos_tui.core.models import Terminal
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
from tests.support.smallest_till import SmallestTill, net_of

_TERMINAL = Terminal(str(UUID(int=7)), "Another program's till")
_ZONE = ZoneInfo("Europe/Madrid")
_OPENED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def _period(opened_at: datetime, so_far: Perpetual) -> Period:
    day = opened_at.astimezone(_ZONE).date()
    return Period(str(uuid4()), _TERMINAL, day, str(_ZONE), "EUR", "another program 1", opened_at, so_far)


class MemoryTill(SmallestTill):
    """A till in memory. Its own program sells with `sell` and closes with `end_the_day`."""

    def __init__(self, held: Configuration = BAR, *, away: bool = False, kind: str = "memory") -> None:
        """`away`: whether there is no till."""
        super().__init__(held, [_period(_OPENED, Perpetual())], kind=kind, away=away)

    def sell(self) -> None:
        """A coffee for 1.50, in cash."""
        today = self.periods[-1]
        sold = self.sales.setdefault(today.id, [])
        number = f"{sum(map(len, self.sales.values())) + 1}"
        coffee = Line("COFFEE", "Café", "D1", "Drinks", "T10", Decimal(1), 150)
        tax, cash = ReceiptTax("T10", "IVA 10 %", "10", 136, 14), Payment("CASH", "Cash", "cash", 150)
        at = today.opened_at + timedelta(minutes=len(sold) + 1)
        sold.append(Receipt(str(uuid4()), number, at, "1", "Ana", [coffee], [tax], [cash]))

    def end_the_day(self) -> None:
        """Close the running day; the next one begins."""
        today = self.periods[-1]
        closed_at = today.opened_at + timedelta(hours=12)
        self.periods[-1] = replace(
            today, z_number=len(self.periods), closed_at=closed_at, close_reason=CloseReason.MANUAL
        )
        sales = today.perpetual_before.sales + net_of(self.sales.get(today.id, ()))
        self.periods.append(_period(closed_at, replace(today.perpetual_before, sales=sales)))
