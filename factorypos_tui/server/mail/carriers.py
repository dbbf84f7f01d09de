"""What carries a letter away: a mail server, or files where there is none; and what its failures mean."""

import os
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from factorypos_tui.server.mail.letters import one_line
from factorypos_tui.server.security.tokens import new_token
from factorypos_tui.server.words import marked, told

Deliver = Callable[[EmailMessage], None]
Fate = Literal["final", "later", "nobody"]
"""Of a letter that did not leave: it never will; it is tried again; nothing leaves at present."""

ANSWER_SECONDS = 20
"""For one answer of the mail server."""
DELIVERY_SECONDS = 60
"""For everything, however slowly the mail server talks."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
LONGEST_CAUSE = 200
_NOT_WELCOME = {421, 454, 530, 534, 535, 538}
"""Answers that are about the server or its log-in, not about the letter."""
NO_ENCRYPTION = marked("The mail server offers no encryption, so nothing was sent.")


class MailAddressError(ValueError):
    """The mail URL cannot be used; the message says why and repeats no password."""


class NoService(Exception):
    """No letter can leave at present, whatever is in it."""


@dataclass(frozen=True, slots=True)
class Files:
    """Writes each letter to an `.eml` file that a person can read, where there is no mail server."""

    folder: Path

    def __call__(self, message: EmailMessage) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{new_token()[:8]}"
        draft = self.folder / f".{name}"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(bytes(message))
        draft.rename(self.folder / f"{name}.eml")


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server: `smtp://` with STARTTLS, or `smtps://`."""

    host: str
    port: int
    tls: bool
    user: str | None = None
    password: str | None = None
    may_be_plain: bool = False
    """Whether letters may leave unencrypted where the mail server offers nothing else. A password never does,
    except on this machine."""

    def __call__(self, message: EmailMessage) -> None:
        server = self._unconnected()
        server._host = self.host  # type: ignore[attr-defined]  # for TLS; else it is set only while connecting
        with closing(server), _ended_after(DELIVERY_SECONDS, server):
            try:
                self._connect(server)
                self._introduce(server)
            except (OSError, smtplib.SMTPException) as error:
                raise NoService(_words(error)) from error
            server.send_message(message)
            with suppress(OSError, smtplib.SMTPException):  # the letter is there, whatever is said now
                server.quit()

    def _unconnected(self) -> smtplib.SMTP:
        if self.tls:
            return smtplib.SMTP_SSL(timeout=ANSWER_SECONDS, context=ssl.create_default_context())
        return smtplib.SMTP(timeout=ANSWER_SECONDS)

    def _connect(self, server: smtplib.SMTP) -> None:
        code, said = server.connect(self.host, self.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)

    def _introduce(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if not self.tls and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif not self.tls and self.host not in LOOPBACK and (self.user or not self.may_be_plain):
            raise NoService(NO_ENCRYPTION)
        if self.user:
            server.login(self.user, self.password or "")


@contextmanager
def _ended_after(seconds: float, server: smtplib.SMTP) -> Iterator[None]:
    """End the connection then, whatever it does, and one that is made later still: each byte of a slow answer
    renews the limit for answers."""
    is_over = threading.Event()

    def watch() -> None:
        wait = seconds
        while not is_over.wait(wait):
            wait = 1
            with suppress(OSError):
                if (line := server.sock) is not None:
                    line.shutdown(socket.SHUT_RDWR)

    threading.Thread(target=watch, name="delivery limit", daemon=True).start()
    try:
        yield
    finally:
        is_over.set()


def fate_of(error: Exception) -> tuple[Fate, str]:
    """What becomes of a letter after this error, and why, in one line."""
    if isinstance(error, NoService):
        return "nobody", str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, said),) = list(error.recipients.values())[:1]
        return _by_code(code), _answer(code, said)
    if isinstance(error, smtplib.SMTPSenderRefused):  # it is the host's, and the same in each letter
        return "nobody", one_line(f"{error.sender}: {_words(error)}")[:LONGEST_CAUSE]
    if isinstance(error, smtplib.SMTPResponseException):
        return _by_code(error.smtp_code), _words(error)
    if isinstance(error, (OSError, smtplib.SMTPException)):
        return "final" if isinstance(error, smtplib.SMTPNotSupportedError) else "later", _words(error)
    return "final", _words(error)  # no mail can be made of it


def _by_code(code: int) -> Fate:
    if code in _NOT_WELCOME:
        return "nobody"
    return "final" if code >= 500 else "later"


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return one_line(str(error) or type(error).__name__)[:LONGEST_CAUSE]


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return one_line(f"{code} {text}")[:LONGEST_CAUSE]


def carrier(url: str | None, outbox: Path) -> tuple[Deliver, str]:
    """What delivers letters, and their sender: `smtp[s]://user:password@host:port?from=…`, or the outbox."""
    if url is None:
        return Files(outbox), "factorycloud@localhost"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise MailAddressError(told("The mail address has no valid host and port.")) from error
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise MailAddressError(
            told("The mail address must look like smtp://user:password@host:587 or smtps://….")
        )
    tls = parts.scheme == "smtps"
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    options = {name: values[0] for name, values in parse_qs(parts.query).items()}
    sender = options.get("from", user if user and "@" in user else f"factorycloud@{parts.hostname}")
    may_be_plain = options.get("starttls") == "no"
    return Smtp(parts.hostname, port or (465 if tls else 587), tls, user, password, may_be_plain), sender
