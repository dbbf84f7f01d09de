"""A picture of every state of the screens that synchronize configuration data."""

from factorypos_tui.core.configuration.configuration import in_use
from factorypos_tui.core.language import use_language
from tests.support import catalogues, scenes
from tests.support.configurations import with_item
from tests.support.exchanges import LICENSED, in_the_cloud, license_to
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import Operator, app_of
from tests.support.stations import Shop
from tests.tui.camera import LARGE, Camera, Story
from tests.tui.data_stories import ACCEPT, DOWNLOAD, steps

# --- the choices -----------------------------------------------------------------------------------


def test_data(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    assert camera.finds_as_pictured(app_of(shop), steps("45         45"))


def test_data_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    assert camera.finds_as_pictured(app_of(shop), steps("45         45"))


def test_data_large(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    assert camera.finds_as_pictured(app_of(shop), steps("45         45"), size=LARGE)


def test_data_large_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    assert camera.finds_as_pictured(app_of(shop), steps("45         45"), size=LARGE)


def test_data_loading(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    with hesitant(shop) as slow:
        assert camera.finds_as_pictured(app_of(slow.shop), steps("Asking FactoryCLOUD...", "-         45"))


def test_data_not_offered(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    license_to(shop, "{}")
    in_the_cloud(shop, catalogues.spring(shop))
    assert camera.finds_as_pictured(app_of(shop), steps("45         45"))


def test_data_not_offered_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    license_to(shop, "{}")
    in_the_cloud(shop, catalogues.spring(shop))
    assert camera.finds_as_pictured(app_of(shop), steps("45         45"))


def test_data_unreachable(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    shop.cloud.fail_with = scenes.NO_NETWORK
    assert camera.finds_as_pictured(app_of(shop), steps("F4 asks again."))


def test_data_unreadable(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    in_the_cloud(shop, with_item(catalogues.spring(shop), "CAFE", department="NONE"))
    assert camera.finds_as_pictured(app_of(shop), steps("F4 asks again."))


def test_data_downloaded(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    story = steps(*DOWNLOAD, *ACCEPT, "1 All right", ["1"], "45         45")
    assert camera.finds_as_pictured(app_of(shop), story)


# --- the look before -------------------------------------------------------------------------------


def test_changes(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    assert camera.finds_as_pictured(app_of(shop), steps(*DOWNLOAD))


def test_changes_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    assert camera.finds_as_pictured(app_of(shop), steps(*DOWNLOAD))


def test_changes_large(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    assert camera.finds_as_pictured(app_of(shop), steps(*DOWNLOAD), size=LARGE)


def test_changes_large_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    assert camera.finds_as_pictured(app_of(shop), steps(*DOWNLOAD), size=LARGE)


def test_changes_of_20_000_items(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    shop.close_day()
    in_the_cloud(shop, catalogues.large(20_000))
    story = steps("20,000", ["1"], "Items 20,0", ["pagedown", "pagedown"])
    assert camera.finds_as_pictured(app_of(shop), story)


def test_changes_filtered(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    story = steps(*DOWNLOAD, ["s", "s", "slash", *"chufa"], "1 new  /")
    assert camera.finds_as_pictured(app_of(shop), story)


def test_changes_filtered_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    story = steps(*DOWNLOAD, ["slash", *"zz"], "No hay nada que coincida")
    assert camera.finds_as_pictured(app_of(shop), story)


def test_changes_none(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    in_the_cloud(shop, in_use(shop.till.configuration()))
    assert camera.finds_as_pictured(app_of(shop), steps("45         45", ["1"], "no difference"))


def test_changes_nothing_to_download(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    assert camera.finds_as_pictured(app_of(shop), steps("0         45", ["1"], "no data available"))


def test_changes_nothing_to_download_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    assert camera.finds_as_pictured(app_of(shop), steps("0         45", ["1"], "F4 mira otra vez"))


def test_changes_looking(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    with hesitant(shop) as slow:
        slow.may_answer.set()
        story = steps("45         45", slow.may_answer.clear, ["1"], "Looking at what would change...")
        assert camera.finds_as_pictured(app_of(slow.shop), story)


def test_changes_held(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.with_another_tax(shop))
    assert camera.finds_as_pictured(app_of(shop), steps(*DOWNLOAD))


def test_changes_held_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.with_another_tax(shop))
    assert camera.finds_as_pictured(app_of(shop), steps(*DOWNLOAD))


def test_changes_close_the_day(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.with_another_tax(shop))
    assert camera.finds_as_pictured(app_of(shop), steps(*DOWNLOAD, ["c"], "cannot be taken back"))


def test_changes_close_the_day_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.with_another_tax(shop))
    assert camera.finds_as_pictured(app_of(shop), steps(*DOWNLOAD, ["c"], "no se puede deshacer"))


def test_changes_hostile_names(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.hostile(shop))
    story = steps(*DOWNLOAD, ["down", "down"], "acaba nunca")
    assert camera.finds_as_pictured(app_of(shop), story, may_be_cut=True)


def test_changes_upload(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    assert camera.finds_as_pictured(app_of(shop), steps("0         45", ["2"], "AGUA "))


def test_changes_lost_race(shop: Shop, camera: Camera) -> None:
    story = _lost_race(shop)
    assert camera.finds_as_pictured(app_of(shop), story)


def test_changes_lost_race_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    story = _lost_race(shop)
    assert camera.finds_as_pictured(app_of(shop), story)


def test_changes_other_side(shop: Shop, camera: Camera) -> None:
    lost = _lost_race(shop)

    async def story(operator: Operator) -> None:
        await lost(operator)
        await operator.presses("o")
        await operator.sees("somebody else")

    assert camera.finds_as_pictured(app_of(shop), story)


def _lost_race(shop: Shop) -> Story:
    """Somebody else changes a price while the operator looks."""
    scenes.at_lunch(shop)
    license_to(shop, LICENSED)
    spring = catalogues.spring(shop)
    in_the_cloud(shop, spring)
    theirs = with_item(spring, "AGUA", prices={"BARRA": 175, "TERRAZA": 190})
    race = ("45         45", ["2"], "CAFE ", lambda: in_the_cloud(shop, theirs), *ACCEPT, "AGUA ")
    return steps(*race)
