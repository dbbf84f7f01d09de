"""What a till records: receipts and business periods, as frozen facts.

Money is in minor units of the currency, instants are aware datetimes in UTC, ids are UUIDs as text.
"""

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
    """One line of a receipt, with the names as they were when it was sold.

    `quantity`, `gross` and `discount` are never negative; `is_refund` gives the direction.
    """

    item_code: str
    item_name: str
    department_code: str
    department_name: str
    tax_code: str
    quantity: Decimal
    gross: int
    discount: int = 0
    is_refund: bool = False
    is_comp: bool = False

    @property
    def net(self) -> int:
        """What the line adds to the takings, tax included; negative when refunded."""
        return (self.discount - self.gross) if self.is_refund else (self.gross - self.discount)


@dataclass(frozen=True, slots=True)
class ReceiptTax:
    """The tax of one rate on one receipt; negative on a refund. `rate` is a decimal string, per cent."""

    code: str
    name: str
    rate: str
    base: int
    tax: int


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that changed hands for a receipt, change already taken out; `amount` < 0 was paid back."""

    code: str
    name: str
    type: str
    amount: int
    tip: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """A completed sale or refund. Payments add up to the lines' net plus `rounding` (without tips)."""

    uid: str
    number: str
    sold_at: datetime
    user_code: str
    user_name: str
    lines: Sequence[Line]
    taxes: Sequence[ReceiptTax]
    payments: Sequence[Payment]
    rounding: int = 0


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
    """The drawer: `counted` is None where nobody counted."""

    opening_float: int = 0
    paid_in: int = 0
    paid_out: int = 0
    counted: int | None = None


@dataclass(frozen=True, slots=True)
class Perpetual:
    """Totals since the terminal's first sale: `sales` after discounts, `net` = sales - refunds."""

    sales: int = 0
    refunds: int = 0

    @property
    def net(self) -> int:
        """What has been taken in all."""
        return self.sales - self.refunds


@dataclass(frozen=True, slots=True)
class Period:
    """One business period of a till: open, or closed by a Z.

    `perpetual_before`: the totals up to the start of this period. `timezone`: IANA name.
    `z_number`, `closed_at` and `close_reason` are None while it is open. `rules`: the `REPORT_RULES` of the
    program that closed it, or knew it first: what was frozen by them is made again to the byte.
    """

    id: str
    terminal: Terminal
    business_date: date
    timezone: str
    currency: str
    software: str
    opened_at: datetime
    perpetual_before: Perpetual = Perpetual()
    cash: Cash = Cash()
    control: Control = Control()
    z_number: int | None = None
    closed_at: datetime | None = None
    close_reason: CloseReason | None = None
    rules: int = REPORT_RULES
