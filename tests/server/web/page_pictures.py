"""Draws `docs/pictures/`: the owner's pages as a browser shows them.

    python -m tests.server.web.page_pictures

The server, its database and the reports are real; the clock stands at one noon, so the same pictures come
again."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random

from playwright.sync_api import Browser, sync_playwright

from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.storage.migrating import migrate
from tests.server.conftest import at_work
from tests.server.days import closed, running
from tests.server.shop import Json, Owner, Shop, Till
from tests.support.chromium import options

FOLDER = Path(__file__).parents[3] / "docs" / "pictures"
TODAY = date(2026, 3, 2)
DAYS = 28
WIDTH, HEIGHT = 960, 860
_BUSY = {8: 2, 9: 3, 10: 3, 11: 2, 12: 4, 13: 7, 14: 8, 15: 4, 16: 2, 17: 3, 18: 4, 19: 5, 20: 7, 21: 6}
"""Hour -> how much is sold in it, beside the other hours."""


@contextmanager
def shop_of_pictures() -> Iterator[Shop]:
    with tempfile.TemporaryDirectory() as folder:
        database = databases.sqlite_database(Path(folder) / "cloud.db")
        migrate(database)
        with at_work(database, public_url=None) as shop:
            yield shop
        databases.close(database)


def stores_with_figures(shop: Shop) -> tuple[Owner, list[Till]]:
    """An owner of three stores that have sold for four weeks and sell today."""
    owner, chance = shop.owner(), Random(7)  # noqa: S311 - figures of a picture
    company = owner.company(name="Marítim SL")
    tills = [
        owner.assign(owner.store(company, name=name), name=f"{name} 1")
        for name in ("Bar Marítim", "Café del Port", "Xiringuito")
    ]
    for till, size in zip(tills, (900, 550, 320), strict=True):
        till.send_all([*_weeks(till, chance, size), _so_far(till, chance, size)])
    return owner, tills


def _weeks(till: Till, chance: Random, size: int) -> Iterator[Json]:
    for number in range(1, DAYS + 1):
        day = TODAY - timedelta(days=DAYS + 1 - number)
        factor = size * (1.0 + 0.25 * (day.weekday() in (4, 5)))
        hours: Json = {f"h{hour}": _sold(chance, factor, busy) for hour, busy in _BUSY.items()}
        yield closed(till, number, f"{day} 08:00", f"{day} 22:10", receipts=_receipts(hours), **hours)


def _so_far(till: Till, chance: Random, size: int) -> Json:
    hours: Json = {f"h{hour}": _sold(chance, size * 1.1, busy) for hour, busy in _BUSY.items() if hour < 13}
    period = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    opened, taken = f"{TODAY} 08:00", f"{TODAY} 12:50"
    return running(till, period, opened, taken, receipts=_receipts(hours), **hours)


def _receipts(hours: Json) -> Json:
    """As many as people who spend about twelve euros each."""
    count = sum(hours.values()) // 1200
    return {"count": count, "first": "A1", "last": f"A{count}"}


def _sold(chance: Random, size: float, busy: int) -> int:
    """In cents."""
    return int(size * busy * chance.uniform(1.4, 2.2))


def draw(browser: Browser, folder: Path) -> None:
    """Write each picture into a folder."""
    with shop_of_pictures() as shop:
        owner, tills = stores_with_figures(shop)
        address = str(shop.http.base_url)
        with browser.new_context(base_url=address, viewport={"width": WIDTH, "height": HEIGHT}) as window:
            window.add_cookies([{"name": "session", "value": owner.token, "url": address}])
            page = window.new_page()
            for name, path in (("today", "/"), ("days", f"/stores/{tills[0].store}/days")):
                page.goto(path)
                page.screenshot(path=folder / f"{name}.png")


def main() -> None:
    with sync_playwright() as playwright:
        draw(playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options()), FOLDER)


if __name__ == "__main__":
    main()
