"""A company is closed, opened again, and deleted once its time is over."""

from datetime import timedelta

import pytest
from peewee import Database, SqliteDatabase

from factorypos_tui.server.domain.closed_companies import KEPT
from factorypos_tui.server.domain.closings.making import Scope
from factorypos_tui.server.domain.deleting import delete_closed
from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.storage.database import run_sql
from factorypos_tui.server.storage.tables import AuditEntry
from tests.server.premises import Premises, premises
from tests.server.shop import Shop, assert_problem
from tests.server.test_closings import close as close_months
from tests.server.test_closings import closings
from tests.server.test_people import kept


def close(its: Premises, name: str = "Bar Ana") -> None:
    answer = its.owner.call("PUT", f"/companies/{its.company}/closed", json={"name": name})
    assert answer.status_code == 204, answer.text


def test_a_closed_company_is_read_and_nothing_is_changed_or_sent(shop: Shop) -> None:
    its = premises(shop)
    wrong = its.owner.call("PUT", f"/companies/{its.company}/closed", json={"name": "Bar Eva"})
    assert "Bar Ana" in assert_problem(wrong, 422, "invalid")["fields"][0]["message"]
    close(its)
    told = assert_problem(its.till.send(its.till.z(3)), 401, "terminal_revoked")
    assert (told["reason"], "was closed" in told["detail"]) == ("company_closed", True)
    assert its.owner.call("GET", f"/stores/{its.till.store}/reports").status_code == 200
    assert its.owner.call("GET", f"/companies/{its.company}").status_code == 200
    codes = f"/stores/{its.till.store}/enrolment-codes"
    again = its.owner.call("PUT", f"/companies/{its.company}/closed", json={"name": "Bar Ana"})
    for answer in (its.owner.call("POST", codes, json={}), again):
        assert_problem(answer, 409, "company_closed")
    refused = its.owner.ask_to_assign(its.till.store, its.till.id)
    assert_problem(refused, 409, "company_closed")


def test_it_is_opened_again_and_its_tills_are_assigned_again(shop: Shop) -> None:
    its = premises(shop)
    path = f"/companies/{its.company}/closed"
    assert_problem(its.owner.call("DELETE", path), 409, "company_not_closed")
    close(its)
    assert its.owner.call("DELETE", path).status_code == 204
    assert "reason" not in assert_problem(its.till.send(its.till.z(3)), 401, "terminal_revoked")
    till = its.owner.assign(its.till.store, its.till.id)
    assert till.send(till.z(3)).status_code == 201


def test_after_its_time_it_is_opened_no_more_and_all_of_it_is_deleted(shop: Shop) -> None:
    its, others = premises(shop), premises(shop)
    moved = its.owner.assign(its.owner.store(), its.sister.id, move=True)
    report = moved.z(1)
    assert moved.send(report).status_code == 201
    its.owner.assign(its.sister.store, its.sister.id, move=True)
    close(its)
    delete_closed(shop.cloud, lambda _: False)
    assert its.owner.call("GET", f"/companies/{its.company}").status_code == 200, "not yet"
    shop.clock.advance((KEPT + timedelta(seconds=1)).total_seconds())
    ana, eva = shop.log_in(its.owner.email), shop.log_in(others.owner.email)
    late = ana.call("DELETE", f"/companies/{its.company}/closed")
    assert_problem(late, 409, "company_not_closed")
    scopes = Scope("company", its.company), Scope("store", its.till.store), Scope("terminal", its.till.id)
    for scope in scopes:
        close_months(shop, scope, shop.clock.now() + KEPT)
    assert all(closings(shop, scope) for scope in scopes)
    before = kept(shop, eva)
    stops = iter((False, False, True))
    delete_closed(shop.cloud, lambda _: next(stops))  # the server ends meanwhile
    delete_closed(shop.cloud, lambda _: False)
    assert_problem(ana.call("GET", f"/companies/{its.company}"), 404, "not_found")
    left = {its.company, its.till.store, its.till.id}
    with shop.cloud.database.connection_context():
        assert rows_about(shop.cloud.database, left) == []
        noted = AuditEntry.select().where(AuditEntry.action == "company.deleted")
        assert noted.where(AuditEntry.subject == its.company).count(shop.cloud.database) == 1
    assert kept(shop, eva) == before
    assert eva.call("GET", f"/stores/{others.till.store}/reports").json()["items"]
    found = ana.call("GET", f"/stores/{moved.store}/reports").json()["items"]
    assert [it["report_id"] for it in found] == [report["report_id"]]
    assert kept(shop, ana) < 3 * len(str(report)), "the bytes of what was deleted are free again"


def rows_about(database: Database, ids: set[str]) -> list[str]:
    """The tables, but the audit, in which a column of stores, companies or terminals has one of these ids."""
    found = []
    for table in database.get_tables():
        if table in ("audit_entry", "first_answer"):
            continue
        names = {column.name for column in database.get_columns(table)}
        for name in sorted(names & {"company_id", "store_id", "terminal_id", "scope_id"}):
            marks = ", ".join("?" if isinstance(database, SqliteDatabase) else "%s" for _ in ids)
            if run_sql(database, f"SELECT 1 FROM {table} WHERE {name} IN ({marks}) LIMIT 1", *sorted(ids)):
                found.append(f"{table}.{name}")
    return found


@pytest.mark.parametrize("role", [Role.MANAGER, Role.VIEWER])
def test_only_an_owner_closes(shop: Shop, role: Role) -> None:
    its = premises(shop)
    clerk = its.owner.admit(shop.owner(), its.company, role)
    answer = clerk.call("PUT", f"/companies/{its.company}/closed", json={"name": "Bar Ana"})
    assert_problem(answer, 403, "role_too_low")
