"""What crosses the walls: frozen facts about accounts, sales, reports and receipts.

Money is in minor units of the currency, instants are aware datetimes in UTC, ids are UUIDs as text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """X: the running day. Z: a closed day."""

    X = "X"
    Z = "Z"


class CloseReason(StrEnum):
    """Why a period closed; `late` is a close on a later business date than its own."""

    MANUAL = "manual"
    AUTO = "auto"
    LATE = "late"


# --- what the till knows ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Terminal:
    """The till as FactoryCLOUD knows it."""

    id: str
    name: str


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
    `z_number`, `closed_at` and `close_reason` are None while it is open.
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


@dataclass(frozen=True, slots=True)
class TillStatus:
    """What the till says of itself right now; `net_by_hour` and `net` belong to the open period.

    `upload_licensed`: its licence allows to upload its configuration again and again."""

    kind: str
    terminal: Terminal
    currency: str
    wizard_finished: bool
    last_z_number: int | None
    open_period_since: datetime | None
    receipts: int
    net: int
    net_by_hour: Sequence[tuple[int, int]] = ()
    upload_licensed: bool = False


# --- what FactoryCLOUD says ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Session:
    """A log-in: the user token is for what a person does on the screen, and short-lived."""

    token: str = field(repr=False)
    expires_at: datetime
    email: str


@dataclass(frozen=True, slots=True)
class Company:
    """A company of the logged-in user."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Store:
    """A store of a company."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """This terminal was bound to a store; the terminal token can send reports, and nothing else."""

    terminal_token: str = field(repr=False)
    company: Company
    store: Store
    last_z_number: int | None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The cloud's receipt for one report: `result` is created, unchanged, replaced or stale."""

    report_id: str
    content_hash: str
    result: str
    received_at: datetime
    missing_z_numbers: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class HeldZ:
    """A Z report that the cloud holds of this terminal."""

    report_id: str
    z_number: int
    content_hash: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Binding:
    """What a terminal token is for; `since`: when it was assigned, where the cloud says so."""

    company: Company
    store: Store
    terminal: Terminal
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class CurrentTerminal:
    """What the cloud holds of this terminal's store: the version of its configuration, None where there is
    none, and whether this terminal may upload one."""

    configuration_etag: str | None
    upload_allowed: bool


@dataclass(frozen=True, slots=True)
class StoredConfiguration:
    """A configuration as the cloud holds it: the very bytes, and the version to name when replacing it."""

    etag: str
    document: bytes


# --- what travels ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Report:
    """A report frozen for sending: `body` holds the very bytes that travel, `content_hash` in them.

    `net` is the report's takings in minor units of `currency`.
    """

    id: str
    kind: Kind
    revision: int
    terminal_id: str
    period_id: str
    z_number: int | None
    business_date: date
    currency: str
    net: int
    content_hash: str
    body: bytes
