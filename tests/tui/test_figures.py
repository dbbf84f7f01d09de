"""The figures: by day, week and month, of the store or of this till alone."""

from factorypos_tui.core.account.ending import USER
from factorypos_tui.core.errors import CloudUnreachable
from factorypos_tui.core.language import use_language
from tests.support import scenes
from tests.support.operator import opened, sending_app
from tests.support.stations import EMAIL, PASSWORD, Shop
from tests.tui.camera import LARGE, Camera, in_both_languages, keys


@in_both_languages("from FactoryCLOUD.", "según FactoryCLOUD.")
def test_figures(busy: Shop, camera: Camera, words: str) -> None:
    assert camera.finds_as_pictured(sending_app(busy), keys("f", then=words))


@in_both_languages("so far", "hasta ahora")
def test_figures_of_this_till(busy: Shop, camera: Camera, words: str) -> None:
    busy.credentials.delete(USER)
    assert camera.finds_as_pictured(sending_app(busy), keys("f", "w", then=words))


async def test_the_keys_choose_days_weeks_and_months(busy: Shop) -> None:
    busy.credentials.delete(USER)
    async with opened(busy, running=False) as operator:
        await operator.presses("f", then=("The last 14 days", "22 Nov 2026", "so far"))
        await operator.presses("w", then=("The last 12 weeks", "16 - 22 Nov 2026"))
        await operator.presses("m", then=("The last 12 months", "1 - 23 Nov 2026"))
        await operator.presses("d", then="The last 14 days")
        await operator.presses("escape", at="queue")


async def test_a_tall_terminal_has_the_sums_and_an_average_week_below(busy: Shop) -> None:
    async with opened(busy, running=False, size=LARGE) as operator:
        await operator.presses("f", then=("In sum, 5 days", "Tax included", "An average day of"))
        await operator.sees("1,090.90 EUR", "Sun")
        await operator.resizes(80, 24)
        await operator.no_longer_sees("In sum")


@in_both_languages("In sum", "En total")
def test_figures_large(busy: Shop, camera: Camera, words: str) -> None:
    assert camera.finds_as_pictured(sending_app(busy), keys("f", then=words), LARGE)


async def test_it_is_found_by_name_from_another_screen(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses("4", then="Newest first")
        await operator.presses("f9")
        await operator.enters("figures", then="Bar Maritim, all its tills")


async def test_a_key_logs_in_and_the_figures_become_the_stores(busy: Shop) -> None:
    busy.credentials.delete(USER)
    async with opened(busy, running=False) as operator:
        await operator.presses("f", then="Figures of this till alone.")
        await operator.presses("l", then="Password")
        await operator.presses("enter", at="password")
        await operator.enters(PASSWORD)
        await operator.sees("Bar Maritim, all its tills")
    assert EMAIL in busy.cloud._accounts


async def test_a_line_that_is_cut_gives_this_tills_and_f4_asks_again(busy: Shop) -> None:
    busy.cloud.fail_with = scenes.NO_NETWORK
    async with opened(busy, running=False) as operator:
        await operator.presses("f", then=("Figures of this till alone.", "cannot be reached", "22 Nov 2026"))
        busy.cloud.fail_with = None
        await operator.presses("f4", then="Bar Maritim, all its tills")


async def test_a_till_that_has_sold_nothing_says_so(shop: Shop) -> None:
    use_language("es")
    shop.cloud.fail_with = CloudUnreachable("no", "connection")
    async with opened(shop, running=False) as operator:
        await operator.presses("f", then=("5 días cerrados", "No hay informes de estos días."))
