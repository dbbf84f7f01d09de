"""Connect a till of another program: three steps, back and forth, and what becomes of what was typed."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from factorypos_tui.core.connecting.facts import TillFacts
from factorypos_tui.core.connecting.identity import terminal_id_of
from factorypos_tui.core.errors import TillError
from factorypos_tui.tui.station_app import BEGIN_AGAIN
from factorypos_tui.tui.widgets.field import Field
from tests.support import scenes
from tests.support.connectors import CAJA_1, CAJA_2, FACTS, GRANTS, PASSWORD, MemoryConnector
from tests.support.operator import Operator, opened
from tests.support.stations import Shop, open_shop
from tests.support.tills import MemoryTill


@pytest.fixture
def no_till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A machine in Madrid on which no till was made or connected yet."""
    monkeypatch.setenv("TZ", "Europe/Madrid")
    with open_shop(tmp_path / "bar") as bar:
        bar.till._path.unlink()
        yield bar


@pytest.fixture
def connector(no_till: Shop) -> MemoryConnector:
    connector = no_till.station.connector()
    assert isinstance(connector, MemoryConnector)
    return connector


def answers(operator: Operator) -> dict[str, str]:
    return {field.id or "": field.answer for field in operator.app.screen.query(Field) if field.display}


async def reaches_the_server(operator: Operator, password: str = PASSWORD) -> None:
    await operator.presses("f7", at="server")
    await operator.enters("pos-server", at="database")
    await operator.enters("kriol", at="user")
    await operator.enters("reader", at="password")
    await operator.enters(password)


async def says_whose_it_is(operator: Operator) -> None:
    await operator.sees("Several tills sell into this database.")
    await operator.is_at("host")
    await operator.types("caja-1")
    await operator.presses("enter", at="company")
    await operator.enters("Bar Maritim SL", at="country")
    for field in ("currency", "timezone", "day_starts_at", "terminal_id"):
        await operator.presses("enter", at=field)
    await operator.presses("enter")


async def test_three_steps_lead_to_the_papers_and_to_a_till_that_is_named(
    no_till: Shop, connector: MemoryConnector
) -> None:
    async with opened(no_till) as operator:
        await reaches_the_server(operator)
        await says_whose_it_is(operator)
        await operator.sees("Z 3  3 Nov 2026 23:59  7 receipts", "Without tax 46.71, tax 7.39")
        await operator.sees("54.09 EUR", "cash 33.19, ccard 8.40", "Compare them with the papers")
        await operator.sees(terminal_id_of(CAJA_1))
        assert connector.facts is None
        await operator.accepts()
        await operator.until(lambda: operator.app.return_code == BEGIN_AGAIN, "the app to begin again")
    assert connector.facts == TillFacts(
        "unicenta",
        "mysql://reader@pos-server/kriol",
        "CAJA-1",
        "Bar Maritim SL",
        "ES",
        "EUR",
        "Europe/Madrid",
        "04:00",
        terminal_id_of(CAJA_1),
    )
    assert connector.password == PASSWORD


async def test_a_wrong_password_is_told_and_nothing_typed_is_lost(
    no_till: Shop, connector: MemoryConnector
) -> None:
    async with opened(no_till) as operator:
        await reaches_the_server(operator, "guessed")
        await operator.sees("The server refuses this password.")
        typed = answers(operator)
        assert typed == {
            "program": "mysql",
            "server": "pos-server",
            "database": "kriol",
            "user": "reader",
            "password": "guessed",
        }
        assert "guessed" not in operator.screen
        await operator.is_at("password")
        await operator.clears()
        await operator.enters(PASSWORD, then="Several tills sell into this database.")
    assert [access.password for access in connector.asked] == ["guessed", PASSWORD]


async def test_each_step_leads_back_to_the_one_before_as_it_was_left(no_till: Shop) -> None:
    async with opened(no_till) as operator:
        await reaches_the_server(operator)
        await says_whose_it_is(operator)
        await operator.sees("Compare them")
        await operator.presses("escape", then="Several tills")
        assert answers(operator)["company"] == "Bar Maritim SL"
        assert answers(operator)["host"] == "CAJA-1"
        await operator.presses("escape", then="Look for the till")
        assert answers(operator)["password"] == PASSWORD
        await operator.presses("escape", then="F7")
        assert operator.app.return_code is None


async def test_a_server_that_takes_its_time_stops_nothing(no_till: Shop, connector: MemoryConnector) -> None:
    goes_on = threading.Event()
    connector.before_answering = goes_on.wait
    async with opened(no_till, running=False) as operator:
        await operator.presses("f7", at="server")
        await operator.types_ahead(*"pos", "enter", *"kriol", "enter", *"reader", "enter")
        await operator.is_at("password")
        await operator.types_ahead(*PASSWORD)
        await operator.presses_meanwhile("enter")
        await operator.sees("Looking for the till...")
        await operator.presses_meanwhile("escape")
        await operator.sees("Nothing was changed.", "F7")
        goes_on.set()
        await operator.rests()
        assert "Several tills" not in operator.screen


