"""A picture of every state of the screens that synchronize configuration data."""

from factorypos_tui.core.configuration.configuration import in_use
from factorypos_tui.core.language import use_language
from tests.support import catalogues, scenes
from tests.support.configurations import with_item
from tests.support.exchanges import LICENSED, in_the_cloud, license_to
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import Operator, app_of
from tests.support.stations import Shop
from tests.tui.camera import LARGE, WITH_A_PANE, Camera, Story, in_both_languages
from tests.tui.data_stories import ACCEPT, DOWNLOAD, LATER, replaced_twice, steps

# --- the choices -----------------------------------------------------------------------------------


@in_both_languages()
def test_data(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    assert camera.finds_as_pictured(app_of(busy), steps("45         45"))


@in_both_languages()
def test_data_large(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    assert camera.finds_as_pictured(app_of(busy), steps("45         45"), size=LARGE)


def test_data_loading(busy: Shop, camera: Camera) -> None:
    with hesitant(busy) as slow:
        assert camera.finds_as_pictured(app_of(slow.shop), steps("Asking FactoryCLOUD...", "-         45"))


@in_both_languages()
def test_data_not_offered(busy: Shop, camera: Camera) -> None:
    license_to(busy, "{}")
    in_the_cloud(busy, catalogues.spring(busy))
    assert camera.finds_as_pictured(app_of(busy), steps("45         45"))


def test_data_unreachable(busy: Shop, camera: Camera) -> None:
    busy.cloud.fail_with = scenes.NO_NETWORK
    assert camera.finds_as_pictured(app_of(busy), steps("F4 asks again."))


def test_data_unreadable(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, with_item(catalogues.spring(busy), "CAFE", department="NONE"))
    assert camera.finds_as_pictured(app_of(busy), steps("F4 asks again."))


def test_data_downloaded(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    story = steps(*DOWNLOAD, *ACCEPT, "1 All right", ["1"], "45         45")
    assert camera.finds_as_pictured(app_of(busy), story)


@in_both_languages()
def test_data_after_the_close(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    story = steps(*DOWNLOAD, *LATER, "1 ", ["1"], "45         45")
    assert camera.finds_as_pictured(app_of(busy), story)


@in_both_languages()
def test_data_backups(busy: Shop, camera: Camera) -> None:
    replaced_twice(busy)
    assert camera.finds_as_pictured(app_of(busy), steps("45         45", ["2"], "14:05,"))


@in_both_languages()
def test_changes_of_a_backup(busy: Shop, camera: Camera) -> None:
    replaced_twice(busy)
    story = steps("45         45", ["2"], "14:05,", ["2"], "CAFE ")
    assert camera.finds_as_pictured(app_of(busy), story)


# --- the look before -------------------------------------------------------------------------------


@in_both_languages()
def test_changes(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    assert camera.finds_as_pictured(app_of(busy), steps(*DOWNLOAD))


@in_both_languages()
def test_changes_with_a_pane(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    assert camera.finds_as_pictured(app_of(busy), steps(*DOWNLOAD, "IVA10"), size=WITH_A_PANE)


@in_both_languages()
def test_changes_large(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    assert camera.finds_as_pictured(app_of(busy), steps(*DOWNLOAD, "IVA10"), size=LARGE)


def test_changes_of_20_000_items(busy: Shop, camera: Camera) -> None:
    busy.close_day()
    in_the_cloud(busy, catalogues.large(20_000))
    story = steps("20,000", ["1"], "Items 20,0", ["pagedown", "pagedown"])
    assert camera.finds_as_pictured(app_of(busy), story)


def test_changes_filtered(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    story = steps(*DOWNLOAD, ["s", "s", "slash", *"chufa"], "1 new  1 of ")
    assert camera.finds_as_pictured(app_of(busy), story)


def test_changes_filtered_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    story = steps(*DOWNLOAD, ["slash", *"zz"], "No hay nada que coincida")
    assert camera.finds_as_pictured(app_of(shop), story)


def test_changes_none(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, in_use(busy.till.configuration()))
    assert camera.finds_as_pictured(app_of(busy), steps("45         45", ["1"], "no difference"))


@in_both_languages("no data available", "F4 mira otra vez")
def test_changes_nothing_to_download(busy: Shop, camera: Camera, words: str) -> None:
    assert camera.finds_as_pictured(app_of(busy), steps("0         45", ["1"], words))


def test_changes_looking(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    with hesitant(busy) as slow:
        slow.may_answer.set()
        story = steps("45         45", slow.may_answer.clear, ["1"], "Looking at what would change...")
        assert camera.finds_as_pictured(app_of(slow.shop), story)


@in_both_languages()
def test_changes_held(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.with_another_tax(busy))
    assert camera.finds_as_pictured(app_of(busy), steps(*DOWNLOAD))


@in_both_languages("cannot be taken back", "no se puede deshacer")
def test_changes_close_the_day(busy: Shop, camera: Camera, words: str) -> None:
    in_the_cloud(busy, catalogues.with_another_tax(busy))
    assert camera.finds_as_pictured(app_of(busy), steps(*DOWNLOAD, ["c"], words))


def test_changes_hostile_names(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.hostile(busy))
    story = steps(*DOWNLOAD, ["down", "down"], "acaba nunca")
    assert camera.finds_as_pictured(app_of(busy), story, may_be_cut=True)


def test_changes_upload(busy: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(busy), steps("0         45", ["2"], "AGUA "))


@in_both_languages()
def test_changes_lost_race(shop: Shop, camera: Camera) -> None:
    story = _lost_race(shop)
    assert camera.finds_as_pictured(app_of(shop), story)


def test_changes_other_side(shop: Shop, camera: Camera) -> None:
    lost = _lost_race(shop)

    async def story(operator: Operator) -> None:
        await lost(operator)
        await operator.presses("o", then="somebody else")

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
