"""Creating a company and a store on the way to assigning one."""

from factorypos_tui.core.account import accounts
from factorypos_tui.core.models import Company, Store
from tests.support import scenes
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import opened
from tests.support.stations import PASSWORD, Shop


async def test_the_first_company_and_store_are_created_on_the_way(shop: Shop) -> None:
    scenes.with_companies(shop, [])
    async with opened(shop) as operator:
        await operator.is_at("assign")
        await operator.presses("2", then=("This account has no company yet.", "F6 Create new company"))
        await operator.presses("enter", at="name")
        await operator.types("Maritim SL")
        await operator.presses("enter", "enter", "enter", "enter")
        await operator.sees("business: store", "This company has no store yet.", "F6 Create new store")
        await operator.presses("f6", then=("It is created in Maritim SL", "Europe/Madrid"))
        await operator.types("Bar Maritim")
        await operator.presses("enter", "enter", "enter")
        await operator.sees("Bar Maritim (Maritim SL).", "closed Z reports")
        await operator.presses("1")
        await operator.sees_behind_messages("Bar Maritim - Terminal 01", "last Z 5 sent")


async def test_a_second_company_can_be_created_beside_others(shop: Shop) -> None:
    scenes.with_companies(shop, ["Maritim SL", "Sol SL"])
    async with opened(shop) as operator:
        await operator.is_at("assign")
        await operator.presses("2", then="2 of 2")
        await operator.presses("f6", at="name")
        await operator.presses("escape", then="2 of 2")
        await operator.presses("f6")
        await operator.types("Kiosk SL")
        await operator.presses("up", "enter", then=("business: store", "no store yet"))
    names = [company.name for company in accounts.companies(shop.station)]
    assert names == ["Maritim SL", "Sol SL", "Kiosk SL"]


async def test_currency_and_country_are_those_of_the_till_and_can_be_changed(shop: Shop) -> None:
    scenes.with_companies(shop, [])
    made = {}
    create = shop.cloud.create_company

    def remember(user_token: str, name: str, country: str, currency: str, tax_id: str | None) -> Company:
        made[name] = (country, currency, tax_id)
        return create(user_token, name, country, currency, tax_id)

    shop.cloud.create_company = remember  # type: ignore[method-assign]
    async with opened(shop) as operator:
        await operator.is_at("assign")
        await operator.presses("2", "f6", then=("Spain (ES)", "EUR Euro"))
        await operator.types("Warszawa SA")
        await operator.presses("enter", "enter", at="country")
        await operator.types("poland")
        await operator.presses("enter", at="currency")
        await operator.sees("Poland (PL)", "PLN Polish")
        await operator.presses("enter", then="business: store")
    assert made == {"Warszawa SA": ("PL", "PLN", None)}


async def test_the_zone_of_a_store_is_that_of_the_till_and_is_picked_from_a_list(shop: Shop) -> None:
    scenes.with_companies(shop, ["Maritim SL"])
    made = {}
    create = shop.cloud.create_store

    def remember(user_token: str, company_id: str, name: str, timezone: str, address: str | None) -> Store:
        made[name] = (timezone, address)
        return create(user_token, company_id, name, timezone, address)

    shop.cloud.create_store = remember  # type: ignore[method-assign]
    async with opened(shop) as operator:
        await operator.is_at("assign")
        await operator.presses("2", then="1 of 1")
        await operator.presses("enter", then="no store yet")
        await operator.presses("f6", then="Europe/Madrid Spain")
        await operator.types("Bar Teide")
        await operator.presses("enter", "enter", at="timezone")
        await operator.types("canary")
        await operator.presses("enter", at="accept")
        await operator.presses("enter", then="Bar Teide (Maritim SL).")
    assert made == {"Bar Teide": ("Atlantic/Canary", None)}


async def test_an_impatient_enter_creates_one_company(shop: Shop) -> None:
    scenes.with_companies(shop, [])
    with hesitant(shop) as slow:
        slow.may_answer.set()
        async with opened(slow.shop) as operator:
            await operator.is_at("assign")
            await operator.presses("2", then="no company yet")
            await operator.presses("f6", "f6", at="name")
            slow.may_answer.clear()
            await operator.types("Maritim SL")
            await operator.presses("up", "enter", "enter", "enter", then="Creating the company...")
            slow.may_answer.set()
            await operator.sees("business: store", "no store yet")
            await operator.presses("escape", "escape", at="assign")
    assert slow.calls.count("create_company") == 1


async def test_a_session_that_ends_while_a_company_is_created_loses_nothing_typed(shop: Shop) -> None:
    scenes.with_companies(shop, [])
    async with opened(shop) as operator:
        await operator.is_at("assign")
        await operator.presses("2", then="no company yet")
        await operator.presses("f6")
        await operator.types("Maritim SL")
        shop.cloud.end_sessions()
        await operator.presses("up", "enter", then=("F3 logs in.", "F3 Log in", "Maritim SL"))
        await operator.presses("f3", "enter", at="password")
        await operator.enters(PASSWORD, then=("business: store", "no store yet"))
