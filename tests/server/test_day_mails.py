"""The mail of a store's day leaves once it is whole, else at its hour, and once."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from factorypos_tui.server.domain.alarms.day_mails import Closes, deadline, is_time
from factorypos_tui.server.domain.alarms.settings import Wishes, set_wishes
from factorypos_tui.server.storage.tables import Account
from tests.server.days import closed, running
from tests.server.shop import Owner, Shop, Till
from tests.server.watch import letters, watch

TODAY, LAST_WEEK = "2026-03-02", "2026-02-23"
TILLS = some.frozensets(some.sampled_from("abc"))


@given(TILLS, TILLS, some.integers(-100, 100))
def test_a_day_is_told_when_it_is_whole_or_at_its_hour(
    expected: frozenset[str], arrived: frozenset[str], minutes: int
) -> None:
    latest = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
    now = datetime.fromtimestamp(latest.timestamp() + 60 * minutes, UTC)
    is_whole = bool(expected) and not expected - arrived
    assert is_time(Closes(expected, arrived), latest, now) == (
        is_whole or (minutes >= 0 and bool(expected | arrived))
    )


@pytest.mark.parametrize(
    ("day", "at", "zone", "instant"),
    [
        ("2026-03-02", "23:30", "Europe/Madrid", "2026-03-02T22:30"),
        ("2026-07-02", "23:30", "Europe/Madrid", "2026-07-02T21:30"),
        ("2026-03-02", "06:00", "Europe/Madrid", "2026-03-03T05:00"),
        ("2026-03-28", "02:30", "Europe/Madrid", "2026-03-29T01:30"),  # left out by the clocks
        ("2026-10-24", "02:30", "Europe/Madrid", "2026-10-25T00:30"),  # twice: the first
        ("2026-03-02", "12:00", "Pacific/Kiritimati", "2026-03-01T22:00"),
    ],
)
def test_the_hour_is_that_of_the_wall_of_the_store(day: str, at: str, zone: str, instant: str) -> None:
    assert deadline(date.fromisoformat(day), at, zone) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def wish(owner: Owner, day_at: str | None, *, alarms: bool = True) -> None:
    cloud = owner.shop.cloud
    with cloud.database.connection_context(), cloud.database.atomic():
        account = Account.select().where(Account.email == owner.email).get(cloud.database)
        set_wishes(cloud.database, cloud.now(), account, Wishes(alarms=alarms, day_at=day_at))


@pytest.fixture
def shop(shop_apart: Shop) -> Shop:
    """The server that holds what this module makes, and no more."""
    return shop_apart


@pytest.fixture
def tills(owner: Owner) -> list[Till]:
    """Two of one store, which both closed a week ago."""
    store = owner.store(name="Puerto <b>x.example</b>")
    tills = [owner.assign(store, name=name) for name in ("Bar", "Terrace")]
    for till in tills:
        week_ago = closed(till, 1, f"{LAST_WEEK} 09:00", f"{LAST_WEEK} 20:00", h9=1000)
        assert till.send(week_ago).status_code == 201
    return tills


def close(till: Till, net: int = 1210) -> None:
    (before,) = till.call("GET", "/reports").json()["items"]
    previous = before["content_hash"]
    report = closed(till, 2, f"{TODAY} 09:00", f"{TODAY} 12:00", h9=net, previous_hash=previous)
    assert till.send(report).status_code == 201


def test_the_mail_leaves_when_each_till_of_last_week_has_closed(
    shop: Shop, owner: Owner, tills: list[Till]
) -> None:
    wish(owner, "23:30")
    close(tills[0])
    watch(shop)
    assert letters(shop, owner, "day") == []
    close(tills[1], 2420)
    watch(shop)
    letter = owner.next_letter()
    assert letter["Subject"] == "Puerto <b>x. example</b>, 2026-03-02: 36.30 EUR"
    lines = letter.get_content().split("\n\n")[2].splitlines()
    assert lines == [
        "Net: 36.30 EUR",
        "The same weekday of last week, 2026-02-23: 20.00 EUR (+82 %)",
        "Receipts: 2, 18.15 EUR on average",
        "Gross 38.30 EUR, discounts 1.20 EUR, refunds 0.80 EUR",
        "Tax in it: 6.30 EUR",
        "Paid: Cash 37.30 EUR",
        "Cash: nobody counted it",
        "Best hour: 9:00–9:59, 36.30 EUR",
        "Closes that have arrived: 2",
        "Open alarms: 0",
    ]
    watch(shop, 32)
    assert len(letters(shop, owner, "day")) == 1


def test_the_mail_of_a_day_that_is_not_whole_leaves_at_its_hour(
    shop: Shop, owner: Owner, tills: list[Till]
) -> None:
    wish(owner, "13:30")
    close(tills[0])
    period = "00000000-0000-4000-8000-000000000009"
    x = running(tills[1], period, f"{TODAY} 09:00", f"{TODAY} 13:00", h9=500)
    assert tills[1].send(x).status_code == 201
    watch(shop, 29)
    assert letters(shop, owner, "day") == []
    watch(shop, 1)
    (letter,) = letters(shop, owner, "day")
    assert letter.subject.endswith(": 12.10 EUR"), "what is closed, and never added to what is not"
    text = owner.next_letter().get_content()
    assert "Closes that have arrived: 1; still open, so far 5.00 EUR" in text
    close(tills[1])
    watch(shop, 16)
    assert len(letters(shop, owner, "day")) == 1


def test_a_day_off_has_no_mail_and_nobody_gets_one_who_does_not_want_it(
    shop: Shop, owner: Owner, tills: list[Till]
) -> None:
    close(tills[0])
    close(tills[1])
    watch(shop)
    assert letters(shop, owner, "day") == []
    wish(owner, "23:30")
    shop.clock.advance(24 * 3600)
    watch(shop)
    assert len(letters(shop, owner, "day")) == 1, "that of yesterday"
    shop.clock.advance(24 * 3600)
    watch(shop)
    assert len(letters(shop, owner, "day")) == 1, "nothing is known of these days"


def test_an_e_mail_that_is_not_confirmed_gets_nothing(shop: Shop, owner: Owner, tills: list[Till]) -> None:
    wish(owner, "23:30")
    database = shop.cloud.database
    with database.connection_context():
        hers = Account.update(confirmed_at=None).where(Account.email == owner.email)
        hers.execute(database)
    for till in tills:
        close(till)
        till.send(till.z(9))
    watch(shop, 16)
    assert letters(shop, owner, "day") == letters(shop, owner) == []


def test_who_wants_no_alarms_by_mail_gets_none_and_later_what_is_open(
    shop: Shop, owner: Owner, tills: list[Till]
) -> None:
    wish(owner, None, alarms=False)
    tills[0].send(tills[0].z(3))
    watch(shop, 16)
    assert letters(shop, owner) == []
    wish(owner, None)
    watch(shop)
    assert len(letters(shop, owner)) == 1
