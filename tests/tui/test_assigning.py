"""Assigning a store, from the menu to the first report that arrives."""

import pytest
from httpx import URL

from factorypos_tui.cloud.problems import unreachable
from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.errors import CloudUnreachable
from factorypos_tui.core.language import _, use_language
from factorypos_tui.core.models import Terminal
from factorypos_tui.core.operations.enrolment import disconnect
from tests.support import scenes
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import opened
from tests.support.stations import EMAIL, PASSWORD, Shop
from tests.tui.assigning import in_the_box, to_the_history, with_a_store
from tests.tui.test_log_in import log_in


def bound_elsewhere(shop: Shop) -> None:
    """FactoryCLOUD knows the terminal in another store than Bar Maritim."""
    with_a_store(shop)
    token = accounts.user_token(shop.station)
    company = shop.cloud.companies(token)[0]
    other = shop.cloud.create_store(token, company.id, "Kiosk", "Europe/Madrid", None)
    terminal = shop.till.terminal()
    shop.cloud.enrol(token, other.id, Terminal(terminal.id, terminal.name), "test", move=False)


async def test_from_the_log_in_to_the_first_delivered_z(shop: Shop) -> None:
    with_a_store(shop)
    shop.credentials.delete("user")
    shop.station.database.execute("DELETE FROM setting WHERE name <> 'welcomed'")
    async with opened(shop) as operator:
        await log_in(operator)
        await to_the_history(operator)
        await operator.presses("enter")
        await operator.sees_behind_messages(
            "2 Assign business", "Bar Maritim - Terminal 01", "Z 5", "sent 10:00"
        )
        await operator.is_at("queue")
        shop.sell("CAFE")
        assert shop.close_day() == 6
        await operator.sees("last Z 6 sent 10:00", "all sent")
    assert len(shop.cloud.reports) == 6


async def test_a_till_of_another_account_is_said_to_be_that_before_anything_is_asked(shop: Shop) -> None:
    shop.connect()
    scenes.deliver(shop)
    disconnect(shop.station)
    accounts.register(shop.station, "eva@example.com", PASSWORD, "Eva")
    company = accounts.create_company(shop.station, "Eva SL", "ES", "EUR")
    accounts.create_store(shop.station, company.id, "Eva", "Europe/Madrid")
    async with opened(shop) as operator:
        await operator.is_at("assign")
        await operator.presses("2", then=("company", "1 of 1"))
        await operator.presses("enter", then="business: store")
        await operator.presses("enter")
        await operator.sees(
            "belongs to another account", "the owner of that account", "cloud terminal release"
        )
        assert "Move it here" not in operator.screen


async def test_enter_pressed_twice_assigns_once(shop: Shop) -> None:
    with_a_store(shop)
    with hesitant(shop) as slow:
        slow.may_answer.set()
        async with opened(slow.shop) as operator:
            await operator.is_at("assign")
            await to_the_history(operator)
            slow.may_answer.clear()
            await operator.presses("enter", "enter", "1", "2", then="Assigning...")
            slow.may_answer.set()
            await operator.sees_behind_messages("Bar Maritim - Terminal 01")
            await operator.is_at("queue")
            assert len(operator.app.screen_stack) == 1
    assert slow.calls.count("enrol") == 1


async def test_esc_goes_back_a_step_at_a_time_and_changes_nothing(shop: Shop) -> None:
    with_a_store(shop)
    async with opened(shop) as operator:
        await to_the_history(operator)
        for behind in ("business: store", "business: company", "Enter Choose"):
            await operator.presses("escape", then=behind)
        assert operator.focus == "assign"
    assert load_assignment(shop.station.database) is None


async def test_a_list_that_fails_says_so_and_f4_asks_again(shop: Shop) -> None:
    with_a_store(shop)
    shop.cloud.fail_with = CloudUnreachable("FactoryCLOUD does not answer.", "timeout")
    async with opened(shop) as operator:
        await operator.is_at("assign")
        await operator.presses("2", then="FactoryCLOUD does not answer. F4 asks again.")
        shop.cloud.fail_with = None
        await operator.presses("f4", then=("Maritim SL", "1 of 1"))


@pytest.mark.parametrize("language", ["en", "es"])
async def test_why_a_list_fails_is_whole_however_long(shop: Shop, language: str) -> None:
    use_language(language)
    with_a_store(shop)
    url = URL("https://factorycloud.example.com")
    failure = unreachable(url, "not_factorycloud", _("its answer is not JSON"))
    shop.cloud.fail_with = failure
    words = f"{failure} {_('F4 asks again.')}"
    async with opened(shop, running=False) as operator:
        await operator.presses("2")
        await operator.until(lambda: words in in_the_box(operator.screen), words)


async def test_a_list_that_takes_forever_can_be_left(shop: Shop) -> None:
    with_a_store(shop)
    with hesitant(shop) as slow:
        async with opened(slow.shop) as operator:
            await operator.is_at("assign")
            await operator.presses("2", then="Asking FactoryCLOUD")
            await operator.presses("enter", "down", "escape", at="assign")


async def test_an_ended_session_offers_the_log_in_and_goes_on_where_it_was(shop: Shop) -> None:
    with_a_store(shop)
    shop.cloud.end_sessions()
    async with opened(shop) as operator:
        await operator.is_at("assign")
        await operator.presses("2", then=("F3 logs in.", "F3 Log in"))
        await operator.presses("f3", "enter", at="password")
        await operator.enters(PASSWORD, then=("Maritim SL", "1 of 1"))
        assert "F3" not in operator.screen


