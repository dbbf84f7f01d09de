"""Where FactoryCLOUD is, and which server this machine accepts as FactoryCLOUD. Both are checked before
anything is sent."""

import ipaddress
import ssl
from pathlib import Path
from urllib.request import proxy_bypass

import httpx
import truststore

from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.system_words import system_words
from factorypos_tui.core.storage.files import read_small

_HIGHEST_PORT = 65535
_LARGEST_CA_FILE = 8 << 20


def base_address(text: str) -> httpx.URL:
    """The base address of FactoryCLOUD, without `/v1` and without a slash at its end.

    Raises `UsageError` unless it is https, or plain http to this very machine. The message never repeats
    the address where it holds a password."""
    url = _parse(text)
    if url.userinfo:
        raise UsageError(_("The address of FactoryCLOUD must not hold a user name or a password."))
    if url.scheme not in ("https", "http") or not url.host:
        raise UsageError(
            _("{url} is not an address of FactoryCLOUD: it must begin with https://").format(url=text)
        )
    if url.query or url.fragment:
        raise UsageError(_("The address of FactoryCLOUD must not hold ? or #: {url}").format(url=text))
    path = url.path.rstrip("/")
    if path.endswith("/v1"):
        raise UsageError(_("The address of FactoryCLOUD must be given without /v1: {url}").format(url=text))
    if url.scheme == "http" and not is_loopback(url):
        raise UsageError(
            _(
                "{url} would send tokens and sales unprotected. Nothing was sent. "
                "Use https://; plain http:// is only for this very machine."
            ).format(url=text)
        )
    return url.copy_with(path=path)


def is_loopback(url: httpx.URL) -> bool:
    """Whether `url` names this machine: 127.0.0.0/8, ::1 or localhost."""
    if url.host == "localhost":
        return True
    try:
        return ipaddress.ip_address(url.host).is_loopback
    except ValueError:
        return False


def proxy_to(url: httpx.URL, proxy: str | None) -> httpx.Proxy | None:
    """The HTTP proxy on the way to `url`, with its user name and password where its address holds them. None
    where none is set, to this very machine, and to a server that the variable NO_PROXY names. Raises
    `UsageError`."""
    if not proxy or is_loopback(url) or proxy_bypass(url.netloc.decode()):
        return None
    address = _parse(proxy)
    if address.scheme not in ("http", "https") or not address.host:
        raise UsageError(
            _(
                "The proxy cannot be used: its address must begin with http:// or https://. Nothing was sent."
                " Check proxy in config.toml, or the variable HTTPS_PROXY where it is not set."
            )
        )
    return httpx.Proxy(address)


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """TLS 1.2 or newer, certificate and name always checked. The authorities that the system trusts count,
    and those in `ca_file` (PEM) beside them.

    Raises `UsageError` where `ca_file` cannot be used."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        try:
            pem = read_small(Path(ca_file), _LARGEST_CA_FILE).decode("ascii", "ignore")  # remarks may be more
            context.load_verify_locations(cadata=pem)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError, too
            detail = _("it has no certificate in PEM")
            if isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
                detail = system_words(error.strerror)
            raise UsageError(
                _("The CA file {file} cannot be used: {detail}. Nothing was sent.").format(
                    file=ca_file, detail=detail
                )
            ) from error
    return context


def _parse(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text.strip())
        str(url.host)  # httpx reads a name in the form xn-- only now, and may refuse it
    except (httpx.InvalidURL, UnicodeError):
        # The address may hold a password, so neither it nor httpx's error is repeated.
        raise UsageError(
            _("cloud_url or proxy is not an address. Nothing was sent. Check config.toml.")
        ) from None
    if url.port is not None and not 1 <= url.port <= _HIGHEST_PORT:
        raise UsageError(
            _("{port} is no port: ports go from 1 to 65535. Nothing was sent. Check config.toml.").format(
                port=url.port
            )
        )
    return url
