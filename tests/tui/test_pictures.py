"""A picture of every state of the main screens. `make snapshots` draws them again; look at each one then."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from factorypos_tui.core.configuration.after_close import accept_after_close, take_after_close
from factorypos_tui.core.configuration.download import look_at_download
from factorypos_tui.core.errors import CloudRefused, TokenRefused
from factorypos_tui.core.language import use_language
from factorypos_tui.core.snapshot import take_snapshot
from factorypos_tui.core.status.till_view import TillState, TillView
from factorypos_tui.tills.bundled.till import BundledTill
from tests.support import catalogues, scenes
from tests.support.exchanges import in_the_cloud
from tests.support.operator import app_of, sending_app
from tests.support.stations import Shop, open_shop
from tests.tui.camera import LARGE, WIDE, Camera, in_both_languages, keys

NO_TILL = TillView(
    TillState.ABSENT,
    "There is no till at /var/lib/factorypos/till.db. If there was one, bring that file"
    " back; factorypos-tui till init makes a new one.",
    can=BundledTill.can,
    kind=BundledTill.kind,
)

# --- home ------------------------------------------------------------------------------------------


@in_both_languages()
def test_home(busy: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(sending_app(busy))


def test_home_wide(busy: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(sending_app(busy), size=WIDE)


@in_both_languages()
def test_home_large(busy: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(sending_app(busy), size=LARGE)


@pytest.fixture
def old_shop(tmp_path: Path) -> Iterator[Shop]:
    """A bar with twenty closed days: it has a day to compare today with."""
    with open_shop(tmp_path / "old_shop", days=20) as opened:
        yield opened


@pytest.mark.parametrize("size", [(80, 22), (80, 24), WIDE, (120, 35), LARGE])
def test_home_after_weeks(old_shop: Shop, camera: Camera, size: tuple[int, int]) -> None:
    scenes.at_lunch(old_shop)
    assert camera.finds_as_pictured(sending_app(old_shop), size=size)


@in_both_languages("Log in first.", "Inicie sesión primero.")
def test_home_before_log_in(shop: Shop, camera: Camera, words: str) -> None:
    assert camera.finds_as_pictured(sending_app(shop), keys("5", then=words))


def test_home_before_assigning(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, ["Maritim SL"])
    assert camera.finds_as_pictured(sending_app(shop))


def test_home_offline(shop: Shop, camera: Camera) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    assert camera.finds_as_pictured(sending_app(shop))


def test_home_offline_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THE_SERVICE))


def test_home_held(shop: Shop, camera: Camera) -> None:
    scenes.in_trouble(shop, TokenRefused("revoked", 401, "terminal_revoked"))
    assert camera.finds_as_pictured(sending_app(shop))


def test_home_attention(busy: Shop, camera: Camera) -> None:
    busy.close_day()
    busy.cloud.fail_sending_with = CloudRefused("invalid", 422, "invalid")
    scenes.deliver(busy)
    assert camera.finds_as_pictured(sending_app(busy))


def test_home_observing(busy: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(busy, holder=scenes.THE_SERVICE))


def test_home_without_till(shop: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(shop, till_view=NO_TILL))


def test_home_engine_in_trouble(busy: Shop, camera: Camera) -> None:
    broken = replace(take_snapshot(busy.station), trouble="The disk is full. Nothing was changed.")
    assert camera.finds_as_pictured(app_of(busy), lambda operator: operator.shows(broken))


def test_home_hostile_names(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, [])
    shop.assign_new_store("[red]Bar[/red] \u202egnirts\u202c 🍺🍺 مقهى\nline " + "very " * 40)
    assert camera.finds_as_pictured(sending_app(shop), may_be_cut=True)


def test_home_tells(busy: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(sending_app(busy), keys("f2", then="All closed days"))


# --- home: news of the configuration ---------------------------------------------------------------


@in_both_languages()
def test_home_news(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    look_at_download(busy.station)
    assert camera.finds_as_pictured(sending_app(busy))


@in_both_languages()
def test_home_after_the_close(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    accept_after_close(busy.station, look_at_download(busy.station))
    assert camera.finds_as_pictured(sending_app(busy), size=(80, 22))


@in_both_languages()
def test_home_not_taken(busy: Shop, camera: Camera) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    accept_after_close(busy.station, look_at_download(busy.station))
    busy.till.database().execute("UPDATE items SET name = 'Espresso' WHERE code = 'CAFE'")
    busy.close_day()
    take_after_close(busy.station)
    assert camera.finds_as_pictured(sending_app(busy))


# --- help ------------------------------------------------------------------------------------------


@in_both_languages("Help ─", "Ayuda ─")
def test_help(busy: Shop, camera: Camera, words: str) -> None:
    assert camera.finds_as_pictured(sending_app(busy), keys("f1", then=words))


def test_help_in_a_dialog(shop: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(shop), keys("1", "f1", then="Help ─"))
