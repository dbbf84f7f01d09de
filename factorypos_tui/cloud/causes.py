"""Why the wire failed: what an error of httpcore, of TLS or of the name look-up means. Pure."""

import ssl
from dataclasses import dataclass
from socket import gaierror

import httpcore

from factorypos_tui.core.errors import Cause
from factorypos_tui.core.language import _
from factorypos_tui.core.language.system_words import system_words

# X509_verify_cert_error_string: what OpenSSL calls a certificate that has expired, or is another host's.
_CERTIFICATES = {10: Cause.CERTIFICATE_EXPIRED, 62: Cause.WRONG_HOST, 64: Cause.WRONG_HOST}
# What OpenSSL says of a first record that is none.
_NO_TLS = frozenset(
    {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "UNKNOWN_PROTOCOL"}
)
_WANTS_A_LOG_IN = "407"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What went wrong: a reason of `CloudUnreachable`, what is behind it, and what the system says of it."""

    reason: str
    cause: Cause | None
    detail: str = ""


def diagnose(error: Exception, *, at_proxy: bool) -> Diagnosis:
    """`error` is httpcore's, or `gaierror`; `at_proxy`: before the proxy had made the way to the cloud."""
    if at_proxy:
        return _at_proxy(error)
    behind = _behind(error)
    if isinstance(error, gaierror):
        return Diagnosis("dns", Cause.DNS)
    if isinstance(error, httpcore.TimeoutException):
        return Diagnosis("timeout", Cause.TIMEOUT)
    if isinstance(behind, ssl.SSLCertVerificationError):
        cause = _CERTIFICATES.get(behind.verify_code, Cause.CERTIFICATE_UNTRUSTED)
        return Diagnosis("tls", cause, _said(error))
    if isinstance(behind, ssl.SSLError) and not isinstance(behind, ssl.SSLEOFError):
        return Diagnosis("tls", Cause.NOT_TLS if behind.reason in _NO_TLS else None, _said(error))
    refused = isinstance(behind, ConnectionRefusedError)
    return Diagnosis("connection", Cause.CONNECTION_REFUSED if refused else None, _said(error))


def _at_proxy(error: Exception) -> Diagnosis:
    """One that answers works, whatever it says: only its refusal of a stranger is about the proxy itself."""
    if isinstance(error, httpcore.ProxyError):
        answer = str(error)
        wants_a_log_in = answer.startswith(_WANTS_A_LOG_IN)
        return Diagnosis(
            "connection",
            Cause.PROXY_AUTHENTICATION if wants_a_log_in else None,
            _("the proxy says {answer}").format(answer=answer),
        )
    return Diagnosis("connection", Cause.PROXY_UNREACHABLE, _said(error))


def _behind(error: Exception) -> BaseException | None:
    return error.__cause__ or error.__context__  # the pool raises again `from None`


def _said(error: Exception) -> str:
    """What the system says, in the operator's language as far as there are words for it."""
    behind = _behind(error)
    if isinstance(error, gaierror):
        return _("its name is not known")
    if isinstance(error, httpcore.TimeoutException):
        return _("it does not answer in time")
    if isinstance(behind, ssl.SSLCertVerificationError):
        return system_words(behind.verify_message.partition(",")[0])  # where the name is wrong, it follows
    if isinstance(behind, ssl.SSLEOFError):
        return _("it hung up")
    if isinstance(behind, ssl.SSLError):
        return behind.reason or str(behind)
    said = (isinstance(behind, OSError) and behind.strerror) or str(error).rstrip(".")
    return system_words(said)
