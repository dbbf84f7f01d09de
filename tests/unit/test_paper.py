"""A report on paper: what is printed is what is in it, and nothing that was tampered with breaks the page."""

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.language import use_language
from factorypos_tui.core.language.text import width
from factorypos_tui.core.reports.paper import paper_of
from factorypos_tui.core.reports.printing import PAPER_WIDTH, printed, side_by_side
from factorypos_tui.core.reports.reports import build_x, build_z
from factorypos_tui.core.reports.sales import Period, Receipt
from tests.support.sales import OPENED, days, period

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=200),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def document_of(day: tuple[Period, list[Receipt]]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(build_z(*day, None).body)
    return document


@given(days())
def test_every_report_fits_the_paper_and_says_its_takings(day: tuple[Period, list[Receipt]]) -> None:
    document = document_of(day)
    lines = printed(paper_of(document))
    assert all(width(line) <= PAPER_WIDTH for line in lines)
    net = f"{document['totals']['net'] / 100:,.2f}"
    assert next(line.split()[-1] for line in lines if line.startswith("Net ")) == net
    for group in ("taxes", "departments", "items", "users", "hours"):
        amounts = [f"{entry.get('amount', entry.get('tax')) / 100:,.2f}" for entry in document[group]]
        assert all(any(line.endswith(f" {amount}") for line in lines) for amount in amounts)


@given(days(), st.data())
def test_whatever_stands_in_its_place_the_page_holds(
    day: tuple[Period, list[Receipt]], data: st.DataObject
) -> None:
    document = document_of(day)
    for key in data.draw(st.sets(st.sampled_from(sorted(document)), min_size=1)):
        document[key] = data.draw(anything)
    group = data.draw(st.sampled_from(["totals", "cash", "control", "perpetual", "receipts"]))
    if isinstance(document[group], dict):
        document[group] = {key: data.draw(anything) for key in document[group]}
    lines = printed(paper_of(document))
    assert all(width(line) <= PAPER_WIDTH for line in lines)
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for line in lines for letter in line)
    assert side_by_side(paper_of(document), paper_of(document_of(day)))


def test_a_value_that_is_none_of_its_kind_is_a_question_mark_and_a_missing_one_a_dash() -> None:
    lines = printed(paper_of({"kind": "Z", "totals": {"gross": "12.00", "net": True, "tax": 10**30}}))
    assert "Gross                                  ?" in lines
    assert "Net                                    ?" in lines
    assert "of which tax                           ?" in lines
    assert "Tips                                   -" in lines


def test_a_list_without_end_is_cut_and_says_so() -> None:
    items = [{"code": str(n), "name": "Item", "quantity": "1", "amount": 1} for n in range(10_000)]
    lines = printed(paper_of({"kind": "Z", "currency": "EUR", "items": items}))
    assert len(lines) < 350
    assert any(line.startswith("and more") for line in lines)


def test_hours_are_bars_as_long_as_their_takings() -> None:
    hours = [{"hour": 9, "receipts": 1, "amount": 500}, {"hour": 10, "receipts": 2, "amount": 1000}]
    lines = printed(paper_of({"kind": "Z", "currency": "EUR", "hours": hours}))
    bars = [line.count("#") for line in lines if "#" in line]
    assert bars == [8, 15]


def test_the_running_day_says_when_it_was_read() -> None:
    report = build_x(period(), [], 3, OPENED)
    lines = printed(paper_of(json.loads(report.body)))
    assert "X REPORT" in lines[0]
    assert any(line.startswith("Read ") and line.endswith("22 Nov 2026 08:58") for line in lines)
    assert not any(line.startswith("Closed") for line in lines)


@pytest.mark.parametrize(("language", "gross"), [("en", "1,234.50"), ("es", "1.234,50")])
def test_figures_follow_the_language(language: str, gross: str) -> None:
    use_language(language)
    lines = printed(paper_of({"kind": "Z", "currency": "EUR", "totals": {"gross": 123450}}))
    assert any(line.endswith(f" {gross}") for line in lines)


@given(days())
def test_a_report_beside_itself_does_not_differ(day: tuple[Period, list[Receipt]]) -> None:
    paper = paper_of(document_of(day))
    assert not [side for side in side_by_side(paper, paper) if side.differs]


def test_only_what_differs_differs() -> None:
    here = document_of((period(), []))
    there = here | {"totals": here["totals"] | {"net": 5}, "users": [{"code": "9", "name": "Eva"}]}
    sides = [side for side in side_by_side(paper_of(here), paper_of(there)) if side.differs]
    assert [(side.label, side.here) for side in sides] == [("Net", "0.00"), ("Eva", "")]
