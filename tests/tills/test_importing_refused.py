"""A file of receipts with one bad line: nothing is imported, and the error names the line."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.errors import TillError
from factorypos_tui.tills.bundled import importing
from factorypos_tui.tills.bundled.importing import priced, read_sales
from tests.tills.bar import Bar
from tests.tills.receipts import a_line, a_receipt, paid_with, take_up
from tests.tills.test_selling import CATALOGUE

BAD: dict[str, tuple[dict[str, Any] | str, str]] = {
    "no JSON": ("{", "line 2: this is not JSON"),
    "no object": ("[1]", "line 2: this is not a JSON object"),
    "no UTF-8": ("\udcff", "line 2: this is not UTF-8"),
    "too deep": ("[" * 60_000, "line 2: this is nested too deeply"),
    "too long": ('{"user": "' + "x" * 70_000 + '"}', "line 2: the line is longer than 65536 bytes"),
    "a key twice": ('{"user": "1", "user": "2"}', "line 2, user: this field is given twice"),
    "a float": (a_receipt(payments=paid_with(amount=1.40)), "line 2: 1.4 is not a whole number"),
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
    "many lines": (a_receipt(lines=a_line() * 501), "line 2, lines: more than 500"),
    "an unknown item": (
        a_receipt(lines=a_line() + a_line(item="CAFFE")),
        "line 2, lines[1].item: There is no item",
    ),
    "quantity zero": (
        a_receipt(lines=a_line(quantity=0)),
        "line 2, lines[0].quantity: 0: a quantity is more than 0",
    ),
    "quantity negative": (
        a_receipt(lines=a_line(quantity=-1)),
        "line 2, lines[0].quantity: -1 is not a quantity",
    ),
    "quantity a word": (
        a_receipt(lines=a_line(quantity="two")),
        "line 2, lines[0].quantity: two is not a quantity",
    ),
    "quantity too fine": (
        a_receipt(lines=a_line(quantity="0.0001")),
        "line 2, lines[0].quantity: 0.0001: a quantity",
    ),
    "quantity absurd": (
        a_receipt(lines=a_line(quantity=100_000)),
        "line 2, lines[0].quantity: 100000: a quantity",
    ),
    "quantity true": (
        a_receipt(lines=a_line(quantity=True)),
        "line 2, lines[0].quantity: this must be a text",
    ),
    "price negative": (
        a_receipt(lines=a_line(unit_price=-1)),
        "line 2, lines[0].unit_price: this must be a whole",
    ),
    "discount too large": (
        a_receipt(lines=a_line(discount=141)),
        "line 2, lines[0].discount: CAFE: the discount",
    ),
    "refund a word": (
        a_receipt(lines=a_line(refund="yes")),
        "line 2, lines[0].refund: this must be true or false",
    ),
    "payment unknown": (
        a_receipt(lines=a_line(), payments=paid_with(code="GOLD")),
        "line 2, payments[0].code: There is",
    ),
    "payment too little": (
        a_receipt(lines=a_line(), payments=paid_with(amount=139)),
        "line 2, payments: The payments add",
    ),
    "no payment": (a_receipt(lines=a_line(), payments=[]), "line 2, payments: The payments add up to 0"),
    "payment missing": (
        a_receipt(lines=a_line(), payments=paid_with(amount=None)),
        "line 2, payments[0].amount: this is",
    ),
    "tip negative": (
        a_receipt(lines=a_line(), payments=paid_with(tip=-1)),
        "line 2, payments[0].tip: this must be a",
    ),
    "user unknown": (a_receipt(user="7"), "line 2, user: There is no user 7"),
    "a discount on what is taken back": (
        a_receipt(lines=a_line(refund=True), payments=paid_with(amount=-140), discount=10),
        "line 2, discount: A discount on the whole receipt is shared over what is sold",
    ),
    "change without what was tendered": (
        a_receipt(lines=a_line(), payments=[{"code": "CASH", "change": 10}]),
        "line 2, payments[0].tendered: this is missing",
    ),
    "change that is wrong": (
        a_receipt(lines=a_line(), payments=paid_with(tendered=200, change=50)),
        "line 2, payments[0].amount: this is not tendered less change",
    ),
    "a total below zero": (a_receipt(lines=a_line(total=-1)), "line 2, lines[0].total: this must be a whole"),
    "more tax than money": (
        a_receipt(lines=a_line(tax=141), payments=paid_with()),
        "line 2, lines[0].tax: The tax is larger",
    ),
    "tax on one line of two": (
        a_receipt(lines=a_line() + a_line(tax=1), payments=paid_with(amount=280)),
        "line 2, lines[0].tax: Other lines of this tax give it",
    ),
    "taxes that miss the lines": (
        a_receipt(lines=a_line(), payments=paid_with(), taxes=[{"code": "IVA10", "base": 126, "tax": 13}]),
        "line 2, taxes[0]: Base and tax add up to 139",
    ),
    "a tax of no line": (
        a_receipt(lines=a_line(), payments=paid_with(), taxes=[{"code": "IVA21", "base": 0, "tax": 0}]),
        "line 2, taxes[0].code: No line has this tax",
    ),
    "a tax given twice": (
        a_receipt(
            lines=a_line(tax=14), payments=paid_with(), taxes=[{"code": "IVA10", "base": 126, "tax": 14}]
        ),
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
    receipt = a_receipt(lines=a_line(), payments=paid_with())
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
