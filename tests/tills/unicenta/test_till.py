"""What a till of the family says besides its days: its configuration, its facts. It is left alone."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from factorypos_tui.core.configuration.configuration import in_use
from factorypos_tui.core.configuration.document import decode, encode
from factorypos_tui.core.errors import TillAbsent, TillError
from factorypos_tui.core.reports.reports import build_x, freeze_z
from factorypos_tui.tills.unicenta.till import UnicentaTill
from tests.support.unicenta.connected import connected, till_of
from tests.support.unicenta.example import live_the_example
from tests.support.unicenta.shop import FIRST_DAY, GENERATIONS, Generation, Shop

ROOT = Path(__file__).parents[3]
SELLS = """
import sys
from datetime import timedelta
from tests.support.unicenta.shop import FIRST_DAY, Shop, listed

shop = Shop(sys.argv[1])
shop.money, shop.sequence = "m-2", 2
print("open", flush=True)
while True:
    lines = [listed("p-cof", 2), listed("p-win")]
    for _ in range(5):
        shop.sell(lines, [("cash", 3.0), ("ccard", 9.9)])
    shop.now += timedelta(minutes=1)
    shop.close(shop.now, f"m-{shop.sequence + 1}")
"""


def tables_of(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the database."""
    names = ("closedcash", "receipts", "tickets", "ticketlines", "taxlines", "payments", "people", "products")
    return {name: shop.run(f"SELECT * FROM {{{name}}} ORDER BY 1, 2") for name in names}


@pytest.fixture(params=GENERATIONS, ids=lambda it: it.name)
def place(
    request: pytest.FixtureRequest, new_database: Callable[[], str], tmp_path: Path
) -> Iterator[tuple[Shop, UnicentaTill]]:
    generation: Generation = request.param
    with connected(new_database(), tmp_path, generation) as (shop, till):
        live_the_example(shop)
        yield shop, till


def test_its_configuration_is_what_its_tables_have(place: tuple[Shop, UnicentaTill]) -> None:
    shop, till = place
    shop.run(f"UPDATE {{people}} SET visible = {shop.flag(False)} WHERE id = 'u-ben'")
    shop.run(f"UPDATE {{products}} SET isvprice = {shop.flag(True)} WHERE id = 'p-shi'")
    if shop.generation.schema == "chromis.sql":
        shop.run(f"UPDATE {{products}} SET iscatalog = {shop.flag(False)} WHERE id = 'p-che'")
    else:
        shop.run("DELETE FROM {products_cat} WHERE product = 'p-che'")
    held = till.configuration()
    assert (held.company.name, held.company.currency) == ("Bar Ana, S.L.", "EUR")
    assert [(tax.code, tax.name, tax.rate) for tax in held.taxes] == [
        ("t-10", "IVA 10%", "10"),
        ("t-21", "IVA 21%", "21"),
    ]
    assert {it.code: it.name for it in held.departments}["c-bot"] == "Bottles"
    assert {(user.code, user.name, user.active) for user in held.users} == {
        ("u-ana", "Ana", True),
        ("u-ben", "Ben", False),
    }
    items = {item.code: item for item in held.items}
    assert {code: dict(item.prices) for code, item in items.items()} == {
        "COF": {"list": 150},
        "MEN": {"list": 1250},
        "WIN": {"list": 990},
        "CHE": {"list": 1890},
        "SHI": {"list": 0},
    }
    assert [item.code for item in held.items if not item.active] == ["CHE"]
    wine = items["WIN"]
    assert (wine.name, wine.department, wine.tax, wine.barcode) == ("Wine", "c-bot", "t-21", "code-WIN")
    assert decode(encode(held)).configuration == in_use(held)
    sold = till.sold()
    assert sold.taxes <= {tax.code for tax in held.taxes}
    assert sold.payment_methods <= {method.code for method in held.payment_methods}


def test_nothing_is_ever_written_to_its_database(place: tuple[Shop, UnicentaTill]) -> None:
    shop, till = place
    before = tables_of(shop)
    for ask in (till.status, till.findings, till.configuration, till.open_period, till.revision, till.sold):
        ask()
    for period in till.closed_periods(0, 10):
        list(till.receipts(period.id))
    assert tables_of(shop) == before


