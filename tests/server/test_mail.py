"""Letters rest in the database until they have left, each once; their words harm nobody."""

import logging
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from queue import Queue

import pytest

from factorypos_tui.server.mail import outbox
from factorypos_tui.server.mail.carriers import Deliver, Files, carrier
from factorypos_tui.server.mail.letters import Letter
from factorypos_tui.server.storage.tables import Account, StoredLetter
from tests.server.mailroom import Mailroom
from tests.server.post_office import PostOffice
from tests.server.shop import Owner, Shop
from tests.support.fakes import FrozenClock
from tests.support.waiting import eventually


def by_mail(office: PostOffice) -> Deliver:
    return carrier(office.url, Path())[0]


def test_a_letter_reaches_the_mail_server_and_loses_its_text(room: Mailroom, office: PostOffice) -> None:
    written = room.write(subject="Contraseña nueva, 東京")
    room.deliver_all(by_mail(office))
    message = office.next_letter()
    assert message["From"] == "cloud@example.com"
    assert message["To"] == "ana@example.com"
    assert message["Subject"] == "Contraseña nueva, 東京"
    assert message.get_content().splitlines() == ["Código: 1", "ñ"]
    row = room.row(written)
    assert (row.state, row.text, row.tries) == ("sent", None, 1)


def test_headers_travel_in_ascii_and_take_nothing_along(room: Mailroom, tmp_path: Path) -> None:
    for evil in ("x\r\nBcc: all@example.com", "x\nBcc: all@example.com", "x\x85Bcc: all@example.com"):
        room.write(subject=f"東京 {evil}")
    room.deliver_all(Files(tmp_path))
    for file in tmp_path.glob("*.eml"):
        head = file.read_bytes().partition(b"\n\n")[0]
        assert head.isascii()
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert message["Bcc"] is None
        assert message["To"] == "ana@example.com"
        assert message["Subject"].startswith("東京 x")
    assert len(list(tmp_path.glob("*.eml"))) == 3


@pytest.mark.parametrize(
    "address", ["a@b\r\nBcc: c@d", "a@b, c@d", "a@[x", "", "@", "a@", "a@" + "d" * 70 + "ñ", "<a@b>", "a@b@c"]
)
def test_no_mail_is_made_for_an_address_that_is_none(room: Mailroom, address: str) -> None:
    sent: Queue[EmailMessage] = Queue()
    bad, good = room.write(address), room.write()
    room.deliver_all(sent.put)
    assert [room.row(letter).state for letter in (bad, good)] == ["given_up", "sent"]
    assert room.row(bad).text is None
    assert sent.qsize() == 1


def test_two_servers_deliver_each_letter_once(room: Mailroom) -> None:
    sent: Queue[EmailMessage] = Queue()
    with room.postman(sent.put) as one, room.postman(sent.put) as other:
        letters = [room.write() for _ in range(40)]
        one.call()
        other.call()
        eventually(lambda: {room.row(letter).state for letter in letters} == {"sent"})
    assert sent.qsize() == 40


def test_a_letter_in_the_hands_of_a_server_that_died_is_taken_after_its_lease(room: Mailroom) -> None:
    written = room.write()
    with room.database.connection_context():
        assert outbox.take(room.database, room.now(), room.now(timedelta(minutes=3)))
    sent: Queue[EmailMessage] = Queue()
    room.deliver_all(sent.put)
    assert sent.empty()
    room.clock.advance(180)
    room.deliver_all(sent.put)
    assert (sent.qsize(), room.row(written).state) == (1, "sent")
    assert str(sent.get()["Message-ID"]) == f"<{written}@example.com>"


def test_a_secret_is_gone_once_it_is_too_late_for_it(room: Mailroom) -> None:
    written = room.write(text="a secret")
    room.clock.advance(600)
    sent: Queue[EmailMessage] = Queue()
    room.deliver_all(sent.put)
    row = room.row(written)
    assert (row.state, row.text, sent.qsize()) == ("given_up", None, 0)
    room.clock.advance(31 * 24 * 3600)
    room.deliver_all(sent.put)
    with room.database.connection_context():
        assert StoredLetter.select().count(room.database) == 0


def test_an_error_that_nobody_foresaw_harms_one_letter(
    room: Mailroom, caplog: pytest.LogCaptureFixture
) -> None:
    sent: Queue[EmailMessage] = Queue()

    def deliver(message: EmailMessage) -> None:
        if message["To"] == "bad@example.com":
            raise RecursionError
        sent.put(message)

    room.write("bad@example.com")
    room.write()
    with caplog.at_level(logging.ERROR):
        room.deliver_all(deliver)
    assert sent.qsize() == 1
    assert "RecursionError" in {getattr(record, "reason", "") for record in caplog.records}


def test_without_a_mail_server_letters_are_private_files(room: Mailroom, tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    room.write()
    room.write()
    room.deliver_all(Files(folder), "factorycloud@localhost")
    files = list(folder.iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert b"ana@example.com" in files[0].read_bytes()


def test_health_tells_of_letters_that_do_not_leave(shop: Shop, owner: Owner, clock: FrozenClock) -> None:
    def health() -> tuple[str, int]:
        told = shop.http.get("/v1/health").json()
        return told["status"], told["letters_late"]

    database = shop.cloud.database
    assert health() == ("ok", 0)
    with database.connection_context():
        account = Account.select(Account.id).where(Account.email == owner.email).get(database).id
        letter = Letter("password_changed", owner.email, "Hola", "Hola")
        tomorrow, later = (shop.cloud.now(timedelta(days=days)) for days in (1, 2))
        written = outbox.put(database, letter, account, shop.cloud.now(), later, due=tomorrow)
        clock.advance(300)
    assert health() == ("ok", 0), "it is to leave tomorrow"
    with database.connection_context():
        StoredLetter.update(tries=1).where(StoredLetter.id == written).execute(database)
    assert health() == ("mail_late", 1)
    with database.connection_context():
        StoredLetter.delete().where(StoredLetter.id == written).execute(database)
    assert health() == ("ok", 0)
