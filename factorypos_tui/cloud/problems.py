"""What an error of the network or a refusal of FactoryCLOUD means, in words for the operator."""

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from socket import gaierror
from typing import Any

import httpcore
import httpx

from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, FieldProblem, TokenRefused
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.system_words import system_words
from factorypos_tui.core.text import plain

_MOST_FIELDS = 50

_UNREACHABLE = {
    "dns": N_(
        "FactoryCLOUD at {url} cannot be reached: the name {host} is not known. "
        "Reports stay in the queue. Check the network."
    ),
    "connection": N_(
        "FactoryCLOUD at {url} cannot be reached: {detail}. Reports stay in the queue. Check the network."
    ),
    "timeout": N_(
        "FactoryCLOUD at {url} did not answer in time. Reports stay in the queue and are sent again. "
        "Check the network."
    ),
    "tls": N_(
        "What answers at {url} cannot prove that it is FactoryCLOUD: {detail}. Nothing was sent, reports "
        "stay in the queue. Check this machine's clock, and ca_file in config.toml."
    ),
    "overloaded": N_(
        "FactoryCLOUD at {url} is busy. Reports stay in the queue and are sent again later. "
        "Nothing needs to be done."
    ),
    "too_many_attempts": N_(
        "There were too many attempts. Nothing was changed. Wait a while, then try again."
    ),
    "server_error": N_(
        "FactoryCLOUD at {url} has a problem of its own ({detail}). Reports stay in the queue and are sent "
        "again later."
    ),
    "not_factorycloud": N_(
        "What answers at {url} is not FactoryCLOUD ({detail}). Reports stay in the queue. Perhaps this "
        "network wants a log-in of its own first; otherwise check cloud_url in config.toml."
    ),
    "wrong_receipt": N_(
        "FactoryCLOUD at {url} answered with a receipt that is not for what was sent ({detail}). "
        "It does not count: reports stay in the queue and are sent again. If this stays, call support."
    ),
}

_REFUSED = {
    "invalid_credentials": N_(
        "The e-mail address or the password is not right. Nothing was changed. "
        "Try again, or recover the password."
    ),
    "email_taken": N_(
        "There is an account with this e-mail address already. Nothing was changed. "
        "Log in, or recover its password."
    ),
    "reset_token_invalid": N_(
        "This code is used up, too old or mistyped. The password is what it was. Type the code again, or ask "
        "for a new mail."
    ),
    "invalid": N_("FactoryCLOUD does not accept this as it stands: {detail}. Nothing was changed there."),
    "not_found": N_(
        "FactoryCLOUD does not have this, or it belongs to another account. Nothing was changed. "
        "Look at the list again."
    ),
    "terminal_elsewhere": N_(
        "This terminal belongs to another store. Nothing was changed. If it has really moved, assign it "
        "with --move."
    ),
    "terminal_revoked": N_(
        "This terminal may no longer send to its store. Reports stay in the queue. "
        "Ask the owner of the store, then assign the store again."
    ),
    "unauthorized": N_("You are no longer logged in. Reports stay in the queue. Log in again."),
    "report_conflict": N_(
        "FactoryCLOUD holds another report with this number. Both are kept, here and there, and the owner "
        "is told. Call support."
    ),
    "configuration_changed": N_(
        "The configuration in FactoryCLOUD has changed since it was read. Nothing was changed there. "
        "Look at the differences again."
    ),
    "upload_not_allowed": N_(
        "FactoryCLOUD has a configuration for this store already, and this terminal may not replace it. "
        "Nothing was changed there. Download it, or ask the owner of the store."
    ),
    "too_large": N_("This is more than FactoryCLOUD takes at once. It stays in the queue."),
}


class Unusable(Exception):
    """An answer that proves nothing; `reason` is a reason of `CloudUnreachable`."""

    def __init__(self, reason: str, detail: str) -> None:
        """`detail`: what is wrong with it, translated."""
        super().__init__(detail)
        self.reason = reason


def unreachable(
    url: httpx.URL,
    reason: str,
    detail: str = "",
    *,
    words_for: str | None = None,
    retry_after_s: float | None = None,
) -> CloudUnreachable:
    """The error for `reason`, in its own words or in those `words_for` something narrower."""
    message = _(_UNREACHABLE[words_for or reason]).format(url=url, host=url.host, detail=plain(detail, 200))
    return CloudUnreachable(message, reason, retry_after_s=retry_after_s)


def network_failure(url: httpx.URL, error: Exception) -> CloudUnreachable:
    """What went wrong on the wire, from an error of httpcore or of the name look-up."""
    cause = error.__cause__ or error.__context__  # the pool raises again `from None`
    if isinstance(error, gaierror):
        return unreachable(url, "dns")
    if isinstance(error, httpcore.TimeoutException):
        return unreachable(url, "timeout")
    if isinstance(cause, ssl.SSLCertVerificationError):
        said = cause.verify_message.partition(",")[0]  # where the name is wrong, the name follows
        return unreachable(url, "tls", system_words(said))
    if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError):
        return unreachable(url, "tls", cause.reason or str(cause))
    if isinstance(error, httpcore.ProxyError):
        return unreachable(url, "connection", _("the proxy says {answer}").format(answer=error))
    said = (isinstance(cause, OSError) and cause.strerror) or str(error).rstrip(".")
    return unreachable(url, "connection", system_words(said))


def is_problem(document: Mapping[str, Any]) -> bool:
    """Whether `document` is a problem of FactoryCLOUD's: it has a `code`."""
    return isinstance(document.get("code"), str)


def refusal(status: int, problem: Mapping[str, Any], *, token_sent: bool = True) -> CloudRefused:
    """The error that a problem document means; a 401 is a `TokenRefused` only where a token was sent."""
    code = plain(problem["code"], 64)
    detail = plain(str(problem.get("detail") or problem.get("title") or status))
    text = _REFUSED.get(code, N_("FactoryCLOUD refused this ({code}): {detail}. Nothing was changed there."))
    kind = TokenRefused if status == 401 and token_sent else CloudRefused
    return kind(
        _(text).format(code=code, detail=detail.rstrip(".")), status, code, _fields(problem.get("fields"))
    )


def retry_after_s(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """`Retry-After` in seconds from now, whether it is a number or a date; None where it is neither.

    A date is measured against the answer's own `Date`, as the clock of a till may be wrong."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:12])
    until = http_date(value)
    since = http_date(headers.get("date", "")) or now or datetime.now(UTC)
    return max(0.0, (until - since).total_seconds()) if until else None


def http_date(value: str) -> datetime | None:
    """The instant that a header such as `Date` names; None where it names none."""
    try:
        instant = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _fields(entries: object) -> tuple[FieldProblem, ...]:
    if not isinstance(entries, list):
        return ()
    return tuple(
        FieldProblem(
            plain(str(entry.get("field", "")), 100),
            plain(str(entry.get("code", "")), 64),
            plain(str(entry.get("message", ""))),
        )
        for entry in entries[:_MOST_FIELDS]
        if isinstance(entry, dict)
    )
