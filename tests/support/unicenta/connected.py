"""A shop with this program beside it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from factorypos_tui.tills.unicenta.facts import Facts
from factorypos_tui.tills.unicenta.server import Server
from factorypos_tui.tills.unicenta.till import UnicentaTill
from tests.support.unicenta.shop import HOST, KRIOLOS, Generation, Shop

FACTS = Facts(
    host=HOST,
    company="Bar Ana, S.L.",
    country="ES",
    currency="EUR",
    timezone="Europe/Madrid",
    day_starts_at="04:00",
    terminal_id="5f5a7e1c-0b7c-5a55-8c2e-6a4f1f0d9b11",
)


def till_of(shop: Shop, home: Path, now: Callable[[], datetime] | None = None, **facts: str) -> UnicentaTill:
    """The adapter at a shop, by the shop's clock unless another one is given."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    said = replace(FACTS, **facts)

    def shop_time() -> datetime:
        return shop.now.replace(tzinfo=ZoneInfo("Europe/Madrid")).astimezone(UTC)

    return UnicentaTill(Server(shop.url, None, said.timezone or "UTC"), said, home, now or shop_time)


@contextmanager
def connected(url: str, home: Path, generation: Generation = KRIOLOS) -> Iterator[tuple[Shop, UnicentaTill]]:
    """A new shop in an empty database, and the adapter at it."""
    shop = Shop(url, generation)
    try:
        shop.make()
        till = till_of(shop, home)
        yield shop, till
        till.close()
    finally:
        shop.leave()
