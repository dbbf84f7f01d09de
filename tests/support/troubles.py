"""Ways in which a line to FactoryCLOUD is broken for good: over real sockets, with real certificates."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.certificate import CERTIFICATE
from tests.support.tiny_cloud import TinyCloud

EXPIRED = Path(__file__).parent.parent / "faults" / "until_2001.pem"


@dataclass(frozen=True)
class Line:
    """What an administrator has set."""

    address: str
    ca_file: str | None = None
    proxy: str | None = None


@contextmanager
def secure(certificate: Path) -> Iterator[str]:
    """The address of a cloud that speaks TLS as `localhost`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with TinyCloud(tls=context) as cloud:
        yield cloud.address.replace("127.0.0.1", "localhost")


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """`host:port` of a server that gives the same answer to all, and hangs up."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def _closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def _expired() -> Iterator[Line]:
    with secure(EXPIRED) as address:
        yield Line(address, ca_file=str(EXPIRED))


@contextmanager
def _untrusted() -> Iterator[Line]:
    with secure(CERTIFICATE) as address:
        yield Line(address)


@contextmanager
def _wrong_host() -> Iterator[Line]:
    with secure(CERTIFICATE) as address:
        yield Line(address.replace("localhost", "127.0.0.1"), ca_file=str(CERTIFICATE))


@contextmanager
def _not_tls() -> Iterator[Line]:
    with TinyCloud() as cloud:
        yield Line(cloud.address.replace("http:", "https:"))


@contextmanager
def _proxy_authentication() -> Iterator[Line]:
    with answering(b"HTTP/1.1 407 Who are you\x1b[2J\r\nContent-Length: 0\r\n\r\n") as proxy:
        yield Line("https://cloud.example.com", proxy=f"http://ana:s3cret@{proxy}")


@contextmanager
def _dead_proxy() -> Iterator[Line]:
    yield Line("https://cloud.example.com", proxy=f"http://ana:s3cret@{_closed_port()}")


@contextmanager
def _unknown_proxy() -> Iterator[Line]:
    yield Line("https://cloud.example.com", proxy=f"http://{'x' * 64}.invalid:3128")


@contextmanager
def _no_proxy_at_all() -> Iterator[Line]:
    with answering(b"220 mail.example.com ESMTP\r\n") as mail:
        yield Line("https://cloud.example.com", proxy=f"http://{mail}")


@contextmanager
def _unprotected_proxy() -> Iterator[Line]:
    with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as proxy:
        yield Line("https://cloud.example.com", proxy=f"https://{proxy}")


@contextmanager
def _dns() -> Iterator[Line]:
    yield Line(f"https://{'x' * 64}.invalid")  # longer than any name can be: no name server is asked


@contextmanager
def _refused() -> Iterator[Line]:
    yield Line(f"https://{_closed_port()}")


@contextmanager
def _misbehaving(how: str, value: object = None) -> Iterator[Line]:
    with TinyCloud() as cloud:
        cloud.misbehave(how, value=value)
        yield Line(cloud.address)


@contextmanager
def _wrong_path() -> Iterator[Line]:
    with TinyCloud() as cloud:
        yield Line(f"{cloud.address}/shop")


PORTAL = b"http://hotel.example/login\x1b[2J\xe2\x80\xaex?guest=s3cret"
REDIRECT = b"HTTP/1.1 302 Found\r\nLocation: " + PORTAL + b"\r\nContent-Length: 0\r\n\r\n"

Broken = Callable[[], AbstractContextManager[Line]]
TROUBLES: dict[str, tuple[Broken, str, str]] = {
    "an expired certificate": (_expired, "certificate_expired", "clock"),
    "an untrusted certificate": (_untrusted, "certificate_untrusted", "ca_file"),
    "a certificate for another host": (_wrong_host, "wrong_host", "127.0.0.1 in cloud_url"),
    "https to an http port": (_not_tls, "not_tls", "port in cloud_url"),
    "a proxy that wants a log-in": (_proxy_authentication, "proxy_authentication", "USER:PASSWORD"),
    "a dead proxy": (_dead_proxy, "proxy_unreachable", "Connection refused"),
    "a proxy of an unknown name": (_unknown_proxy, "proxy_unreachable", "proxy in config.toml"),
    "a proxy that is a mail server": (_no_proxy_at_all, "proxy_unreachable", "proxy in config.toml"),
    "a proxy without https": (_unprotected_proxy, "proxy_unreachable", "proxy in config.toml"),
    "an unknown name": (_dns, "dns", "is not known"),
    "a closed port": (_refused, "connection_refused", "port in cloud_url"),
    "silence": (lambda: _misbehaving("stall"), "timeout", "in time"),
    "a portal": (lambda: _misbehaving("raw", REDIRECT), "redirect", "http://hotel.example/login"),
    "a page": (lambda: _misbehaving("html"), "not_factorycloud", "not FactoryCLOUD"),
    "a wrong path in cloud_url": (_wrong_path, "not_factorycloud", "Check the path in cloud_url"),
}
"""What is wrong -> how to make it so, the cause that everything names, and what the words say of it."""
