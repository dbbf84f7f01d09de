"""Names, codes and numbers of a till's rows come from outside: they are bounded, or the receipt is named."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from factorypos_tui.core.errors import Unreportable
from factorypos_tui.tills.unicenta.attributes import properties_of
from factorypos_tui.tills.unicenta.figuring import business_date
from tests.tills.unicenta.making import COFFEE, Day, Item, at, free_line, of

XML = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n{}<properties>{}</properties>'


def test_names_are_those_of_when_it_was_sold() -> None:
    day = Day()
    day.sell("02T09:00", 1, [of(COFFEE)], [("cash", 1.5)])
    (line,) = day.figured().receipts[0].lines
    assert (line.item_code, line.item_name, line.department_name) == ("COF", "Coffee", "Bar")


@pytest.mark.parametrize(
    "attributes",
    [
        b"\xac\xed\x00\x05",
        b"<properties><entry key='product.name'>Coffee",
        XML.format("", "<entry key='product.name'>" + "x" * (1 << 17) + "</entry>").encode(),
        XML.format(
            '<!DOCTYPE properties [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
            "<entry key='product.name'>&b;</entry>",
        ).encode(),
        XML.format(
            '<!DOCTYPE properties [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
            "<entry key='product.name'>&a;</entry>",
        ).encode(),
        XML.format("", "").replace("UTF-8", "klingon").encode(),
    ],
    ids=["java object", "cut", "huge", "laughs", "file", "encoding"],
)
def test_names_as_sold_that_cannot_be_read_give_way_to_those_of_today(attributes: bytes) -> None:
    assert properties_of(attributes) is None
    day = Day()
    day.sell("02T09:00", 1, [replace(of(COFFEE), attributes=attributes)], [("cash", 1.5)])
    (line,) = day.figured().receipts[0].lines
    assert (line.item_code, line.item_name) == ("COF-NOW", "Coffee of today")
    assert day.found() == {"bad_text": ("1",)}


@pytest.mark.parametrize("attributes", [None, b"", XML.format("", "<x/>").encode()])
def test_a_line_that_kept_no_names_has_those_of_today(attributes: bytes | None) -> None:
    day = Day()
    day.sell("02T09:00", 1, [replace(of(COFFEE), attributes=attributes)], [("cash", 1.5)])
    assert day.figured().receipts[0].lines[0].item_name == "Coffee of today"
    assert day.found() == {}


def test_an_entity_of_a_dtd_that_is_never_fetched_says_nothing() -> None:
    dtd = '<!DOCTYPE properties SYSTEM "http://java.sun.com/dtd/properties.dtd">\n'
    text = XML.format(dtd, "<entry key='product.name'>Tea &amp; &gone; cake</entry>").encode()
    assert properties_of(text) == {"product.name": "Tea &  cake"}


def test_names_and_codes_are_made_harmless_and_short() -> None:
    long = Item("R" * 90, "\x1b[31mCoffee\u202e\n" + "é" * 300, 1.5, "t-10", "c-bar")
    twin = replace(long, reference="R" * 91)
    day = Day()
    day.sell("02T09:00", 1, [of(long), of(twin)], [("\x07cash" + "!" * 99, 3.0)], person="u" * 200)
    receipt = day.figured().receipts[0]
    assert receipt.lines[0].item_code != receipt.lines[1].item_code
    codes = [line.item_code for line in receipt.lines] + [receipt.user_code, receipt.payments[0].code]
    assert all(len(code) <= 40 and code.isprintable() for code in codes)
    names = [line.item_name for line in receipt.lines] + [receipt.user_name, receipt.payments[0].name]
    assert all(len(name) <= 100 and name.isprintable() for name in names)


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "1e15", "-1e15"])
@pytest.mark.parametrize("where", ["units", "price", "base", "total"])
def test_a_receipt_that_cannot_be_read_at_all_is_named(where: str, odd: str) -> None:
    day = Day()
    day.sell("02T09:00", 6, [of(COFFEE)], [("cash", 1.5)])
    id_ = day.sell("02T09:05", 7, [of(COFFEE)], [("cash", 1.5)])
    tables: dict[str, list[Any]] = {"base": day.taxes, "total": day.payments}
    table = tables.get(where, day.lines)
    table[:] = [replace(row, **{where: Decimal(odd)}) if row.ticket == id_ else row for row in table]
    with pytest.raises(Unreportable) as refused:
        day.figured()
    assert refused.value.receipts == ("7",)


def test_a_time_that_is_none_is_named() -> None:
    day = Day()
    day.sell(datetime.min, 7, [of(COFFEE)], [("cash", 1.5)])  # noqa: DTZ901 - 0000-00-00 in the table
    with pytest.raises(Unreportable) as refused:
        day.figured()
    assert refused.value.receipts == ("7",)
    assert business_date(day.rows(), timedelta(hours=4), at("09T12:00")).day == 9


def test_a_currency_without_cents_and_one_of_thousandths() -> None:
    day = Day()
    day.sell("02T09:00", 1, [free_line(1, 100.6, "t-10")], [("cash", 110.66)])
    assert day.figures(exponent=0)["totals"]["net"] == 111
    assert day.figures(exponent=3, zone=ZoneInfo("Asia/Kuwait"))["totals"]["net"] == 110_660
