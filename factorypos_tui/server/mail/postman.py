"""Sends mail apart from the calls: a call hands over a letter and goes on; one thread delivers it."""

import logging
import os
import queue
import smtplib
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from factorypos_tui.server.mail.letters import Letter
from factorypos_tui.server.security.tokens import new_token
from factorypos_tui.server.words import told

logger = logging.getLogger(__name__)

Deliver = Callable[[EmailMessage], None]
PAUSES = (2.0, 10.0, 30.0)
"""Seconds before each further try."""
SMTP_SECONDS = 20
WAITING_LETTERS = 1000
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class MailAddressError(ValueError):
    """The mail URL cannot be used; the message says why and repeats no password."""


@dataclass(frozen=True, slots=True)
class Outbox:
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
    """A mail server: `smtp://` with STARTTLS, or `smtps://`; a password is never sent unencrypted."""

    host: str
    port: int
    tls: bool
    user: str | None = None
    password: str | None = None

    def __call__(self, message: EmailMessage) -> None:
        context = ssl.create_default_context()
        with (
            smtplib.SMTP_SSL(self.host, self.port, timeout=SMTP_SECONDS, context=context)
            if self.tls
            else smtplib.SMTP(self.host, self.port, timeout=SMTP_SECONDS)
        ) as server:
            server.ehlo()
            if not self.tls and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif not self.tls and self.user and self.host not in LOOPBACK:
                raise smtplib.SMTPException("the mail server offers no encryption, so no password was sent")
            if self.user:
                server.login(self.user, self.password or "")
            server.send_message(message)


def carrier(url: str | None, outbox: Path) -> tuple[Deliver, str]:
    """What delivers letters, and their sender: `smtp[s]://user:password@host:port?from=…`, or the outbox."""
    if url is None:
        return Outbox(outbox), "factorycloud@localhost"
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
    named = parse_qs(parts.query).get(
        "from", [user if user and "@" in user else f"factorycloud@{parts.hostname}"]
    )
    return Smtp(parts.hostname, port or (465 if tls else 587), tls, user, password), named[0]


class Postman:
    """Delivers letters one after the other in its own thread, from `start` to `stop`."""

    def __init__(self, deliver: Deliver, sender: str) -> None:
        self._deliver = deliver
        self._sender = sender
        self._waiting: queue.Queue[Letter | None] = queue.Queue(WAITING_LETTERS)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="postman", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Deliver the waiting letters, once each without further tries, and end."""
        self._stopping.set()
        self._waiting.put(None)
        self._thread.join(SMTP_SECONDS)

    def post(self, letter: Letter) -> None:
        try:
            self._waiting.put_nowait(letter)
        except queue.Full:
            logger.error("mail not sent: too many letters wait", extra={"subject": letter.subject})

    def _work(self) -> None:
        while (letter := self._waiting.get()) is not None:
            pauses = iter(PAUSES)
            while not self._sent(letter):
                pause = next(pauses, None)
                if pause is None or self._stopping.wait(pause):
                    break

    def _sent(self, letter: Letter) -> bool:
        try:
            self._deliver(self._message(letter))
        except (OSError, ValueError, smtplib.SMTPException) as error:
            logger.error("mail not sent", extra={"reason": type(error).__name__, "subject": letter.subject})
            return False
        return True

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message
