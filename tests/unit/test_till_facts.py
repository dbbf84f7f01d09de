"""What can be said of a till of another program, and under which id FactoryCLOUD knows it."""

from dataclasses import replace
from uuid import UUID

import pytest

from factorypos_tui.core.account.place import Place
from factorypos_tui.core.connecting.asking import OF_THE_SHOP, is_decided, proposed
from factorypos_tui.core.connecting.facts import address_of, checked, checked_url
from factorypos_tui.core.connecting.identity import terminal_id_of
from factorypos_tui.core.errors import UsageError
from tests.support.connectors import CAJA_1, CAJA_2, FACTS

LIMA = Place("PE", "PEN", "America/Lima")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("mysql://reader@db/kriol", "mysql://reader@db/kriol"),
        ("mariadb://reader@192.168.1.5:3307/kriol", "mysql://reader@192.168.1.5:3307/kriol"),
        ("postgres://r%40d@db.example.com/kriol/", "postgresql://r%40d@db.example.com/kriol"),
        ("postgresql://reader@[::1]:5433/kriol", "postgresql://reader@[::1]:5433/kriol"),
    ],
)
def test_an_address_is_kept_in_one_spelling(said: str, kept: str) -> None:
    assert checked_url(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "",
        "kriol",
        "sqlite:///kriol.db",
        "mysql://db/kriol",
        "mysql://reader@/kriol",
        "mysql://reader@db",
        "mysql://reader@db/kriol/more",
        "mysql://reader@db:port/kriol",
        "mysql://reader@db:99999/kriol",
        "mysql://reader@db/kriol?ssl=no",
        "mysql://reader@[::1/kriol",
        "mysql://reader@db/kri\x1bol",
        "mysql://reader@db/" + "k" * 1000,
    ],
)
def test_what_is_no_address_of_a_database_is_refused_with_an_example(said: str) -> None:
    with pytest.raises(UsageError, match="mysql://USER@SERVER/DATABASE"):
        checked_url(said)


def test_an_address_with_a_password_is_refused_and_never_repeated() -> None:
    with pytest.raises(UsageError, match="has a password in it") as refused:
        checked_url("mysql://reader:hunter2@db/kriol")
    assert "hunter2" not in str(refused.value)


def test_an_address_is_put_together_of_what_a_person_knows() -> None:
    assert (
        address_of("mysql", " 10.0.0.2:3307 ", "kriol os", "r@d") == "mysql://r%40d@10.0.0.2:3307/kriol%20os"
    )
    with pytest.raises(UsageError):
        address_of("mysql", "", "kriol", "reader")


@pytest.mark.parametrize(
    ("name", "said", "kept"),
    [
        ("country", "es", "ES"),
        ("currency", "eur", "EUR"),
        ("timezone", "europe/madrid", "Europe/Madrid"),
        ("day_starts_at", "4:30", "04:30"),
        ("company", " Bar Marítim ", "Bar Marítim"),
        ("terminal_id", "5A0C36F08B1E4A1A9F520D1C7F9F2B11", "5a0c36f0-8b1e-4a1a-9f52-0d1c7f9f2b11"),
        ("scope", "session", "session"),
    ],
)
def test_what_is_said_is_kept_in_one_spelling(name: str, said: str, kept: str) -> None:
    assert checked(name, said) == kept


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("kind", "bundled", "unicenta, flocafe"),
        ("company", "", "1 to 100 characters"),
        ("company", "Bar\x1b[31m", "1 to 100 characters"),
        ("country", "Atlantis", "not a country"),
        ("currency", "doubloon", "not a currency"),
        ("timezone", "Mars/Olympus", "not a time zone"),
        ("day_starts_at", "24:00", "such as 04:00"),
        ("day_starts_at", "4", "such as 04:00"),
        ("terminal_id", "CAJA-1", "It is a UUID"),
        ("scope", "week", "by day or by session"),
    ],
)
def test_what_cannot_be_is_refused_in_words(name: str, said: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        checked(name, said)


def test_the_keys_are_those_that_interfaces_promise() -> None:
    assert dict(replace(FACTS, password_file="till-password").keys()) == {
        "kind": "unicenta",
        "url": "mysql://reader@db/kriol",
        "host": "CAJA-1",
        "company": "Bar Marítim SL",
        "country": "ES",
        "currency": "EUR",
        "timezone": "Europe/Madrid",
        "day_starts_at": "04:00",
        "terminal_id": FACTS.terminal_id,
        "password_file": "till-password",
    }
    in_a_file = replace(FACTS, kind="flocafe", address="/srv/flo.db", host="", scope="day")
    keys = in_a_file.keys()
    assert list(keys)[:2] == ["kind", "path"]
    assert "host" not in keys
    assert keys["scope"] == "day"


def test_the_id_of_a_till_follows_from_its_data_on_every_machine() -> None:
    """Changed, it would make every till of the world a new one: ten years of days would count twice."""
    assert terminal_id_of(CAJA_1) == "cb86ee77-9978-5254-b375-9530a939251b"
    assert UUID(terminal_id_of(CAJA_1)).version == 5


def test_two_tills_in_one_database_have_two_ids_and_what_they_have_closed_changes_none() -> None:
    assert terminal_id_of(CAJA_1) != terminal_id_of(replace(CAJA_1, host="CAJA-2"))
    assert terminal_id_of(CAJA_1) != terminal_id_of(replace(CAJA_1, identity=CAJA_2.identity))
    assert terminal_id_of(CAJA_1) == terminal_id_of(replace(CAJA_1, closes=99, last_z=100, last_closed=None))


def test_each_answer_proposes_those_that_follow_from_it() -> None:
    assert [proposed(name, {}, CAJA_1, LIMA) for name in OF_THE_SHOP] == [
        "",
        "PE",
        "PEN",
        "America/Lima",
        "04:00",
    ]
    spain = {"country": "ES"}
    assert proposed("currency", spain, CAJA_1, LIMA) == "EUR"
    assert proposed("timezone", spain, CAJA_1, LIMA) == "Europe/Madrid"


def test_what_the_tills_own_data_say_is_asked_of_nobody() -> None:
    flo = replace(CAJA_1, facts={"currency": "INR", "timezone": "Asia/Kolkata"})
    assert proposed("currency", {"country": "ES"}, flo, LIMA) == "INR"
    assert [name for name in OF_THE_SHOP if is_decided(name, flo)] == ["currency", "timezone"]
