"""A picture of what a comparison with FactoryCLOUD finds, and of all that says something is wrong here."""

from factorypos_tui.core.errors import CloudUnreachable
from factorypos_tui.core.language import use_language
from tests.support import scenes
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import Operator, app_of
from tests.support.stations import Shop
from tests.tui.camera import Camera, Story, keys

# --- compare with FactoryCLOUD ---------------------------------------------------------------------


def compared(then: str) -> Story:
    """From the queue, until the dialog says so."""

    async def story(operator: Operator) -> None:
        await operator.presses("4")
        await operator.sees("Z           1")
        await operator.settles()  # the keys below the dialog are those of the row under the cursor
        await operator.presses("v")
        await operator.sees(then)

    return story


def test_verify(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP), compared("All 5 Z reports"))


def test_verify_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP), compared("Los 5 informes Z"))


def test_verify_comparing(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    with hesitant(shop) as line:
        app = app_of(line.shop, holder=scenes.THIS_APP)
        assert camera.finds_as_pictured(app, compared("Comparing every closed day"))


def test_verify_missing(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    scenes.lose(shop, 1, 2, 4)
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, compared("Send 3 missing reports again"))


def test_verify_all_wrong(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    scenes.find_everything_wrong(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP), compared("Only there: Z 9."))


def test_verify_all_wrong_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    scenes.find_everything_wrong(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP), compared("Solo allí: Z 9."))


def test_verify_out_of_reach(shop: Shop, camera: Camera) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, compared("so nothing is known."))


def test_verify_out_of_reach_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.in_trouble(shop, CloudUnreachable("No se puede llegar a FactoryCLOUD.", "connection"))
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, compared("así que no se sabe nada."))


# --- what is wrong here ----------------------------------------------------------------------------


def test_home_changed_day(shop: Shop, camera: Camera) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    scenes.change_a_closed_day(shop, 2)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP))


def test_home_changed_day_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    scenes.change_a_closed_day(shop, 2)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP))


def test_home_damaged_queue(shop: Shop, camera: Camera) -> None:
    scenes.with_a_damaged_queue(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP))


def test_home_damaged_queue_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.with_a_damaged_queue(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP))


def test_attention_killed(shop: Shop, camera: Camera) -> None:
    scenes.with_a_killed_report(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP), _attention("What to do"))


def test_attention_killed_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.with_a_killed_report(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP), _attention("Qué hacer"))


def test_attention_lost_copy(shop: Shop, camera: Camera) -> None:
    scenes.with_a_lost_copy(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP), _attention("What to do"))


def test_attention_lost_copy_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.with_a_lost_copy(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP), _attention("Qué hacer"))


def _attention(then: str) -> Story:
    """From home to the first report that needs a person."""

    async def story(operator: Operator) -> None:
        await operator.presses("f3")
        await operator.sees("Z           ")
        await operator.presses("a")
        await operator.sees(then)

    return story


def test_queue_lost_copy(shop: Shop, camera: Camera) -> None:
    scenes.with_a_lost_copy(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP), keys("4", then="Set aside here"))
