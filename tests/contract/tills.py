"""The tills that the contract of the port `Till` is tested against, each in a place where it can be used."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from factorypos_tui.core.ports import Till
from factorypos_tui.tills.bundled.till import BundledTill
from factorypos_tui.tills.flocafe.till import FloCafeTill, Setup
from factorypos_tui.tills.unicenta.facts import Facts
from factorypos_tui.tills.unicenta.server import Server
from factorypos_tui.tills.unicenta.till import UnicentaTill
from tests.support.flocafe import FloCafe
from tests.support.servers import mariadb_databases
from tests.support.stations import open_shop
from tests.support.tills import MemoryTill
from tests.support.unicenta.connected import connected
from tests.support.unicenta.shop import listed


@dataclass(frozen=True)
class TillInUse:
    """A new till that has sold nothing."""

    till: Till
    sell: Callable[[], object]
    """What its own program does to sell something."""
    end_the_day: Callable[[], object]
    """What its own program does to close the day."""
    absent: Till
    """A till of the same kind where there is none."""


@contextmanager
def bundled(folder: Path) -> Iterator[TillInUse]:
    """The bundled till, over its file."""
    with open_shop(folder) as shop:
        yield TillInUse(shop.till, shop.sell, shop.close_day, BundledTill(folder / "none.db"))


@contextmanager
def memory(_folder: Path) -> Iterator[TillInUse]:
    """The one that other tests use."""
    till = MemoryTill()
    yield TillInUse(till, till.sell, till.end_the_day, MemoryTill(away=True))


@contextmanager
def flocafe(folder: Path) -> Iterator[TillInUse]:
    """FloCafe, over its file."""
    cafe = FloCafe(folder / "flo.db")
    setup = Setup(str(UUID(int=11)))
    till = FloCafeTill(cafe.path, setup, folder / "frozen.db", lambda: cafe.at)
    absent = FloCafeTill(folder / "none.db", setup, folder / "none_frozen.db", lambda: cafe.at)
    yield TillInUse(till, cafe.sell, cafe.end_the_day, absent)
    cafe.close()


@contextmanager
def unicenta(folder: Path) -> Iterator[TillInUse]:
    """A till of the uniCenta family, on MariaDB."""
    with mariadb_databases() as new_database, connected(new_database(), folder) as (shop, till):
        shop.open(str(uuid4()), 2, shop.now)
        absent = UnicentaTill(Server(shop.url, None), Facts(*[""] * 7), folder)

        def end_the_day() -> None:
            shop.now += timedelta(hours=12)
            shop.close(shop.now)

        yield TillInUse(till, lambda: shop.sell([listed("p-cof")], [("cash", 1.5)]), end_the_day, absent)


ADAPTERS = {"bundled": bundled, "memory": memory, "flocafe": flocafe, "unicenta": unicenta}
"""Each adapter by its name in `tills/`; one that is missing here fails the contract."""