async def test_a_till_without_a_closed_day_is_connected_too_and_says_so(no_till: Shop) -> None:
    async with opened(no_till) as operator:
        await reaches_the_server(operator)
        await operator.is_at("host")
        await operator.types("caja-2")
        await operator.presses("enter", at="company")
        await operator.enters("Bar", at="country")
        await operator.presses("enter", "enter", "enter", "enter", "enter")
        await operator.sees("It has closed no day yet", terminal_id_of(CAJA_2))


async def test_what_cannot_be_is_said_at_its_field(no_till: Shop) -> None:
    async with opened(no_till) as operator:
        await operator.presses("f7", at="server")
        await operator.enters("my server", then="! This is no server", at="server")
        await operator.clears()
        await operator.enters("[::1]:3307", at="database")
        await operator.presses("up", "up", at="program")
        await operator.types("flo")
        await operator.presses("enter", at="path")
        assert list(answers(operator)) == ["program", "path"]
        await operator.enters("/none/flo.db", then="! There is no such file.")


async def test_a_till_in_a_file_says_itself_what_it_knows(
    no_till: Shop, connector: MemoryConnector, tmp_path: Path
) -> None:
    file = tmp_path / "flo.db"
    file.touch()
    facts = {"company": "Chai", "country": "IN", "currency": "INR", "timezone": "Asia/Kolkata"}
    connector.found = [replace(CAJA_1, host="FloCafe", facts=facts)]
    connector.password = PASSWORD
    async with opened(no_till) as operator:
        await operator.presses("f7", "up", at="program")
        await operator.types("flo")
        await operator.presses("enter", at="path")
        await operator.enters(str(file), at="day_starts_at")
        assert list(answers(operator)) == ["day_starts_at", "scope", "terminal_id"]
        await operator.presses("enter", "enter", "enter", then="54.09 INR")
        await operator.accepts()
        await operator.until(lambda: connector.facts is not None, "the till to be named")
    assert connector.facts is not None
    assert (connector.facts.kind, connector.facts.address) == ("flocafe", str(file))
    assert (connector.facts.company, connector.facts.scope, connector.facts.host) == ("Chai", "day", "")


async def test_the_old_id_can_be_typed_and_one_that_is_none_is_refused(
    no_till: Shop, connector: MemoryConnector
) -> None:
    connector.found = [CAJA_1]
    async with opened(no_till) as operator:
        await reaches_the_server(operator)
        await operator.is_at("company")
        await operator.types("Bar")
        await operator.presses("down", "down", "down", "down", "down", at="terminal_id")
        await operator.enters("CAJA-1", then="! This is no id")
        await operator.clears()
        await operator.enters(FACTS.terminal_id.upper(), then=f"Terminal {FACTS.terminal_id}.")


async def test_the_statements_for_an_account_that_only_reads_are_saved(
    no_till: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with opened(no_till) as operator:
        await reaches_the_server(operator)
        await says_whose_it_is(operator)
        await operator.sees("Compare them")
        await operator.presses("f8", then="factorypos-account.sql")
        await operator.presses("enter", then="The statements were written to")
    assert (tmp_path / "factorypos-account.sql").read_text() == "\n".join(GRANTS) + "\n"


async def test_a_disk_that_says_no_at_the_end_is_told_and_can_be_tried_again(
    no_till: Shop, connector: MemoryConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        raise TillError("The disk is full.")

    async with opened(no_till) as operator:
        await reaches_the_server(operator)
        await says_whose_it_is(operator)
        await operator.sees("Compare them")
        with monkeypatch.context() as broken:
            broken.setattr(connector, "name", refuse)
            await operator.accepts(then="The disk is full.")
        await operator.presses("enter")
        await operator.until(lambda: operator.app.return_code == BEGIN_AGAIN, "the app to begin again")


async def test_a_till_that_cannot_be_read_is_connected_again_with_what_is_known(
    no_till: Shop, connector: MemoryConnector
) -> None:
    connector.facts = replace(FACTS, address="postgresql://r%40d@old:5433/kriol%20os")
    away = replace(no_till, station=replace(no_till.station, till=MemoryTill(away=True)))
    scenes.with_companies(away, [])
    async with opened(away) as operator:
        await operator.sees("F7 connects it.")
        await operator.presses("f7", at="program")
        assert answers(operator) == {
            "program": "postgresql",
            "server": "old:5433",
            "database": "kriol os",
            "user": "r@d",
            "password": "",
        }


async def test_find_connects_a_till_and_says_where_there_is_one_that_has_closed(
    no_till: Shop, tmp_path: Path
) -> None:
    async with opened(no_till) as operator:
        await operator.presses("4", "f9")
        await operator.enters("connect a till", at="server")
    with open_shop(tmp_path / "old", days=2) as old:
        old.connect()
        scenes.deliver(old)
        async with opened(old) as operator:
            await operator.presses("f9")
            await operator.types("connect a till")
            await operator.sees("This till has closed days:", "use another folder.")
