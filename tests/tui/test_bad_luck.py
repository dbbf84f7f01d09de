"""Bugs, damaged rows, and dialogs that are closed at work: the app goes on, leaks nothing, and tells the
operator."""

from pathlib import Path

import pytest
from textual.widgets import Input

from factorypos_tui.core.operations.resending import resend_all
from tests.support import scenes
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import opened
from tests.support.stations import Shop


async def test_a_bug_of_one_action_is_said_and_the_app_goes_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes.with_companies(shop, ["Maritim SL"])

    def stumble(*_arguments: object) -> None:
        raise ZeroDivisionError("a secret that no screen may show")

    monkeypatch.setattr(shop.cloud, "companies", stumble)
    async with opened(shop, running=False) as operator:
        await operator.presses("2", then="Something unexpected went wrong. Reports are safe")
        assert "a secret" not in operator.screen
        await operator.presses("escape", at="assign")


async def test_a_dialog_left_while_it_disconnects_still_has_its_say(busy: Shop) -> None:
    with hesitant(busy) as slow:
        async with opened(slow.shop, running=False) as operator:
            await operator.presses("7", "down", "enter", then="Disconnecting...")
            busy.cloud.fail_with = scenes.NO_NETWORK
            await operator.presses("escape", then="It goes on; what comes of it will be said here.")
            slow.may_answer.set()
            await operator.sees("FactoryCLOUD could not be told.")
    assert busy.credentials.tokens == {}


async def test_a_password_never_goes_to_a_clipboard(shop: Shop) -> None:
    async with opened(shop, running=False) as operator:
        await operator.presses("1", at="email")
        await operator.enters("ana@example.com")
        await operator.types("a secret")
        field = operator.app.screen.query_one("#password", Input)
        for key in ("ctrl+c", "ctrl+x"):
            field.select_all()
            await operator.presses(key)
            await operator.settles()
        assert operator.app.clipboard == ""
        assert field.value == "a secret"


async def test_one_damaged_report_keeps_no_other_from_being_exported(busy: Shop) -> None:
    busy.station.database.execute("UPDATE body SET bytes = ? WHERE shipment_id = 2", b"\xff{")
    busy.station.database.execute("DELETE FROM body WHERE shipment_id = 3")
    async with opened(busy, running=False) as operator:
        await operator.presses("4", then="Z 5, ")
        await operator.presses("e", "enter", then="5 reports were written to")
    (written,) = Path.home().glob("*.jsonl")
    unreadable = [line.count('"report": null') for line in written.read_text("utf-8").splitlines()]
    assert unreadable == [0, 0, 0, 1, 0]  # the till builds the one again whose bytes were lost


async def test_an_impatient_f3_opens_one_log_in(shop: Shop) -> None:
    scenes.with_companies(shop, ["Maritim SL"])
    shop.cloud.end_sessions()
    async with opened(shop, running=False) as operator:
        await operator.presses("2", then="F3 logs in.")
        await operator.presses("f3", "f3", "f3", "enter", at="password")
        await operator.presses("escape", then="F3 logs in.")


async def test_retry_all_says_so_where_only_another_stores_reports_need_a_person(busy: Shop) -> None:
    busy.station.database.execute(
        "UPDATE shipment SET state = 'attention', last_error = 'invalid', store_id = 'another' WHERE id = 1"
    )
    async with opened(busy, running=False) as operator:
        await operator.presses("4", then="Z 5, ")
        await operator.presses("t", then="What needs attention was made for another store.")


async def test_a_second_resending_with_everything_waiting_forgets_nothing(busy: Shop) -> None:
    busy.cloud.fail_with = scenes.NO_NETWORK
    busy.clock.advance(60)
    async with opened(busy) as operator:
        await operator.is_at("queue")
        await operator.presses("5", then="5 Z reports")
        await operator.accepts(then="5 of 5 left")
        busy.clock.advance(60)
        assert operator.app.engine.perform(resend_all) == 0
        await operator.presses("escape", then=("5 Resend all statistics", "5 left"))


async def test_screens_recover_from_a_database_in_trouble(busy: Shop) -> None:
    database = busy.station.database
    async with opened(busy, running=False) as operator:
        database.execute("ALTER TABLE setting RENAME TO lost")
        await operator.presses("3", then=("What it does", "is damaged"))
        database.execute("ALTER TABLE lost RENAME TO setting")
        await operator.takes_a_look(busy)
        await operator.sees("< off >")


async def test_the_help_names_every_key_also_those_without_room_in_the_last_line(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses("4", then="Z 5, ")
        await operator.presses("f1", then=("─ Help ─", "The arrows scroll"))
        seen = operator.screen
        for _page in range(4):
            await operator.presses("pagedown")
            await operator.settles()
            seen += operator.screen
        for key, does in (
            ("Home", "The first row."),
            ("End", "The last row."),
            ("PgDn", "A page down."),
        ):
            assert key in seen
            assert does in seen