async def test_a_session_that_ends_at_the_last_step_loses_no_step_but_that(shop: Shop) -> None:
    with_a_store(shop)
    async with opened(shop) as operator:
        await to_the_history(operator)
        shop.cloud.end_sessions()
        await operator.presses("1", then=("unauthorized F3 logs in.", "1 Send all 5 of them"))
        await operator.presses("f3", "enter", at="password")
        await operator.enters(PASSWORD)
        await operator.no_longer_sees("F3")
        await operator.sees("closed Z reports")
        await operator.presses("1")
        await operator.sees_behind_messages("Bar Maritim - Terminal 01")


async def test_an_assignment_left_half_way_says_that_it_may_still_happen(shop: Shop) -> None:
    with_a_store(shop)
    with hesitant(shop) as slow:
        slow.may_answer.set()
        async with opened(slow.shop) as operator:
            await to_the_history(operator)
            slow.may_answer.clear()
            await operator.presses("1", then="Assigning...")
            await operator.presses("escape")
            await operator.sees("The store may still be assigned: the first line will show it.")
            slow.may_answer.set()
            await operator.sees_behind_messages("Bar Maritim - Terminal 01")


async def test_a_terminal_of_another_store_moves_only_where_that_is_meant(shop: Shop) -> None:
    bound_elsewhere(shop)
    async with opened(shop) as operator:
        await operator.is_at("assign")
        await operator.presses("2", then="1 of 1")
        await operator.presses("enter", then="2 of 2")
        await operator.presses("enter", then="closed Z reports")
        await operator.presses("1", then="Move it here")
        await operator.presses("enter")
        await operator.no_longer_sees("Move it here")
        assert load_assignment(shop.station.database) is None
        await operator.presses("1", then="Move it here")
        await operator.accepts()
        await operator.sees_behind_messages("Bar Maritim - Terminal 01")


async def test_what_stands_against_it_is_said_where_it_was_asked(shop: Shop) -> None:
    shop.connect()
    accounts.create_store(shop.station, accounts.companies(shop.station)[0].id, "Kiosk", "Europe/Madrid")
    async with opened(shop, running=False) as operator:
        await operator.presses("2", then="1 of 1")
        await operator.presses("enter", then="2 of 2")
        await operator.enters("kiosk", then="closed Z reports")
        shop.cloud.fail_with = CloudUnreachable("FactoryCLOUD is busy", "overloaded")
        await operator.presses("1", then=("FactoryCLOUD is busy", "Kiosk (Maritim SL)"))
        await operator.presses("escape", "escape", "escape", at="assign")


async def test_one_of_hundreds_is_found_by_typing(shop: Shop) -> None:
    scenes.with_companies(shop, [f"Company {number:03}" for number in range(600)])
    async with opened(shop) as operator:
        await operator.is_at("assign")
        await operator.presses("2", then="600 of 600")
        await operator.presses("pagedown", "pagedown", "up", "down")
        await operator.types("ANY 59")
        await operator.sees("16 of 600", "Company 590")
        await operator.presses("down", "down", "enter", then="This company has no store yet.")


async def test_a_name_and_enter_in_one_burst_pick_what_was_named(shop: Shop) -> None:
    scenes.with_companies(shop, ["Maritim SL", "Sol SL", "Kiosk SA", "Kiosk SL"])
    async with opened(shop) as operator:
        await operator.is_at("assign")
        await operator.presses("2", then="4 of 4")
        await operator.types_ahead("kiosk", "down", "enter")
        await operator.sees("business: store", "no store yet")
        await operator.presses("f6", then="It is created in Kiosk SL and picked at once.")


async def test_names_are_never_markup_and_stay_on_their_line(shop: Shop) -> None:
    with_a_store(shop, company="[red]two\nlines[/red]", store="\u202e[b]Bar[/b] " + "x" * 300)
    async with opened(shop) as operator:
        await operator.is_at("assign")
        await operator.presses("2", then="[red]two lines[/red]")
        await operator.presses("enter", then=("[b]Bar[/b] xxx", "…"))
        await operator.presses("enter", then=("[b]Bar[/b] xxx", "([red]two lines[/red])", "closed Z reports"))
        await operator.presses("1")
        await operator.sees_behind_messages("FactoryPOS » FactoryCLOUD  [b]Bar[/b] xxx", "● Online")
        assert len(operator.screen.splitlines()) == 24


async def test_the_log_in_ends_with_the_assignment_unless_the_operator_stays(shop: Shop) -> None:
    with_a_store(shop)
    async with opened(shop, running=False) as operator:
        await to_the_history(operator)
        await operator.presses("1", then="Reports now go to Bar Maritim. Your log-in has ended")
    assert accounts.account(shop.station) is None
    accounts.log_in(shop.station, EMAIL, PASSWORD)
    async with opened(shop, running=False) as operator:
        await operator.presses("2", then=("company", "1 of 1"))
        await operator.presses("enter", then=("business: store", "Bar Maritim"))
        await operator.presses("enter", then="Then you are logged out")
        await operator.presses("s", then="You stay logged in here.")
        await operator.presses("1", then="Reports now go to Bar Maritim.")
    assert accounts.account(shop.station) == EMAIL
