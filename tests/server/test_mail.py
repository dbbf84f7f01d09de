"""Letters reach a mail server or a file, and requests go on when a mail server fails."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from queue import Queue

import pytest

from factorypos_tui.server.mail.letters import Letter
from factorypos_tui.server.mail.postman import Outbox, Postman, carrier

LETTER = Letter("ana@example.com", "Contraseña nueva", "Código: 1\nñ\n")


class MailServer(socketserver.StreamRequestHandler):
    """As much of SMTP as one letter needs; refuses everything when told to."""

    received: "Queue[bytes]"
    heard: list[bytes]
    refuses = False

    def handle(self) -> None:
        self.wfile.write(b"220 mail\r\n")
        for line in self.rfile:
            command = line[:4].upper()
            self.heard.append(command)
            if command == b"MAIL" and self.refuses:
                self.wfile.write(b"451 later\r\n")
            elif command == b"EHLO":
                self.wfile.write(b"250-mail\r\n250 AUTH PLAIN\r\n")
            elif command == b"AUTH":
                self.wfile.write(b"235 welcome\r\n")
            elif command == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.received.put(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.wfile.write(b"250 ok\r\n")
            elif command == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@contextmanager
def mail_server(
    refusing: bool = False, heard: list[bytes] | None = None
) -> Iterator[tuple[str, "Queue[bytes]"]]:
    """`heard`: where the commands are noted that come."""
    received: Queue[bytes] = Queue()
    noted = [] if heard is None else heard
    handler = type("Handler", (MailServer,), {"received": received, "refuses": refusing, "heard": noted})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"smtp://127.0.0.1:{server.server_address[1]}?from=cloud@example.com", received
        finally:
            server.shutdown()
            thread.join()


def test_a_letter_reaches_the_mail_server(tmp_path: Path) -> None:
    with mail_server() as (url, received):
        postman = Postman(*carrier(url, tmp_path))
        postman.start()
        postman.post(LETTER)
        message = message_from_bytes(received.get(timeout=10))
        postman.stop()
    assert message["From"] == "cloud@example.com"
    assert message["To"] == "ana@example.com"
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().splitlines() == ["Código: 1", "ñ"]


def test_a_mail_server_that_refuses_does_not_keep_the_server_from_ending(tmp_path: Path) -> None:
    with mail_server(refusing=True) as (url, received):
        postman = Postman(*carrier(url, tmp_path))
        postman.start()
        postman.post(LETTER)
        postman.stop()
    assert received.empty()


@pytest.mark.parametrize("is_this_machine", [True, False])
def test_a_password_goes_to_another_machine_under_encryption_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_this_machine: bool
) -> None:
    if not is_this_machine:
        monkeypatch.setattr("factorypos_tui.server.mail.postman.LOOPBACK", ())
    heard: list[bytes] = []
    with mail_server(heard=heard) as (url, received):
        postman = Postman(*carrier(url.replace("smtp://", "smtp://ana:secret@"), tmp_path))
        postman.start()
        postman.post(LETTER)
        postman.stop()
    assert b"EHLO" in heard
    assert (b"AUTH" in heard, received.qsize()) == (is_this_machine, int(is_this_machine))


def test_without_a_mail_server_letters_are_private_files(tmp_path: Path) -> None:
    outbox = tmp_path / "outbox"
    postman = Postman(Outbox(outbox), "factorycloud@localhost")
    postman.start()
    postman.post(LETTER)
    postman.post(LETTER)
    postman.stop()
    files = list(outbox.iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert outbox.stat().st_mode & 0o777 == 0o700
    assert b"To: ana@example.com" in files[0].read_bytes()
