"""What another person has uploaded to FactoryCLOUD for the bar's store."""

from dataclasses import replace

from factorypos_tui.core.configuration.configuration import (
    CompanyData,
    Configuration,
    Department,
    Item,
    PriceLevel,
    Tax,
    in_use,
)
from tests.support.configurations import with_item, without_item
from tests.support.stations import Shop

_LEVELS = ("BARRA", "TERRAZA", "SALA", "NOCHE", "FERIA")


def spring(shop: Shop) -> Configuration:
    """The bar's own catalogue in spring: two items dearer, one new, one gone, a user renamed."""
    here = in_use(shop.till.configuration())
    wanted = with_item(here, "CAFE", prices={"BARRA": 150, "TERRAZA": 190})
    wanted = with_item(wanted, "CORTADO", prices={"BARRA": 160, "TERRAZA": 180})
    wanted = with_item(wanted, "TE", name="Té verde", department="REFRESCOS")
    wanted = without_item(wanted, "FLAN")
    horchata = Item("HORCHATA", "Horchata de chufa", "REFRESCOS", "IVA10", {"BARRA": 320, "TERRAZA": 350})
    return replace(
        wanted,
        items=tuple(sorted((*wanted.items, horchata), key=lambda item: item.code)),
        users=tuple(replace(user, name="Ana María") if user.code == "1" else user for user in wanted.users),
        company=replace(wanted.company, city="Badalona"),
    )


def with_another_tax(shop: Shop) -> Configuration:
    """Spring, and another rate for the tax of today's sales."""
    wanted = spring(shop)
    taxes = (replace(tax, rate="10.5") if tax.code == "IVA10" else tax for tax in wanted.taxes)
    return replace(wanted, taxes=tuple(taxes))


def hostile(shop: Shop) -> Configuration:
    """A catalogue with hostile names."""
    wanted = spring(shop)
    long = "Un nombre que no acaba nunca " * 3
    wanted = with_item(wanted, "CAFE", name="[red]Café[/] 咖啡咖啡 ☕")
    wanted = with_item(wanted, "CORTADO", name=long.strip())
    return with_item(wanted, "TE", name="שלום té")


def large(items: int) -> Configuration:
    """A shop of `items` items at five prices each."""
    return Configuration(
        company=CompanyData("Bar Maritim, S.L.", currency="EUR"),
        departments=(Department("D", "All of it"),),
        taxes=(Tax("IVA10", "IVA 10 %", "10"),),
        price_levels=tuple(PriceLevel(level, level.title()) for level in _LEVELS),
        items=tuple(
            Item(f"ART{n:05}", f"Artículo {n}", "D", "IVA10", dict.fromkeys(_LEVELS, n + 100))
            for n in range(items)
        ),
    )
