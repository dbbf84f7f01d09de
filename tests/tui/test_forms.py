"""Filling in a form, as the person at the keyboard meets it: recover, register, and what all forms do."""

import pytest
from textual.widgets import Input

from factorypos_tui.core.errors import CloudUnreachable
from factorypos_tui.core.language import use_language
from tests.support import scenes
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import Operator, opened
from tests.support.stations import EMAIL, PASSWORD, Shop


async def to_register(operator: Operator, email: str = EMAIL) -> None:
    """From the home screen to the form, with the e-mail typed at the log-in."""
    await operator.presses("1", at="email")
    await operator.types(email)
    await operator.presses("f6", at="name")


async def fills_it_in(operator: Operator, name: str = "Ana", password: str = PASSWORD) -> None:
    """Name and password, twice; the last Enter is still to come."""
    await operator.types(name)
    for _twice in range(2):
        await operator.presses("enter")
        await operator.types(password)


def value(operator: Operator, field: str) -> str:
    return operator.app.screen.query_one(f"#{field}", Input).value


async def test_nothing_is_wrong_before_anything_was_typed(shop: Shop) -> None:
    async with opened(shop) as operator:
        await operator.presses("1", at="email")
        await operator.presses("f6", then="New password again")
        await operator.presses("tab", "tab", "tab", "tab", "tab")
        assert "!" not in operator.screen.replace("!=", "")
        await operator.is_at("email")
        await operator.types("ana")
        await operator.sees("An address such as ana@example.com")
        assert "! An address" not in operator.screen
        await operator.presses("tab", then="! An address such as ana@example.com")
        await operator.presses("shift+tab", "end")
        await operator.types("@example.com")
        await operator.no_longer_sees("An address such as")


async def test_enter_and_arrows_lead_through_the_form_and_to_what_is_missing(shop: Shop) -> None:
    async with opened(shop) as operator:
        await to_register(operator)
        await operator.presses("enter", then="! Type your name.", at="name")
        for key, field in (("down", "password"), ("down", "again"), ("down", "accept"), ("enter", "name")):
            await operator.presses(key, at=field)
        await operator.sees("! Type a password of 12 characters or more.", "! Type it again")
        await operator.presses("up", at="email")


async def test_f7_in_a_burst_is_in_its_turn(shop: Shop) -> None:
    async with opened(shop) as operator:
        await to_register(operator)
        await operator.types_ahead("f7", "Ana Maria", "enter", PASSWORD, "enter")
        await operator.is_at("assign")


@pytest.mark.parametrize("on", ["enter", "tab", "down"])
async def test_what_is_typed_in_one_burst_lands_where_it_was_meant(shop: Shop, on: str) -> None:
    async with opened(shop) as operator:
        await operator.presses("1", at="email")
        await operator.presses("f6", then="New password again")
        await operator.types_ahead(EMAIL, on, "Ana Maria", on, PASSWORD, on, PASSWORD, "enter")
        await operator.is_at("assign")
        await operator.sees("1 Account", EMAIL)
    assert shop.cloud.log_in(EMAIL, PASSWORD).email == EMAIL


async def test_an_impatient_enter_creates_one_user(shop: Shop) -> None:
    with hesitant(shop) as slow:
        async with opened(slow.shop) as operator:
            await to_register(operator)
            await fills_it_in(operator)
            await operator.presses("enter", "enter", "down", "enter", then="Creating the user...")
            slow.may_answer.set()
            await operator.is_at("assign")
            assert len(operator.app.screen_stack) == 1
    assert slow.calls.count("register") == 1


async def test_esc_leaves_at_once_and_says_what_may_still_happen(shop: Shop) -> None:
    with hesitant(shop) as slow:
        async with opened(slow.shop) as operator:
            await to_register(operator)
            await fills_it_in(operator)
            await operator.presses("enter", then="Creating the user...")
            await operator.presses("escape", then=("The user may still be created", "Log in to FactoryCLOUD"))
            await operator.is_at("email")


async def test_f10_leaves_at_once(shop: Shop) -> None:
    with hesitant(shop) as slow:
        async with opened(slow.shop) as operator:
            await to_register(operator)
            await fills_it_in(operator)
            await operator.presses("enter", then="Creating the user...")
            await operator.presses("f10")
            assert operator.app.return_code == 0


async def test_no_network_loses_nothing_and_enter_tries_again(shop: Shop) -> None:
    shop.cloud.fail_with = CloudUnreachable("FactoryCLOUD cannot be reached.", "connection")
    async with opened(shop) as operator:
        await to_register(operator)
        await fills_it_in(operator)
        await operator.presses("enter", then=("FactoryCLOUD cannot be reached.", EMAIL, "Ana"))
        shop.cloud.fail_with = None
        await operator.presses("enter", at="assign")


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("Ana\nNúñez\r\n", "Ana Núñez"),
        ("\n\nAna", "Ana"),
        ("\x1b[31mAna\x00", "[31mAna"),
        ("\u202eAna\u202c 🍺 مقهى [b]", "Ana 🍺 مقهى [b]"),
        ("x" * 5000, "x" * 200),
    ],
)
async def test_whatever_is_pasted_stays_one_harmless_line(shop: Shop, pasted: str, kept: str) -> None:
    async with opened(shop) as operator:
        await to_register(operator)
        await operator.pastes(pasted)
        assert value(operator, "name") == kept
        assert operator.focus == "name"
        assert len(operator.screen.splitlines()) == 24


async def test_a_pasted_password_keeps_its_blanks_and_loses_its_line_break(shop: Shop) -> None:
    async with opened(shop) as operator:
        await to_register(operator)
        await operator.presses("down")
        await operator.pastes(" my secret \n")
        assert value(operator, "password") == " my secret "


async def test_a_paste_fills_the_room_that_is_left(shop: Shop) -> None:
    async with opened(shop) as operator:
        await to_register(operator)
        await operator.types("Ana ")
        await operator.pastes("y" * 300)
        assert value(operator, "name") == "Ana " + "y" * 196


async def test_every_key_of_every_form_fits_the_last_line_in_spanish(shop: Shop) -> None:
    use_language("es")
    scenes.with_companies(shop, [])
    async with opened(shop) as operator:
        for way in (["1"], ["1", "f6"], ["1", "f8"], ["2"], ["2", "f6"]):
            for key in way:
                await operator.presses(key, then="F10 Salir")
                assert "…" not in operator.screen.splitlines()[-1]
            await operator.presses(*("escape" for _key in way), at={"1": "account", "2": "assign"}[way[0]])


async def test_a_country_in_words_is_found_in_the_operators_language(shop: Shop) -> None:
    use_language("es")
    scenes.with_companies(shop, ["Maritim SL"])
    async with opened(shop) as operator:
        await operator.is_at("assign")
        await operator.presses("2", then="1 de 1")
        await operator.presses("f6", at="name")
        await operator.types("Bar")
        await operator.presses("enter", "enter", at="country")
        await operator.types("peru")
        await operator.presses("enter", at="currency")
        await operator.sees("Perú (PE)", "PEN sol peruano")
