"""Pictures of a report that needs attention, and of what is done about it."""

from factorypos_tui.core.language import use_language
from factorypos_tui.core.snapshot import take_snapshot
from tests.support import scenes
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import Operator, sending_app
from tests.support.stations import Shop
from tests.tui.camera import LARGE, WIDE, Camera, in_both_languages, story
from tests.tui.long_queue import QUEUE

REFUSED = ((QUEUE, "Z 7, "), ("down", "Z 6, "))
CONFLICT = ((QUEUE, "Z 6, "), ("a", "At FactoryCLOUD"))
CONFLICT_IN_SPANISH = ((QUEUE, "Z 6, "), ("a", "En FactoryCLOUD"))


@in_both_languages("What to do", "Qué hacer")
def test_attention(shop: Shop, camera: Camera, words: str) -> None:
    scenes.with_every_state(shop)
    assert camera.finds_as_pictured(sending_app(shop), story(*REFUSED, ("a", words)))


@in_both_languages("Z REPORT 6", "INFORME Z 6")
def test_attention_large(shop: Shop, camera: Camera, words: str) -> None:
    scenes.with_every_state(shop)
    assert camera.finds_as_pictured(sending_app(shop), story(*REFUSED, ("a", words)), LARGE)


def test_attention_conflict(shop: Shop, camera: Camera) -> None:
    scenes.in_conflict(shop)
    assert camera.finds_as_pictured(sending_app(shop), story(*CONFLICT))


def test_attention_conflict_scrolled_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.in_conflict(shop)
    steps = story(*CONFLICT_IN_SPANISH, ("pagedown", "Horas"), ("down", "Igual"))
    assert camera.finds_as_pictured(sending_app(shop), steps, may_be_cut=True)


def test_attention_conflict_wide(shop: Shop, camera: Camera) -> None:
    scenes.in_conflict(shop)
    assert camera.finds_as_pictured(sending_app(shop), story(*CONFLICT), WIDE, may_be_cut=True)


def test_attention_conflict_large_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.in_conflict(shop)
    assert camera.finds_as_pictured(sending_app(shop), story(*CONFLICT_IN_SPANISH), LARGE, may_be_cut=True)


def test_attention_asking(shop: Shop, camera: Camera) -> None:
    scenes.in_conflict(shop)
    with hesitant(shop) as line:
        app = sending_app(line.shop)
        assert camera.finds_as_pictured(app, story((QUEUE, "Z 6, "), ("a", "Asking FactoryCLOUD")))


def test_attention_out_of_reach(shop: Shop, camera: Camera) -> None:
    scenes.in_conflict(shop)
    shop.cloud.fail_with = scenes.NO_NETWORK
    assert camera.finds_as_pictured(sending_app(shop), story((QUEUE, "Z 6, "), ("a", "F4 asks again")))


def test_attention_gone_there(shop: Shop, camera: Camera) -> None:
    scenes.in_conflict(shop)
    shop.cloud.reports.clear()
    app = sending_app(shop)
    assert camera.finds_as_pictured(app, story((QUEUE, "Z 6, "), ("a", "no such report any more")))


def test_attention_settled(shop: Shop, camera: Camera) -> None:
    scenes.in_conflict(shop)

    async def story_of_a_retry(operator: Operator) -> None:
        await story(*CONFLICT)(operator)
        shop.cloud.reports.clear()
        await operator.presses("r", then="will be sent again")
        scenes.deliver(shop)
        await operator.shows(take_snapshot(shop.station))
        await operator.sees("no longer needs attention")

    assert camera.finds_as_pictured(sending_app(shop), story_of_a_retry)
