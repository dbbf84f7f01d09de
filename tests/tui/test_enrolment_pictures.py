"""A picture of every state of the ways to a store without a log-in: an enrolment code, and a phone."""

from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.language import _
from tests.support.operator import Operator, app_of
from tests.support.stations import Shop
from tests.tui.camera import Camera, in_both_languages, story


@in_both_languages("Enrolment code", "Código de alta")
def test_code(shop: Shop, camera: Camera, words: str) -> None:
    assert camera.finds_as_pictured(app_of(shop), story(("1", "F3"), ("f3", words)))


@in_both_languages("W D J B - M J H T", "W D J B - M J H T")
def test_phone(shop: Shop, camera: Camera, words: str) -> None:
    assert camera.finds_as_pictured(app_of(shop), story(("1", "F12"), ("f12", words)))


def test_phone_without_half_blocks(shop: Shop, camera: Camera) -> None:
    async def shown(operator: Operator) -> None:
        await operator.app.change_setting("glyphs", "console")
        await story(("1", "F12"), ("f12", "W D J B - M J H T"))(operator)

    assert camera.finds_as_pictured(app_of(shop), shown)


@in_both_languages("Enter asks for a new code.", "Intro pide un código nuevo.")
def test_phone_denied(shop: Shop, camera: Camera, words: str) -> None:
    async def denied(operator: Operator) -> None:
        await story(("1", "F12"), ("f12", "W D J B - M J H T"))(operator)
        refusal = (
            "This terminal was not approved. Nothing was changed. If that was a mistake, ask for a new code."
        )
        shop.cloud.fail_with = CloudRefused(_(refusal), 400, "access_denied")
        await operator.sees(words)

    assert camera.finds_as_pictured(app_of(shop), denied)


def test_code_refused(shop: Shop, camera: Camera) -> None:
    words = (
        "This code is mistyped, used up, too old or revoked, or it is older than the revocation of this "
        "terminal. Nothing was changed. Ask the owner of the store for a new one."
    )
    shop.cloud.fail_with = CloudRefused(words, 400, "code_invalid")

    async def refused(operator: Operator) -> None:
        await story(("1", "F3"), ("f3", "Enrolment code"))(operator)
        await operator.enters("bcdf ghjk lmnp qrst vwxz", then="5 closed Z reports")
        await operator.presses("1", then="for a new one.")

    assert camera.finds_as_pictured(app_of(shop), refused)
