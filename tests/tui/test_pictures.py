"""A picture of every state of every screen; `make snapshots` draws them anew. Look at each one then."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from factorypos_tui.core.engine import take_snapshot
from factorypos_tui.core.errors import CloudRefused, TokenRefused
from factorypos_tui.core.language import use_language
from factorypos_tui.core.shipments import State
from factorypos_tui.tui.app import FactoryPosApp
from tests.stations import EMAIL, Shop
from tests.tui import scenes
from tests.tui.hesitant_cloud import hesitant
from tests.tui.operator import Operator, app_of

Story = Callable[[Operator], Awaitable[None]]
WIDE, LARGE = (100, 30), (132, 43)


class Camera:
    """Compares the screen, after a story, with the picture of the test's name."""

    def __init__(self, compare: Callable[..., bool]) -> None:
        self._compare = compare

    def finds_as_pictured(
        self, app: FactoryPosApp, story: Story | None = None, size: tuple[int, int] = (80, 24)
    ) -> bool:
        """Whether nothing has changed."""

        async def act(pilot: Pilot[None]) -> None:
            if story:
                await story(Operator(app, pilot))
                await pilot.pause()

        return self._compare(app, run_before=act, terminal_size=size)


@pytest.fixture
def camera(snap_compare: Callable[..., bool]) -> Camera:
    """Pictures lie in `snapshots/test_pictures`."""
    return Camera(snap_compare)


def keys(*names: str, then: str) -> Story:
    """Press keys until a text is on the screen."""

    async def story(operator: Operator) -> None:
        await operator.presses(*names)
        await operator.sees(then)

    return story


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
    assert camera.finds_as_pictured(app, keys("3", then="Log in first."))


def test_home_before_log_in_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, keys("3", then="Inicie sesión primero."))


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


def test_home_observing(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THE_SERVICE))


def test_home_without_till(shop: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(shop, till=None))


def test_home_engine_in_trouble(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    broken = replace(take_snapshot(shop.station), trouble="The disk is full. Nothing was changed.")
    assert camera.finds_as_pictured(app_of(shop), lambda operator: operator.shows(broken))


def test_home_hostile_names(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, [])
    shop.assign_new_store("[red]Bar[/red] \u202egnirts\u202c 🍺🍺 مقهى\nline " + "very " * 40)
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app)


def test_home_tells(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, keys("f2", then="Nothing waits"))


# --- log in ----------------------------------------------------------------------------------------


def test_log_in(shop: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(shop), keys("1", then="Password"))


def test_log_in_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    assert camera.finds_as_pictured(app_of(shop), keys("1", then="Contraseña"))


def test_log_in_refused(shop: Shop, camera: Camera) -> None:
    words = "The e-mail address or the password is not right. Nothing was changed. Try again."
    shop.cloud.fail_with = CloudRefused(words, 401, "invalid_credentials")

    async def story(operator: Operator) -> None:
        await operator.presses("1")
        await operator.types(EMAIL)
        await operator.presses("enter")
        await operator.types("wrong")
        await operator.presses("enter")
        await operator.sees("is not right")

    assert camera.finds_as_pictured(app_of(shop), story)


def test_log_in_busy(shop: Shop, camera: Camera) -> None:
    with hesitant(shop) as slow:

        async def story(operator: Operator) -> None:
            await operator.presses("1")
            await operator.types(EMAIL)
            await operator.presses("enter")
            await operator.types("secret")
            await operator.presses("enter")
            await operator.sees("Logging in")

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
    assert camera.finds_as_pictured(app_of(shop), keys("2", then="6 of 6"))


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
        await operator.presses("2")
        await operator.sees("Maritim SL")
        await operator.presses("enter")
        await operator.sees("negocio: tienda", "Bar Maritim")
        await operator.presses("enter")
        await operator.sees("cerrados")

    assert camera.finds_as_pictured(app_of(shop), story)


def test_move(shop: Shop, camera: Camera) -> None:
    shop.connect()
    shop.cloud.fail_with = None

    async def story(operator: Operator) -> None:
        await _to_the_history(operator)
        shop.cloud.fail_with = CloudRefused("elsewhere", 409, "terminal_elsewhere")
        await operator.presses("1")
        await operator.sees("Move it here")

    assert camera.finds_as_pictured(app_of(shop), story)


async def _to_the_stores(operator: Operator) -> None:
    await operator.presses("2")
    await operator.sees("Maritim SL")
    await operator.presses("enter")
    await operator.sees("business: store", "Bar Maritim")


async def _to_the_history(operator: Operator) -> None:
    await _to_the_stores(operator)
    await operator.presses("enter")
    await operator.sees("closed days too")


# --- queue -----------------------------------------------------------------------------------------


def test_queue(shop: Shop, camera: Camera) -> None:
    scenes.with_every_state(shop)
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, keys("3", "down", then="superseded"))


def test_queue_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.with_every_state(shop)
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, keys("3", "down", then="sustituido"))


def test_queue_wide(shop: Shop, camera: Camera) -> None:
    scenes.with_every_state(shop)
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, keys("3", then="superseded"), size=WIDE)


def test_queue_large(shop: Shop, camera: Camera) -> None:
    scenes.with_every_state(shop)
    app = app_of(shop, holder=scenes.THIS_APP)
    assert camera.finds_as_pictured(app, keys("3", then="superseded"), size=LARGE)


def test_queue_sending(shop: Shop, camera: Camera) -> None:
    scenes.at_lunch(shop)
    snapshot = take_snapshot(shop.station)
    on_its_way = replace(snapshot.recent[0], state=State.SENDING, delivered_at=None)
    sending = replace(snapshot, recent=(on_its_way, *snapshot.recent[1:]))

    async def story(operator: Operator) -> None:
        await operator.presses("3")
        await operator.shows(sending)

    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THIS_APP), story)


def test_queue_empty(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, [])
    shop.assign_new_store("Bar Maritim")
    assert camera.finds_as_pictured(app_of(shop), keys("3", then="Nothing yet"))


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
