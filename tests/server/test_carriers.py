"""What becomes of a letter before mail servers of each kind."""

from pathlib import Path

import pytest

from factorypos_tui.server.mail import outbox
from factorypos_tui.server.mail.carriers import Deliver, carrier
from tests.server.mailroom import Mailroom
from tests.server.post_office import PostOffice
from tests.support.waiting import eventually


def by_mail(office: PostOffice) -> Deliver:
    return carrier(office.url, Path())[0]


@pytest.mark.parametrize("address", ["jörg@example.com", "ana@ñandú.example"])
def test_an_address_in_another_script_is_tried_as_the_mail_server_allows(
    room: Mailroom, office: PostOffice, address: str
) -> None:
    written = room.write(address)
    room.deliver_all(by_mail(office))
    if "ñ" in address:
        assert office.tries("ana@xn--") == 1
        assert room.row(written).state == "sent"
    else:
        assert room.row(written).state == "given_up"  # this mail server has no SMTPUTF8


def test_what_is_refused_for_good_is_tried_once_and_says_why(room: Mailroom, office: PostOffice) -> None:
    office.answers["ana@"] = b"550 5.1.1 no\x1b[2J such user"
    written = room.write()
    room.deliver_all(by_mail(office))
    row = room.row(written)
    assert (row.state, row.text, row.cause) == ("given_up", None, "550 5.1.1 no [2J such user")
    with room.database.connection_context():
        (left,) = outbox.backlog(room.database)
    assert (left.state, left.recipient, left.count) == ("given_up", "ana@example.com", 1)


def test_what_is_refused_for_now_is_tried_later_but_not_for_ever(room: Mailroom, office: PostOffice) -> None:
    office.answers["ana@"] = b"451 4.7.1 later"
    written = room.write()
    seen = []
    while room.row(written).state == "waiting":
        room.deliver_all(by_mail(office))
        seen.append(office.tries("ana@"))
        room.clock.advance(5)
    assert seen[0] == 1
    assert seen[1] == 1, "it is not tried again at once"
    assert 4 <= seen[-1] <= 10
    row = room.row(written)
    assert (row.state, row.text, row.cause) == ("given_up", None, "451 4.7.1 later")


@pytest.mark.parametrize(
    "said",
    [
        b"535 5.7.8 wrong password",
        b"530 authenticate first",
        b"550 5.7.1 this sender may not write",
        b"451 4.7.1 this sender writes too much",
    ],
)
def test_a_server_that_may_not_send_loses_no_letter(room: Mailroom, office: PostOffice, said: bytes) -> None:
    office.sender_answer = said
    letters = [room.write() for _ in range(3)]
    room.deliver_all(by_mail(office))
    assert [room.row(letter).state for letter in letters] == ["waiting"] * 3
    causes = {room.row(letter).cause for letter in letters} - {None}
    assert causes == {f"cloud@example.com: {said.decode()}"}
    office.sender_answer = b"250 ok"
    room.clock.advance(60)
    room.deliver_all(by_mail(office))
    assert [room.row(letter).state for letter in letters] == ["sent"] * 3


@pytest.mark.parametrize("said", [b"421 too busy for that", b"500 what", b"2"])
def test_a_letter_that_was_taken_is_sent_however_the_server_says_goodbye(
    room: Mailroom, office: PostOffice, said: bytes
) -> None:
    office.goodbye = said
    written = room.write()
    room.deliver_all(by_mail(office))
    assert (room.row(written).state, office.received.qsize()) == ("sent", 1)


def test_a_mail_server_that_greets_without_end_is_left(
    room: Mailroom, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factorypos_tui.server.mail.carriers.DELIVERY_SECONDS", 0.5)
    office.drips = True
    written = room.write()
    with room.postman(by_mail(office)):
        try:
            eventually(lambda: room.row(written).cause)
        finally:
            office.drips = False
    assert room.row(written).state == "waiting"


@pytest.mark.parametrize(("options", "leaves"), [("", False), ("&starttls=no", True)])
@pytest.mark.parametrize("is_this_machine", [True, False])
def test_nothing_goes_to_another_machine_unencrypted_unless_told_so(
    room: Mailroom,
    office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
    is_this_machine: bool,
    options: str,
    leaves: bool,
) -> None:
    if not is_this_machine:
        monkeypatch.setattr("factorypos_tui.server.mail.carriers.LOOPBACK", ())
    written = room.write()
    room.deliver_all(carrier(office.url + options, Path())[0])
    assert any(line.startswith(b"ehlo") for line in office.heard)
    assert (room.row(written).state == "sent") is (leaves or is_this_machine)
    room.write()
    with_password = office.url.replace("smtp://", "smtp://ana:secret@") + options
    room.deliver_all(carrier(with_password, Path())[0])
    assert any(line.startswith(b"AUTH") for line in office.heard) is is_this_machine


def test_starttls_is_asked_for_where_it_is_offered(room: Mailroom, office: PostOffice) -> None:
    office.extensions = (b"STARTTLS", b"AUTH PLAIN")
    written = room.write()
    room.deliver_all(by_mail(office))
    assert b"STARTTLS\r\n" in office.heard
    assert room.row(written).state == "waiting"  # this one only says that it has TLS
    assert not any(line.startswith(b"MAIL") for line in office.heard)
