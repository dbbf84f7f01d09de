"""Create user: two passwords, an address that is taken, and what the cloud refuses."""

import pytest

from factorypos_tui.core.account import accounts
from factorypos_tui.core.answers import Registration
from factorypos_tui.core.errors import CloudRefused, FieldProblem
from factorypos_tui.core.language import use_language
from factorypos_tui.tui.screens.guide.welcome import show_welcome
from tests.support import scenes
from tests.support.operator import opened
from tests.support.stations import EMAIL, PASSWORD, Shop
from tests.tui.test_forms import fills_it_in, to_register, value


async def test_create_user_logs_in_and_goes_on_to_the_next_step(shop: Shop) -> None:
    async with opened(shop) as operator:
        await to_register(operator)
        assert value(operator, "email") == EMAIL
        await fills_it_in(operator)
        await operator.presses("down", at="accept")
        await operator.presses("enter", at="assign")
        await operator.sees("1 Account", EMAIL)
        assert len(operator.app.screen_stack) == 1
    assert accounts.companies(shop.station) == []


async def test_two_passwords_that_differ_are_never_sent(shop: Shop) -> None:
    async with opened(shop) as operator:
        await to_register(operator)
        await fills_it_in(operator)
        await operator.types("x")
        await operator.sees("Not yet the same password")
        await operator.presses("enter", "down", "enter", then="! Not yet the same password", at="again")
        await operator.presses("backspace", "enter", at="assign")


async def test_a_password_that_is_seen_need_not_be_typed_twice(shop: Shop) -> None:
    async with opened(shop) as operator:
        await to_register(operator)
        await operator.presses("f7")
        await operator.no_longer_sees("New password again")
        await operator.enters("Ana")
        await operator.types(PASSWORD)
        await operator.sees(PASSWORD)
        await operator.presses("f7")
        await operator.no_longer_sees(PASSWORD)
        await operator.sees("New password again")
        await operator.presses("f7", "enter", at="assign")


async def test_f7_in_the_second_password_leads_to_the_first(shop: Shop) -> None:
    async with opened(shop) as operator:
        await to_register(operator)
        await fills_it_in(operator)
        await operator.is_at("again")
        await operator.presses("f7", at="password")


async def test_an_email_that_is_taken_is_marked_and_all_that_was_typed_stays(shop: Shop) -> None:
    scenes.with_an_account(shop)
    async with opened(shop) as operator:
        await to_register(operator)
        await fills_it_in(operator, name="Ana Núñez")
        await operator.presses("enter", then=("! There is a user with this e-mail already.", "email_taken"))
        await operator.is_at("email")
        assert (value(operator, "name"), value(operator, "again")) == ("Ana Núñez", PASSWORD)
        await operator.types("eva@example.com")
        assert "! There is" not in operator.screen
        await operator.presses("enter", "enter", "enter", "enter", then=("1 Account", "eva@example.com"))


async def test_what_the_cloud_refuses_is_said_at_its_field_in_spanish(shop: Shop) -> None:
    use_language("es")
    fields = (
        FieldProblem("name", "control_characters", "Control characters cannot be used here."),
        FieldProblem("password", "too_common", "This password is one of the first that anybody tries."),
        FieldProblem("language", "invalid", "Unknown language."),
    )
    shop.cloud.fail_with = CloudRefused("Some fields are missing or wrong.", 422, "invalid", fields)
    async with opened(shop) as operator:
        await to_register(operator)
        await fills_it_in(operator)
        await operator.presses("enter")
        await operator.sees(
            "! Algún carácter no se puede usar aquí.", "! Es de las primeras", "Unknown language"
        )
        await operator.is_at("name")
        assert "anybody" not in operator.screen
        assert "missing or wrong" not in operator.screen


@pytest.fixture
def by_invitation(shop: Shop) -> Shop:
    """A shop whose FactoryCLOUD makes users by invitation."""
    shop.cloud.tells_of_registration = Registration(is_open=False, contact="the office, 555 0101")
    return shop


async def test_where_users_are_made_by_invitation_it_is_said_before_anything_is_typed(
    by_invitation: Shop,
) -> None:
    words = "Users are made by invitation here. Ask the office, 555 0101."
    async with opened(by_invitation, running=False) as operator:
        await operator.presses("1", then=words, at="email")
        assert "F6 Register" not in operator.screen.splitlines()[-3]
        await operator.presses("f6", then=words, at="email")
        assert "Register a new user" not in operator.screen
        await operator.presses("escape", at="account")
        await operator.presses("f9")
        await operator.enters("register", then=("Register a new user", words), at="email")


async def test_the_welcome_says_whom_to_ask_and_register_is_dim(by_invitation: Shop) -> None:
    async with opened(by_invitation, running=False) as operator:
        operator.app.run_worker(show_welcome(operator.app))
        await operator.sees("by invitation", "Ask the office, 555 0101.")
        await operator.presses("2")
        await operator.sees("Have a look around first")
        await operator.presses("1", then=("Log in to FactoryCLOUD", "Ask the office"))


async def test_without_a_line_registering_is_tried(shop: Shop) -> None:
    shop.cloud.fail_with = scenes.NO_NETWORK
    async with opened(shop, running=False) as operator:
        await operator.presses("1", then="No user yet? F6 Register.")
        await operator.presses("f6", then="Register a new user")
