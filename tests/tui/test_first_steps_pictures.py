"""Pictures of the first steps and of the form that makes a till. `make snapshots` draws them again."""

import pytest

from factorypos_tui.core.account.place import Place
from factorypos_tui.tui.screens.till.new_till import NewTillScreen
from tests.support import scenes
from tests.support.operator import Operator, sending_app
from tests.support.stations import Shop
from tests.tui.camera import LARGE, Camera, in_both_languages
from tests.tui.test_first_steps import new_bar

__all__ = ["new_bar"]
PLACE = Place("ES", "EUR", "Europe/Madrid")


@pytest.fixture
def no_till(new_bar: Shop) -> Shop:
    """Ana has logged in on a machine without a till."""
    scenes.with_companies(new_bar, [])
    new_bar.till._path.unlink()
    return new_bar


@in_both_languages()
def test_first_steps(no_till: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(sending_app(no_till), may_be_cut=True)


@pytest.mark.parametrize("size", [(80, 22), LARGE])
def test_first_steps_sized(new_bar: Shop, camera: Camera, size: tuple[int, int]) -> None:
    new_bar.connect()
    assert camera.finds_as_pictured(sending_app(new_bar), size=size)


@in_both_languages("Z 1 is in FactoryCLOUD", "Z 1 está en FactoryCLOUD")
def test_the_first_z(new_bar: Shop, camera: Camera, words: str) -> None:
    new_bar.connect()

    async def story(operator: Operator) -> None:
        await operator.is_at("queue")
        new_bar.close_day()
        scenes.deliver(new_bar)
        await operator.takes_a_look(new_bar)
        await operator.sees_behind_messages(words)

    assert camera.finds_as_pictured(sending_app(new_bar), story)


async def makes_a_till(operator: Operator) -> None:
    await operator.app.push_screen(NewTillScreen(PLACE))
    await operator.is_at("shop")
    await operator.types("Bar Marítim")
    await operator.presses("enter", at="country")


@in_both_languages()
def test_new_till(no_till: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(sending_app(no_till), makes_a_till)


@in_both_languages("of 248", "de 248")
def test_choose(no_till: Shop, camera: Camera, words: str) -> None:
    async def story(operator: Operator) -> None:
        await makes_a_till(operator)
        await operator.types("es")
        await operator.sees(words)

    assert camera.finds_as_pictured(sending_app(no_till), story)


@in_both_languages("config", "config")
def test_new_till_file(no_till: Shop, camera: Camera, words: str) -> None:
    async def story(operator: Operator) -> None:
        await makes_a_till(operator)
        await operator.presses("up", "up", "up", at="catalogue")
        await operator.types(words)
        await operator.presses("enter", at="file")
        await operator.enters("~/none.json")
        await operator.sees("! ")

    assert camera.finds_as_pictured(sending_app(no_till), story)
