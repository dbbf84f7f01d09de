"""Databases as the programs of the family make them, on each kind of server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.support.unicenta.shop import KRIOLOS, Generation, Shop

SERVERS = ("mysql", "postgresql")


@pytest.fixture(params=SERVERS)
def new_database(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Makes empty databases: first on MariaDB, then on PostgreSQL."""
    make: Callable[[], str] = request.getfixturevalue(
        "new_mariadb" if request.param == "mysql" else "new_postgres"
    )
    return make


@pytest.fixture
def new_shop(new_database: Callable[[], str]) -> Iterator[Callable[..., Shop]]:
    """Makes shops of a generation, whose tables are there."""
    with ExitStack() as shops:

        def make(generation: Generation = KRIOLOS) -> Shop:
            shop = Shop(new_database(), generation)
            shops.callback(shop.leave)
            shop.make()
            return shop

        yield make


@pytest.fixture
def shop(new_shop: Callable[..., Shop]) -> Shop:
    """A shop of the newest generation."""
    return new_shop()
