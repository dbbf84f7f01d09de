"""A line of ours between a client and a server of any protocol: it can change bytes, and go silent while both
ends stay connected, as a server does that is frozen but alive."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Line:
    """Passes everything on, both ways."""

    def __init__(self, host: str, port: int) -> None:
        """`host`, `port`: the server."""
        self._server = host, port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets = [self._listener]
        self._changes: list[tuple[bytes, bytes]] = []
        self._goes_on = threading.Event()
        self._goes_on.set()
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def change(self, said: bytes, heard: bytes) -> None:
        """From now on the server hears these bytes in the place of those; they have one length."""
        self._changes.append((said, heard))

    def go_silent(self) -> None:
        """Pass nothing on until the end."""
        self._goes_on.clear()

    def end(self) -> None:
        """Cut it."""
        self._goes_on.set()
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                server = socket.create_connection(self._server)
                self._sockets += [client, server]
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                for said, heard in self._changes:
                    data = data.replace(said, heard)
                self._goes_on.wait()
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)


@contextmanager
def line_to(host: str, port: int) -> Iterator[Line]:
    """A line that is cut at the end of the block."""
    line = Line(host, port)
    try:
        yield line
    finally:
        line.end()
