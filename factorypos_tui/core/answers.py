"""What FactoryCLOUD says, as frozen facts. Instants are aware datetimes in UTC, ids are UUIDs as text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from factorypos_tui.core.models import Company, Store, Terminal


@dataclass(frozen=True, slots=True)
class Session:
    """A log-in: the user token is for what a person does on the screen, and short-lived."""

    token: str = field(repr=False)
    expires_at: datetime
    email: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """This terminal was bound to a store; the terminal token can send reports, and nothing else."""

    terminal_token: str = field(repr=False)
    company: Company
    store: Store
    last_z_number: int | None


@dataclass(frozen=True, slots=True)
class KnownTerminal:
    """What an account has of a terminal before it is assigned: the store it is in or was in last, its highest
    Z number, and the gaps below. Where it is another account's (`same_account` is false) nobody here can
    assign it."""

    store: Store | None
    last_z_number: int | None
    missing_z_numbers: Sequence[int]
    same_account: bool


@dataclass(frozen=True, slots=True)
class HeldZ:
    """A Z report that the cloud holds of this terminal. `conflict`: `open` where another one met it,
    `settled` once this one stands."""

    report_id: str
    z_number: int
    content_hash: str
    received_at: datetime
    conflict: str | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """What a terminal token is for; `since`: when it was assigned, where the cloud says so. `stores`: all
    that reports may be sent for with it, empty where an older cloud does not say."""

    company: Company
    store: Store
    terminal: Terminal
    since: datetime | None = None
    stores: tuple[Store, ...] = ()


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
