"""A database, a clock, and the letters that an account gets."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from peewee import Database

from factorypos_tui.server.domain.cloud import instant
from factorypos_tui.server.mail import outbox
from factorypos_tui.server.mail.carriers import Deliver
from factorypos_tui.server.mail.letters import Letter
from factorypos_tui.server.mail.postman import Postman
from factorypos_tui.server.ops.users import create_user
from factorypos_tui.server.storage.tables import StoredLetter
from tests.support.fakes import FrozenClock

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Mailroom:
    """A database, a clock, and the letters that an account gets."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FrozenClock(NOW)
        email = f"ana{uuid.uuid4().hex}@example.com"
        with database.connection_context():
            StoredLetter.delete().execute(database)
        self.account = create_user(database, email, "Ana", "a long walk by the sea")

    def now(self, later: timedelta = timedelta()) -> str:
        return instant(self.clock.now() + later)

    def write(self, to: str = "ana@example.com", text: str = "Código: 1\nñ\n", subject: str = "Hola") -> str:
        letter = Letter("password_reset", to, subject, text)
        with self.database.connection_context(), self.database.atomic():
            until = self.now(timedelta(minutes=10))
            return outbox.put(self.database, letter, self.account, self.now(), until)

    def row(self, letter_id: str) -> StoredLetter:
        with self.database.connection_context():
            return StoredLetter.select().where(StoredLetter.id == letter_id).get(self.database)

    @contextmanager
    def postman(self, deliver: Deliver, sender: str = "cloud@example.com") -> Iterator[Postman]:
        postman = Postman(deliver, sender)
        postman.start(self.database, self.now)
        try:
            yield postman
        finally:
            postman.stop()

    def deliver_all(self, deliver: Deliver, sender: str = "cloud@example.com") -> None:
        """What a postman does between its start and its end."""
        with self.postman(deliver, sender):
            pass
