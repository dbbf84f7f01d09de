"""What an adapter finds at a till of another program before that is connected.

Money is in minor units of the till's currency; instants are naive: the till's own wall clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Access:
    """How the data of the till are reached."""

    kind: str
    """The word under `[till]` in `config.toml`."""
    address: str
    """Of a database: its URL, with the user and without the password. Else the path of a file."""
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FoundHost:
    """A till in the data: one database can hold those of several machines."""

    host: str
    """The name by which its own program tells it from others."""
    identity: str
    """It stays the same where the server moves, the database is renamed, or a backup is restored."""
    closes: int
    """How many closed days there are."""
    last_z: int | None
    last_closed: datetime | None
    facts: Mapping[str, str] = field(default_factory=dict)
    """What the data say of `company`, `country`, `currency`, `timezone` and `day_starts_at`."""


@dataclass(frozen=True, slots=True)
class PaperClose:
    """A closed day as the program's own paper prints it."""

    z_number: int
    closed_at: datetime
    receipts: int
    net: int
    """Without tax."""
    tax: int
    total: int
    """With tax, rounded once: it can differ from net + tax by one."""
    payments: Sequence[tuple[str, int]]
    """By the till's own names, cash in and cash out among them where the paper has them there."""
