"""What a till records: receipts and business periods, as frozen facts.

Money is in minor units of the currency, instants are aware datetimes in UTC, ids are UUIDs as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from factorypos_tui.core.models import REPORT_RULES, Terminal


class CloseReason(StrEnum):
    """Why a period closed; `late` is a close on a later business date than its own."""

    MANUAL = "manual"
    AUTO = "auto"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a receipt, with the names of when it was sold."""

    item_code: str
    item_name: str
    department_code: str
    department_name: str
    tax_code: str
    quantity: Decimal
    """Never negative, as are `gross` and `discount`."""
    gross: int
    discount: int = 0
    is_refund: bool = False
    """Gives the direction of the amounts."""
    is_comp: bool = False

    @property
    def net(self) -> int:
        """What the line adds to the takings, tax included; negative for a refund."""
        return (self.discount - self.gross) if self.is_refund else (self.gross - self.discount)


@dataclass(frozen=True, slots=True)
class ReceiptTax:
    """The tax of one rate on one receipt; negative on a refund."""

    code: str
    name: str
    rate: str
    """A decimal string, per cent."""
    base: int
    tax: int


@dataclass(frozen=True, slots=True)
class Payment:
    """Money paid for a receipt, without the change."""

    code: str
    name: str
    type: str
    amount: int
    """Negative where it was paid back."""
    tip: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """A completed sale or refund."""

    uid: str
    number: str
    sold_at: datetime
    user_code: str
    user_name: str
    lines: Sequence[Line]
    taxes: Sequence[ReceiptTax]
    payments: Sequence[Payment]
    rounding: int = 0
    """The payments, without tips, minus the lines' net."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often something happened, and how much money it was about."""

    count: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Control:
    """What an owner watches besides the takings; comps are counted from the receipts' lines."""

    voided_lines: Count = Count()
    cancelled_receipts: Count = Count()
    no_sale_opens: int = 0
    reprints: int = 0
    open_tickets: Count = Count()


@dataclass(frozen=True, slots=True)
class Cash:
    """The drawer."""

    opening_float: int = 0
    paid_in: int = 0
    paid_out: int = 0
    counted: int | None = None
    """None where the cash was not counted."""


@dataclass(frozen=True, slots=True)
class Perpetual:
    """Totals since the terminal's first sale."""

    sales: int = 0
    """After discounts."""
    refunds: int = 0

    @property
    def net(self) -> int:
        """What has been taken in all: sales minus refunds."""
        return self.sales - self.refunds


@dataclass(frozen=True, slots=True)
class Period:
    """One business period of a till: open, or closed by a Z."""

    id: str
    terminal: Terminal
    business_date: date
    timezone: str
    """IANA name."""
    currency: str
    software: str
    opened_at: datetime
    perpetual_before: Perpetual = Perpetual()
    """The totals up to the start of this period."""
    cash: Cash = Cash()
    control: Control = Control()
    z_number: int | None = None
    """None while it is open, as are `closed_at` and `close_reason`."""
    closed_at: datetime | None = None
    close_reason: CloseReason | None = None
    came_late: bool = False
    """Whether days above it were told before it: they name another Z as the one before them, and the totals
    have it from the next day on that is told."""
    rules: int = REPORT_RULES
    """The `REPORT_RULES` of the program that closed it, or that first found it closed. A report that was
    frozen by them is made again to the byte."""
