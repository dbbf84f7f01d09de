"""What `[till]` of `config.toml` says of a till of another program, and what can be said there. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from urllib.parse import quote, urlsplit
from uuid import UUID

from factorypos_tui.core.account.place import country_named, currency_named, timezone_named
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import is_harmless, plain

IN_A_DATABASE = "unicenta"
"""The kind whose data are in a server's database; the others' are in a file."""
KINDS = (IN_A_DATABASE, "flocafe")
"""The kinds of till that can be connected: words under `[till]` in `config.toml`."""
SCOPES = ("day", "session")
"""What closes a FloCafe: the business day, or the session of a drawer. One of them is sent."""
DAY_STARTS_AT = "04:00"
"""What is proposed: a bar that closes at three sold on the evening before."""
_SCHEMES = {"mysql": "mysql", "mariadb": "mysql", "postgresql": "postgresql", "postgres": "postgresql"}
_HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_LONGEST, _LONGEST_ADDRESS = 100, 1000


@dataclass(frozen=True, slots=True)
class TillFacts:
    """A till of another program, as `[till]` names it."""

    kind: str
    address: str
    """The `url` of its database, without a password, or the `path` of its file."""
    host: str
    """Which of the tills in the database it is; empty of one in a file, where there is no other."""
    company: str
    country: str
    """ISO 3166."""
    currency: str
    """ISO 4217."""
    timezone: str
    """IANA name."""
    day_starts_at: str
    """HH:MM on the till's clock."""
    terminal_id: str
    scope: str = ""
    """Which closes of a FloCafe are sent: `day` or `session`; empty of a till that has one kind only."""
    password_file: str = ""
    """Empty where the password is a systemd credential, or in the environment, or where none is needed."""

    def keys(self) -> Mapping[str, str]:
        """The keys of `[till]` and their values, in their order; what is empty is left out."""
        values = asdict(self)
        address = values.pop("address")
        named = {"kind": values.pop("kind"), address_key(self.kind): address}
        return {key: value for key, value in (named | values).items() if value}


def address_key(kind: str) -> str:
    """The key under `[till]` that says where the data are."""
    return "url" if kind == IN_A_DATABASE else "path"


def checked(name: str, said: str) -> str:
    """What a person said for a field of `TillFacts`, as it is kept; raises `UsageError` for what cannot
    be."""
    return _CHECKS[name](said.strip())


def address_of(scheme: str, server: str, database: str, user: str) -> str:
    """The URL of a database on a `server` (`NAME` or `NAME:PORT`). Raises `UsageError`."""
    at = f"{scheme}://{quote(user, safe='')}@{server.strip()}/{quote(database, safe='')}"
    return checked_url(at)


def checked_url(said: str) -> str:
    """The URL of a database; raises `UsageError` for one that has a password in it, or lacks a part."""
    example = _("Write it like mysql://USER@SERVER/DATABASE or postgresql://USER@SERVER/DATABASE.")
    try:
        parts = urlsplit(said)
        port = parts.port
    except ValueError:
        raise UsageError(_("The address of the database cannot be read.") + " " + example) from None
    if parts.password is not None:
        raise UsageError(
            _("The address has a password in it. It is asked for by itself, and kept in a file of its own.")
        )
    scheme, database = _SCHEMES.get(parts.scheme), parts.path.strip("/")
    whole = scheme and parts.username and parts.hostname and database and len(said) <= _LONGEST_ADDRESS
    if not whole or parts.query or parts.fragment or "/" in database or not said.isprintable():
        raise UsageError(_("This is no address of a database.") + " " + example)
    server = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{scheme}://{parts.username}@{server}{f':{port}' if port else ''}/{database}"


def checked_terminal_id(said: str) -> str:
    """The id of a terminal; raises `UsageError` where it is no UUID."""
    try:
        return str(UUID(said))
    except ValueError:
        raise UsageError(
            _(
                "{id} is not the id of a terminal. It is a UUID: `status --json` of the old folder tells it,"
                " or whoever runs FactoryCLOUD."
            ).format(id=plain(said, 40))
        ) from None


def _kind(said: str) -> str:
    if said not in KINDS:
        raise UsageError(
            _("{kind} is not a kind of till that can be connected: {kinds}.").format(
                kind=plain(said, 40), kinds=", ".join(KINDS)
            )
        )
    return said


def _scope(said: str) -> str:
    if said not in SCOPES:
        raise UsageError(
            _("A till is read by day or by session, not by {said}.").format(said=plain(said, 40))
        )
    return said


def _name(said: str) -> str:
    if not said or len(said) > _LONGEST or not is_harmless(said):
        raise UsageError(
            _("The name of a company is 1 to {n} characters without control characters.").format(n=_LONGEST)
        )
    return said


def _day_start(said: str) -> str:
    hour = _HOUR.fullmatch(said)
    if hour is None:
        raise UsageError(_("The start of the day is a time, such as 04:00."))
    return f"{int(hour[1]):02}:{hour[2]}"


_CHECKS: Mapping[str, Callable[[str], str]] = {
    "kind": _kind,
    "scope": _scope,
    "company": _name,
    "country": country_named,
    "currency": currency_named,
    "timezone": timezone_named,
    "day_starts_at": _day_start,
    "terminal_id": checked_terminal_id,
}
