"""What is found in a database before it is a till's: hosts, and the papers of their newest closes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from factorypos_tui.core.connecting.found import Access
from factorypos_tui.core.errors import TillAbsent
from factorypos_tui.tills.unicenta.connecting import hosts, last_closes
from tests.support.unicenta.example import at, live_the_example
from tests.support.unicenta.shop import GENERATIONS, HOST, Generation, Shop


def access(shop: Shop) -> Access:
    return Access("unicenta", shop.url)


@pytest.mark.parametrize("generation", GENERATIONS, ids=lambda it: it.name)
def test_the_papers_are_those_that_the_program_prints(
    new_shop: Callable[..., Shop], generation: Generation, tmp_path: Path
) -> None:
    shop = new_shop(generation)
    live_the_example(shop)
    second, first = last_closes(access(shop), tmp_path, HOST, "EUR", 5)
    assert (first.z_number, first.closed_at, first.receipts) == (2, at(2, "22:10"), 5)
    assert (first.net, first.tax, first.total) == (4158, 552, 4711)
    assert (second.z_number, second.receipts) == (3, 7)
    assert (second.net, second.tax, second.total) == (4671, 739, 5409)
    assert sum(amount for _name, amount in second.payments) == 5909
    paid = dict(first.payments)
    assert (paid["cash"], paid["cashin"], paid["cashout"]) == (1300, 10000, -3000)
    assert [close.z_number for close in last_closes(access(shop), tmp_path, HOST, "EUR", 1)] == [3]


def test_each_host_is_found_with_an_id_that_stays(shop: Shop, tmp_path: Path) -> None:
    live_the_example(shop)
    shop.open("other-1", 2, at(3, "09:00"), host="CAJA-2")
    one, other = hosts(access(shop), tmp_path)
    assert (one.host, one.identity, one.closes, one.last_z) == (HOST, "m-2", 2, 3)
    assert one.last_closed == at(3, "23:59:30")
    assert (other.host, other.identity, other.closes, other.last_z) == ("CAJA-2", "other-1", 0, None)


def test_a_database_without_its_tables_is_no_till(new_database: Callable[[], str], tmp_path: Path) -> None:
    with pytest.raises(TillAbsent, match=r"closedcash, receipts.*HSQLDB, Derby"):
        hosts(Access("unicenta", new_database()), tmp_path)
