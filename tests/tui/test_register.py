"""Create user: two passwords, an address that is taken, and what the cloud refuses."""

from factorypos_tui.core.account import accounts
from factorypos_tui.core.errors import CloudRefused, FieldProblem
from factorypos_tui.core.language import use_language
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
