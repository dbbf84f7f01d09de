"""Log in with a phone, as the person at the till meets it who types no password there."""

import pytest

from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable
from factorypos_tui.tui.qr import qr_lines
from factorypos_tui.tui.tty.policy import Glyphs
from tests.support.fake_phone import FIRST_CODE
from tests.support.operator import Operator, opened
from tests.support.stations import EMAIL, PASSWORD, Shop

BIG = " ".join(FIRST_CODE)


def a_store(shop: Shop) -> str:
    """Of an owner who is logged in with a phone."""
    cloud = shop.cloud
    cloud.register(EMAIL, PASSWORD, "Ana", "en")
    token = cloud.log_in(EMAIL, PASSWORD).token
    company = cloud.create_company(token, "Maritim SL", "ES", "EUR", None)
    return cloud.create_store(token, company.id, "Bar", "Europe/Madrid", None).id


async def to_the_phone(operator: Operator) -> None:
    await operator.presses("1", then="F12 your phone.")
    await operator.presses("f12", then=(BIG, "https://cloud.example.com/d"))


async def test_a_person_with_a_phone_approves_and_the_days_go_up(shop: Shop) -> None:
    store = a_store(shop)
    async with opened(shop) as operator:
        await to_the_phone(operator)
        await operator.sees("Good for 10:00 more.")
        drawn = qr_lines("HTTPS://CLOUD.EXAMPLE.COM/D/WDJBMJHT", 19, is_ink_light=False)
        await operator.sees(*(f"│ {line} " for line in drawn))
        shop.cloud.decide(FIRST_CODE, "approved", store)
        await operator.sees("Reports now go to Bar.")
        await operator.until(lambda: len(shop.cloud.reports) == 5, "the days to arrive")
    assignment = load_assignment(shop.station.database)
    assert (assignment and assignment.store.name, assignment and assignment.assigned_by) == ("Bar", None)
    assert list(shop.credentials.tokens) == ["terminal"], "nothing of the person's"


async def test_the_person_chooses_which_days_go(shop: Shop) -> None:
    store = a_store(shop)
    async with opened(shop) as operator:
        await to_the_phone(operator)
        shop.cloud.decide(FIRST_CODE, "approved", store, "none")
        await operator.sees("Reports now go to Bar.", "Left out: Z 1-5.")


async def test_who_is_denied_or_too_late_begins_again(shop: Shop) -> None:
    store = a_store(shop)
    async with opened(shop, running=False) as operator:
        await to_the_phone(operator)
        shop.cloud.decide(FIRST_CODE, "access_denied")
        await operator.sees("access_denied", "Enter asks for a new code.")
        assert BIG not in operator.screen
        await operator.presses("enter", then=" ".join("WDJB-MJ01"))
        shop.cloud.decide("WDJB-MJ01", "expired_token")
        await operator.sees("expired_token", "Enter asks for a new code.")
        await operator.presses("enter", then=" ".join("WDJB-MJ02"))
        shop.cloud.decide("WDJB-MJ02", "approved", store)
        await operator.sees("Reports now go to Bar.")


async def test_esc_leaves_it_and_nothing_more_is_asked(shop: Shop) -> None:
    async with opened(shop, running=False) as operator:
        await to_the_phone(operator)
        await operator.presses("escape", then="Log in to FactoryCLOUD")
        await operator.presses("escape", at="account")
        shop.cloud.decide(FIRST_CODE, "approved", a_store(shop))
        await operator.settles()
    assert load_assignment(shop.station.database) is None


async def test_a_line_that_is_down_is_said_and_waited_out(shop: Shop) -> None:
    store = a_store(shop)
    async with opened(shop, running=False) as operator:
        await to_the_phone(operator)
        shop.cloud.fail_with = CloudUnreachable("No line.", "connection")
        await operator.sees("No line.", BIG)
        shop.cloud.fail_with = None
        await operator.no_longer_sees("No line.")
        shop.cloud.decide(FIRST_CODE, "approved", store)
        await operator.sees("Reports now go to Bar.")


async def test_without_a_line_the_code_ends_by_the_clock_of_the_till(shop: Shop) -> None:
    async with opened(shop, running=False) as operator:
        await to_the_phone(operator)
        shop.cloud.fail_with = CloudUnreachable("No line.", "connection")
        await operator.sees("No line.")
        shop.clock.advance(601)
        await operator.sees("No line. Enter asks for a new code.")


async def test_a_cloud_without_it_says_so(shop: Shop) -> None:
    shop.cloud.fail_with = CloudRefused("It knows none.", 404, "not_found")
    async with opened(shop, running=False) as operator:
        await operator.presses("1", then="F12 your phone.")
        await operator.presses("f12", then="It knows none. Enter asks for a new code.")


@pytest.mark.parametrize("glyphs", ["console", "ascii"])
async def test_where_half_blocks_are_missing_the_code_stands_alone(shop: Shop, glyphs: str) -> None:
    async with opened(shop, running=False) as operator:
        await operator.app.change_setting("glyphs", glyphs)
        assert operator.app.policy.glyphs is Glyphs(glyphs)
        await to_the_phone(operator)
        assert "▀" not in operator.screen
        await operator.sees("Open on a phone or a computer:")


async def test_find_leads_to_it_too(shop: Shop) -> None:
    store = a_store(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses("f9")
        await operator.enters("phone", then=BIG)
        shop.cloud.decide(FIRST_CODE, "approved", store)
        await operator.sees("Reports now go to Bar.")
