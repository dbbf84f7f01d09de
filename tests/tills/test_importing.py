"""Receipts of other programs: the whole file or nothing, and an error that says where."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.errors import TillError
from factorypos_tui.tills.bundled import importing
from factorypos_tui.tills.bundled.importing import Imported, import_receipts, priced, read_sales
from tests.tills.bar import Bar, check_the_books
from tests.tills.test_selling import CATALOGUE


def a_receipt(n: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "receipt_uid": f"00000000-0000-4000-8000-{n:012d}",
        "sold_at": "2026-06-12T13:05:00+02:00",
        "lines": [{"item": "CAFE", "quantity": 1}, {"item": "GAMBAS", "quantity": "0.250"}],
        "payments": [{"code": "CASH", "amount": 1000}, {"code": "CARD", "amount": 840, "tip": 60}],
        **changes,
    }


def take_up(bar: Bar, *receipts: dict[str, Any] | str) -> Imported:
    lines = [text if isinstance(text, str) else json.dumps(text) for text in receipts]
    return import_receipts(bar.database, io.BytesIO("\n".join(lines).encode("utf-8", "surrogateescape")))


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
        a_receipt(2, lines=_line(), payments=_paid(), taxes=[{"code": "IVA10", "base": 126, "tax": 14}]),
    )
    first, second = bar.till.receipts(bar.today().id)
    assert [line.gross for line in first.lines] == [849, 140]
    assert [(tax.code, tax.base, tax.tax) for tax in first.taxes] == [("IVA10", 899, 90)]
    assert [paid.amount for paid in first.payments] == [989]
    assert [(tax.base, tax.tax) for tax in second.taxes] == [(126, 14)]
    assert bar.database.rows("SELECT * FROM receipts_that_do_not_add_up") == []


def test_an_item_without_a_price_is_taken_up_at_its_own_total(bar: Bar) -> None:
    bar.database.execute("DELETE FROM prices WHERE item = 'CAFE'")
    take_up(bar, a_receipt(lines=_line(total=155), payments=_paid(amount=155)))
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
        lines = [cola | ({"discount": 20} if "discount" in first and not coffee else {}), *_line(**coffee)]
        paid = 90 + due - (10 if "discount" in first else 0)
        done = take_up(bar, a_receipt(lines=lines, payments=_paid(amount=paid)))
    assert [found.field for found in done.changed] == [field]


def test_the_same_uid_twice_in_a_file_with_other_content_is_named(bar: Bar) -> None:
    done = take_up(bar, a_receipt(1, user="99"), a_receipt(1, user="99", lines=_line(), payments=_paid()))
    assert [(found.line, found.field) for found in done.changed] == [(2, "lines")]


def test_a_file_can_be_imported_again_after_the_prices_have_changed(bar: Bar) -> None:
    take_up(bar, a_receipt(1))
    bar.database.execute("UPDATE prices SET amount = amount + 10")
    assert take_up(bar, a_receipt(1)) == Imported(0, 0, 1, 0)


def _line(**changes: Any) -> list[dict[str, Any]]:
    return [{"item": "CAFE", "quantity": 1, **changes}]


def _paid(**changes: Any) -> list[dict[str, Any]]:
    return [{"code": "CASH", "amount": 140, **changes}]


BAD: dict[str, tuple[dict[str, Any] | str, str]] = {
    "no JSON": ("{", "line 2: this is not JSON"),
    "no object": ("[1]", "line 2: this is not a JSON object"),
    "no UTF-8": ("\udcff", "line 2: this is not UTF-8"),
    "too deep": ("[" * 60_000, "line 2: this is nested too deeply"),
    "too long": ('{"user": "' + "x" * 70_000 + '"}', "line 2: the line is longer than 65536 bytes"),
    "a key twice": ('{"user": "1", "user": "2"}', "line 2, user: this field is given twice"),
    "a float": (a_receipt(payments=_paid(amount=1.40)), "line 2: 1.4 is not a whole number"),
    "NaN": ('{"rounding": NaN}', "line 2: NaN is not a whole number"),
    "a huge number": ('{"rounding": ' + "9" * 5000 + "}", "line 2: a number with more than 15 digits"),
    "a control character": ('{"user": "a\nb"}', "line 2: this is not JSON"),
    "an escaped control character": (a_receipt(user="a\x1b[2J"), "line 2, user: this must be a text"),
    "half a character": (a_receipt(number="\ud800"), "line 2, number: this must be a text"),
    "a field we do not know": (a_receipt(totl=1), "line 2, totl: there is no such field"),
    "a hostile field": (a_receipt(**{"\x1b[2J": 1}), "line 2, ?[2J: there is no such field"),
    "no uid": (a_receipt(receipt_uid=None), "line 2, receipt_uid: this is missing"),
    "a wrong uid": (a_receipt(receipt_uid="17"), "line 2, receipt_uid: this must be a UUID"),
    "a wide uid": (a_receipt(receipt_uid="{" + "0" * 32 + "}"), "line 2, receipt_uid: this must be a UUID"),
    "no offset": (a_receipt(sold_at="2026-06-12T13:05:00"), "line 2, sold_at: this must be an instant"),
    "no such day": (a_receipt(sold_at="2026-02-30T13:05:00Z"), "line 2, sold_at: this must be an instant"),
    "the year 1": (
        a_receipt(sold_at="0001-01-01T00:00:00+14:00"),
        "line 2, sold_at: this must be an instant",
    ),
    "no lines": (a_receipt(lines=[]), "line 2, lines: A receipt needs at least one line"),
    "lines that are none": (a_receipt(lines={}), "line 2, lines: this must be a list"),
    "a line that is none": (a_receipt(lines=["CAFE"]), "line 2, lines[0]: this is not a JSON object"),
    "many lines": (a_receipt(lines=_line() * 501), "line 2, lines: more than 500"),
    "an unknown item": (
        a_receipt(lines=_line() + _line(item="CAFFE")),
        "line 2, lines[1].item: There is no item",
    ),
    "quantity zero": (
        a_receipt(lines=_line(quantity=0)),
        "line 2, lines[0].quantity: 0: a quantity is more than 0",
    ),
    "quantity negative": (
        a_receipt(lines=_line(quantity=-1)),
        "line 2, lines[0].quantity: -1 is not a quantity",
    ),
    "quantity a word": (
        a_receipt(lines=_line(quantity="two")),
        "line 2, lines[0].quantity: two is not a quantity",
    ),
    "quantity too fine": (
        a_receipt(lines=_line(quantity="0.0001")),
        "line 2, lines[0].quantity: 0.0001: a quantity",
    ),
    "quantity absurd": (
        a_receipt(lines=_line(quantity=100_000)),
        "line 2, lines[0].quantity: 100000: a quantity",
    ),
    "quantity true": (
        a_receipt(lines=_line(quantity=True)),
        "line 2, lines[0].quantity: this must be a text",
    ),
    "price negative": (
        a_receipt(lines=_line(unit_price=-1)),
        "line 2, lines[0].unit_price: this must be a whole",
    ),
    "discount too large": (
        a_receipt(lines=_line(discount=141)),
        "line 2, lines[0].discount: CAFE: the discount",
    ),
    "refund a word": (
        a_receipt(lines=_line(refund="yes")),
        "line 2, lines[0].refund: this must be true or false",
    ),
    "payment unknown": (
        a_receipt(lines=_line(), payments=_paid(code="GOLD")),
        "line 2, payments[0].code: There is",
    ),
    "payment too little": (
        a_receipt(lines=_line(), payments=_paid(amount=139)),
        "line 2, payments: The payments add",
    ),
    "no payment": (a_receipt(lines=_line(), payments=[]), "line 2, payments: The payments add up to 0"),
    "payment missing": (
        a_receipt(lines=_line(), payments=_paid(amount=None)),
        "line 2, payments[0].amount: this is",
    ),
    "tip negative": (
        a_receipt(lines=_line(), payments=_paid(tip=-1)),
        "line 2, payments[0].tip: this must be a",
    ),
    "user unknown": (a_receipt(user="7"), "line 2, user: There is no user 7"),
    "a discount on what is taken back": (
        a_receipt(lines=_line(refund=True), payments=_paid(amount=-140), discount=10),
        "line 2, discount: A discount on the whole receipt is shared over what is sold",
    ),
    "change without what was tendered": (
        a_receipt(lines=_line(), payments=[{"code": "CASH", "change": 10}]),
        "line 2, payments[0].tendered: this is missing",
    ),
    "change that is wrong": (
        a_receipt(lines=_line(), payments=_paid(tendered=200, change=50)),
        "line 2, payments[0].amount: this is not tendered less change",
    ),
    "a total below zero": (a_receipt(lines=_line(total=-1)), "line 2, lines[0].total: this must be a whole"),
    "more tax than money": (
        a_receipt(lines=_line(tax=141), payments=_paid()),
        "line 2, lines[0].tax: The tax is larger",
    ),
    "tax on one line of two": (
        a_receipt(lines=_line() + _line(tax=1), payments=_paid(amount=280)),
        "line 2, lines[0].tax: Other lines of this tax give it",
    ),
    "taxes that miss the lines": (
        a_receipt(lines=_line(), payments=_paid(), taxes=[{"code": "IVA10", "base": 126, "tax": 13}]),
        "line 2, taxes[0]: Base and tax add up to 139",
    ),
    "a tax of no line": (
        a_receipt(lines=_line(), payments=_paid(), taxes=[{"code": "IVA21", "base": 0, "tax": 0}]),
        "line 2, taxes[0].code: No line has this tax",
    ),
    "a tax given twice": (
        a_receipt(lines=_line(tax=14), payments=_paid(), taxes=[{"code": "IVA10", "base": 126, "tax": 14}]),
        "line 2, taxes[0].code: This tax is given twice",
    ),
    "rounding absurd": (a_receipt(rounding=10**7), "line 2, rounding: this must be a whole number"),
}


@pytest.mark.parametrize("what", BAD)
def test_one_bad_line_and_nothing_is_imported(bar: Bar, what: str) -> None:
    bad, words = BAD[what]
    text = bad if isinstance(bad, str) else json.dumps(bad)
    with pytest.raises(TillError) as refused:
        take_up(bar, a_receipt(8), text, a_receipt(9))
    assert str(refused.value).startswith(words)
    assert str(refused.value).endswith("Nothing was imported.")
    assert str(refused.value).isprintable()
    assert bar.till.status().receipts == 0
    assert bar.database.value("SELECT COUNT(*) FROM training_receipts") == 0


def test_a_file_with_too_many_receipts_is_refused(bar: Bar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MAX_RECEIPTS", 2)
    with pytest.raises(TillError, match="line 3: more than 2 receipts"):
        take_up(bar, a_receipt(1), a_receipt(2), a_receipt(3))
    assert bar.till.status().receipts == 0


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
spoilers: st.SearchStrategy[Callable[[dict[str, Any]], None]] = st.builds(
    lambda name, value: lambda receipt: receipt.__setitem__(name, value),
    st.sampled_from(sorted(a_receipt())) | st.text(max_size=8),
    json_values,
)


@given(spoilers)
def test_whatever_a_file_says_the_answer_is_receipts_or_words(
    spoil: Callable[[dict[str, Any]], None],
) -> None:
    receipt = a_receipt(lines=_line(), payments=_paid())
    spoil(receipt)
    assert answer(json.dumps(receipt).encode())


@given(st.binary(max_size=300))
def test_whatever_bytes_come_the_answer_is_receipts_or_words(data: bytes) -> None:
    assert answer(data)


def answer(file: bytes) -> bool:
    """Whether the file was read, or refused with the place of the fault."""
    try:
        priced(read_sales(io.BytesIO(file)), CATALOGUE)
    except TillError as refused:
        return str(refused).startswith("line ")
    return True
