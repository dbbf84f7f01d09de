"""Carries the letters of the database away in its own thread, so that no call waits for a mail server."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from peewee import Database, PeeweeException

from factorypos_tui.server.mail import outbox
from factorypos_tui.server.mail.carriers import Deliver, Fate, fate_of
from factorypos_tui.server.mail.envelopes import message_of
from factorypos_tui.server.storage.tables import StoredLetter

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
"""Longer than any delivery takes."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=30)
"""Before the second try of a letter, and before a late one; doubled each time."""
LOOK_SECONDS = 5.0
"""How often letters of other servers, and those whose next try is due, are looked for."""
REST_SECONDS = 15.0
"""After a mail server, or the database, could not be used."""
TIDY_SECONDS = 30.0
STOP_SECONDS = 3.0
"""For letters that wait when the server stops; the others rest until one starts."""
KEPT_SENT, KEPT_GIVEN_UP = timedelta(days=1), timedelta(days=30)

Now = Callable[[timedelta], str]
"""The instant so much later than now."""


class Postman:
    """At work from `start` to `stop`; takes one letter after the other."""

    def __init__(self, deliver: Deliver, sender: str) -> None:
        self._deliver = deliver
        self._sender = sender
        self._called = threading.Event()
        self._stopping = threading.Event()
        self._until = float("inf")
        self._tidied = float("-inf")
        self._in_hand: StoredLetter | None = None
        self._thread: threading.Thread | None = None

    def start(self, database: Database, now: Now) -> None:
        self._database, self._now = database, now
        self._thread = threading.Thread(target=self._work, name="postman", daemon=True)
        self._thread.start()

    def call(self) -> None:
        """There is a new letter, and it is committed."""
        self._called.set()

    def stop(self) -> None:
        """Deliver what waits for a few seconds. What is left, and the letter that a mail server is slow with,
        leaves after the next start."""
        if self._thread is None:
            return
        self._until = time.monotonic() + STOP_SECONDS
        self._stopping.set()
        self._called.set()
        self._thread.join(STOP_SECONDS)
        if self._thread.is_alive() and (held := self._in_hand) is not None:
            with self._database.connection_context():
                now = self._now(timedelta())
                outbox.try_again(self._database, held, now, now, held.cause)

    def _work(self) -> None:
        while True:
            self._called.clear()
            is_last = self._stopping.is_set()
            went_well = self._deliver_all()
            if is_last:
                return
            if went_well:
                self._called.wait(LOOK_SECONDS)
            else:
                self._stopping.wait(REST_SECONDS)

    def _deliver_all(self) -> bool:
        """Deliver whatever is due; whether the mail server and the database could be used."""
        try:
            self._tidy()
            while time.monotonic() < self._until and (letter := self._take()) is not None:
                self._in_hand = letter
                went_well = self._send(letter)
                self._in_hand = None
                if not went_well:
                    return False
        except PeeweeException as error:
            logger.error("letters wait for the database", extra={"error": type(error).__name__})
            return False
        except Exception:
            logger.exception("a letter failed")
            return False
        return True

    def _tidy(self) -> None:
        if time.monotonic() < self._tidied + TIDY_SECONDS:
            return
        with self._database.connection_context():
            now = self._now(timedelta())
            outbox.tidy(self._database, now, self._now(-KEPT_SENT), self._now(-KEPT_GIVEN_UP))
        self._tidied = time.monotonic()

    def _take(self) -> StoredLetter | None:
        with self._database.connection_context():
            return outbox.take(self._database, self._now(timedelta()), self._now(LEASE))

    def _send(self, letter: StoredLetter) -> bool:
        """Try to deliver a letter, without a connection to the database meanwhile, and note what became of
        it."""
        fate: Fate | None = None
        cause = ""
        try:
            self._deliver(message_of(letter, self._sender))
        except Exception as error:  # noqa: BLE001  # whatever is wrong with one letter must not harm the others
            fate, cause = fate_of(error)
            extra = {"letter": letter.id, "mail": letter.kind, "reason": cause, "attempt": letter.tries}
            logger.error("mail given up" if fate == "final" else "mail not sent", extra=extra)
        pause = min(FIRST_PAUSE * 2 ** min(letter.tries - 1, 10), LONGEST_PAUSE)
        with self._database.connection_context():
            now = self._now(timedelta())
            if fate is None:
                outbox.was_sent(self._database, letter, now)
            elif fate == "final":
                outbox.give_up(self._database, letter, now, cause)
            else:
                outbox.try_again(self._database, letter, now, self._now(pause), cause)
        return fate != "nobody"
