"""Settings: a changed setting is in force at once, kept, and explained."""

import threading

import pytest
from textual.events import Key

from factorypos_tui.core.language import use_language
from factorypos_tui.core.settings import get_setting, set_setting
from factorypos_tui.core.storage.database import Database
from factorypos_tui.tui.background import THREAD
from factorypos_tui.tui.widgets.menu import Menu
from tests.support.operator import Operator, opened
from tests.support.stations import Shop


async def test_it_opens_before_anybody_has_logged_in(shop: Shop) -> None:
    async with opened(shop) as operator:
        await operator.presses("3", then=("< off >", "Off: FactoryCLOUD gets"))
        await operator.presses("1")
        await operator.sees("< on >", "On: the first X Report goes once a business is assigned.")
    assert get_setting(shop.station.database, "send_x_report") == "on"


async def test_languages_follow_one_another_as_fast_as_keys_do(shop: Shop) -> None:
    async with opened(shop, running=False) as operator:
        await operator.presses("3", then="< off >")
        await operator.presses("2")
        for _press in range(20):
            operator.app.post_message(Key("2", "2"))
        await operator.stands_still()
        await operator.sees("F10")
    use_language("en")


async def to_the_settings(operator: Operator) -> None:
    await operator.is_at("queue")
    await operator.presses("3", then=("< off >", "Send the running day's sales"))


async def test_send_x_is_switched_on_and_says_when_the_next_one_goes(busy: Shop) -> None:
    async with opened(busy) as operator:
        await to_the_settings(operator)
        await operator.presses("enter")
        await operator.sees("< on >", "The next X Report goes at 14:00, then one every 30 minutes")
        assert get_setting(busy.station.database, "send_x_report") == "on"
        await operator.presses("escape", then="X: every 30 min")


async def test_enter_pressed_twice_changes_twice_and_never_past_the_choices(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await to_the_settings(operator)
        await operator.presses("1", then="< on >")
        await operator.presses("left", then="< off >")
        await operator.presses("left", then="< on >")


async def test_the_language_changes_every_screen_at_once_and_back(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await to_the_settings(operator)
        await operator.presses("2", then="< English >")
        await operator.presses("2", then=("Configuración", "< Español >", "Idioma de pantallas"))
        assert operator.focus == "language"
        await operator.presses("escape", then=("Sincronización", "7 Desconectar", "F10 Salir"))
        await operator.presses("3", "2", then="Language of screens and messages")
    use_language("en")


async def test_the_theme_changes_at_once_and_is_kept(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await to_the_settings(operator)
        seen = []
        for _press in range(5):
            await operator.presses("3")
            seen.append(operator.app.theme)
        assert len(set(seen)) == 4
        kept = get_setting(busy.station.database, "theme")
        assert kept == "auto"


async def test_a_disk_that_is_full_says_so_and_changes_nothing(busy: Shop) -> None:
    busy.station.database.execute(
        "CREATE TRIGGER full BEFORE INSERT ON setting BEGIN"
        " SELECT raise(ABORT, 'database or disk is full'); END"
    )
    async with opened(busy, running=False) as operator:
        await to_the_settings(operator)
        await operator.presses("1", then="The disk is full: nothing new can be saved")
        assert get_setting(busy.station.database, "send_x_report") == "off"


async def test_f1_explains_the_setting_in_focus(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await to_the_settings(operator)
        await operator.presses("down", "f1")
        await operator.sees("─ Help ─", "Language (Idioma): Language of screens and messages.")


async def test_a_value_that_is_kept_while_the_program_ends_is_kept_in_silence(
    busy: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The menu has gone when the thread has done its work, and its screen has not."""
    is_asked, may_go_on = threading.Event(), threading.Event()

    def keep_slowly(database: Database, name: str, value: str) -> None:
        is_asked.set()
        may_go_on.wait(30)
        set_setting(database, name, value)

    def go_on(_menu: Menu) -> None:
        may_go_on.set()
        for thread in threading.enumerate():
            if thread.name == THREAD:
                thread.join(30)

    monkeypatch.setattr("factorypos_tui.tui.station_app.set_setting", keep_slowly)
    monkeypatch.setattr(Menu, "on_unmount", go_on, raising=False)
    async with opened(busy, running=False) as operator:
        await to_the_settings(operator)
        operator.holds("1")
        await operator.until(is_asked.is_set, "the thread that keeps it")
    assert get_setting(busy.station.database, "send_x_report") == "on"
