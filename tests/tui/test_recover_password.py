"""Recover password: the mail, its code or its link, and the new password."""

from factorypos_tui.core.account import accounts
from tests.support import scenes
from tests.support.fake_accounts import RESET_CODE
from tests.support.operator import Operator, opened
from tests.support.stations import EMAIL, Shop
from tests.tui.test_forms import value


async def to_the_new_password(operator: Operator, email: str = EMAIL) -> None:
    """From the home screen to what happens after the mail was asked for."""
    await operator.presses("1", at="email")
    await operator.types(email)
    await operator.presses("f8", then=("Recover Password", "instructions", email), at="email")
    await operator.presses("enter", at="code")


async def test_recover_says_the_same_whether_or_not_there_is_such_an_account(shop: Shop) -> None:
    scenes.with_an_account(shop)
    screens = []
    for email in (EMAIL, "bob@example.com"):
        async with opened(shop) as operator:
            await to_the_new_password(operator, email)
            await operator.sees("a mail is on its way there", "five tries", "log in.")
            screens.append(operator.screen.replace(email, "..."))
    assert len({" ".join(screen.split()) for screen in screens}) == 1
    assert shop.cloud.recovered == [EMAIL, "bob@example.com"]


async def test_the_code_from_the_mail_chooses_a_password_and_logs_in(shop: Shop) -> None:
    scenes.with_an_account(shop)
    async with opened(shop) as operator:
        await to_the_new_password(operator)
        await operator.enters("mistyped")
        for _twice in range(2):
            await operator.enters("quite another secret")
        await operator.sees("! This is not, or no longer, the code.")
        await operator.is_at("code")
        await operator.types("bcdf-ghjk")
        await operator.presses("enter", "enter", "enter", at="assign")
        await operator.sees("1 Account", EMAIL)
    assert accounts.log_in(shop.station, EMAIL, "quite another secret").account == EMAIL


async def test_who_chose_the_password_at_the_link_comes_back_and_logs_in(shop: Shop) -> None:
    scenes.with_an_account(shop)
    async with opened(shop) as operator:
        await to_the_new_password(operator)
        shop.cloud.choose_password(EMAIL, RESET_CODE, "quite another secret")
        await operator.presses("escape", at="password")
        await operator.enters("quite another secret", at="assign")


async def test_a_second_factor_is_asked_for_after_the_password_was_chosen(shop: Shop) -> None:
    scenes.with_an_account(shop)
    shop.cloud.ask_for_code(EMAIL, "123456")
    async with opened(shop) as operator:
        await to_the_new_password(operator)
        await operator.types(RESET_CODE)
        await operator.presses("enter")
        for _twice in range(2):
            await operator.enters("quite another secret")
        await operator.sees("The password was changed.", "Code of the second factor")
        await operator.enters("000000")
        await operator.sees("second_factor_required")
        await operator.scans("123456")
        await operator.is_at("assign")
        await operator.sees("1 Account", EMAIL)


async def test_leaving_recover_leaves_the_log_in_as_it_was(shop: Shop) -> None:
    async with opened(shop) as operator:
        await operator.presses("1", at="email")
        await operator.types(EMAIL)
        await operator.presses("f8", then="instructions")
        await operator.presses("escape", at="email")
        assert value(operator, "email") == EMAIL
    assert shop.cloud.recovered == []
