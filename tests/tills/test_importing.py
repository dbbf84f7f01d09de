"""Receipts of other programs: each is taken up once, and what another till wrote is kept as it is."""

from typing import Any

import pytest

from factorypos_tui.tills.bundled.importing import Imported
from tests.tills.bar import Bar, check_the_books
from tests.tills.receipts import a_line, a_receipt, paid_with, take_up


def test_a_file_is_taken_up_in_the_open_period(bar: Bar) -> None:
    assert take_up(bar, a_receipt(1), "", a_receipt(2, number="A-17", user="2")) == Imported(2, 0, 0, 3680)
    first, second = bar.till.receipts(bar.today().id)
    assert first.sold_at.isoformat() == "2026-06-12T11:05:00+00:00"
    assert [(line.item_name, str(line.quantity), line.net) for line in first.lines] == [
        ("Café solo", "1", 140),
        ("Gambas al kilo", "0.250", 1700),
    ]
    assert [(paid.code, paid.amount, paid.tip) for paid in first.payments] == [
        ("CASH", 1000, 0),
        ("CARD", 840, 60),
    ]
    assert (first.number, first.user_name) == ("000001", "Ana")
    assert (second.number, second.user_name) == ("A-17", "Jordi")
    assert bar.today().business_date.isoformat() == "2026-06-12"


def test_a_receipt_seen_before_is_skipped_and_counted(bar: Bar) -> None:
    practice = a_receipt(3, user="99")
    assert take_up(bar, a_receipt(1), a_receipt(1), practice) == Imported(1, 1, 1, 1840)
    upper = a_receipt(1, receipt_uid=str(a_receipt(1)["receipt_uid"]).upper())
    assert take_up(bar, upper, a_receipt(2), practice) == Imported(1, 0, 2, 1840)
    bar.close("2026-06-12 23:30")
    assert take_up(bar, a_receipt(1), a_receipt(2), practice) == Imported(0, 0, 3, 0)
    assert check_the_books(bar.till) == 1


def test_refunds_comps_discounts_own_prices_and_rounding(bar: Bar) -> None:
    lines = [
        {"item": "CANA", "quantity": "3", "unit_price": 150, "discount": 50},
        {"item": "CAFE", "quantity": 1, "comp": True},
        {"item": "COLA", "quantity": 1, "refund": True},
    ]
    take_up(bar, a_receipt(lines=lines, payments=[{"code": "CASH", "amount": 162}], rounding=2))
    (receipt,) = bar.till.receipts(bar.today().id)
    assert [line.net for line in receipt.lines] == [400, 0, -240]
    assert [(line.is_refund, line.is_comp) for line in receipt.lines] == [
        (False, False),
        (False, True),
        (True, False),
    ]
    assert receipt.rounding == 2


def test_what_the_till_rounded_and_taxed_in_its_own_way_is_kept_as_it_is(bar: Bar) -> None:
    lines = [
        {"item": "GAMBAS", "quantity": "0.125", "total": 849, "tax": 76},
        {"item": "CAFE", "quantity": 1, "tax": 14},
    ]
    take_up(bar, a_receipt(lines=lines, payments=[{"code": "CASH", "tendered": 1000, "change": 11}]))
    take_up(
        bar,
        a_receipt(2, lines=a_line(), payments=paid_with(), taxes=[{"code": "IVA10", "base": 126, "tax": 14}]),
    )
    first, second = bar.till.receipts(bar.today().id)
    assert [line.gross for line in first.lines] == [849, 140]
    assert [(tax.code, tax.base, tax.tax) for tax in first.taxes] == [("IVA10", 899, 90)]
    assert [paid.amount for paid in first.payments] == [989]
    assert [(tax.base, tax.tax) for tax in second.taxes] == [(126, 14)]
    assert bar.database.rows("SELECT * FROM receipts_that_do_not_add_up") == []


def test_an_item_without_a_price_is_taken_up_at_its_own_total(bar: Bar) -> None:
    bar.database.execute("DELETE FROM prices WHERE item = 'CAFE'")
    take_up(bar, a_receipt(lines=a_line(total=155), payments=paid_with(amount=155)))
    assert bar.till.status().net == 155


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sold_at": "2026-06-12T13:05:01+02:00"}, "sold_at"),
        ({"number": "A-99"}, "number"),
        ({"user": "2"}, "user"),
        ({"rounding": 1, "payments": [{"code": "CASH", "amount": 1841}]}, "rounding"),
        (
            {"lines": [{"item": "CAFE", "quantity": 2}], "payments": [{"code": "CASH", "amount": 280}]},
            "lines[0]",
        ),
        ({"payments": [{"code": "CARD", "amount": 1840}]}, "payments"),
        ({"discount": 40, "payments": [{"code": "CASH", "amount": 1800}]}, "discount"),
    ],
)
def test_the_same_uid_with_other_content_is_named_and_stays_as_it_was(
    bar: Bar, changes: dict[str, Any], field: str
) -> None:
    take_up(bar, a_receipt(1))
    before = list(bar.till.receipts(bar.today().id))
    done = take_up(bar, a_receipt(2), a_receipt(1, **changes))
    assert (done.receipts, done.skipped) == (1, 1)
    assert [(found.line, found.uid, found.field) for found in done.changed] == [
        (2, a_receipt(1)["receipt_uid"], field)
    ]
    assert list(bar.till.receipts(bar.today().id))[:1] == before


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ({"tax": 14}, {"tax": 13}, "lines[1].tax"),
        ({"refund": True}, {"refund": True, "tax": 11}, "lines[1].tax"),
        ({"discount": 10}, {}, "lines[0].discount"),
    ],
)
def test_a_line_that_is_taxed_or_discounted_in_another_way_is_named(
    bar: Bar, first: dict[str, Any], second: dict[str, Any], field: str
) -> None:
    due = -140 if "refund" in first else 140
    cola = {"item": "COLA", "quantity": 1, "total": 100, "discount": 10}
    for coffee in (first, second):
        lines = [cola | ({"discount": 20} if "discount" in first and not coffee else {}), *a_line(**coffee)]
        paid = 90 + due - (10 if "discount" in first else 0)
        done = take_up(bar, a_receipt(lines=lines, payments=paid_with(amount=paid)))
    assert [found.field for found in done.changed] == [field]


def test_the_same_uid_twice_in_a_file_with_other_content_is_named(bar: Bar) -> None:
    done = take_up(
        bar, a_receipt(1, user="99"), a_receipt(1, user="99", lines=a_line(), payments=paid_with())
    )
    assert [(found.line, found.field) for found in done.changed] == [(2, "lines")]


def test_a_file_can_be_imported_again_after_the_prices_have_changed(bar: Bar) -> None:
    take_up(bar, a_receipt(1))
    bar.database.execute("UPDATE prices SET amount = amount + 10")
    assert take_up(bar, a_receipt(1)) == Imported(0, 0, 1, 0)
