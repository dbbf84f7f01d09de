"""Pictures of a report that needs attention, and of what is done about it."""

from factorypos_tui.core.language import use_language
from factorypos_tui.core.snapshot import take_snapshot
from tests.support import scenes
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import Operator, app_of
from tests.support.stations import Shop
from tests.tui.camera import LARGE, WIDE, Camera, story
from tests.tui.long_queue import QUEUE

REFUSED = ((QUEUE, "Z 7, "), ("down", "Z 6, "))
CONFLICT = ((QUEUE, "Z 6, "), ("a", "At FactoryCLOUD"))
CONFLICT_IN_SPANISH = ((QUEUE, "Z 6, "), ("a", "En FactoryCLOUD"))


def test_attention(shop: Shop, camera: Camera) -> None:
    scenes.with_every_state(shop)
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, story(*REFUSED, ("a", "What to do")))


def test_attention_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.with_every_state(shop)
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, story(*REFUSED, ("a", "Qué hacer")))


def test_attention_conflict(shop: Shop, camera: Camera) -> None:
    scenes.in_conflict(shop)
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, story(*CONFLICT))


def test_attention_conflict_scrolled_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.in_conflict(shop)
    app = app_of(shop, holder=scenes.THIS_APP)
    steps = story(*CONFLICT_IN_SPANISH, ("pagedown", "Horas"), ("down", "Igual"))
    assert camera.finds_as_pictured(app, steps, may_be_cut=True)


def test_attention_conflict_wide(shop: Shop, camera: Camera) -> None:
    scenes.in_conflict(shop)
    assert camera.finds_as_pictured(
        app_of(shop, holder=scenes.THIS_APP), story(*CONFLICT), WIDE, may_be_cut=True
    )


def test_attention_conflict_large_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.in_conflict(shop)
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, story(*CONFLICT_IN_SPANISH), LARGE, may_be_cut=True)


def test_attention_asking(shop: Shop, camera: Camera) -> None:
    scenes.in_conflict(shop)
    with hesitant(shop) as line:
        app = app_of(line.shop, holder=scenes.THIS_APP)
        assert camera.finds_as_pictured(app, story((QUEUE, "Z 6, "), ("a", "Asking FactoryCLOUD")))


def test_attention_out_of_reach(shop: Shop, camera: Camera) -> None:
    scenes.in_conflict(shop)
    shop.cloud.fail_with = scenes.NO_NETWORK
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, story((QUEUE, "Z 6, "), ("a", "F4 asks again")))


def test_attention_gone_there(shop: Shop, camera: Camera) -> None:
    scenes.in_conflict(shop)
    shop.cloud.reports.clear()
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, story((QUEUE, "Z 6, "), ("a", "no such report any more")))


def test_attention_settled(shop: Shop, camera: Camera) -> None:
    scenes.in_conflict(shop)

    async def story_of_a_retry(operator: Operator) -> None:
        await story(*CONFLICT)(operator)
        shop.cloud.reports.clear()
        await operator.presses("r")
        await operator.sees("will be sent again")
        scenes.deliver(shop)
        await operator.shows(take_snapshot(shop.station))
        await operator.sees("no longer needs attention")

    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP), story_of_a_retry)
