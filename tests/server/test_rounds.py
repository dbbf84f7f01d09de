"""Rounds of several servers on one database, and the way of a letter to a real mail server."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from factorypos_tui.server.domain import companies, terminals
from factorypos_tui.server.domain.alarms import rounds
from factorypos_tui.server.domain.alarms.rounds import Rounds, make_round
from factorypos_tui.server.domain.alarms.settings import WatchForm, set_watch
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.companies import CompanyForm, StoreForm
from factorypos_tui.server.mail.carriers import carrier
from factorypos_tui.server.mail.postman import Postman
from factorypos_tui.server.storage.alarm_tables import Alarm, AlarmNotice, TerminalWatch
from factorypos_tui.server.storage.tables import Account, StoredLetter, Terminal
from tests.server.mailroom import Mailroom
from tests.server.post_office import PostOffice
from tests.server.watch import no_rest
from tests.support.waiting import eventually

EVIL = "Till\r\nBcc: all@example.com https://evil.example"


def cloud_of(room: Mailroom, postman: Postman | None = None) -> Cloud:
    return Cloud(
        room.database,
        postman or Postman(lambda _: None, ""),
        public_url="https://cloud.example.com",
        clock=room.clock.now,
    )


@pytest.fixture
def terminal(room: Mailroom) -> str:
    return assigned(room)


def assigned(room: Mailroom) -> str:
    """A terminal that is silent after an hour, of the account of the room."""
    database, now, terminal_id = room.database, room.now(), str(uuid.uuid4())
    with database.connection_context(), database.atomic():
        account = Account.select().where(Account.id == room.account).get(database)
        company = companies.add_company(
            database, now, account, CompanyForm(name="Bar", country="ES", currency="EUR")
        )
        store = companies.add_store(
            database, now, account, company, StoreForm(name="Centro", timezone="Europe/Madrid")
        )
        named = {"name": EVIL, "software": "test"}
        terminals.assign(database, now, account, store, terminal_id, named, move=False, may_upload=None)
    be_impatient(room, terminal_id)
    return terminal_id


def be_impatient(room: Mailroom, terminal_id: str) -> None:
    with room.database.connection_context(), room.database.atomic():
        row = Terminal.select().where(Terminal.id == terminal_id).get(room.database)
        set_watch(room.database, room.now(), "a test", row, WatchForm(period_hours=1, grace_hours=0))


def pass_an_hour(room: Mailroom, cloud: Cloud) -> None:
    for _ in range(8):
        make_round(cloud, no_rest)
        room.clock.advance(8 * 60)


def test_a_silent_till_is_told_by_mail_and_hides_nothing_in_it(
    room: Mailroom, terminal: str, office: PostOffice
) -> None:
    with room.postman(carrier(office.url, Path())[0]) as postman:
        cloud = cloud_of(room, postman)
        pass_an_hour(room, cloud)
        make_round(cloud, no_rest)
        letter = office.next_letter()
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Alarm: Till  Bcc: all@example. com https: evil. example, Centro"
    assert "Centro: Not heard of since Mon 2 Mar 2026 13:00." in letter.get_content()
    assert "https://cloud.example.com/alarms" in letter.get_content()


def test_rounds_of_many_servers_begin_an_alarm_and_tell_it_once(room: Mailroom, terminal: str) -> None:
    cloud = cloud_of(room)
    pass_an_hour(room, cloud)
    gate = threading.Barrier(4)

    def go() -> None:
        gate.wait()
        make_round(cloud_of(room), no_rest)

    servers = [threading.Thread(target=go) for _ in range(4)]
    for server in servers:
        server.start()
    for server in servers:
        server.join()
    with room.database.connection_context():
        assert Alarm.select().where(Alarm.terminal_id == terminal).count(room.database) == 1
        assert AlarmNotice.select().where(AlarmNotice.account_id == room.account).count(room.database) == 1
        of_alarms = (StoredLetter.account_id == room.account) & (StoredLetter.kind == "alarms")
        assert StoredLetter.select().where(of_alarms).count(room.database) == 1


def test_a_server_makes_its_rounds_and_survives_a_bad_one(
    room: Mailroom, terminal: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cloud = cloud_of(room)
    pass_an_hour(room, cloud)
    monkeypatch.setattr(rounds, "ROUND_SECONDS", 0.01)
    real, bad = rounds.make_round, [RuntimeError("a bug")]

    def once_bad(cloud: Cloud, rest: Callable[[float], object]) -> None:
        if bad:
            raise bad.pop()
        real(cloud, rest)

    monkeypatch.setattr(rounds, "make_round", once_bad)
    server = Rounds(cloud)
    server.start()

    def is_there() -> bool:
        with room.database.connection_context():
            return bool(Alarm.select().where(Alarm.terminal_id == terminal).count(room.database))

    try:
        eventually(is_there)
    finally:
        server.stop()
    assert "a round failed" in caplog.text


def test_a_terminal_that_cannot_be_judged_does_not_end_the_round(
    room: Mailroom, terminal: str, caplog: pytest.LogCaptureFixture
) -> None:
    cloud = cloud_of(room)
    pass_an_hour(room, cloud)
    make_round(cloud, no_rest)
    with room.database.connection_context():
        Alarm.update(facts="{").where(Alarm.terminal_id == terminal).execute(room.database)
    room.clock.advance(60)
    be_impatient(room, terminal)
    others = [assigned(room) for _ in range(3)]
    make_round(cloud, no_rest)
    assert "a terminal could not be judged" in caplog.text
    assert [getattr(record, "terminal", terminal) for record in caplog.records] == [terminal]
    with room.database.connection_context():
        judged = TerminalWatch.select().where(TerminalWatch.terminal_id.in_(others))
        assert all(it.looked_at and it.due_at for it in judged.bind(room.database))
        assert judged.count(room.database) == 3


def test_an_account_hears_of_alarms_in_few_letters(room: Mailroom, terminal: str) -> None:
    cloud = cloud_of(room)
    pass_an_hour(room, cloud)
    for _ in range(6):
        make_round(cloud, no_rest)
        with room.database.connection_context():
            row = Terminal.id == terminal
            Terminal.update(reported_at=room.now()).where(row).execute(room.database)
        make_round(cloud, no_rest)
        with room.database.connection_context():
            long_ago = room.now(-timedelta(hours=2))
            Terminal.update(reported_at=long_ago, assigned_at=long_ago).where(row).execute(room.database)
        be_impatient(room, terminal)
        room.clock.advance(60)
    with room.database.connection_context():
        of_alarms = (StoredLetter.account_id == room.account) & (StoredLetter.kind == "alarms")
        assert StoredLetter.select().where(of_alarms).count(room.database) == 1
        assert Alarm.select().where(Alarm.terminal_id == terminal).count(room.database) > 3
