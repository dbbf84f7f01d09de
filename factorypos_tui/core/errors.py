"""Everything that can go wrong, as one tree, in words for the operator.

    FactoryPosError            exit 1   it failed
    |-- UsageError             exit 2   a wrong argument, setting or configuration file
    |-- NotConnected           exit 3   log in or assign first
    |   `-- TokenMissing       exit 3   ... because this terminal's token is not here
    |       `-- TokenWithService   exit 3   ... but with the service, which goes on sending
    |-- LogInFailed            exit 3   the account is ready, but the log-in failed
    |-- CloudUnreachable       exit 4   no usable answer now; trying again later is right
    |-- CloudRefused           exit 5   FactoryCLOUD understood and said no
    |   |-- TokenRefused       exit 3   ... because the token is not, or no longer, good
    |   |-- ConfigurationChanged        ... because somebody else changed the configuration meanwhile
    |   `-- OfAnotherAccount            ... because the terminal belongs to another account
    |-- WorkerBusy             exit 6   another process holds the worker
    |-- TerminalUnsuitable     exit 7   this terminal cannot show the app
    |-- StorageError           exit 1   the disk or a database file
    |   |-- DamagedError       exit 1   ... whose contents cannot be read any more
    |   `-- KeyringLocked      exit 1   the token is in a keyring that does not give it
    |-- ConfigurationInvalid   exit 1   a configuration that is refused whole
    |-- NothingToDownload      exit 1   FactoryCLOUD has no configuration to speak of
    |-- UploadNotOffered       exit 1   this till may not upload its configuration
    |-- Stopped                exit 1   the person stopped it; nothing was changed
    `-- TillError              exit 1   the till, or what was asked of it
        |-- TillAbsent         exit 1   ... which is not there, or not set up yet
        |-- StillReading       exit 1   ... whose closed days are read first; asking again goes on
        |-- DayOpen            exit 1   ... what today's sales refer to would change: close the day first
        |-- DayChanged         exit 1   ... the day is no longer what the person saw before closing it
        `-- Unreportable       exit 1   ... a day has rows that no report can carry; the other days go on

A message says what happened, what is safe and what to do; it is translated where the error is raised."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar


class Cause(StrEnum):
    """Why FactoryCLOUD cannot be used, as far as this machine can tell: `link.cause` of `status`."""

    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_UNTRUSTED = "certificate_untrusted"
    WRONG_HOST = "wrong_host"
    NOT_TLS = "not_tls"
    PROXY_AUTHENTICATION = "proxy_authentication"
    PROXY_UNREACHABLE = "proxy_unreachable"
    DNS = "dns"
    CONNECTION_REFUSED = "connection_refused"
    TIMEOUT = "timeout"
    REDIRECT = "redirect"
    NOT_FACTORYCLOUD = "not_factorycloud"
    KEYRING_LOCKED = "keyring_locked"
    TOKEN_MISSING = "token_missing"  # noqa: S105 - a word about a token, not one


class FactoryPosError(Exception):
    """Base of all errors that reach a person; `str(error)` is the message, `cause` why the link fails."""

    exit_code: ClassVar[int] = 1
    cause: Cause | None = None


class UsageError(FactoryPosError):
    """A wrong argument, an unknown setting, a configuration file that cannot be used."""

    exit_code = 2


class NotConnected(FactoryPosError):
    """No person is logged in, or no store is assigned."""

    exit_code = 3


class NotLoggedIn(NotConnected):
    """No person is logged in."""


class TokenMissing(NotConnected):
    """A store is assigned, but the token that sends to it is not here."""

    cause = Cause.TOKEN_MISSING


class TokenWithService(TokenMissing):
    """The token is a systemd credential, which only the service can read."""


class LogInFailed(FactoryPosError):
    """The account was made or changed as asked, but the log-in after that failed."""

    exit_code = 3


class CloudUnreachable(FactoryPosError):
    """No usable answer from FactoryCLOUD: network, TLS, time-out, 5xx, or something else that answers."""

    exit_code = 4

    def __init__(
        self, message: str, reason: str, *, cause: Cause | None = None, retry_after_s: float | None = None
    ) -> None:
        """`reason`: machine word (`dns`, `connection`, `timeout`, `tls`, `overloaded`, `server_error`,
        `not_factorycloud`, `wrong_receipt`); `cause`: what is behind it, where that is known;
        `retry_after_s`: the earliest next try the cloud asked for."""
        super().__init__(message)
        self.reason = reason
        self.cause = cause
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What the cloud found wrong with one field of a form."""

    field: str
    code: str
    message: str


class CloudRefused(FactoryPosError):
    """FactoryCLOUD answered with a problem document (RFC 9457)."""

    exit_code = 5

    def __init__(self, message: str, status: int, code: str, fields: tuple[FieldProblem, ...] = ()) -> None:
        """`status`: HTTP status; `code`: the problem's machine word, such as `report_conflict`."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.fields = fields


class TokenRefused(CloudRefused):
    """The user's session ended, or this terminal was revoked (401)."""

    exit_code = 3


class OfAnotherAccount(CloudRefused):
    """The terminal belongs to another account, whose owner has to release it first."""


class WorkerBusy(FactoryPosError):
    """Another process is draining the queue."""

    exit_code = 6


class TerminalUnsuitable(FactoryPosError):
    """No terminal, or `TERM=dumb`."""

    exit_code = 7


class StorageError(FactoryPosError):
    """A database or file cannot be read or written: full, read-only, locked, damaged, too new."""

    def __init__(self, message: str, path: Path | None = None) -> None:
        """`path`: which file; None where it is no database."""
        super().__init__(message)
        self.path = path


class DamagedError(StorageError):
    """A database file is no database any more, or contradicts itself."""

    def __init__(self, message: str, path: Path) -> None:
        """`path`: which file."""
        super().__init__(message, path)


class KeyringLocked(StorageError):
    """The machine's keyring has the token and does not give it: it is locked, or waits for a prompt."""

    cause = Cause.KEYRING_LOCKED


class TillError(FactoryPosError):
    """The till cannot do what was asked: nothing was changed."""


class TillAbsent(TillError):
    """There is no till, or it was never set up."""


class StillReading(TillError):
    """The days before the running one are still being read: their totals are not known yet."""


class DayOpen(TillError):
    """Taxes or payment methods that today's sales refer to would change; the day has to be closed first."""


class DayChanged(TillError):
    """The day to close is no longer what the person saw: nothing was closed."""


class Unreportable(TillError):
    """The rows of a period cannot become a report; the other periods go on."""

    def __init__(self, message: str, code: str, receipts: tuple[str, ...] = ()) -> None:
        """`code`: a word of `findings.Code`; `receipts`: the printed numbers of those at fault."""
        super().__init__(message)
        self.code = code
        self.receipts = receipts


@dataclass(frozen=True, slots=True)
class RecordFault:
    """What is wrong in a configuration."""

    section: str
    record: str
    """A code, or a place counted from 1."""
    field: str
    """A path in the record."""
    problem: str


class ConfigurationInvalid(FactoryPosError):
    """A configuration that cannot be taken; no part of it was taken."""

    def __init__(self, message: str, faults: Sequence[RecordFault]) -> None:
        """`faults`: all that is wrong, at least one."""
        super().__init__(message)
        self.faults = faults


class NothingToDownload(FactoryPosError):
    """There are no departments, no items or no prices in FactoryCLOUD."""


class UploadNotOffered(FactoryPosError):
    """This till does not offer its configuration to FactoryCLOUD; the message says why."""


class Stopped(FactoryPosError):
    """The person stopped it before it was done."""
