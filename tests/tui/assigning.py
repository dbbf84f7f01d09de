"""A store to assign, and the way to the last step."""

from factorypos_tui.core.account import accounts
from tests.support.operator import Operator
from tests.support.stations import EMAIL, PASSWORD, Shop


def with_a_store(shop: Shop, company: str = "Maritim SL", store: str = "Bar Maritim") -> str:
    """Ana has logged in and has a store; returns its id."""
    accounts.register(shop.station, EMAIL, PASSWORD, "Ana")
    owner = accounts.create_company(shop.station, company, "ES", "EUR")
    return accounts.create_store(shop.station, owner.id, store, "Europe/Madrid").id


def in_the_box(screen: str) -> str:
    """What the dialog from edge to edge says, as one line."""
    return " ".join(screen.split())


async def to_the_history(operator: Operator) -> None:
    """Pick company and store."""
    await operator.is_at("assign")
    await operator.presses("2", then=("company", "1 of 1"))
    await operator.presses("enter", then=("business: store", "Bar Maritim"))
    await operator.presses("enter", then="closed Z reports")
