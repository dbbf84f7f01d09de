"""A picture of each place where the code of a second factor is asked for."""

from factorypos_tui.core.account.accounts import NEEDS_CODE
from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.language import _
from tests.support import scenes
from tests.support.fake_accounts import RESET_CODE
from tests.support.operator import Operator, app_of
from tests.support.stations import EMAIL, PASSWORD, Shop
from tests.tui.camera import Camera, in_both_languages


@in_both_languages("Code of the second factor", "Código del segundo factor")
def test_log_in(shop: Shop, camera: Camera, words: str) -> None:
    refusal = _(
        "This user has a second factor: give the code that its app shows now, or a recovery code. Each works "
        "once. Nothing was changed."
    )
    shop.cloud.fail_with = CloudRefused(refusal, 401, NEEDS_CODE)

    async def story(operator: Operator) -> None:
        await operator.presses("1", at="email")
        await operator.enters(EMAIL)
        await operator.enters(PASSWORD)
        await operator.sees(words)

    assert camera.finds_as_pictured(app_of(shop), story)


@in_both_languages("type its code", "escriba su código")
def test_new_password(shop: Shop, camera: Camera, words: str) -> None:
    scenes.with_an_account(shop)
    shop.cloud.ask_for_code(EMAIL, "123456")

    async def story(operator: Operator) -> None:
        await operator.presses("1", at="email")
        await operator.types(EMAIL)
        await operator.presses("f8")
        await operator.until(lambda: not operator.app.screen.query("#password"), "the form")
        await operator.presses("enter", at="code")
        await operator.types(RESET_CODE)
        await operator.presses("enter")
        for _twice in range(2):
            await operator.enters("quite another secret")
        await operator.sees(words)

    assert camera.finds_as_pictured(app_of(shop), story)
