"""A picture of every state of the dialogs. `make snapshots` draws them again; look at each one then."""

import threading
from collections.abc import Sequence
from pathlib import Path

from factorypos_tui.core.account import accounts
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, TokenRefused
from factorypos_tui.core.language import use_language
from factorypos_tui.core.models import Close
from factorypos_tui.core.snapshot import take_snapshot
from tests.support import scenes
from tests.support.hesitant_cloud import hesitant, wait_on_purpose
from tests.support.operator import Operator, app_of
from tests.support.stations import EMAIL, Shop, open_shop
from tests.tui.camera import Camera, in_both_languages, keys

# --- log in ----------------------------------------------------------------------------------------


@in_both_languages("Password", "Contraseña")
def test_log_in(shop: Shop, camera: Camera, words: str) -> None:
    assert camera.finds_as_pictured(app_of(shop), keys("1", then=words))


def test_log_in_refused(shop: Shop, camera: Camera) -> None:
    words = "The e-mail address or the password is not right. Nothing was changed. Try again."
    shop.cloud.fail_with = CloudRefused(words, 401, "invalid_credentials")

    async def story(operator: Operator) -> None:
        await operator.presses("1")
        await operator.enters(EMAIL)
        await operator.enters("wrong", then="is not right")

    assert camera.finds_as_pictured(app_of(shop), story)


def test_log_in_busy(shop: Shop, camera: Camera) -> None:
    with hesitant(shop) as slow:

        async def story(operator: Operator) -> None:
            await operator.presses("1")
            await operator.enters(EMAIL)
            await operator.enters("secret", then="Logging in")

        assert camera.finds_as_pictured(app_of(slow.shop), story)


# --- assign business -------------------------------------------------------------------------------

COMPANIES = [f"{name} {kind}" for kind in ("SL", "SA", "Hotels") for name in ("Maritim", "Sol", "Mar i Cel")]


def test_companies_loading(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, COMPANIES)
    with hesitant(shop) as slow:
        assert camera.finds_as_pictured(app_of(slow.shop), keys("2", then="Asking FactoryCLOUD"))


def test_companies(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, COMPANIES)
    assert camera.finds_as_pictured(app_of(shop), keys("2", "down", then="9 of 9"))


def test_companies_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.with_companies(shop, COMPANIES)
    assert camera.finds_as_pictured(app_of(shop), keys("2", then="9 de 9"))


def test_companies_filtered(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, COMPANIES)
    assert camera.finds_as_pictured(app_of(shop), keys("2", *"hot", then="3 of 9"))


def test_companies_none_fits(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, COMPANIES)
    assert camera.finds_as_pictured(app_of(shop), keys("2", *"xyz", then="None of the 9"))


def test_companies_none_yet(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, [])
    assert camera.finds_as_pictured(app_of(shop), keys("2", then="no company yet"))


def test_companies_hostile_names(shop: Shop, camera: Camera) -> None:
    hostile = ["[red]not red[/red]", "two\nlines", "🍺 beer " * 20, "مقهى البحر", "\u202eoverride", "x" * 200]
    scenes.with_companies(shop, hostile)
    assert camera.finds_as_pictured(app_of(shop), keys("2", then="6 of 6"), may_be_cut=True)


def test_companies_out_of_reach(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, COMPANIES)
    shop.cloud.fail_with = scenes.NO_NETWORK
    assert camera.finds_as_pictured(app_of(shop), keys("2", then="F4 asks again"))


def test_companies_session_ended(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, COMPANIES)
    words = "The log-in has ended. Reports stay in the queue. Log in again."
    shop.cloud.fail_with = TokenRefused(words, 401, "unauthorized")
    assert camera.finds_as_pictured(app_of(shop), keys("2", then="F3 logs in"))


def test_stores(shop: Shop, camera: Camera) -> None:
    shop.connect()
    assert camera.finds_as_pictured(app_of(shop), _to_the_stores)


def test_history(shop: Shop, camera: Camera) -> None:
    shop.connect()
    assert camera.finds_as_pictured(app_of(shop), _to_the_history)


