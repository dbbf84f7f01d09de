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
    is_confirmed: bool = True
    """Whether FactoryCLOUD knows that the person reads the mails to it; True where it does not say."""


@dataclass(frozen=True, slots=True)
class Registration:
    """Who may create an account."""

    is_open: bool
    """Whether anybody may; else the host makes accounts."""
    contact: str | None = None
    """Whom to ask for one, in the host's words."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """This terminal was bound to a store; the terminal token can send reports, and nothing else."""

    terminal_token: str = field(repr=False)
    company: Company
    store: Store
    last_z_number: int | None


@dataclass(frozen=True, slots=True)
class PhoneCode:
    """What a terminal shows that waits until a person approves it, and with what it asks about that."""

    device_code: str = field(repr=False)
    user_code: str
    """For the eyes of the person."""
    address: str
    """Of the page where that is typed."""
    direct: str
    """Of the same page, with the code in it."""
    lasts_s: float
    interval_s: float
    """The pause between two questions."""


@dataclass(frozen=True, slots=True)
class Approved:
    """What a terminal gets that a person approved."""

    enrolment: Enrolment
    history: str
    """Which closed days the person lets it send: `all`, `missing` or `none`."""


@dataclass(frozen=True, slots=True)
class KnownTerminal:
    """What an account knows of a terminal before it is assigned."""

    store: Store | None
    """The store that it is in, or was in last."""
    last_z_number: int | None
    missing_z_numbers: Sequence[int]
    """The gaps below its highest Z number."""
    same_account: bool
    """False where it belongs to another account: then this account cannot assign it."""


@dataclass(frozen=True, slots=True)
class HeldZ:
    """A Z report of this terminal that the cloud holds."""

    report_id: str
    z_number: int
    content_hash: str
    received_at: datetime
    conflict: str | None = None
    """`open` where another report came with its number, `settled` once this one counts."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An Ed25519 key with which the cloud signs, or signed. Instants are texts, as the cloud wrote them."""

    key_id: str
    public_key: str
    """32 bytes in base64url, without padding."""
    created_at: str
    retired_at: str | None
    lost_at: str | None
    """Since when others may have it."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What a terminal token is for."""

    company: Company
    store: Store
    terminal: Terminal
    since: datetime | None = None
    """When it was assigned; None where the cloud does not say."""
    stores: tuple[Store, ...] = ()
    """All stores that it may send reports for; empty where an older cloud does not say."""
    configuration_etag: str | None = None
    """The version of its store's configuration; None where there is none."""


@dataclass(frozen=True, slots=True)
class CurrentTerminal:
    """What the cloud holds of this terminal's store."""

    configuration_etag: str | None
    """The version of its configuration; None where it has none."""
    upload_allowed: bool
    """Whether this terminal may upload one."""


@dataclass(frozen=True, slots=True)
class StoredConfiguration:
    """A configuration as the cloud holds it: its bytes, and the version to name when replacing it."""

    etag: str
    document: bytes
