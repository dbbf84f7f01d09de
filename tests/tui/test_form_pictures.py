"""A picture of every state of the forms. `make snapshots` draws them again; look at each one then."""

from factorypos_tui.core.answers import Registration
from factorypos_tui.core.errors import CloudRefused, FieldProblem, TokenRefused
from factorypos_tui.core.language import use_language
from factorypos_tui.tui.screens.guide.welcome import show_welcome
from tests.support import scenes
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import Operator, app_of
from tests.support.stations import EMAIL, Shop
from tests.tui.camera import LARGE, WITH_A_PANE, Camera, in_both_languages, keys
from tests.tui.test_forms import fills_it_in, to_register

HOSTILE = "[red]Bar[/red] \u202egnirts\u202c 🍺 مقهى\n" + "very " * 40
LONG_EMAIL = "a.very.long.name.of.somebody" * 3 + "@" + "a-long-domain." * 4 + "example.com"


# --- welcome ---------------------------------------------------------------------------------------


async def welcomed(operator: Operator) -> None:
    operator.app.run_worker(show_welcome(operator.app))
    await operator.is_at("log_in")


@in_both_languages()
def test_welcome(shop: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(shop), welcomed)


BY_INVITATION = Registration(is_open=False, contact="Eva, 600 123 123")


@in_both_languages("600 123 123", "600 123 123")
def test_welcome_by_invitation(shop: Shop, camera: Camera, words: str) -> None:
    shop.cloud.tells_of_registration = BY_INVITATION

    async def told(operator: Operator) -> None:
        await welcomed(operator)
        await operator.sees(words)

    assert camera.finds_as_pictured(app_of(shop), told, (80, 22))


@in_both_languages("600 123 123", "600 123 123")
def test_log_in_by_invitation(shop: Shop, camera: Camera, words: str) -> None:
    shop.cloud.tells_of_registration = BY_INVITATION
    assert camera.finds_as_pictured(app_of(shop), keys("1", then=words))


# --- recover password ------------------------------------------------------------------------------


async def to_recover(operator: Operator) -> None:
    await operator.presses("1", at="email")
    await operator.presses("f8")
    await operator.until(lambda: len(operator.app.screen.query("#email")) == 1, "the form")
    await operator.until(lambda: not operator.app.screen.query("#password"), "the form")


async def to_the_new_password(operator: Operator) -> None:
    await to_recover(operator)
    await operator.enters(EMAIL, at="code")


@in_both_languages()
def test_recover(shop: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(shop), to_recover)


def test_recover_half_typed(shop: Shop, camera: Camera) -> None:
    async def story(operator: Operator) -> None:
        await to_recover(operator)
        await operator.types("ana")
        await operator.sees("such as ana@example.com")

    assert camera.finds_as_pictured(app_of(shop), story)


def test_recover_out_of_reach(shop: Shop, camera: Camera) -> None:
    shop.cloud.fail_with = scenes.NO_NETWORK

    async def story(operator: Operator) -> None:
        await to_recover(operator)
        await operator.enters(EMAIL, then="cannot be reached")

    assert camera.finds_as_pictured(app_of(shop), story)


@in_both_languages()
def test_new_password(shop: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(shop), to_the_new_password)


def test_new_password_refused(shop: Shop, camera: Camera) -> None:
    words = "This code is used up, too old or mistyped. The password is what it was. Type the code again."

    async def story(operator: Operator) -> None:
        await to_the_new_password(operator)
        shop.cloud.fail_with = CloudRefused(words, 400, "reset_token_invalid")
        await operator.types("mistyped")
        await operator.presses("f7", "enter")
        await operator.enters("a long enough secret", then="used up")

    assert camera.finds_as_pictured(app_of(shop), story)


# --- register --------------------------------------------------------------------------------------


@in_both_languages()
def test_register(shop: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(shop), to_register)


@in_both_languages("calls you so", "le llama así")
def test_register_with_its_help(shop: Shop, camera: Camera, words: str) -> None:
    async def told(operator: Operator) -> None:
        await to_register(operator)
        await operator.sees(words)

    assert camera.finds_as_pictured(app_of(shop), told, size=WITH_A_PANE)


async def half_filled_in(operator: Operator) -> None:
    await to_register(operator)
    await operator.presses("tab")
    await operator.types("short")
    await operator.presses("tab", "tab", "enter", at="name")


@in_both_languages()
def test_register_not_good_yet(shop: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(shop), half_filled_in)


def test_register_shown(shop: Shop, camera: Camera) -> None:
    async def story(operator: Operator) -> None:
        await to_register(operator)
        await fills_it_in(operator, name="Ana Núñez")
        await operator.presses("f7", "down", at="accept")

    assert camera.finds_as_pictured(app_of(shop), story)


