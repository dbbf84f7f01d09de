"""Synchronizing configuration data at the keyboard: looked at first, done whole, no price by mistake."""

from factorypos_tui.core.configuration.configuration import in_use
from factorypos_tui.core.errors import CloudRefused
from tests.support import catalogues, scenes
from tests.support.configurations import with_item
from tests.support.exchanges import in_the_cloud
from tests.support.operator import Operator, opened
from tests.support.stations import Shop


def price_of(shop: Shop, code: str) -> int:
    """What an item costs at the bar."""
    return next(i.prices["BARRA"] for i in shop.till.configuration().items if i.code == code)


async def opens_it(operator: Operator) -> None:
    """From the home screen to the choices, once FactoryCLOUD has answered."""
    await operator.presses("6", then=("1 Data Download", "In numbers"))
    await operator.no_longer_sees("Asking FactoryCLOUD...")


async def test_look_accept_and_the_till_has_what_was_shown(busy: Shop) -> None:
    wanted = catalogues.spring(busy)
    in_the_cloud(busy, wanted)
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.presses("1")
        await operator.sees("[All 7]", "CAFE ", "1.40 EUR →     1.50 EUR", "FLAN ", "no longer used")
        assert price_of(busy, "CAFE") == 140
        await operator.presses("enter")
        await operator.sees("into this till?", "Prices: 2 changed.", "1 new, 1 changed, 1 no longer used")
        assert price_of(busy, "CAFE") == 140
        await operator.accepts(then=("has FactoryCLOUD's configuration now.", "Prices: 2 changed."))
        assert in_use(busy.till.configuration()) == wanted
        await operator.presses("enter")
        await operator.sees("In numbers", "downloaded 14:00", "2 Bring back what was here before")


async def test_one_key_brings_back_what_was_there_before(busy: Shop) -> None:
    before = in_use(busy.till.configuration())
    in_the_cloud(busy, catalogues.spring(busy))
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.presses("1", then="[All 7]")
        await operator.presses("enter", then="Leave it as it is")
        await operator.accepts(then="2 Bring back what was here before")
        await operator.presses(
            "2", then=("until 14:00, before a download: this changes", "1.50 EUR →     1.40 EUR")
        )
        await operator.presses("enter", then="Bring back the configuration that this till had")
        await operator.accepts(then="The configuration is back.")
        await operator.presses("enter", then="changed here since")
    assert in_use(busy.till.configuration()) == before


async def test_a_backup_is_a_choice_of_its_own_also_without_a_line(busy: Shop) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    async with opened(busy) as operator:
        await opens_it(operator)
        assert "Bring back" not in operator.screen
        await operator.presses("1", then="[All 7]")
        await operator.presses("enter", then="Leave it as it is")
        await operator.accepts(then="1 All right")
        busy.cloud.fail_with = scenes.NO_NETWORK
        await operator.presses("1")
        await operator.sees("cannot be reached", "F4 asks again.", "2 Bring back what was here before")
        await operator.presses("2", then="1.50 EUR →     1.40 EUR")
        await operator.presses("enter", then="Leave it as it is")
        await operator.accepts(then="The configuration is back.")
    assert price_of(busy, "CAFE") == 140


async def test_f1_explains_the_choice_in_focus(busy: Shop) -> None:
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.presses("down", "f1")
        await operator.sees("─ Help ─", "Data Upload: Shows what this till would change")
        await operator.presses("escape", "2", then="[All 69]")
        await operator.presses("f1", then=("─ Help ─", "PgUp and PgDn move; Home and End"))


async def test_esc_leaves_everything_as_it_is_at_every_step(busy: Shop) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    before = busy.till.configuration()
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.presses("1", then="[All 7]")
        await operator.presses("enter", then="Leave it as it is")
        await operator.presses("enter")
        await operator.no_longer_sees("Leave it as it is")
        await operator.presses("enter", then="Leave it as it is")
        await operator.presses("escape")
        await operator.no_longer_sees("Leave it as it is")
        await operator.presses("escape", then="In numbers")
        await operator.presses("escape", at="data")
    assert busy.till.configuration() == before
    assert busy.till.configuration_backups() == []


async def test_where_there_is_nothing_to_download_the_documented_warning_comes(busy: Shop) -> None:
    before = busy.till.configuration()
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.sees("has no configuration yet")
        await operator.presses("1")
        await operator.sees("There is no data available for download in FactoryCLOUD: it has no departments")
        await operator.presses("enter", then="Nothing was changed.")
        in_the_cloud(busy, catalogues.spring(busy))
        await operator.presses("f4", then="[All 7]")
    assert busy.till.configuration() == before


async def test_the_filter_and_the_sections_show_only_what_is_asked_for(busy: Shop) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.presses("1", then=("[All 7]", "CAFE ", "FLAN ", "HORCHATA"))
        await operator.presses("s", "s", then=("[Items 3]", "1 new, 1 changed, 1 no longer used", "FLAN "))
        assert "CORTADO" not in operator.screen
        await operator.presses("slash")
        await operator.types("CHUFA hor")
        await operator.sees("1 new  1 of ", "HORCHATA")
        await operator.no_longer_sees("FLAN ")
        await operator.presses("enter", "s", then="Nothing fits. Esc ends the filter.")
        await operator.presses("escape", then=("[Users 1]", "name Ana → Ana María"))
        await operator.presses("s", "s", then=("[All 7]", "CAFE "))


