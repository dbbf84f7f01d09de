"""A picture of every state of the screens that synchronize configuration data."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from factorypos_tui.core.configuration.change import Watch
from factorypos_tui.core.configuration.configuration import in_use
from factorypos_tui.core.language import use_language
from factorypos_tui.core.station import Station
from factorypos_tui.tui.screens.configuration_data.accept import AcceptScreen
from factorypos_tui.tui.screens.configuration_data.proposals import propose_download
from tests.support import catalogues, scenes
from tests.support.configurations import with_item
from tests.support.exchanges import LICENSED, in_the_cloud, license_to
from tests.support.hesitant_cloud import hesitant, wait_on_purpose
from tests.support.operator import Operator, app_of
from tests.support.stations import Shop
from tests.tui.camera import LARGE, Camera, Story

Step = str | Sequence[str] | Callable[[], object]


def steps(*parts: Step) -> Story:
    """Open option 6, then go on: a tuple is keys to press, a text is waited for, anything else is done."""

    async def story(operator: Operator) -> None:
        await operator.presses("6")
        for part in parts:
            if isinstance(part, str):
                await operator.sees(part)
            elif callable(part):
                part()
            else:
                await operator.presses(*part)
        await operator.settles()

    return story


DOWNLOAD = ("1 D", "45         45", ["1"], "CAFE ")
ASK = (["enter"], "   Ac")
ACCEPT = (*ASK, ["down", "enter"])


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


# --- accept ----------------------------------------------------------------------------------------


def test_accept(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    assert camera.finds_as_pictured(app_of(shop), steps(*DOWNLOAD, *ASK))


def test_accept_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    assert camera.finds_as_pictured(app_of(shop), steps(*DOWNLOAD, *ASK))


def test_accept_writing(shop: Shop, camera: Camera) -> None:
    story = _writing(shop, "8,500 of 20,000 left")
    assert camera.finds_as_pictured(app_of(shop), story)


def test_accept_writing_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    story = _writing(shop, "8.500 de 20.000")
    assert camera.finds_as_pictured(app_of(shop), story)


def test_accept_stopped(shop: Shop, camera: Camera) -> None:
    writing = _writing(shop, "8,500 of 20,000 left")

    async def story(operator: Operator) -> None:
        await writing(operator)
        await operator.presses("escape")
        await operator.sees("Nothing was changed.")

    assert camera.finds_as_pictured(app_of(shop), story)


def test_accept_done(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    assert camera.finds_as_pictured(app_of(shop), steps(*DOWNLOAD, *ACCEPT, "1 All right"))


def test_accept_done_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    assert camera.finds_as_pictured(app_of(shop), steps(*DOWNLOAD, *ACCEPT, "1 De acuerdo"))


def test_accept_restored(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))
    back = ("1 All right", ["2"], "Bring back what was here until", "CAFE ", *ACCEPT, "is back")
    assert camera.finds_as_pictured(app_of(shop), steps(*DOWNLOAD, *ACCEPT, *back))


def test_accept_sending(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    with hesitant(shop) as slow:
        slow.may_answer.set()
        story = steps(
            "0         45", ["2"], "AGUA ", *ASK, slow.may_answer.clear, ["down", "enter"], "Sending it"
        )
        assert camera.finds_as_pictured(app_of(slow.shop), story)


def test_accept_out_of_reach(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)

    def cut_the_line() -> None:
        shop.cloud.fail_with = scenes.NO_NETWORK

    story = steps("0         45", ["2"], "AGUA ", *ASK, cut_the_line, ["down", "enter"], "cannot be reached")
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


def _writing(shop: Shop, then: str) -> Story:
    """A large change of the till is under way, and goes no further until it is stopped."""
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.spring(shop))

    def accept(_station: Station, watch: Watch) -> Sequence[str]:
        watch.see(11_500, 20_000)
        wait_on_purpose(watch.stopped)
        watch.see(11_500, 20_000)
        return ()

    async def story(operator: Operator) -> None:
        proposal = replace(operator.app.engine.perform(propose_download), accept=accept)
        operator.app.push_screen(AcceptScreen(proposal))
        await operator.is_at("leave")
        await operator.accepts()
        await operator.sees(then)

    return story