def test_register_taken(shop: Shop, camera: Camera) -> None:
    words = "There is an account with this e-mail address already. Nothing was changed. Log in, or recover"
    shop.cloud.fail_with = CloudRefused(f"{words} its password.", 409, "email_taken")

    async def story(operator: Operator) -> None:
        await to_register(operator)
        await fills_it_in(operator, name="Ana Núñez")
        await operator.presses("enter", then="already")

    assert camera.finds_as_pictured(app_of(shop), story)


def test_register_refused(shop: Shop, camera: Camera) -> None:
    fields = (
        FieldProblem("password", "too_common", "This password is one of the first that anybody tries."),
        FieldProblem("name", "no_vowels", "A name has to hold a vowel."),
    )
    shop.cloud.fail_with = CloudRefused("Some fields are missing or wrong.", 422, "invalid", fields)

    async def story(operator: Operator) -> None:
        await to_register(operator)
        await fills_it_in(operator, name="Ana Núñez")
        await operator.presses("enter", then="anybody tries")

    assert camera.finds_as_pictured(app_of(shop), story)


def test_register_busy_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    with hesitant(shop) as slow:

        async def story(operator: Operator) -> None:
            await to_register(operator)
            await fills_it_in(operator, name="Ana Núñez")
            await operator.presses("enter", then="Creando")

        assert camera.finds_as_pictured(app_of(slow.shop), story)


# --- create new company, create new store ----------------------------------------------------------


async def to_the_company(operator: Operator) -> None:
    await operator.presses("2")
    await operator.until(lambda: "FactoryCLOUD..." not in operator.screen, "the list")
    await operator.presses("f6", at="name")


async def to_the_store(operator: Operator) -> None:
    await operator.presses("2", then=("Maritim SL", "1 "))
    await operator.presses("enter")
    await operator.until(lambda: "F6" in operator.screen.replace("F6 Create new ", "F6"), "the stores")
    await operator.presses("f6", at="name")


@in_both_languages()
def test_new_company(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, [])
    assert camera.finds_as_pictured(app_of(shop), to_the_company)


def test_new_company_session_ended(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, [])
    words = "You are no longer logged in. Reports stay in the queue. Log in again."

    async def story(operator: Operator) -> None:
        await to_the_company(operator)
        shop.cloud.fail_with = TokenRefused(words, 401, "unauthorized")
        await operator.types("Maritim SL")
        await operator.presses("up", "enter", then="F3 logs in.")

    assert camera.finds_as_pictured(app_of(shop), story)


@in_both_languages()
def test_new_store(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, ["Maritim SL"])
    assert camera.finds_as_pictured(app_of(shop), to_the_store)


def test_new_store_hostile(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, [HOSTILE])

    async def story(operator: Operator) -> None:
        await operator.presses("2", then="[red]Bar")
        await operator.presses("enter", then="no store yet")
        await operator.presses("enter", at="name")
        await operator.pastes(HOSTILE)
        await operator.presses("down")
        await operator.pastes("Calle Mayor 1\n28001 Madrid")
        await operator.presses("down", at="timezone")

    assert camera.finds_as_pictured(app_of(shop), story, may_be_cut=True)


def test_new_store_refused(shop: Shop, camera: Camera) -> None:
    scenes.with_companies(shop, ["Maritim SL"])
    fields = (FieldProblem("timezone", "unknown_timezone", "This is no IANA time zone."),)

    async def story(operator: Operator) -> None:
        await to_the_store(operator)
        await operator.types("Bar Maritim")
        await operator.presses("down", "down", at="timezone")
        await operator.types("asia/kolkata")
        await operator.presses("enter", at="accept")
        shop.cloud.fail_with = CloudRefused("Some fields are wrong.", 422, "invalid", fields)
        await operator.presses("enter", then="does not accept what is marked")

    assert camera.finds_as_pictured(app_of(shop), story)


# --- log in ----------------------------------------------------------------------------------------


def test_log_in_again(shop: Shop, camera: Camera) -> None:
    shop.connect()
    assert camera.finds_as_pictured(app_of(shop), keys("1", then="Logged in as"))


@in_both_languages("The password of that user.", "La contraseña de ese usuario.")
def test_log_in_with_its_help(shop: Shop, camera: Camera, words: str) -> None:
    shop.connect()
    assert camera.finds_as_pictured(app_of(shop), keys("1", "down", then=words), size=LARGE)


def test_log_in_hostile(shop: Shop, camera: Camera) -> None:
    async def story(operator: Operator) -> None:
        await operator.presses("1", at="email")
        await operator.pastes(f"\n{LONG_EMAIL}\nand more")
        await operator.presses("down")
        await operator.pastes("مقهى 🍺 [red]\n")
        await operator.presses("f7", "up")

    assert camera.finds_as_pictured(app_of(shop), story)
