"""A real HTTP proxy that knows only CONNECT. Every name leads to this machine."""

import base64
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from selectors import EVENT_READ, DefaultSelector


class Tunnel(socketserver.ThreadingTCPServer):
    """Listens on `address`, `host:port`; `asked` has the targets that were asked for, `log_in` the
    `USER:PASSWORD` that it wants, if any."""

    def __init__(self, log_in: str | None, tls: ssl.SSLContext | None) -> None:
        """It serves once `serve_forever` is called."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self._tls = tls
        self.address = f"127.0.0.1:{self.server_address[1]}"
        self.asked: list[str] = []
        self.log_in = log_in

    def get_request(self) -> tuple[socket.socket, object]:
        """A caller; over TLS, where it speaks that."""
        caller, address = super().get_request()
        return (self._tls.wrap_socket(caller, server_side=True) if self._tls else caller), address


class _Handler(socketserver.StreamRequestHandler):
    server: Tunnel

    def handle(self) -> None:
        target = self.rfile.readline().split()[1].decode()
        headers = [line.strip().lower() for line in iter(self.rfile.readline, b"\r\n")]
        self.server.asked.append(target)
        wanted = base64.b64encode((self.server.log_in or "").encode()).lower()
        if self.server.log_in and b"proxy-authorization: basic " + wanted not in headers:
            self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", int(target.rpartition(":")[2]))) as far:
            self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            self._carry(far)

    def _carry(self, far: socket.socket) -> None:
        with DefaultSelector() as selector:
            for near, other in ((far, self.connection), (self.connection, far)):
                selector.register(near, EVENT_READ, (near, other))
            while True:
                for key, _events in selector.select():
                    source, sink = key.data
                    if not (data := source.recv(65536)):
                        return
                    sink.sendall(data)


@contextmanager
def tunnel(log_in: str | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Tunnel]:
    """A proxy that serves during the block."""
    with Tunnel(log_in, tls) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