def test_an_article_that_cannot_be_sold_does_not_spoil_the_configuration(
    new_shop: Callable[[], Shop], tmp_path: Path
) -> None:
    shop = new_shop()
    shop.open("m-2", 2, FIRST_DAY)
    shop.run("UPDATE {products} SET taxcat = 'gone' WHERE id = 'p-cof'")
    shop.run("UPDATE {products} SET category = 'gone' WHERE id = 'p-men'")
    shop.run("UPDATE {products} SET pricesell = -1 WHERE id = 'p-win'")
    shop.run(f"UPDATE {{products}} SET reference = '{'x' * 200}', code = ' 1' WHERE id = 'p-che'")
    till = till_of(shop, tmp_path)
    held = till.configuration()
    till.close()
    assert [it.name for it in in_use(held).items] == ["T-shirt", "Cheese kg"]
    assert decode(encode(held)).configuration == in_use(held)


def test_who_it_is_and_how_it_tells_the_time_is_known_while_its_server_is_off(
    new_shop: Callable[[], Shop], tmp_path: Path
) -> None:
    till = till_of(new_shop(), tmp_path)
    till._server.address = replace(till._server.address, port=1)
    assert till.terminal().name == "CAJA-1"
    assert str(till.time_zone()) == "Europe/Madrid"
    with pytest.raises(TillError, match="does not answer"):
        till.status()


@pytest.mark.parametrize(
    ("facts", "error", "words"),
    [
        ({"terminal_id": ""}, TillAbsent, "not connected yet"),
        ({"host": ""}, TillAbsent, "not connected yet"),
        ({"timezone": "Europe/Palma"}, TillError, "timezone .* cannot be Europe/Palma"),
        ({"currency": "EURO"}, TillError, "currency .* cannot be EURO"),
        ({"day_starts_at": "4 am"}, TillError, "day_starts_at .* cannot be 4 am"),
        ({"terminal_id": "7"}, TillError, "terminal_id .* cannot be 7"),
    ],
)
def test_nothing_is_frozen_by_facts_that_cannot_be(
    facts: dict[str, str], error: type[TillError], words: str, tmp_path: Path
) -> None:
    shop = Shop.__new__(Shop)
    shop.url = "mysql://nobody@127.0.0.1:1/nothing"
    till = till_of(shop, tmp_path, None, **facts)
    with pytest.raises(error, match=words):
        till.closed_periods(0, 1)
    assert not (tmp_path / "frozen.db").exists()


def test_a_program_that_sells_and_is_killed_is_read_as_it_is(
    new_shop: Callable[[], Shop], tmp_path: Path
) -> None:
    """Whatever moment it is read at, every receipt is whole, every day adds up, and no day is told twice."""
    shop = new_shop()
    shop.open("m-2", 2, FIRST_DAY)
    till = till_of(shop, tmp_path)
    told: dict[int, bytes] = {}
    seller = subprocess.Popen(
        [sys.executable, "-c", SELLS, shop.url], cwd=ROOT, stdout=subprocess.PIPE, env=os.environ
    )
    assert seller.stdout
    with seller, closing(till):
        seller.stdout.readline()
        while len(told) < 8:
            look(till, told)
        seller.send_signal(signal.SIGKILL)
        seller.wait()
        look(till, told)
        again = till_of(shop, tmp_path / "again")
        with closing(again):
            look(again, dict(told))
        assert sum(len(list(till.receipts(period.id))) for period in till.closed_periods(0, 999)) == 5 * len(
            told
        )


def look(till: UnicentaTill, told: dict[int, bytes]) -> None:
    """Make every report that can be made now; what was told before must be the same."""
    for period in till.closed_periods(0, 999):
        number = period.z_number or 0
        body = freeze_z(period, till.receipts(period.id), None).report.body
        assert told.setdefault(number, body) == body
    running = till.open_period()
    receipts = list(till.receipts(running.id))
    for receipt in receipts:
        assert sum(payment.amount for payment in receipt.payments) == 1290
        assert sum(line.net for line in receipt.lines) in (1289, 1290, 1291)
    build_x(running, receipts, 1, running.opened_at)
