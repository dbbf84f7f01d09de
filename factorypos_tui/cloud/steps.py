"""How far a connection to FactoryCLOUD comes: its name, its address, its certificate, its answer."""

import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import httpx

from factorypos_tui.cloud.address import base_address, proxy_to, tls_context
from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.cloud.transport import look_up
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable

_STEP_S = 5.0
_PORTS = {"https": 443, "http": 80}


class Step(StrEnum):
    """What a connection is made of, in this order."""

    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"
    HTTP = "http"


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a connection came."""

    reached: tuple[Step, ...]
    """The steps that went well."""
    proxy: str | None
    """Host and port of the proxy on the way; None without one."""
    trouble: CloudUnreachable | CloudRefused | None = None
    """Why it came no further; None where FactoryCLOUD answers."""


def walk_to_cloud(base_url: str, *, ca_file: str | None, proxy: str | None) -> Walk:
    """Ask FactoryCLOUD how it is. Where it does not answer, walk step by step; that takes 5 seconds a step at
    most, besides a name look-up. Raises `UsageError` for an address or a CA file that cannot be used."""
    url = base_address(base_url)
    through = proxy_to(url, proxy)
    by = through.url.netloc.decode() if through else None
    with FactoryCloud(
        base_url, ca_file=ca_file, proxy=proxy, connect_timeout_s=_STEP_S, deadline_s=2 * _STEP_S
    ) as cloud:
        try:
            cloud.registration()
        except (CloudUnreachable, CloudRefused) as error:
            first = through.url if through else url
            reached = _steps_to(first, None if through else _tls(url, ca_file))
            return Walk(reached, by, error)
    return Walk(tuple(step for step in Step if step is not Step.TLS or url.scheme == "https"), by)


def _tls(url: httpx.URL, ca_file: str | None) -> ssl.SSLContext | None:
    return tls_context(ca_file) if url.scheme == "https" else None


def _steps_to(url: httpx.URL, tls: ssl.SSLContext | None) -> tuple[Step, ...]:
    """The steps to a server that go well; `tls` is None where nothing is known of its certificate. What ends
    the walk is in the answer's own error."""
    reached = []
    with suppress(OSError):
        addresses = look_up(url.host, url.port or _PORTS[url.scheme])
        reached.append(Step.DNS)
        with _connected(addresses) as connection:
            reached.append(Step.TCP)
            if tls:
                with tls.wrap_socket(connection, server_hostname=url.host):
                    reached.append(Step.TLS)
    return tuple(reached)


def _connected(addresses: Iterable[tuple[Any, ...]]) -> socket.socket:
    """A connection to the first address that takes one. Raises `OSError`."""
    failure = OSError("the name has no address")
    for *_family, address in addresses:
        try:
            return socket.create_connection(address[:2], timeout=_STEP_S)
        except OSError as error:
            failure = error
    raise failure
