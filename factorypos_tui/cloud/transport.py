"""The wire under httpx: all waits of a call, from connecting to its last byte, end at one deadline.

httpx bounds each read alone, so an answer that trickles byte by byte would never end. Here each connect, read
and write gets what is left of the call's time. A name look-up keeps the limits of the system's resolver,
since it cannot be interrupted."""

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

_PIECE = 64 * 1024
# httpx reads these even where it follows no redirect and keeps no cookie, and fails on bad ones.
_UNWANTED = (b"location", b"set-cookie")
REDIRECTED_TO = "redirected_to"
"""The extension of an answer that holds the target of a redirect, as unchecked bytes."""


class Deadline:
    """When a call must be over, and how far its newest request has come. `at_proxy`: it has reached nothing
    beyond the proxy yet."""

    def __init__(self, seconds: float) -> None:
        """The call may take `seconds` in all, from now."""
        self._end = time.monotonic() + seconds
        self.fresh_connection = False
        self.answer_began = False
        self.at_proxy = False

    def remaining(self, limit: float | None = None) -> float:
        """Seconds left, at most `limit`. Raises `httpcore.ReadTimeout` when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the deadline of the call has passed")
        return left if limit is None else min(left, limit)


_current: ContextVar[Deadline] = ContextVar("deadline")


@contextmanager
def deadline(seconds: float) -> Iterator[Deadline]:
    """All that this thread sends and receives in the block is over within `seconds`."""
    within = Deadline(seconds)
    token = _current.set(within)
    try:
        yield within
    finally:
        _current.reset(token)


class DeadlineTransport(httpx.BaseTransport):
    """httpcore's connection pool with our deadlines. It raises httpcore's errors, and `socket.gaierror`."""

    def __init__(self, tls: ssl.SSLContext | None, proxy: httpx.Proxy | None) -> None:
        """`tls` is None for plain http; `proxy` carries https only."""
        backend = _Backend(proxy.url.scheme if proxy else None)
        self._pool: httpcore.ConnectionPool
        if proxy:
            self._pool = httpcore.HTTPProxy(
                str(proxy.url),
                proxy_auth=proxy.raw_auth,
                ssl_context=tls,
                proxy_ssl_context=tls if proxy.url.scheme == "https" else None,
                network_backend=backend,
                keepalive_expiry=5,
            )
        else:
            self._pool = httpcore.ConnectionPool(ssl_context=tls, network_backend=backend, keepalive_expiry=5)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request inside of a `deadline` block; the body of its answer is still to be read."""
        seen = _current.get()
        seen.fresh_connection = seen.answer_began = seen.at_proxy = False
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.read(),
                extensions=request.extensions,
            )
        )
        headers = [(name, value) for name, value in answer.headers if name.lower() not in _UNWANTED]
        target = next((value for name, value in answer.headers if name.lower() == b"location"), b"")
        return httpx.Response(
            answer.status, headers=headers, stream=_Body(answer), extensions={REDIRECTED_TO: target}
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _Backend(httpcore.NetworkBackend):
    """Opens connections. `proxy`: the scheme of the proxy that each connection goes to first."""

    def __init__(self, proxy: str | None) -> None:
        self._inner = httpcore.SyncBackend()
        self._proxy = proxy

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Try the addresses of `host` in turn; `timeout` is for each, the deadline for all."""
        seen = _current.get()
        seen.fresh_connection = True
        seen.at_proxy = self._proxy is not None
        failure: Exception = socket.gaierror(socket.EAI_NONAME, "the name has no address")
        for *_family, address in look_up(host, port):
            try:
                return _Stream(
                    self._inner.connect_tcp(
                        str(address[0]), port, seen.remaining(timeout), local_address, socket_options
                    ),
                    leads_to_cloud=self._proxy != "https",
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


def look_up(host: str, port: int) -> list[tuple[Any, ...]]:
    """All addresses of a name. Raises `socket.gaierror`."""
    try:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except UnicodeError as error:  # no name server can hold such a name
        raise socket.gaierror(socket.EAI_NONAME, str(error)) from error


class _Stream(httpcore.NetworkStream):
    """One open connection. `leads_to_cloud`: the next TLS on it is the cloud's, not the proxy's."""

    def __init__(self, inner: httpcore.NetworkStream, *, leads_to_cloud: bool = True) -> None:
        self._inner = inner
        self._leads_to_cloud = leads_to_cloud

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        seen = _current.get()
        data = self._inner.read(max_bytes, seen.remaining(timeout))
        seen.answer_began |= bool(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            self._inner.write(buffer[start : start + _PIECE], _current.get().remaining(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        seen = _current.get()
        if self._leads_to_cloud:
            seen.at_proxy = False
        try:
            return _Stream(self._inner.start_tls(ssl_context, server_hostname, seen.remaining(timeout)))
        except UnicodeError as error:  # a proxy was asked for it: no certificate can hold such a name either
            raise socket.gaierror(socket.EAI_NONAME, str(error)) from error

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
