"""The help beside a form from 120 columns on, which F1 says elsewhere."""

import pytest

from factorypos_tui.core.language import LANGUAGES, use_language
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import opened
from tests.support.stations import Shop
from tests.tui.book import WAYS
from tests.tui.test_panes import LARGE, NARROW, WIDE
from tests.tui.test_sizes import in_view, is_whole

FORMS = {
    "log_in": "The e-mail address of your",
    "code": "Five groups of four letters,",
    "register": "FactoryCLOUD calls you so in",
    "recover": "The e-mail address of your",
    "new_password": "8 letters and digits, in",
    "new_company": "The company's name, as you",
    "new_store": "The store's name, as you",
    "save": "The name of the new file, with the",
    "close_day": "The notes and coins in the drawer,",
}
every_form = pytest.mark.parametrize("name", FORMS)


@every_form
async def test_the_help_of_the_field_stands_beside_its_form_and_narrow_it_is_in_f1(
    busy: Shop, name: str
) -> None:
    async with opened(busy, running=False, size=WIDE) as operator:
        await WAYS[name](operator, busy)
        await operator.sees(FORMS[name])
        await operator.stands_still()
        is_whole(operator)
        await operator.resizes(120, 22)
        await operator.stands_still()
        is_whole(operator)
        await operator.resizes(*NARROW)
        await operator.no_longer_sees(FORMS[name])
        await operator.presses("f1", then=FORMS[name])


@pytest.mark.parametrize("name", [*FORMS, "new_till"])
async def test_nothing_of_the_help_is_cut_off_on_22_lines(busy: Shop, name: str) -> None:
    async with opened(busy, running=False, size=(120, 22)) as operator:
        await WAYS[name](operator, busy)
        for language in LANGUAGES:
            use_language(language)
            await operator.presses("down", "up")
            await operator.stands_still()
            for part in operator.app.screen.query("HelpPane Static"):
                assert in_view(operator, part), operator.screen


async def test_the_help_follows_the_field_and_the_keys_and_what_is_typed_stays(shop: Shop) -> None:
    async with opened(shop, running=False, size=LARGE) as operator:
        await operator.presses("1", at="email")
        await operator.types("ana@example.com")
        await operator.sees("The e-mail address of your", "F8     A mail says how")
        await operator.presses("enter", then="The password of that user. F7 shows")
        await operator.no_longer_sees("The e-mail address of your")
        await operator.types("secret")
        await operator.resizes(*NARROW)
        await operator.no_longer_sees("The password of that user.")
        await operator.resizes(*WIDE)
        await operator.sees("The password of that user.", "ana@example.com", "••••••")
        await operator.is_at("password")
        await operator.presses("down", then="Enter does what this line says")


async def test_a_log_in_that_is_waited_for_survives_a_resize(shop: Shop) -> None:
    with hesitant(shop) as slow:
        async with opened(slow.shop, running=False, size=LARGE) as operator:
            await operator.presses("1", at="email")
            await operator.enters("ana@example.com", at="password")
            await operator.types("secret")
            await operator.presses_meanwhile("enter")
            await operator.sees("Logging in...")
            await operator.resizes(*NARROW)
            await operator.no_longer_sees("The password of that user.")
            await operator.sees("Logging in...", "ana@example.com")
