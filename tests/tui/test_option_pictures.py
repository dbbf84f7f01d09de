"""A picture of every state of configuration, resending, disconnecting and finding, and of every theme."""

from dataclasses import replace

import pytest

from factorypos_tui.core.language import use_language
from factorypos_tui.core.operations.resending import Resend
from factorypos_tui.core.settings import set_setting
from factorypos_tui.core.snapshot import take_snapshot
from factorypos_tui.tui.themes import THEMES
from tests.support import scenes
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import Operator, app_of, sending_app
from tests.support.stations import MORNING, Shop
from tests.tui.camera import LARGE, WIDE, Camera, Story, in_both_languages, keys

# --- configuration ---------------------------------------------------------------------------------


def test_configuration(busy: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(busy), keys("3", then="Off: FactoryCLOUD"))


def test_configuration_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    set_setting(shop.station.database, "send_x_report", "on")
    assert camera.finds_as_pictured(app_of(shop), keys("3", then="El próximo informe X"))


def test_configuration_theme(busy: Shop, camera: Camera) -> None:
    app = app_of(busy, token_place="file")
    assert camera.finds_as_pictured(app, keys("3", "down", "down", then="Choices: as this terminal"))


def test_configuration_large(busy: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(busy), keys("3", then="Off: FactoryCLOUD"), size=LARGE)


# --- resend ----------------------------------------------------------------------------------------


@in_both_languages("5 Z reports go to", "5 informes Z van de nuevo")
def test_resend(busy: Shop, camera: Camera, words: str) -> None:
    assert camera.finds_as_pictured(app_of(busy), keys("5", then=words))


def test_resend_under_way(shop: Shop, camera: Camera) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    snapshot = take_snapshot(shop.station)
    under_way = replace(snapshot, resend=Resend(MORNING, 3650, 1212, 0, 2438, 0, 0))

    async def story(operator: Operator) -> None:
        await operator.presses("5")
        await operator.shows(under_way)
        await operator.sees("1,212 of 3,650 left")

    assert camera.finds_as_pictured(app_of(shop), story)


@in_both_languages("4 of 5 Z reports", "4 de 5 informes Z")
def test_resend_answered(busy: Shop, camera: Camera, words: str) -> None:
    assert camera.finds_as_pictured(app_of(busy), _answered(busy, words))


def _answered(shop: Shop, result: str) -> Story:
    async def story(operator: Operator) -> None:
        snapshot = take_snapshot(shop.station)
        shop.change_what_the_cloud_holds(3)
        await operator.presses("5")
        await operator.shows(replace(snapshot, resend=Resend(MORNING, 5, 1, 1, 3, 0, 0)))
        await operator.shows(replace(snapshot, resend=Resend(MORNING, 5, 0, 1, 3, 1, 0)))
        await operator.sees(result)

    return story


def test_resend_wide(busy: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(busy), keys("5", then="5 Z reports go to"), size=WIDE)


def test_resend_nothing_yet(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, [])
    shop.assign_new_store("Bar Maritim")
    assert camera.finds_as_pictured(app_of(shop), keys("5", then="There is no Z report here yet."))


# --- disconnect ------------------------------------------------------------------------------------


@in_both_languages("1 report waits", "1 informe espera")
def test_disconnect(shop: Shop, camera: Camera, words: str) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    assert camera.finds_as_pictured(app_of(shop), keys("7", then=words))


def test_disconnect_busy(busy: Shop, camera: Camera) -> None:
    with hesitant(busy) as slow:
        assert camera.finds_as_pictured(
            app_of(slow.shop), keys("7", "down", "enter", then="Disconnecting...")
        )


def test_disconnected(busy: Shop, camera: Camera) -> None:
    busy.cloud.fail_with = scenes.NO_NETWORK
    assert camera.finds_as_pictured(app_of(busy), keys("7", "down", "enter", then="could not be told"))


# --- find ------------------------------------------------------------------------------------------


def test_find(busy: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(busy), keys("f9", *["down"] * 3, then="Choose the company"))


def test_find_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    assert camera.finds_as_pictured(app_of(shop), keys("f9", *"desc", then="Inicie sesión primero."))


def test_find_nothing(shop: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(shop), keys("f9", *"xyz", then="No action has such a name."))


# --- themes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [theme for theme in THEMES if theme != "dark"])
def test_home_in_theme(shop: Shop, camera: Camera, theme: str) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    app = sending_app(shop)
    app.theme = THEMES[theme].name
    assert camera.finds_as_pictured(app)


@pytest.mark.parametrize("theme", [theme for theme in THEMES if theme != "dark"])
def test_dialog_in_theme(shop: Shop, camera: Camera, theme: str) -> None:
    app = sending_app(shop)
    app.theme = THEMES[theme].name
    assert camera.finds_as_pictured(app, keys("1", *"ana", then="ana"))
