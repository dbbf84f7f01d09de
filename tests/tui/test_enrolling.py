"""Enrolling with a code, as the person at the till meets it who has no user."""

from pathlib import Path

from factorypos_tui.core.account.assignment import load_assignment
from tests.support.operator import Operator, opened
from tests.support.stations import EMAIL, PASSWORD, Shop, open_shop

TYPED = "bcdf ghjk lmnp qrst vwxz"


def a_code(shop: Shop, uses: int = 1) -> str:
    """Of a store whose owner is logged in elsewhere."""
    cloud = shop.cloud
    cloud.register(EMAIL, PASSWORD, "Ana", "en")
    token = cloud.log_in(EMAIL, PASSWORD).token
    company = cloud.create_company(token, "Maritim SL", "ES", "EUR", None)
    return cloud.make_code(cloud.create_store(token, company.id, "Bar", "Europe/Madrid", None).id, uses)


async def to_the_code(operator: Operator) -> None:
    await operator.presses("1", then="F3 takes a code of the owner")
    await operator.presses("f3", then="Enrolment code")


async def test_a_code_leads_to_the_history_and_assigns_the_terminal(shop: Shop) -> None:
    code = a_code(shop)
    async with opened(shop) as operator:
        await to_the_code(operator)
        await operator.enters(f"  {code} ", then="the store that the code was made for")
        await operator.sees("5 closed Z reports")
        assert "logged" not in operator.screen, "nobody is"
        await operator.presses("1", then="Reports now go to Bar.")
        await operator.until(lambda: len(shop.cloud.reports) == 5, "the days to arrive")
    assignment = load_assignment(shop.station.database)
    assert (assignment and assignment.store.name, assignment and assignment.assigned_by) == ("Bar", None)
    assert list(shop.credentials.tokens) == ["terminal"]


async def test_a_scanned_code_goes_on_by_itself_and_an_article_does_not(shop: Shop) -> None:
    code = a_code(shop)
    async with opened(shop, running=False) as operator:
        await to_the_code(operator)
        await operator.scans("7222222222222")
        await operator.sees("Enrolment code", "7222222222222", "Press Enter once more.")
        await operator.clears()
        assert "once more" not in operator.screen
        await operator.scans(code)
        await operator.sees("the store that the code was made for", "5 closed Z reports")


async def test_days_that_are_left_out_are_named(shop: Shop) -> None:
    code = a_code(shop)
    async with opened(shop) as operator:
        await to_the_code(operator)
        await operator.enters(code, then="2 Send only what is closed from now on")
        await operator.presses("2", then=("Reports now go to Bar.", "Left out: Z 1-5."))


async def test_a_refused_code_says_why_and_esc_leads_back_to_what_was_typed(shop: Shop) -> None:
    a_code(shop)
    async with opened(shop, running=False) as operator:
        await to_the_code(operator)
        await operator.presses("enter", then="Type the code, or go back with Esc.")
        await operator.enters(TYPED, then="5 closed Z reports")
        await operator.presses("1", then="code_invalid")
        await operator.presses("escape", then=("Enrolment code", TYPED))
        await operator.presses("escape", then="Log in to FactoryCLOUD")
        await operator.presses("escape", at="account")
    assert load_assignment(shop.station.database) is None


async def test_find_leads_to_it_too(shop: Shop) -> None:
    code = a_code(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses("f9")
        await operator.enters("enrol", then="Enrolment code")
        await operator.enters(code, then="5 closed Z reports")
        await operator.presses("1", then="Reports now go to Bar.")


async def test_where_only_a_log_in_helps_no_code_is_offered(busy: Shop) -> None:
    busy.cloud.end_sessions()
    async with opened(busy, running=False) as operator:
        await operator.presses("2", then="F3 logs in.")
        await operator.presses("f3", then="Log in to FactoryCLOUD")
        assert "a code of" not in operator.screen


async def test_the_first_steps_say_that_no_user_is_needed(tmp_path: Path) -> None:
    with open_shop(tmp_path / "new") as shop:
        code = a_code(shop)
        async with opened(shop) as operator:
            await operator.sees("1 Log in or register")
            await to_the_code(operator)
            await operator.enters(code, then="closed no day yet.")
            await operator.presses("1")
            await operator.sees_behind_messages("assigned with a code")
