"""Why a request failed on the way: what an error of httpcore, of TLS or of the name look-up means. Pure."""

import ssl
from dataclasses import dataclass
from socket import gaierror

import httpcore

from factorypos_tui.core.errors import Cause
from factorypos_tui.core.language import _
from factorypos_tui.core.language.system_words import system_words

# What OpenSSL's X509_verify_cert_error_string says of a certificate that has expired or names another host.
_CERTIFICATES = {10: Cause.CERTIFICATE_EXPIRED, 62: Cause.WRONG_HOST, 64: Cause.WRONG_HOST}
# What OpenSSL says where the first record that the server sends is not one of TLS.
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
    """What `error`, one of httpcore's or a `gaierror`, means. `at_proxy`: it came before the proxy had
    connected to FactoryCLOUD."""
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
    """What an error before the proxy had connected says. A proxy that answers works, so only its refusal of
    our log-in is about the proxy itself."""
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
    return error.__cause__ or error.__context__  # the pool raises the error again `from None`


def _said(error: Exception) -> str:
    """What the system says, in the operator's language where the message has been translated."""
    behind = _behind(error)
    if isinstance(error, gaierror):
        return _("its name is not known")
    if isinstance(error, httpcore.TimeoutException):
        return _("it does not answer in time")
    if isinstance(behind, ssl.SSLCertVerificationError):
        return system_words(behind.verify_message.partition(",")[0])  # the host name follows the comma
    if isinstance(behind, ssl.SSLEOFError):
        return _("it hung up")
    if isinstance(behind, ssl.SSLError):
        return behind.reason or str(behind)
    said = (isinstance(behind, OSError) and behind.strerror) or str(error).rstrip(".")
    return system_words(said)
