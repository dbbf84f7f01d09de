"""A picture of every state of the dialog that accepts a change of the configuration."""

from collections.abc import Sequence
from dataclasses import replace

from factorypos_tui.core.configuration.change import Watch
from factorypos_tui.core.station import Station
from factorypos_tui.tui.screens.configuration_data.accept import AcceptScreen
from factorypos_tui.tui.screens.configuration_data.proposals import propose_download
from tests.support import catalogues, scenes
from tests.support.exchanges import in_the_cloud
from tests.support.hesitant_cloud import hesitant, wait_on_purpose
from tests.support.operator import Operator, app_of
from tests.support.stations import Shop
from tests.tui.camera import Camera, Story, in_both_languages
from tests.tui.data_stories import ACCEPT, ASK, DOWNLOAD, LATER, steps


@in_both_languages()
def test_accept(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    assert camera.finds_as_pictured(app_of(busy), steps(*DOWNLOAD, *ASK))


@in_both_languages("1 All right", "1 De acuerdo")
def test_accept_for_later(busy: Shop, camera: Camera, words: str) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    assert camera.finds_as_pictured(app_of(busy), steps(*DOWNLOAD, *LATER, words))


@in_both_languages()
def test_accept_held(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.with_another_tax(busy))
    assert camera.finds_as_pictured(app_of(busy), steps(*DOWNLOAD, *ASK, ["down"]))


@in_both_languages("8,500 of 20,000 left", "8.500 de 20.000")
def test_accept_writing(shop: Shop, camera: Camera, words: str) -> None:
    story = _writing(shop, words)
    assert camera.finds_as_pictured(app_of(shop), story)


def test_accept_stopped(shop: Shop, camera: Camera) -> None:
    writing = _writing(shop, "8,500 of 20,000 left")

    async def story(operator: Operator) -> None:
        await writing(operator)
        await operator.presses("escape", then="Nothing was changed.")

    assert camera.finds_as_pictured(app_of(shop), story)


@in_both_languages("1 All right", "1 De acuerdo")
def test_accept_done(busy: Shop, camera: Camera, words: str) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    assert camera.finds_as_pictured(app_of(busy), steps(*DOWNLOAD, *ACCEPT, words))


def test_accept_restored(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    back = ("1 All right", ["2"], "Bring back what was here until", "CAFE ", *ACCEPT, "is back")
    assert camera.finds_as_pictured(app_of(busy), steps(*DOWNLOAD, *ACCEPT, *back))


def test_accept_sending(busy: Shop, camera: Camera) -> None:
    with hesitant(busy) as slow:
        slow.may_answer.set()
        story = steps(
            "0         45", ["2"], "AGUA ", *ASK, slow.may_answer.clear, ["down", "enter"], "Sending it"
        )
        assert camera.finds_as_pictured(app_of(slow.shop), story)


def test_accept_out_of_reach(busy: Shop, camera: Camera) -> None:

    def cut_the_line() -> None:
        busy.cloud.fail_with = scenes.NO_NETWORK

    story = steps("0         45", ["2"], "AGUA ", *ASK, cut_the_line, ["down", "enter"], "cannot be reached")
    assert camera.finds_as_pictured(app_of(busy), story)


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
        await operator.accepts(then=then)

    return story
