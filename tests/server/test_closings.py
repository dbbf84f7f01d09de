"""Months and years are closed once, in their order, and corrected by what comes later."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.core.reports.closing_paper import paper_of_closing
from factorypos_tui.core.reports.printing import printed
from factorypos_tui.server.domain.closings import looking
from factorypos_tui.server.domain.closings.looking import close_periods
from factorypos_tui.server.domain.closings.making import Scope, close_due
from factorypos_tui.server.domain.keys import current_signer
from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.storage.closing_tables import Closing, ClosingLook
from factorypos_tui.server.storage.report_tables import ZBody
from tests.server.closing_days import at, chained
from tests.server.racing import at_once
from tests.server.shop import Json, Owner, Shop, Till, assert_problem
from tests.server.test_archive import unpacked
from tests.support.forked import run_forked


def closings(shop: Shop, scope: Scope, period: str = "month") -> list[Json]:
    """Those that were made, in their order."""
    own = (Closing.scope == scope.kind, Closing.scope_id == scope.id, Closing.period == period)
    with shop.cloud.database.connection_context():
        rows = Closing.select().where(*own).order_by(Closing.name, Closing.revision)
        return [json.loads(row.document) for row in rows.bind(shop.cloud.database)]


def close(shop: Shop, scope: Scope, now: datetime, most: int = 100) -> int:
    database = shop.cloud.database
    with database.connection_context():
        signer = current_signer(database)
        assert signer is not None
        return close_due(database, now, signer, scope, most)


def numbers(closing: Json) -> list[int]:
    return [z["z_number"] for z in closing["zs"]]


def test_a_month_is_closed_once_a_later_day_is_in(shop: Shop, till: Till) -> None:
    scope = Scope("terminal", till.id)
    days = chained(till, "2026-01-05", "2026-01-31")
    till.send_all(days)
    assert close(shop, scope, at("2026-01-31")) == 0
    assert close(shop, scope, at("2026-02-03")) == 0  # more of January may come
    till.send_all(chained(till, "2026-02-01", first=3, before=days[-1]))
    assert close(shop, scope, at("2026-02-03")) == 1
    assert close(shop, scope, at("2026-02-03")) == 0
    (january,) = closings(shop, scope)
    assert (january["name"], january["revision"], numbers(january)) == ("2026-01", 0, [1, 2])
    assert january["totals"]["net"] == 300
    assert january["receipts"] == 2
    assert january["perpetual"] == days[-1]["perpetual"]
    assert january["previous_hash"] is None
    assert january["signature"]["key_id"]


def test_the_app_reads_what_was_signed_and_shows_it_as_a_paper(shop: Shop, owner: Owner, till: Till) -> None:
    till.send_all(chained(till, "2026-01-05", "2026-01-31", "2026-02-01"))
    close(shop, Scope("store", till.store), at("2026-02-03"))
    with FactoryCloud(shop.cloud.listening) as cloud:
        (january,) = cloud.closings(owner.token, till.store, "month")
    lines = printed(paper_of_closing(january, "Centro"))
    assert lines[0].strip() == "CLOSED MONTH 2026-01"
    assert "Z 1 - Z 2" in lines
    assert any(line.startswith("Net ") and line.endswith(" 3.00") for line in lines)
    assert not any("?" in line for line in lines)


def test_a_silent_terminal_is_waited_for_two_weeks(shop: Shop, till: Till) -> None:
    scope = Scope("store", till.store)
    till.send_all(chained(till, "2026-01-05"))
    assert close(shop, scope, at("2026-02-14")) == 0
    assert close(shop, scope, at("2026-02-16")) == 1


def test_periods_are_chained_from_the_oldest_a_few_at_a_time(shop: Shop, till: Till) -> None:
    scope = Scope("terminal", till.id)
    till.send_all(chained(till, "2025-11-05", "2025-12-05", "2026-01-05", "2026-02-02"))
    assert close(shop, scope, at("2026-03-02"), most=1) == 1
    assert [it["name"] for it in closings(shop, scope)] == ["2025-11"]
    close(shop, scope, at("2026-03-02"))
    months = closings(shop, scope)
    assert [it["name"] for it in months] == ["2025-11", "2025-12", "2026-01"]
    assert [it["previous_hash"] for it in months] == [None, *(it["content_hash"] for it in months[:-1])]
    (year,) = closings(shop, scope, "year")
    assert year["totals"] == {
        name: months[0]["totals"][name] + months[1]["totals"][name] for name in year["totals"]
    }


def test_a_late_day_makes_a_correction_and_changes_nothing(shop: Shop, till: Till) -> None:
    scope = Scope("store", till.store)
    first, second, third = chained(till, "2026-01-05", "2026-01-06", "2026-02-02")
    till.send_all([first, third])
    close(shop, scope, at("2026-03-02"))
    (before,) = closings(shop, scope)[:1]
    till.send_all([second])
    close(shop, scope, at("2026-03-03"))
    same, correction = (it for it in closings(shop, scope) if it["name"] == "2026-01")
    assert same == before
    assert (correction["revision"], correction["corrects"]) == (1, before["content_hash"])
    assert numbers(correction) == [1, 2]
    assert close(shop, scope, at("2026-03-04")) == 0


def test_a_month_whose_document_is_not_here_stays_open(shop: Shop, till: Till) -> None:
    scope = Scope("terminal", till.id)
    days = chained(till, "2025-12-05", "2026-01-05", "2026-02-02")
    till.send_all(days)
    database = shop.cloud.database
    lost = days[0]["report_id"]
    with database.connection_context():
        ZBody.delete().where(ZBody.report_id == lost).execute(database)
    close(shop, scope, at("2026-03-02"))
    assert [it["name"] for it in closings(shop, scope)] == ["2026-01"]
    assert closings(shop, scope, "year") == []
    with database.connection_context():
        body: dict[str, Any] = {"business_date": days[0]["business_date"], "report_id": lost}
        ZBody.insert(**body, document=json.dumps(days[0]).encode()).execute(database)
    close(shop, scope, at("2026-03-03"))
    assert [it["name"] for it in closings(shop, scope)] == ["2025-12", "2026-01"]


def test_of_many_processes_each_revision_is_made_once(shop: Shop, till: Till) -> None:
    scope = Scope("store", till.store)
    first, second, *rest = chained(till, "2025-11-05", "2025-11-06", "2025-12-05", "2026-01-05", "2026-02-02")
    till.send_all([first, *rest])
    at_once([lambda: close(shop, scope, at("2026-03-02"))] * 4)
    assert [(it["name"], it["revision"]) for it in closings(shop, scope)] == [
        ("2025-11", 0),
        ("2025-12", 0),
        ("2026-01", 0),
    ]
    till.send_all([second])
    at_once([lambda: close(shop, scope, at("2026-03-03"))] * 4)
    months = closings(shop, scope)
    assert [(it["name"], it["revision"]) for it in months][:2] == [("2025-11", 0), ("2025-11", 1)]
    assert [it["previous_hash"] for it in months[2:]] == [
        months[0]["content_hash"],
        months[2]["content_hash"],
    ]


def test_rounds_close_terminals_stores_and_companies(
    shop_apart: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = shop_apart.owner()
    company = owner.company()
    till = owner.assign(owner.store(company))
    till.send_all(chained(till, "2026-01-05", "2026-02-02"))
    database = shop_apart.cloud.database
    monkeypatch.setattr(looking, "LOOKS", 1000)
    assert close_periods(database, at("2026-03-02")) == 3
    for scope in (Scope("terminal", till.id), Scope("store", till.store), Scope("company", company)):
        assert [it["name"] for it in closings(shop_apart, scope)] == ["2026-01"]
    with database.connection_context():
        assert ClosingLook.select().where(ClosingLook.looked_at == "").count(database) == 0


def test_an_export_with_closings_and_a_correction_is_verified(
    shop: Shop, owner: Owner, till: Till, tmp_path: Path
) -> None:
    company = owner.call("GET", f"/stores/{till.store}").json()["company_id"]
    scopes = (Scope("terminal", till.id), Scope("store", till.store), Scope("company", company))
    early, *days = chained(till, "2025-12-05", "2026-01-05", "2026-01-06", "2026-02-02", "2026-03-01")
    till.send_all([days[0], *days[2:]])
    for scope in scopes:
        close(shop, scope, at("2026-03-02"))
    till.send_all([early, days[1]])  # a month before the first that was closed, and a late day
    for scope in scopes:
        close(shop, scope, at("2026-03-03"))
    there = unpacked(owner.call("GET", f"/companies/{company}/archive"), tmp_path)
    made = sorted(it.name for it in (there / "closings" / "terminal" / till.id / "EUR").iterdir())
    assert made == ["2025-12.json", "2025.json", "2026-01.1.json", "2026-01.json", "2026-02.json"]
    assert len(list((there / "closings").rglob("*.json"))) == 15
    done = run_forked(["archive", "verify", str(there)])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "15" in done.stdout
    (tmp_path / "store").mkdir()
    alone = unpacked(owner.call("GET", f"/stores/{till.store}/archive"), tmp_path / "store")
    assert run_forked(["archive", "verify", str(alone)]).returncode == 0


def test_a_manager_orders_a_month_and_anybody_of_the_store_reads_it(
    shop: Shop, owner: Owner, till: Till
) -> None:
    path = f"/stores/{till.store}/closings"
    order = {"period": "month", "name": "2026-02"}
    till.send_all(chained(till, "2026-01-05", "2026-02-27"))
    made = owner.call("POST", path, json=order)
    assert made.status_code == 201, made.text
    again = owner.call("POST", path, json=order)
    assert (again.status_code, again.json()) == (200, made.json())
    listed = owner.call("GET", f"{path}?period=month").json()["items"]
    assert [it["name"] for it in listed] == ["2026-01", "2026-02"]
    assert listed[1:] == made.json()["items"] == closings(shop, Scope("store", till.store))[1:]
    assert_problem(owner.call("POST", path, json={**order, "name": "2026-03"}), 409, "period_not_over")
    assert_problem(owner.call("POST", path, json={**order, "name": "2025-03"}), 409, "nothing_to_close")
    assert_problem(owner.call("POST", path, json={**order, "name": "2025"}), 422, "invalid")
    page = owner.call("GET", f"{path}?period=month&limit=1").json()
    rest = owner.call("GET", f"{path}?period=month&limit=1&cursor={page['next_cursor']}").json()
    assert [*page["items"], *rest["items"]] == listed


def test_what_would_tell_of_other_stores_is_not_shown(shop: Shop, owner: Owner, till: Till) -> None:
    company = owner.call("GET", f"/stores/{till.store}").json()["company_id"]
    sister = owner.store(company, name="Puerto")
    days = chained(till, "2026-01-05", "2026-01-06")
    till.send_all(days[:1])
    moved = owner.assign(sister, till.id, move=True)
    moved.send_all(days[1:])
    for scope in (Scope("terminal", till.id), Scope("company", company)):
        close(shop, scope, at("2026-03-02"))
    limited = owner.admit(shop.owner(), company, Role.VIEWER, till.store)
    of_terminals = f"/stores/{till.store}/closings?period=month&scope=terminal"
    of_company = f"/companies/{company}/closings?period=month"
    for path in (of_terminals, of_company):
        assert len(owner.call("GET", path).json()["items"]) == 1
        assert limited.call("GET", path).json()["items"] == []
