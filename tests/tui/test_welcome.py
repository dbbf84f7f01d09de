"""The welcome: once, to who has never logged in here; and again from the help."""

import pytest

from factorypos_tui.core.language import use_language
from factorypos_tui.core.storage.facts import drop_fact
from tests.support import scenes
from tests.support.operator import Operator, opened
from tests.support.stations import EMAIL, PASSWORD, Shop
from tests.tui.test_forms import fills_it_in, to_register


@pytest.fixture
def new_shop(shop: Shop) -> Shop:
    """A shop whose operator has never seen the program."""
    drop_fact(shop.station.database, "welcomed")
    return shop


def deciding(operator: Operator) -> bool:
    """Whether the app still decides about the welcome, or shows it."""
    return any(worker.group == "welcome" and worker.is_running for worker in operator.app.workers)


async def test_it_leads_a_newcomer_to_the_log_in_and_on(new_shop: Shop) -> None:
    scenes.with_an_account(new_shop)
    async with opened(new_shop) as operator:
        await operator.sees("Welcome", "Z report goes up by itself", "Never sent: card numbers")
        await operator.presses("enter", at="email")
        await operator.enters(EMAIL)
        await operator.enters(PASSWORD, at="assign")


@pytest.mark.parametrize("language", ["en", "es"])
async def test_all_its_choices_are_seen_on_the_smallest_terminal(new_shop: Shop, language: str) -> None:
    use_language(language)
    async with opened(new_shop, size=(80, 22)) as operator:
        await operator.sees({"en": "3 Have a look around", "es": "3 Echar antes"}[language])


async def test_esc_leads_home_and_it_does_not_come_again(new_shop: Shop) -> None:
    async with opened(new_shop) as operator:
        await operator.sees("Welcome")
        await operator.presses("escape", at="account")
    async with opened(new_shop) as operator:
        await operator.app.workers.wait_for_complete()
        assert "Welcome" not in operator.screen


async def test_who_has_logged_in_is_not_welcomed_but_finds_it_in_the_help(new_shop: Shop) -> None:
    scenes.with_companies(new_shop, [])
    async with opened(new_shop) as operator:
        await operator.app.workers.wait_for_complete()
        assert "Welcome" not in operator.screen
        await operator.presses("f1", then="F3 Welcome")
        await operator.presses("f3", then=("Welcome to FactoryCLOUD", EMAIL))
        await operator.presses("3", at="assign")


async def test_a_newcomer_without_a_user_registers_from_there(new_shop: Shop) -> None:
    async with opened(new_shop) as operator:
        await operator.sees("1 Log in", "2 Register")
        await operator.presses("2", at="email")
        await operator.enters(EMAIL)
        await fills_it_in(operator)
        await operator.presses("enter", then="Next: 2 Assign business.", at="assign")


async def test_whose_queue_was_lost_is_told_of_that_and_not_welcomed(shop: Shop) -> None:
    shop.connect()
    shop.station.database.execute("DELETE FROM setting")
    async with opened(shop) as operator:
        await operator.sees("Bar Maritim", "Log in", "sending: this app")
        await operator.until(lambda: not deciding(operator), "that nobody is welcomed")


async def test_asked_for_at_the_log_in_it_leads_back_to_that_very_log_in(shop: Shop) -> None:
    async with opened(shop, running=False) as operator:
        await operator.presses("1")
        await operator.types("ana")
        await operator.presses("f1", "f3", then="Welcome to FactoryCLOUD")
        await operator.presses("1", then=("Log in to FactoryCLOUD", "ana"))
        await operator.presses("escape", at="account")


@pytest.mark.parametrize(("key", "at"), [("1", "name"), ("2", "name")])
async def test_asked_for_while_registering_it_leads_back_to_that_form(shop: Shop, key: str, at: str) -> None:
    async with opened(shop, running=False) as operator:
        await to_register(operator)
        await operator.types("Ana")
        await operator.presses("f1", "f3", then="Welcome to FactoryCLOUD")
        await operator.presses(key, then="Ana", at=at)
        await operator.presses("escape", at="email")


async def test_register_from_over_the_log_in_is_the_same_form_as_its_key(shop: Shop) -> None:
    async with opened(shop) as operator:
        await operator.presses("1")
        await operator.types(EMAIL)
        await operator.presses("f1", "f3", then="Welcome to FactoryCLOUD")
        await operator.presses("2", at="name")
        await operator.sees("Register a new user", EMAIL)
        await fills_it_in(operator)
        await operator.presses("enter", at="assign")
        assert len(operator.app.screen_stack) == 1


async def test_a_full_disk_is_said_and_keeps_nobody_out(new_shop: Shop) -> None:
    new_shop.station.database.execute(
        "CREATE TRIGGER full BEFORE INSERT ON setting BEGIN SELECT raise(ABORT, 'database or disk is full');"
        " END"
    )
    async with opened(new_shop, running=False) as operator:
        await operator.sees("The disk is full")
