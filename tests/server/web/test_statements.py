"""A page of many stores and terminals asks the database no more often than one of a single store."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.server.conftest import on_postgresql_and_at_length_on_both
from tests.server.premises import Premises, premises
from tests.server.shop import Shop
from tests.server.web.conftest import Browsers
from tests.server.web.test_every_page import FILES, FOR_ANYBODY, PAGES, path_of

STORES, TERMINALS = 20, 5
PROVED = {"GET /terminals/{terminal_id}/end"}


@pytest.fixture(scope="session")
def small(running_shop: Shop) -> Premises:
    return premises(running_shop)


@pytest.fixture(scope="session")
def large(running_shop: Shop) -> Premises:
    """The same with many stores, each with some terminals that have closed a day."""
    its = premises(running_shop)
    companies = [its.company, its.owner.company()]
    stores = [its.till.store, *(its.owner.store(companies[n % 2]) for n in range(STORES - 1))]
    for till in [its.owner.assign(store) for store in stores for _ in range(TERMINALS)]:
        assert till.send(till.z(1)).status_code == 201
        assert till.send(till.x(1, its.company)).status_code == 201
    return its


@contextmanager
def statements() -> Iterator[list[str]]:
    """What calls ask the database meanwhile; what the server asks by itself is left out."""
    asked: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.name == "peewee" and "AnyIO" in (record.threadName or ""):
                asked.append(record.getMessage())

    logger, listener = logging.getLogger("peewee"), Listener()
    before = logger.level, logger.propagate
    logger.addHandler(listener)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield asked
    finally:
        logger.removeHandler(listener)
        logger.setLevel(before[0])
        logger.propagate = before[1]


ARCHIVES = {"GET /companies/{company_id}/archive.zip", "GET /stores/{store_id}/archive.zip"}
"""Each reads its terminals one after the other: the Zs of a file are bounded, and two are made at once."""


@on_postgresql_and_at_length_on_both
@pytest.mark.parametrize("route", sorted({*PAGES, *FILES} - FOR_ANYBODY - PROVED - ARCHIVES))
def test_statements_do_not_grow_with_stores(
    small: Premises, large: Premises, browsers: Browsers, route: str
) -> None:
    asked = []
    for its in (small, large):
        browser = browsers("en")
        browser.log_in(its.owner)
        with statements() as found:
            assert browser.http.get(path_of(route, its)).status_code == 200
        asked.append(found)
    few, many = asked
    assert few, "nothing was heard"
    assert len(many) <= len(few), "\n".join(sorted({one[:200] for one in many}))
