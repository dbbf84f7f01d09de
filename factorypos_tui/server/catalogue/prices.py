"""Many prices at once: by per cent, rounded to a step."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from factorypos_tui.server.catalogue.checking import Document
from factorypos_tui.server.catalogue.editing import checked

LEAST, MOST = Decimal(-100), Decimal(1000)
"""Per cent."""
LARGEST_STEP = 10**9


@dataclass(frozen=True, slots=True)
class Repricing:
    """Which prices change, and how."""

    percent: Decimal
    """From `LEAST` to `MOST`; 0 only rounds."""
    step: int = 1
    """Minor units, at least 1: each new price is a multiple of it."""
    level: str | None = None
    """The price level; None for all."""
    department: str | None = None
    """The department of the items; None for all."""


def reprice(document: Document, wanted: Repricing) -> Document:
    """The catalogue with new prices; raises `Wrong`."""
    items = [
        {**item, "prices": _new_prices(item["prices"], wanted)}
        if item.get("prices") and wanted.department in (None, item.get("department"))
        else item
        for item in document["items"]
    ]
    return checked(document, {**document, "items": items})


def _new_prices(prices: Mapping[str, int], wanted: Repricing) -> Mapping[str, int]:
    return {
        level: new_price(price, wanted.percent, wanted.step) if wanted.level in (None, level) else price
        for level, price in prices.items()
    }


def new_price(price: int, percent: Decimal, step: int) -> int:
    """A price changed by per cent, as the nearest multiple of `step`, half away from zero."""
    exact = Decimal(price) * (100 + percent) / 100
    return int((exact / step).quantize(Decimal(1), ROUND_HALF_UP)) * step