async def test_what_todays_sales_refer_to_waits_for_the_close_which_is_offered(busy: Shop) -> None:
    in_the_cloud(busy, catalogues.with_another_tax(busy))
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.presses("1")
        await operator.sees("Today's sales refer to what would change: IVA10.", "C closes it from here.")
        await operator.presses("enter", then="Leave it as it is")
        await operator.presses("down", then=("IVA10. Close the", "Accept for after today's close"))
        await operator.presses("enter")
        assert "All right" not in operator.screen
        await operator.presses("escape")
        await operator.no_longer_sees("Leave it as it is")
        await operator.presses("c", then=("32 receipts", "Net 44.80 EUR", "A close cannot be taken back."))
        await operator.presses("escape")
        await operator.no_longer_sees("A close cannot")
        assert busy.till.status().receipts == 32
        await operator.presses("c", then="[ Close the day ]")
        await operator.presses("enter", "enter", then="Z 6 of 23 Nov 2026")
        await operator.no_longer_sees("Today's sales refer")
        await operator.sees("rate 10 → 10.5")
        await operator.presses("enter", then="Leave it as it is")
        await operator.accepts(then="1 All right")
        await operator.until(lambda: len(busy.cloud.reports) == 6, "the Z of the day to arrive")
    assert next(tax.rate for tax in busy.till.configuration().taxes if tax.code == "IVA10") == "10.5"


async def test_a_sale_between_look_and_accept_holds_it_up_and_it_is_looked_at_again(busy: Shop) -> None:
    busy.close_day()
    in_the_cloud(busy, catalogues.with_another_tax(busy))
    before = busy.till.configuration()
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.presses("1", then="rate 10 → 10.5")
        busy.sell("CAFE")
        await operator.presses("enter", then="Leave it as it is")
        await operator.accepts(then=("what would change: IVA10. Close", "Nothing was changed."))
        await operator.presses("escape", then="C closes it from here.")
    assert busy.till.configuration() == before


async def test_esc_stops_it_before_the_commit(busy: Shop) -> None:
    busy.close_day()
    before = busy.till.configuration()
    in_the_cloud(busy, catalogues.large(1000))
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.presses("1", then="[All 1")
        await operator.presses("enter", then="Leave it as it is")
        with busy.till.database().transaction():  # a sale that is being rung up keeps the till to itself
            await operator.presses_meanwhile("down", "enter")
            await operator.sees("Esc stops it")
            await operator.presses_meanwhile("escape", "enter", "down")
            await operator.sees("Stopping...")
        await operator.sees("Stopped. Nothing was changed.", "Leave it as it is")
        assert busy.till.configuration() == before
        assert busy.till.configuration_backups() == []
        await operator.accepts(then="2 Bring back what was here before")
    assert len(in_use(busy.till.configuration()).items) == 1000


async def test_a_document_that_cannot_be_taken_names_record_and_field(busy: Shop) -> None:
    before = busy.till.configuration()
    in_the_cloud(busy, with_item(catalogues.spring(busy), "CAFE", department="NONE"))
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.sees("items CAFE, department:", "there is no NONE")
        await operator.presses("1", then=("items CAFE, department:", "there is no NONE", "F4 looks again"))
        await operator.presses("enter", "s", "slash", "c", "o")
        await operator.settles()
    assert busy.till.configuration() == before


async def test_no_difference_says_so_and_accepting_it_changes_nothing(busy: Shop) -> None:
    before = busy.till.configuration()
    in_the_cloud(busy, in_use(before))
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.presses("1", then="configuration already: there is no difference.")
        await operator.presses("enter", then="Leave it as it is")
        await operator.accepts(then=("Nothing was changed.", "1 All right"))
        assert "Bring back" not in operator.screen
        await operator.presses("enter", then="downloaded 14:00")
    assert busy.till.configuration() == before


async def test_refusals_and_a_missing_till_are_said_at_the_place(busy: Shop) -> None:
    async with opened(busy, size=(132, 43)) as operator:  # a path of pytest is long
        busy.cloud.fail_with = CloudRefused("FactoryCLOUD is being painted.", 403, "forbidden")
        await opens_it(operator)
        await operator.sees("FactoryCLOUD is being painted. F4 asks again.")
        busy.cloud.fail_with = None
        await operator.presses("f4", then="has no configuration yet")
        busy.till._path.unlink()
        await operator.presses("f4")
        words = "till init makes a new one. F4 asks again."
        await operator.until(lambda: words in " ".join(operator.screen.split()), words)


async def test_twenty_thousand_items_scroll_and_filter_as_twenty_do(busy: Shop) -> None:
    busy.close_day()
    in_the_cloud(busy, catalogues.large(20_000))
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.presses("1", then=("[All 20,0", "Items 20,0"))
        await operator.presses("s", "end", then="TIENDA" if "[Departments" in operator.screen else "ZUMO")
        await operator.presses("home", "pagedown", "down")
        await operator.presses("slash")
        await operator.types("ART19999")
        await operator.sees("1 new  1 of ", "ART19999", "FERIA", "200.99 EUR")
