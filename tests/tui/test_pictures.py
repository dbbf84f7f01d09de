"""A picture of every state of the main screens. `make snapshots` draws them again; look at each one then."""

from dataclasses import replace

from factorypos_tui.core.errors import CloudRefused, TokenRefused
from factorypos_tui.core.language import use_language
from factorypos_tui.core.snapshot import take_snapshot
from factorypos_tui.core.status.till_view import TillState, TillView
from tests.support import scenes
from tests.support.operator import app_of
from tests.support.stations import Shop
from tests.tui.camera import LARGE, WIDE, Camera, keys

NO_TILL = TillView(
    TillState.ABSENT,
    "There is no till at /var/lib/factorypos/till.db. If there was one, bring that file"
    " back; factorypos-tui till init makes a new one.",
)

# --- home ------------------------------------------------------------------------------------------


def test_home(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP))


def test_home_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP))


def test_home_wide(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP), size=WIDE)


def test_home_large(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP), size=LARGE)


def test_home_before_log_in(shop: Shop, camera: Camera) -> None:
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, keys("5", then="Log in first."))


def test_home_before_log_in_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, keys("5", then="Inicie sesión primero."))


def test_home_before_assigning(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, ["Maritim SL"])
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP))


def test_home_offline(shop: Shop, camera: Camera) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP))


def test_home_offline_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THE_SERVICE))


def test_home_held(shop: Shop, camera: Camera) -> None:
    scenes.in_trouble(shop, TokenRefused("revoked", 401, "terminal_revoked"))
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP))


def test_home_attention(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    shop.close_day()
    shop.cloud.fail_sending_with = CloudRefused("invalid", 422, "invalid")
    scenes.deliver(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP))


def test_home_observing(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THE_SERVICE))


def test_home_without_till(shop: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(shop, till_view=NO_TILL))


def test_home_engine_in_trouble(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    broken = replace(take_snapshot(shop.station), trouble="The disk is full. Nothing was changed.")
    assert camera.finds_as_pictured(app_of(shop), lambda operator: operator.shows(broken))


def test_home_hostile_names(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, [])
    shop.assign_new_store("[red]Bar[/red] \u202egnirts\u202c 🍺🍺 مقهى\nline " + "very " * 40)
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, may_be_cut=True)


def test_home_tells(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, keys("f2", then="All closed days"))


# --- help ------------------------------------------------------------------------------------------


def test_help(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP), keys("f1", then="Help ─"))


def test_help_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.at_lunch(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP), keys("f1", then="Ayuda ─"))


def test_help_in_a_dialog(shop: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(shop), keys("1", "f1", then="Help ─"))
