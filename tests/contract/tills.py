"""The tills that the contract of the port `Till` is tested against, each in a place where it can be used."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from factorypos_tui.core.ports import Till
from factorypos_tui.tills.bundled.till import BundledTill
from factorypos_tui.tills.flocafe.till import FloCafeTill, Setup
from tests.support.flocafe import FloCafe
from tests.support.stations import open_shop
from tests.support.tills import MemoryTill


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


ADAPTERS = {"bundled": bundled, "memory": memory, "flocafe": flocafe}
"""Each adapter by its name in `tills/`; one that is missing here fails the contract."""
