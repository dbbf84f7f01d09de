"""A picture of what a comparison with FactoryCLOUD finds, and of all that says something is wrong here."""

from factorypos_tui.core.errors import CloudUnreachable
from factorypos_tui.core.language import use_language
from tests.support import scenes
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import Operator, sending_app
from tests.support.stations import Shop
from tests.tui.camera import Camera, Story, in_both_languages, keys, story

# --- compare with FactoryCLOUD ---------------------------------------------------------------------


def compared(then: str) -> Story:
    """From the queue, until the dialog says so."""

    async def comparing(operator: Operator) -> None:
        await operator.presses("4", then="Z           1")
        await operator.settles()  # the keys below the dialog are those of the row under the cursor
        await operator.presses("v", then=then)

    return comparing


@in_both_languages("All 5 Z reports", "Los 5 informes Z")
def test_verify(busy: Shop, camera: Camera, words: str) -> None:
    assert camera.finds_as_pictured(sending_app(busy), compared(words))


def test_verify_comparing(busy: Shop, camera: Camera) -> None:
    with hesitant(busy) as line:
        app = sending_app(line.shop)
        assert camera.finds_as_pictured(app, compared("Comparing every closed day"))


def test_verify_missing(busy: Shop, camera: Camera) -> None:
    scenes.lose(busy, 1, 2, 4)
    assert camera.finds_as_pictured(sending_app(busy), compared("Send 3 missing reports again"))


@in_both_languages("Only there: Z 9.", "Solo allí: Z 9.")
def test_verify_all_wrong(busy: Shop, camera: Camera, words: str) -> None:
    scenes.find_everything_wrong(busy)
    assert camera.finds_as_pictured(sending_app(busy), compared(words))


def test_verify_out_of_reach(shop: Shop, camera: Camera) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    assert camera.finds_as_pictured(sending_app(shop), compared("so nothing is known."))


def test_verify_out_of_reach_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.in_trouble(shop, CloudUnreachable("No se puede llegar a FactoryCLOUD.", "connection"))
    assert camera.finds_as_pictured(sending_app(shop), compared("así que no se sabe nada."))


# --- what is wrong here ----------------------------------------------------------------------------


@in_both_languages()
def test_home_changed_day(shop: Shop, camera: Camera) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    scenes.change_a_closed_day(shop, 2)
    assert camera.finds_as_pictured(sending_app(shop))


@in_both_languages()
def test_home_damaged_queue(shop: Shop, camera: Camera) -> None:
    scenes.with_a_damaged_queue(shop)
    assert camera.finds_as_pictured(sending_app(shop))


@in_both_languages("What to do", "Qué hacer")
def test_attention_killed(shop: Shop, camera: Camera, words: str) -> None:
    scenes.with_a_killed_report(shop)
    assert camera.finds_as_pictured(sending_app(shop), _attention(words))


@in_both_languages("What to do", "Qué hacer")
def test_attention_lost_copy(shop: Shop, camera: Camera, words: str) -> None:
    scenes.with_a_lost_copy(shop)
    assert camera.finds_as_pictured(sending_app(shop), _attention(words))


def _attention(then: str) -> Story:
    """From home to the first report that needs a person."""
    return story(("f3", "Z           "), ("a", then))


def test_queue_lost_copy(shop: Shop, camera: Camera) -> None:
    scenes.with_a_lost_copy(shop)
    assert camera.finds_as_pictured(sending_app(shop), keys("4", then="Set aside here"))
