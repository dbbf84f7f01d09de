"""What the stores of a company took together, and every table as CSV."""

import csv
import io
import re
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.server.documents.csv_table import csv_of
from tests.server.shop import Owner, assert_problem, fields_of, sealed

MARCH = "from=2026-03-01&to=2026-03-31"
CSV = {"Accept": "text/csv"}


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text)))


def nets(answer: httpx.Response) -> list[tuple[str, str, str, int]]:
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    return [(it["from"], it["to"], it["currency"], it["totals"]["net"]) for it in items]


@pytest.fixture
def chain(owner: Owner) -> str:
    """A company with two stores; the second one also sells in dollars."""
    company = owner.company()
    for name in ("Centro", "Puerto"):
        till = owner.assign(owner.store(company, name=name))
        days = ("2026-03-02", "2026-03-08", "2026-03-09")
        till.send_all([till.z(n, net=100 * n, business_date=day) for n, day in enumerate(days, 1)])
        if name == "Puerto":
            till.send(till.z(4, net=7, business_date="2026-03-09", currency="USD"))
    return company


def test_stores_are_added_up_by_day_week_month_and_store(owner: Owner, chain: str) -> None:
    path = f"/companies/{chain}/figures?{MARCH}"
    first, second = ("2026-03-02", "2026-03-08"), ("2026-03-09", "2026-03-15")
    assert nets(owner.call("GET", path)) == [
        ("2026-03-02", "2026-03-02", "EUR", 200),
        ("2026-03-08", "2026-03-08", "EUR", 400),
        ("2026-03-09", "2026-03-09", "EUR", 600),
        ("2026-03-09", "2026-03-09", "USD", 7),
    ]
    by_week = nets(owner.call("GET", f"{path}&by=week"))
    assert by_week == [(*first, "EUR", 600), (*second, "EUR", 600), (*second, "USD", 7)]
    month = ("2026-03-01", "2026-03-31")
    assert nets(owner.call("GET", f"{path}&by=month")) == [(*month, "EUR", 1200), (*month, "USD", 7)]
    by_store = owner.call("GET", f"{path}&by=store")
    assert nets(by_store) == [(*month, "EUR", 600), (*month, "EUR", 600), (*month, "USD", 7)]
    stores = owner.call("GET", f"/companies/{chain}/stores").json()["items"]
    assert [it["store_id"] for it in by_store.json()["items"]] == [stores[n]["id"] for n in (0, 1, 1)]


def test_what_is_added_up_keeps_its_taxes_payments_departments_and_hours(owner: Owner, chain: str) -> None:
    answer = owner.call("GET", f"/companies/{chain}/figures?{MARCH}&by=month").json()
    euros = answer["items"][0]
    assert (euros["z_reports"], euros["receipts"], euros["provisional"]) == (6, 6, False)
    assert [row["gross"] for row in euros["taxes"]] == [1200]
    assert [row["amount"] for row in euros["payments"]] == [1200 + 6 * 50]
    assert euros["hours"] == [{"hour": 9, "receipts": 6, "amount": 1200}]
    assert euros["departments"][0]["quantity"] == "15.0"


def test_a_range_that_cuts_a_week_says_so(owner: Owner, chain: str) -> None:
    path = f"/companies/{chain}/figures?from=2026-03-03&to=2026-03-10&by=week"
    days = [(first, last) for first, last, _currency, _net in nets(owner.call("GET", path))]
    assert days == [("2026-03-03", "2026-03-08"), ("2026-03-09", "2026-03-10"), ("2026-03-09", "2026-03-10")]


