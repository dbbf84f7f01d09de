"""What an error of the network or a refusal of FactoryCLOUD means, in words for the operator."""

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpcore
import httpx

from factorypos_tui.cloud.causes import diagnose
from factorypos_tui.core.errors import (
    Cause,
    CloudRefused,
    CloudUnreachable,
    FieldProblem,
    OfAnotherAccount,
    TokenRefused,
)
from factorypos_tui.core.language import N_, _, format_second
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.language.text import plain

_MOST_FIELDS = 50
_LONGEST_TOLD_S = 12 * 3600
# For these reasons the error's own text is the whole message.
_CAUSES = {
    "dns": Cause.DNS,
    "timeout": Cause.TIMEOUT,
    "not_factorycloud": Cause.NOT_FACTORYCLOUD,
}

# The text for a cause, or else for a reason: what happened, what is safe, what to do.
_UNREACHABLE = {
    Cause.DNS: N_(
        "FactoryCLOUD at {url} cannot be reached: the name {host} is not known. "
        "Reports stay in the queue. Check the network, and cloud_url in config.toml."
    ),
    Cause.CONNECTION_REFUSED: N_(
        "FactoryCLOUD at {url} cannot be reached: {detail}. Reports stay in the queue. Is it running? Check "
        "the port in cloud_url, and the network."
    ),
    "connection": N_(
        "FactoryCLOUD at {url} cannot be reached: {detail}. Reports stay in the queue. Check the network."
    ),
    "silent_on_http": N_(
        "FactoryCLOUD at {url} hung up without an answer. Reports stay in the queue. If it speaks https "
        "there, write https:// in cloud_url."
    ),
    Cause.TIMEOUT: N_(
        "FactoryCLOUD at {url} did not answer in time. Reports stay in the queue and are sent again. "
        "Check the network."
    ),
    Cause.CERTIFICATE_EXPIRED: N_(
        "What answers at {url} cannot prove that it is FactoryCLOUD: {detail}. Nothing was sent, reports "
        "stay in the queue. Check this machine's clock; if it is right, tell the person who runs "
        "FactoryCLOUD."
    ),
    Cause.CERTIFICATE_UNTRUSTED: N_(
        "What answers at {url} cannot prove that it is FactoryCLOUD: {detail}. Nothing was sent, reports "
        "stay in the queue. Check this machine's clock. A private authority is installed in the system, or "
        "named by ca_file in config.toml."
    ),
    Cause.WRONG_HOST: N_(
        "What answers at {url} cannot prove that it is FactoryCLOUD: {detail}. Nothing was sent, reports "
        "stay in the queue. Check the name {host} in cloud_url."
    ),
    Cause.NOT_TLS: N_(
        "What answers at {url} does not speak https. Nothing was sent, reports stay in the queue. Check the "
        "port in cloud_url."
    ),
    "tls": N_(
        "No protected connection to {url} could be made: {detail}. Nothing was sent, reports stay in the "
        "queue. Check cloud_url in config.toml; if it is right, tell the person who runs FactoryCLOUD."
    ),
    Cause.PROXY_AUTHENTICATION: N_(
        "The proxy {proxy} wants a user name and a password, or others ({detail}). Nothing was sent, reports "
        "stay in the queue. Set proxy in config.toml to http://USER:PASSWORD@HOST:PORT"
    ),
    Cause.PROXY_UNREACHABLE: N_(
        "The proxy {proxy} cannot be reached: {detail}. Nothing was sent, reports stay in the queue. Check "
        "proxy in config.toml, or the variable HTTPS_PROXY where it is not set, and whether it runs."
    ),
    "overloaded": N_(
        "FactoryCLOUD at {url} is busy. Reports stay in the queue and are sent again later. "
        "Nothing needs to be done."
    ),
    "too_many_attempts": N_("There were too many attempts. Nothing was changed."),
    "server_error": N_(
        "FactoryCLOUD at {url} has a problem of its own ({detail}). Reports stay in the queue and are sent "
        "again later."
    ),
    Cause.REDIRECT: N_(
        "What answers at {url} is not FactoryCLOUD: it sends everybody on to {detail}. That was not "
        "followed, reports stay in the queue. Perhaps this network wants a log-in of its own first; "
        "otherwise check cloud_url in config.toml."
    ),
    Cause.NOT_FACTORYCLOUD: N_(
        "What answers at {url} is not FactoryCLOUD ({detail}). Reports stay in the queue. Perhaps this "
        "network wants a log-in of its own first; otherwise check cloud_url in config.toml."
    ),
    "wrong_path": N_(
        "There is no FactoryCLOUD at {url}: it has nothing at {detail}. Nothing was changed, reports stay in "
        "the queue. Check the path in cloud_url in config.toml."
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
    "second_factor_required": N_(
        "This user has a second factor: give the code that its app shows now, or a recovery code. Each works "
        "once. Nothing was changed."
    ),
    "email_taken": N_(
        "There is an account with this e-mail address already. Nothing was changed. "
        "Log in, or recover its password."
    ),
    "reset_token_invalid": N_(
        "This code is used up, too old or mistyped. The password is what it was. Type the code again, or ask "
        "for a new mail."
    ),
    "code_invalid": N_(
        "This code is mistyped, used up, too old or revoked, or it is older than the revocation of this "
        "terminal. Nothing was changed. Ask the owner of the store for a new one."
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
    "company_closed": N_("The company was closed. Reports stay in the queue. Ask an owner to open it again."),
    "unauthorized": N_("You are no longer logged in. Reports stay in the queue. Log in again."),
    "report_conflict": N_(
        "FactoryCLOUD holds another report with this number. Both are kept, here and there, and the owner "
        "is told. Call support."
    ),
    "report_elsewhere": N_(
        "FactoryCLOUD keeps this report for the account that this terminal belonged to before. Nothing needs "
        "to be done."
    ),
    "store_not_assigned": N_(
        "FactoryCLOUD does not take reports of that store from this terminal. They stay in the queue. Log in "
        "with the account that has the store, and assign it again."
    ),
    "configuration_changed": N_(
        "The configuration in FactoryCLOUD has changed since it was read. Nothing was changed there. "
        "Look at the differences again."
    ),
    "upload_not_allowed": N_(
        "FactoryCLOUD has a configuration for this store already, and this terminal may not replace it. "
        "Nothing was changed there. Download it, or ask the owner of the store."
    ),
    "role_too_low": N_(
        "Your role in this company does not allow that. Nothing was changed. Ask an owner of the company."
    ),
    "too_large": N_("This is more than FactoryCLOUD takes at once. It stays in the queue."),
}
_REFUSED_A_TERMINAL = {
    **_REFUSED,
    "unauthorized": N_(
        "FactoryCLOUD does not accept this terminal's token. Reports stay in the queue. Assign the store "
        "again."
    ),
}


_REFUSED_A_CODE = {
    "terminal_elsewhere": N_(
        "This terminal belongs to another store, and a code moves no terminal. Nothing was changed. If it "
        "has really moved, disconnect it first; then use the code again. Or have its owner revoke it, and "
        "make a new code."
    ),
    "not_found": N_(
        "This FactoryCLOUD knows no enrolment codes. Nothing was changed. Log in and assign the store."
    ),
}


class Unusable(Exception):
    """An answer that cannot be trusted. `reason` is a reason of `CloudUnreachable`; `cause` narrows it."""

    def __init__(self, reason: str, detail: str, cause: Cause | None = None) -> None:
        """`detail`: what is wrong with it, translated."""
        super().__init__(detail)
        self.reason = reason
        self.cause = cause


def unreachable(
    url: httpx.URL,
    reason: str,
    detail: str = "",
    *,
    cause: Cause | None = None,
    words_for: str | None = None,
    proxy: str = "",
    retry_after_s: float | None = None,
) -> CloudUnreachable:
    """The error for `reason`. Its text is that of its cause, or that of `words_for`, which is more exact."""
    cause = cause or _CAUSES.get(reason)
    message = _(_UNREACHABLE[words_for or cause or reason]).format(
        url=url, host=url.host, detail=plain(detail, 200), proxy=proxy
    )
    if wait := _wait_words(retry_after_s, words_for):
        message += " " + wait
    return CloudUnreachable(message, reason, cause=cause, retry_after_s=retry_after_s)


def network_failure(url: httpx.URL, error: Exception, proxy: str | None) -> CloudUnreachable:
    """What went wrong on the way. `proxy`: host and port of the proxy that had not connected yet."""
    found = diagnose(error, at_proxy=proxy is not None)
    silent = url.scheme == "http" and isinstance(error, httpcore.RemoteProtocolError)
    words_for = "silent_on_http" if silent else None
    return unreachable(
        url, found.reason, found.detail, cause=found.cause, words_for=words_for, proxy=proxy or ""
    )


def _wait_words(seconds: float | None, words_for: str | None) -> str:
    """When to try again, where FactoryCLOUD asks for a pause that a clock can show."""
    tells = seconds is not None and seconds <= _LONGEST_TOLD_S
    time = format_second(utc_now() + timedelta(seconds=math.ceil(seconds or 0))) if tells else ""
    if words_for == "too_many_attempts":
        return _("Try again after {time}.").format(time=time) if time else _("Wait a while, then try again.")
    return _("It asks to be left alone until {time}.").format(time=time) if time else ""


def is_problem(document: Mapping[str, Any]) -> bool:
    """Whether `document` is a problem of FactoryCLOUD's: it has a `code`."""
    return isinstance(document.get("code"), str)


def refusal(
    status: int, problem: Mapping[str, Any], *, token_sent: bool = True, by_terminal: bool = False
) -> CloudRefused:
    """The error that a problem document means. A 401 is a `TokenRefused` only where a token was sent. Where a
    restored cloud does not know the terminal, a new log-in does not help."""
    code = plain("company_closed" if problem.get("reason") == "company_closed" else problem["code"], 64)
    detail = plain(str(problem.get("detail") or problem.get("title") or status))
    known = _REFUSED_A_TERMINAL if by_terminal else _REFUSED
    text = known.get(code, N_("FactoryCLOUD refused this ({code}): {detail}. Nothing was changed there."))
    kind = TokenRefused if status == 401 and token_sent else CloudRefused
    if code == "terminal_elsewhere" and problem.get("same_account") is False:
        kind = OfAnotherAccount
    return kind(
        _(text).format(code=code, detail=detail.rstrip(".")), status, code, _fields(problem.get("fields"))
    )


def not_with_a_code(refused: CloudRefused) -> CloudRefused:
    """The refusal of an enrolment code, in words for whoever has nothing but that code."""
    text = _REFUSED_A_CODE.get(refused.code)
    return CloudRefused(_(text), refused.status, refused.code) if text else refused


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
