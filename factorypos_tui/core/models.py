"""Frozen facts that core and the outer rooms share: the terminal, its store, and the reports that are sent.

A till's records are in `sales`, FactoryCLOUD's answers in `answers`. Money is in minor units of the currency,
instants are aware datetimes in UTC, ids are UUIDs as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

REPORT_RULES = 4
"""The rules for reports now. Rules 1 counted no late receipts and kept figures that do not add up; rules 1
and 2 counted receipts without lines; rules 1 to 3 did not tell how many tips, discounts and refunds there
were."""


class Kind(StrEnum):
    """X: the running day. Z: a closed day."""

    X = "X"
    Z = "Z"


@dataclass(frozen=True, slots=True)
class Terminal:
    """The till as FactoryCLOUD knows it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class TillStatus:
    """What the till says of itself now."""

    kind: str
    terminal: Terminal
    currency: str
    wizard_finished: bool
    last_z_number: int | None
    open_period_since: datetime | None
    receipts: int
    """Of the open period, as are the four below."""
    net: int
    net_by_hour: Sequence[tuple[int, int]] = ()
    payments: Sequence[tuple[str, int]] = ()
    """What was taken by each payment method, by its name; the largest first."""
    day_starts_at: int = 0
    """The hour, on the till's clock, at which a business day begins: what is sold before it is of the day
    before."""
    upload_licensed: bool = False
    """Whether its licence allows it to upload its configuration again and again."""


@dataclass(frozen=True, slots=True)
class Close:
    """A closed period in short."""

    z_number: int
    period_id: str
    closed_at: str
    """A text (`instants.rfc3339`): it sorts as the instants do."""


@dataclass(frozen=True, slots=True)
class TillFinding:
    """Something in the till's records that a person should know."""

    code: str
    """A machine word."""
    z_number: int | None
    """None where it is in the open period."""
    receipts: Sequence[str] = ()
    """The numbers of the receipts that show it."""


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
class Report:
    """A report frozen for sending."""

    id: str
    kind: Kind
    revision: int
    terminal_id: str
    period_id: str
    z_number: int | None
    business_date: date
    currency: str
    net: int
    """The report's takings in minor units of `currency`."""
    content_hash: str
    body: bytes
    """The very bytes that are sent; `content_hash` is in them."""


@dataclass(frozen=True, slots=True)
class OwnState:
    """How this terminal is, as it tells the cloud."""

    queue: Mapping[str, int]
    """How many reports are in each state that other programs see."""
    oldest_pending_s: int | None
    """Since how many seconds the oldest report waits that was not sent yet; None where none does."""
    last_z_number: int | None
    """The till's; None where it cannot be read, or has closed no day."""
    clock_offset_s: int | None
    """How far this machine's clock is ahead of the cloud's."""
    software: str
    sender: str
    """Which process sends: `app` or `worker`."""
    findings: Sequence[TillFinding] | None = ()
    """What a person should see to in the till's records, the first of them; None where it cannot be read."""
    leaves_out_numbers: bool = False
    """Whether the till's program gives Z numbers to closes that are not sent."""


@dataclass(frozen=True, slots=True)
class SignedAnswer:
    """What the cloud signed of a report."""

    key_id: str
    """The key that checks it."""
    document: bytes
    """Canonical JSON, with the signature."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The cloud's receipt for one report."""

    report_id: str
    content_hash: str
    result: str
    """created, unchanged, replaced or stale."""
    received_at: datetime
    missing_z_numbers: Sequence[int] = ()
    store_id: str | None = None
    """The store that has the report now, where the cloud says so."""
    signed: SignedAnswer | None = None
    """All of this but the missing numbers, where the cloud signs."""