def test_without_ends_it_is_the_last_14_days_until_today(owner: Owner) -> None:
    company = owner.company()
    till = owner.assign(owner.store(company))
    days = ("2026-02-16", "2026-02-17", "2026-03-02", "2026-03-03")  # the clock stands at 2026-03-02
    till.send_all([till.z(n, business_date=day) for n, day in enumerate(days, 1)])
    found = nets(owner.call("GET", f"/companies/{company}/figures"))
    assert [first for first, *_rest in found] == ["2026-02-17", "2026-03-02"]
    only_last = nets(owner.call("GET", f"/companies/{company}/figures?to=2026-02-16"))
    assert [first for first, *_rest in only_last] == ["2026-02-16"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-03-02&to=2026-03-01", "to"),
        ("from=2024-01-01&to=2026-01-01", "from"),
        ("from=0001-01-01", "from"),
        ("from=yesterday", "from"),
        ("by=decade", "by"),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(owner: Owner, query: str, field: str) -> None:
    answer = owner.call("GET", f"/companies/{owner.company()}/figures?{query}")
    assert list(fields_of(assert_problem(answer, 422, "invalid"))) == [field]


def test_the_first_and_the_last_day_of_the_calendar_can_be_asked_for(owner: Owner, chain: str) -> None:
    for query in ("from=0001-01-01&to=0001-01-20", "from=9999-12-20&to=9999-12-31&by=month"):
        assert nets(owner.call("GET", f"/companies/{chain}/figures?{query}")) == []


def test_figures_as_csv_have_the_same_numbers(owner: Owner, chain: str) -> None:
    path = f"/companies/{chain}/figures?{MARCH}&by=week"
    items = owner.call("GET", path).json()["items"]
    rows = rows_of(owner.call("GET", path, headers=CSV))
    assert [row["from"] for row in rows] == [it["from"] for it in items]
    for row, item in zip(rows, items, strict=True):
        assert {name: int(row[name]) for name in item["totals"]} == item["totals"]
        assert (row["store_id"], row["provisional"], row["receipts"]) == ("", "false", str(item["receipts"]))


def test_a_store_s_days_and_reports_are_csv_too_a_page_at_a_time(owner: Owner) -> None:
    store = owner.store()
    till = owner.assign(store)
    days = [f"2026-03-0{n}" for n in range(1, 6)]
    reports = [till.z(n, business_date=day) for n, day in enumerate(days, 1)]
    till.send_all(reports)
    for path, column in ((f"/stores/{store}/figures", "date"), (f"/stores/{store}/reports", "business_date")):
        answer = owner.call("GET", f"{path}?limit=3&from=2026-03-02", headers=CSV)
        found = [row[column] for row in rows_of(answer)]
        following = answer.links["next"]["url"]
        rest = owner.call("GET", f"{path}{following}", headers=CSV)
        assert found + [row[column] for row in rows_of(rest)] == days[1:]
        assert "link" not in rest.headers


def test_a_store_s_reports_are_listed_for_its_owner(owner: Owner) -> None:
    store = owner.store()
    till = owner.assign(store)
    report = till.z(1)
    till.send_all([report, sealed({**report, "close_reason": "auto"})])
    (item,) = owner.call("GET", f"/stores/{store}/reports").json()["items"]
    assert item == {
        "report_id": report["report_id"],
        "kind": "Z",
        "terminal_id": till.id,
        "business_date": "2026-03-02",
        "z_number": 1,
        "content_hash": report["content_hash"],
        "received_at": "2026-03-02T12:00:00.000Z",
        "conflict": "open",
    }
    assert owner.call("GET", f"/stores/{store}/reports?kind=X").json()["items"] == []


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/csv", "text/csv"),
        ("text/html, TEXT/CSV;q=0.5", "text/csv"),
        ("application/json, text/csv;q=0.5", "application/json"),
        ("text/csv;q=0", "application/json"),
        ("text/csv;q=much", "application/json"),
        ("*/*", "application/json"),
        (",;,;q=", "application/json"),
    ],
)
def test_the_kind_of_answer_is_that_which_is_wanted_most(owner: Owner, accept: str, media_type: str) -> None:
    answer = owner.call("GET", f"/stores/{owner.store()}/figures", headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == media_type


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "name": st.sampled_from(["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r\n=1"])
                | st.text(max_size=20)
                | st.text("=+-@＝; ,'\t\r\n1\"", max_size=12),
                "amount": st.integers(),
                "rate": st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
            }
        ),
        max_size=5,
    )
)
def test_no_cell_of_text_begins_a_formula_and_numbers_stay_numbers(rows: list[dict[str, Any]]) -> None:
    """Whichever of the signs that part cells a spreadsheet knows."""
    read = list(csv.DictReader(io.StringIO(csv_of(["name", "amount", "rate"], rows), newline="")))
    assert len(read) == len(rows)
    for found, row in zip(read, rows, strict=True):
        assert (found["amount"], found["rate"]) == (str(row["amount"]), row["rate"])
        assert found["name"].replace("'", "") == row["name"].replace("'", "")
        if re.fullmatch(r"-?[0-9]+", row["name"]):
            assert found["name"] == row["name"]
            continue
        assert not found["name"].startswith(("\t", "\r", "\n"))
        parts = [part.lstrip(' "') for part in re.split("[;\t\r\n]", found["name"])]
        assert not any(part.startswith(("=", "+", "-", "@", "＝")) for part in parts)
