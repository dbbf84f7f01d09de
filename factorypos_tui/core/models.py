"""What crosses the walls: frozen facts about the terminal, where it belongs, and the reports that travel.

What a till records is in `sales`, what FactoryCLOUD says in `answers`. Money is in minor units of the
currency, instants are aware datetimes in UTC, ids are UUIDs as text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

REPORT_RULES = 2
"""How reports are made now. 1 told of no late receipts, and let what does not add up stand as it was."""


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


@dataclass(frozen=True, slots=True)
class Close:
    """A closed period in short. `closed_at` is a text (`instants.rfc3339`): it sorts as the instants do."""

    z_number: int
    period_id: str
    closed_at: str


@dataclass(frozen=True, slots=True)
class TillFinding:
    """Something in the till's records that a person should know of; `code` is a machine word, `z_number` None
    where it is in the open period, `receipts` the numbers of the receipts that show it."""

    code: str
    z_number: int | None
    receipts: Sequence[str] = ()


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


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The cloud's receipt for one report: `result` is created, unchanged, replaced or stale; `store_id` is
    the store that it lies in, where the cloud says so."""

    report_id: str
    content_hash: str
    result: str
    received_at: datetime
    missing_z_numbers: Sequence[int] = ()
    store_id: str | None = None
