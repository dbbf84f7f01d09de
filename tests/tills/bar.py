"""A bar whose clock the test sets, for tests written in the words of the people who work there."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from factorypos_tui.core.reports.closing import Closing
from factorypos_tui.core.reports.sales import Period, Receipt
from factorypos_tui.core.storage.database import Database
from factorypos_tui.tills.bundled.catalogue import load_catalogue
from factorypos_tui.tills.bundled.demo_bar import open_demo_bar
from factorypos_tui.tills.bundled.periods import close_period
from factorypos_tui.tills.bundled.recording import record_receipts
from factorypos_tui.tills.bundled.selling import Sale, SaleLine, Tender, make_receipt
from factorypos_tui.tills.bundled.till import BundledTill

MADRID = ZoneInfo("Europe/Madrid")


def madrid(local: str) -> datetime:
    """`2026-06-12 23:30` on the bar's wall clock, in UTC."""
    return datetime.fromisoformat(local).replace(tzinfo=MADRID).astimezone(UTC)


class Bar:
    """The demo bar at `path`, opened at `opened` (Madrid time)."""

    def __init__(self, path: Path, opened: str = "2026-06-12 07:00") -> None:
        self.path = path
        self.clock = madrid(opened)
        open_demo_bar(path, now=self.clock, name="Terminal 01")
        self.till = BundledTill(path, now=lambda: self.clock)

    @property
    def database(self) -> Database:
        return self.till.database()

    def sell(
        self, local: str, *items: str, refund: bool = False, user: str | None = None, pay: str = "CASH"
    ) -> Receipt | None:
        """Sell one of each item; None for a trainee's practice."""
        self.clock = madrid(local)
        catalogue = load_catalogue(self.database)
        lines = [SaleLine(item, Decimal(1), is_refund=refund) for item in items or ("CAFE",)]
        sale = Sale(str(uuid.uuid4()), self.clock, lines, [Tender(pay)], user=user)
        recorded = record_receipts(self.database, catalogue, [make_receipt(catalogue, sale)])
        return recorded[0] if recorded else None

    def close(self, local: str, *, counted: int | None = None, auto: bool = False) -> Closing:
        self.clock = madrid(local)
        return close_period(self.database, now=self.clock, software="test", counted=counted, auto=auto)

    def today(self) -> Period:
        period = self.till.open_period()
        assert period is not None
        return period

    def closed(self) -> Sequence[Period]:
        return self.till.closed_periods(0, 10_000)


def late_receipt(bar: Bar, local: str, item: str = "CAFE") -> None:
    """Record a receipt that was sold at that time; the bar's clock does not move."""
    catalogue = load_catalogue(bar.database)
    sale = Sale(str(uuid.uuid4()), madrid(local), [SaleLine(item)], [Tender("CASH")])
    record_receipts(bar.database, catalogue, [make_receipt(catalogue, sale)])


def check_the_books(till: BundledTill) -> int:
    """What must hold of every till at every moment; returns how many periods it closed.

    Z numbers have no gap, one period is open, each starts when the one before ended, and the perpetual totals
    are the running sum of all receipts, so none slipped into a period after its close.
    """
    closed = till.closed_periods(0, 1_000_000)
    assert [period.z_number for period in closed] == list(range(1, len(closed) + 1))
    now = till.open_period()
    assert now is not None
    sales = refunds = 0
    ended = None
    numbers: list[str] = []
    for period in [*closed, now]:
        assert (period.perpetual_before.sales, period.perpetual_before.refunds) == (sales, refunds)
        assert ended is None or period.opened_at == ended
        for receipt in till.receipts(period.id):
            numbers.append(receipt.number)
            sales += sum(line.net for line in receipt.lines if not line.is_refund)
            refunds -= sum(line.net for line in receipt.lines if line.is_refund)
        ended = period.closed_at
    assert numbers == [f"{n:06d}" for n in range(1, len(numbers) + 1)]
    database = till.database()
    assert database.value("SELECT COUNT(*) FROM receipts") == len(numbers)
    assert database.rows("SELECT * FROM receipts_that_do_not_add_up") == []
    assert database.value("PRAGMA integrity_check") == "ok"
    return len(closed)
