"""One FactoryCLOUD: its database, its mail, its clock and its limits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from peewee import Database, SqliteDatabase

from factorypos_tui.server.domain.keys import Signing
from factorypos_tui.server.domain.limits import Limits
from factorypos_tui.server.live.listeners import Listeners
from factorypos_tui.server.mail.postman import Postman
from factorypos_tui.server.security.throttle import Networks
from factorypos_tui.server.storage.shared import SharedTransactions

TRANSACTIONS = 2
"""With reports, that PostgreSQL gets at once: one works while the other is written to disk."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def instant(moment: datetime) -> str:
    """RFC 3339 UTC with milliseconds, as it is stored and sent."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Cloud:
    """What every rule gets."""

    database: Database
    postman: Postman
    public_url: str | None = None
    """The address of this server for people; without it mails have no links."""
    listening: str = ""
    """The address at which it listens."""
    clock: Callable[[], datetime] = utc_now
    limits: Limits = field(default_factory=Limits)
    trusted_proxies: Networks = ()
    """Who is believed when it says for whom it calls."""
    metrics: Networks = ()
    """Who may read the metrics."""
    confirms: bool = False
    """Whether letters reach people, so that who registers has to confirm the e-mail."""
    is_open: bool = True
    """Whether strangers may register."""
    contact: str | None = None
    """Whom to ask for an account."""
    listen_url: str | None = None
    """The way to PostgreSQL past a pooler, to hear of live events."""
    live: Listeners = field(default_factory=Listeners)
    """Who watches figures in this process."""
    arrivals: "SharedTransactions[Any, Any]" = field(init=False)
    """The transactions in which reports come to rest."""
    signing: Signing = field(init=False)
    """Signs what this process says of them."""

    def __post_init__(self) -> None:
        most = 1 if isinstance(self.database, SqliteDatabase) else TRANSACTIONS
        object.__setattr__(self, "arrivals", SharedTransactions(self.database, most))
        object.__setattr__(self, "signing", Signing(self.database))

    @property
    def address(self) -> str:
        """What a person types into a browser: never what a caller says that this server is called."""
        return self.public_url or self.listening

    @property
    def is_https(self) -> bool:
        """Whether people reach the server by https only."""
        return (self.public_url or "").startswith("https://")

    def now(self, later: timedelta = timedelta()) -> str:
        return instant(self.clock() + later)

    def now_ms(self) -> int:
        """Milliseconds since 1970."""
        return int(self.clock().timestamp() * 1000)