def test_history_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    shop.connect()

    async def story(operator: Operator) -> None:
        await operator.presses("2", then="Maritim SL")
        await operator.presses("enter", then=("negocio: tienda", "Bar Maritim"))
        await operator.presses("enter", then="cerrados")

    assert camera.finds_as_pictured(app_of(shop), story)


def test_stores_none_yet(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, [])

    async def story(operator: Operator) -> None:
        await operator.presses("2", then="no company yet")
        await operator.presses("enter", at="name")
        await operator.types("Maritim SL")
        await operator.presses("up", "enter", then="no store yet")

    assert camera.finds_as_pictured(app_of(shop), story)


def test_history_counting(shop: Shop, camera: Camera) -> None:
    shop.connect()
    may_answer = threading.Event()
    closes = shop.till.closes

    def think(after: int) -> Sequence[Close]:
        wait_on_purpose(may_answer.is_set)
        return closes(after)

    async def story(operator: Operator) -> None:
        await _to_the_stores(operator)
        shop.till.closes = think  # type: ignore[method-assign]
        await operator.presses("enter", then="Counting")

    try:
        assert camera.finds_as_pictured(app_of(shop), story)
    finally:
        may_answer.set()


def test_history_of_a_new_till(tmp_path: Path, camera: Camera) -> None:
    with open_shop(tmp_path / "new") as shop:
        shop.connect()

        async def story(operator: Operator) -> None:
            await _to_the_stores(operator)
            await operator.presses("enter", then="closed no day yet")

        assert camera.finds_as_pictured(app_of(shop), story)


@in_both_languages()
def test_history_reassigning(shop: Shop, camera: Camera) -> None:
    _with_a_second_store(shop)
    assert camera.finds_as_pictured(app_of(shop), _to_the_kiosk)


def test_history_not_sent(shop: Shop, camera: Camera) -> None:
    _with_a_second_store(shop)

    async def story(operator: Operator) -> None:
        await _to_the_kiosk(operator)
        shop.cloud.fail_with = CloudUnreachable("FactoryCLOUD is busy. Nothing was changed.", "overloaded")
        await operator.presses("1", then="FactoryCLOUD is busy")

    assert camera.finds_as_pictured(app_of(shop), story)


def test_history_done(shop: Shop, camera: Camera) -> None:
    _with_a_second_store(shop)

    async def story(operator: Operator) -> None:
        await _to_the_kiosk(operator)
        await operator.presses("1", then="Reports now go to Kiosk.")
        await operator.shows(take_snapshot(shop.station))

    assert camera.finds_as_pictured(app_of(shop), story)


def _with_a_second_store(shop: Shop) -> None:
    """Six reports wait for Bar Maritim, and there is a kiosk."""
    shop.connect()
    shop.close_day()
    collect(shop.station)
    accounts.create_store(shop.station, accounts.companies(shop.station)[0].id, "Kiosk", "Europe/Madrid")


async def _to_the_kiosk(operator: Operator) -> None:
    await operator.presses("2", then="Maritim SL")
    await operator.presses("enter", then=("Bar Maritim", "Kiosk"))
    await operator.presses("down", "enter")
    await operator.until(lambda: operator.focus.endswith("missing"), "the choices")


def test_move(shop: Shop, camera: Camera) -> None:
    shop.connect()
    shop.cloud.fail_with = None

    async def story(operator: Operator) -> None:
        await _to_the_history(operator)
        shop.cloud.fail_with = CloudRefused("elsewhere", 409, "terminal_elsewhere")
        await operator.presses("1", then="Move it here")

    assert camera.finds_as_pictured(app_of(shop), story)


async def _to_the_stores(operator: Operator) -> None:
    await operator.presses("2", then="Maritim SL")
    await operator.presses("enter", then=("business: store", "Bar Maritim"))


async def _to_the_history(operator: Operator) -> None:
    await _to_the_stores(operator)
    await operator.presses("enter", then="closed Z reports")
