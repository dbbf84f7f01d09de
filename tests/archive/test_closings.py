"""Closings of an export: their sums, their chain, what they correct and who signed them."""

from pathlib import Path
from typing import Any

import pytest

from factorypos_tui.archive.verify.checking import verify
from factorypos_tui.archive.verify.faults import Kind
from tests.archive import by_hand
from tests.archive.a_shop import a_shop, without_signatures
from tests.archive.by_hand import BAR, ByHand
from tests.archive.conftest import Judge

DECEMBER, JANUARY, CORRECTED, YEAR, STORE, COMPANY = range(6)


def change(shop: ByHand, index: int, **changes: Any) -> None:
    """Change a closing as a forger does, who makes its hash again, and those of what names it."""
    before = shop.closings[index]["content_hash"]
    shop.closings[index] = by_hand.with_hash(shop.closings[index] | changes)
    for n, it in enumerate(shop.closings):
        for name in ("previous_hash", "corrects"):
            if it[name] == before:
                change(shop, n, **{name: shop.closings[index]["content_hash"]})


@pytest.mark.parametrize("index", range(6))
def test_sums_that_are_not_those_of_the_days_are_found(judge: Judge, index: int) -> None:
    shop = without_signatures(a_shop())
    totals = shop.closings[index]["totals"]
    change(shop, index, totals=totals | {"net": totals["net"] - 1})
    fault = judge(shop)
    assert fault
    assert (fault.kind, fault.path) == (
        Kind.CLOSING_WRONG,
        by_hand.path_of_closing(shop.closings[index]),
    )


@pytest.mark.parametrize("table", ["taxes", "payments"])
def test_rows_that_are_not_those_of_the_days_are_found(judge: Judge, table: str) -> None:
    shop = without_signatures(a_shop())
    change(shop, DECEMBER, **{table: shop.closings[DECEMBER][table][1:]})
    fault = judge(shop)
    assert fault
    assert fault.kind is Kind.CLOSING_WRONG


def test_a_total_since_the_first_sale_that_is_not_that_of_the_last_day_is_found(judge: Judge) -> None:
    shop = without_signatures(a_shop())
    since = shop.closings[CORRECTED]["perpetual"]
    change(shop, CORRECTED, perpetual=since | {"sales": since["sales"] + 1, "net": since["net"] + 1})
    fault = judge(shop)
    assert fault
    assert fault.kind is Kind.CLOSING_WRONG


def test_a_closing_that_was_taken_out_is_found(judge: Judge) -> None:
    for index in (DECEMBER, JANUARY):
        shop = a_shop()
        del shop.closings[index]
        fault = judge(shop)
        assert fault
        assert fault.kind is Kind.CLOSING_WRONG


def test_a_day_that_the_newest_closing_lacks_is_told(tmp_path: Path) -> None:
    shop = a_shop()
    del shop.closings[CORRECTED]
    verdict = verify(by_hand.written(tmp_path, shop.files()))
    assert verdict.fault is None
    assert verdict.days_in_no_closing == 1


def test_a_closing_that_somebody_changed_does_not_fit_its_signature(judge: Judge) -> None:
    shop = a_shop()
    change(shop, COMPANY, made_at="2026-02-21T00:00:00Z")
    fault = judge(shop)
    assert fault
    assert fault.kind is Kind.FORGED


def test_a_closing_over_days_that_are_not_here_is_told_and_its_sums_are_not_checked(tmp_path: Path) -> None:
    shop = a_shop()
    kept = [n for n, it in enumerate(shop.reports) if it["terminal_id"] == BAR]
    shop.reports = [shop.reports[n] for n in kept]
    shop.acknowledgements = [shop.acknowledgements[n] for n in kept]
    verdict = verify(by_hand.written(tmp_path, shop.files()))
    assert verdict.fault is None
    assert verdict.closings_without_all_days == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"period": "year"},
        {"last_date": "2025-12-30"},
        {"first_date": "2025-12-02"},
        {"currency": "GBP"},
        {"revision": 1},
        {"previous_hash": "ab" * 32},
        {"zs": []},
        {"receipts": -1},
        {"name": "2025-13"},
    ],
    ids=str,
)
def test_a_closing_that_is_another_than_it_says_is_found(judge: Judge, changes: dict[str, Any]) -> None:
    shop = without_signatures(a_shop())
    path = by_hand.path_of_closing(shop.closings[DECEMBER])
    changed = by_hand.with_hash(shop.closings[DECEMBER] | changes)
    del shop.closings[:3]
    files = shop.files() | {path: by_hand.canonical(changed)}
    shop.files = lambda: files  # type: ignore[method-assign]
    fault = judge(shop)
    assert fault
    assert fault.path == path
