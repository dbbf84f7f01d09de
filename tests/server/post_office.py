"""A mail server for tests, on a real socket, that treats each recipient as the test wishes."""

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Queue


@dataclass
class PostOffice:
    """What it does, and what has come."""

    answers: dict[str, bytes] = field(default_factory=dict)
    """What a recipient whose address begins so is answered; the others are welcome."""
    sender_answer: bytes = b"250 ok"
    """What `MAIL FROM` is answered."""
    goodbye: bytes = b"221 bye"
    """What `QUIT` is answered."""
    drips: bool = False
    """Whether it begins to greet, byte by byte, and never ends."""
    extensions: tuple[bytes, ...] = (b"AUTH PLAIN",)
    is_open: threading.Event = field(default_factory=threading.Event)
    """Until then it takes connections and says nothing."""
    heard: list[bytes] = field(default_factory=list)
    """The lines of commands."""
    received: "Queue[EmailMessage]" = field(default_factory=Queue)
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?from=cloud@example.com"

    def next_letter(self) -> EmailMessage:
        return self.received.get(timeout=60)

    def tries(self, recipient: str) -> int:
        """How often somebody wanted to bring a letter to an address that begins so."""
        return sum(line.upper().startswith(f"RCPT TO:<{recipient}".upper().encode()) for line in self.heard)


class _Counter(socketserver.StreamRequestHandler):
    office: PostOffice

    def handle(self) -> None:
        self.office.is_open.wait()
        with suppress(ConnectionError):
            while self.office.drips:
                self.wfile.write(b"2")
                time.sleep(0.05)
            self._serve()

    def _serve(self) -> None:
        self.wfile.write(b"220 mail\r\n")
        for line in self.rfile:
            self.office.heard.append(line)
            command = line[:4].upper()
            if command == b"QUIT":
                self.wfile.write(self.office.goodbye + b"\r\n")
                return
            self.wfile.write(self._answer(command, line) + b"\r\n")

    def _answer(self, command: bytes, line: bytes) -> bytes:
        office = self.office
        if command == b"EHLO":
            lines = [b"mail", *office.extensions]
            return b"\r\n".join([*(b"250-" + it for it in lines[:-1]), b"250 " + lines[-1]])
        if command == b"AUTH":
            return b"235 welcome"
        if command == b"MAIL":
            return office.sender_answer
        if command == b"RCPT":
            address = line.partition(b"<")[2].decode()
            return next((said for to, said in office.answers.items() if address.startswith(to)), b"250 ok")
        if command == b"DATA":
            self.wfile.write(b"354 go on\r\n")
            raw = b"".join(iter(self.rfile.readline, b".\r\n"))
            office.received.put(message_from_bytes(raw, policy=policy.default))
        return b"250 ok"


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


@contextmanager
def post_office(is_open: bool = True) -> Iterator[PostOffice]:
    office = PostOffice()
    if is_open:
        office.is_open.set()
    counter = type("Counter", (_Counter,), {"office": office})
    with _Server(("127.0.0.1", 0), counter) as server:
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield office
        finally:
            office.is_open.set()
            server.shutdown()
            thread.join()
