"""The host may drop the documents of old Zs: what is known of the reports for ever stays, and all calls mind
it."""

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from peewee import Database

from factorypos_tui.server.ops import dropping
from factorypos_tui.server.ops.administration import AdministrationError
from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.storage import months
from factorypos_tui.server.storage.bodies import Age, Bodies, drop_bodies
from factorypos_tui.server.storage.database import run_sql
from factorypos_tui.server.storage.migrating import migrate
from factorypos_tui.server.storage.report_tables import ZBody, ZReport
from factorypos_tui.server.storage.tables import AuditEntry, Store, Terminal
from tests.server.older import AT, TILL, WHO, Older
from tests.server.racing import at_once
from tests.server.shop import Json, Owner, Till, assert_problem, canonical, sealed
from tests.server.test_checking import chained, found
from tests.server.test_commands import run
from tests.support.forked import run_forked

OLD: Json = {"business_date": "2019-05-31", "closed_at": "2019-05-31T22:00:00Z"}
BEFORE = "2019-06"


def let_go(store: str, database: Database) -> None:
    """Its owner wants the documents of a store for six years only."""
    with database.connection_context():
        Store.update(keep_years=6).where(Store.id == store).execute(database)


def drop(database: Database, month: str = BEFORE) -> Bodies:
    age = dropping.age_before(month)
    there = dropping.to_drop(database, age)
    assert "2019-05" in set(dropping.drop(database, age, there))
    return there


def kept_bytes(till: Till) -> int:
    database = till.shop.cloud.database
    with database.connection_context():
        return Terminal.select().where(Terminal.id == till.id).get(database).kept_bytes


@pytest.fixture
def reports(till: Till) -> list[Json]:
    """An old Z, whose document was dropped, and the next one."""
    old = chained(till, range(1, 2), **OLD)[0]
    new = till.z(2, previous_hash=old["content_hash"])
    till.send_all([old, new])
    let_go(till.store, till.shop.cloud.database)
    before = kept_bytes(till)
    assert drop(till.shop.cloud.database).count >= 1
    assert kept_bytes(till) == before - len(canonical(old))
    return [old, new]


def test_a_report_whose_document_was_dropped_is_known_and_counts(
    owner: Owner, till: Till, reports: list[Json]
) -> None:
    old, new = reports
    problem = assert_problem(till.call("GET", f"/reports/{old['report_id']}"), 410, "body_archived")
    assert "dropped" in problem["detail"]
    assert till.call("GET", f"/reports/{new['report_id']}").json() == new
    listed = till.call("GET", "/reports").json()["items"]
    assert [item["content_hash"] for item in listed] == [it["content_hash"] for it in reports]
    days = owner.call("GET", f"/stores/{till.store}/figures").json()["items"]
    assert [(day["date"], day["totals"]["net"]) for day in days] == [
        ("2019-05-31", 1210),
        ("2026-03-02", 1210),
    ]
    assert found(till) == {"dated_before_arrival": ([1], 1)}


def test_a_report_whose_document_was_dropped_is_never_taken_twice(till: Till, reports: list[Json]) -> None:
    old = reports[0]
    assert till.send(old).json()["result"] == "unchanged"
    for other in (till.z(1, old["period_id"], net=5, **OLD), till.z(1, net=5)):
        assert_problem(till.send(other), 409, "report_conflict")
    place = f"/reports/{old['report_id']}"
    assert_problem(till.call("GET", place), 410, "body_archived")
    choice = {"content_hash": old["content_hash"]}
    assert till.call("PUT", f"{place}/settlement", json=choice).json()["conflict"] == "settled"


def test_nothing_takes_the_place_of_what_could_not_come_back(
    owner: Owner, till: Till, reports: list[Json]
) -> None:
    old = reports[0]
    other = till.z(1, old["period_id"], net=5, **OLD)
    till.send(other)
    place, figures = f"/reports/{old['report_id']}/settlement", f"/stores/{till.store}/figures"
    before = owner.call("GET", figures).json()
    refused = owner.call("PUT", place, json={"content_hash": other["content_hash"]})
    assert_problem(refused, 410, "body_archived")
    accepted = owner.call("PUT", place, json={"content_hash": old["content_hash"]})
    assert accepted.json()["conflict"] == "settled"
    assert owner.call("GET", figures).json() == before


def test_a_month_in_which_a_conflict_is_open_stays(owner: Owner, till: Till) -> None:
    till.send(old := till.z(1, **OLD))
    till.send(till.z(1, old["period_id"], net=5, **OLD))
    database, place = till.shop.cloud.database, f"/reports/{old['report_id']}"
    let_go(till.store, database)
    with pytest.raises(AdministrationError, match="conflict list"):
        dropping.to_drop(database, dropping.age_before(BEFORE))
    assert till.call("GET", place).json() == old
    owner.call("PUT", f"{place}/settlement", json={"content_hash": old["content_hash"]})
    assert drop(database).count >= 1


def test_this_month_and_the_last_one_stay() -> None:
    with pytest.raises(AdministrationError, match="of the last one stay"):
        dropping.age_before("9999-12")


def test_a_store_that_keeps_its_documents_loses_none(owner: Owner, till: Till) -> None:
    """By its owner's setting, or because that was never made; what it lacks is missed as before."""
    database, others = till.shop.cloud.database, owner.assign(owner.store())
    let_go(others.store, database)
    for one in (till, others):
        one.send_all(chained(one, range(1, 3), **OLD))
    found = drop(database)
    assert found.kept >= 2
    places = [f"/reports/{report['report_id']}" for report in till.call("GET", "/reports").json()["items"]]
    assert [till.call("GET", place).status_code for place in places] == [200, 200]
    assert till.call("GET", "/terminals/current").json()["last_z_number"] == 2
    for gone in others.call("GET", "/reports").json()["items"]:
        assert_problem(others.call("GET", f"/reports/{gone['report_id']}"), 410, "body_archived")
    with database.connection_context():
        ZBody.delete().where(ZBody.report_id == places[0].split("/")[-1]).execute(database)
    assert_problem(till.call("GET", places[0]), 410, "body_lost")


def test_the_years_of_a_store_begin_with_the_end_of_a_year(till: Till) -> None:
    database = till.shop.cloud.database
    let_go(till.store, database)
    dates = ("2030-12-31", "2031-01-01", "2031-03-31")
    reports = [till.z(number, business_date=date) for number, date in enumerate(dates, 1)]
    till.send_all(reports)

    def left(age: Age) -> list[str]:
        with database.connection_context():
            list(drop_bodies(database, age))
            ours = ZBody.select().where(ZBody.report_id.in_([it["report_id"] for it in reports]))
            return sorted(body.business_date for body in ours.bind(database))

    assert left(Age("2031-04", "2036-06-01T00:00:00.000Z")) == [*dates]
    assert left(Age("2031-04", "2037-06-01T00:00:00.000Z")) == [*dates[1:]]
    assert left(Age("2031-03", "2038-06-01T00:00:00.000Z")) == [dates[2]]


def test_reports_that_arrive_while_their_month_is_dropped_are_kept(owner: Owner) -> None:
    database, store, old = owner.shop.cloud.database, owner.store(), {"business_date": "2018-05-31"}
    months.make_ready(database, date(2018, 6, 15))
    let_go(store, database)
    tills = [owner.assign(store) for _ in range(6)]
    sent = [(till, sealed({**till.z(number), **old})) for till in tills for number in (1, 2, 3)]
    sent[0][0].send(sent[0][1])

    def send(till: Till) -> list[int]:
        return [till.send(report).status_code for sender, report in sent[1:] if sender is till]

    def drop_them() -> list[int]:
        list(dropping.drop(database, dropping.age_before("2018-06"), Bodies(1, None, None, 0)))
        return []

    calls: list[Callable[[], list[int]]] = [drop_them, *(partial(send, till) for till in tills)]
    assert [status for of_one in at_once(calls) for status in of_one] == [201] * (len(sent) - 1)
    for till, report in sent:
        answer = till.call("GET", f"/reports/{report['report_id']}")
        if answer.status_code != 200:
            assert_problem(answer, 410, "body_archived")
        assert till.send(report).json()["result"] == "unchanged"


def test_documents_leave_to_files_a_month_a_directory(owner: Owner, till: Till, tmp_path: Path) -> None:
    database, target = till.shop.cloud.database, tmp_path / "old"
    june: Json = {"business_date": "2019-06-01", "closed_at": "2019-06-01T22:00:00Z"}
    first = till.z(1, **OLD)
    second = till.z(2, previous_hash=first["content_hash"], **june)
    till.send_all([first, second])
    let_go(till.store, database)
    age = dropping.age_before("2019-07")
    found = dropping.to_drop(database, age)
    late = till.z(3, previous_hash=second["content_hash"], **june)
    assert {"2019-05", "2019-06"} <= set(dropping.export(database, age, target))
    till.send(late)
    with database.connection_context():
        ZReport.update(received_at="9999-01-01T00:00:00.000Z").where(ZReport.id == late["report_id"]).execute(
            database
        )
    list(dropping.drop(database, age, found))
    (company,) = [it for it in target.iterdir() if (it / "2019-05" / "reports" / till.id).is_dir()]
    for month, report in (("2019-05", first), ("2019-06", second)):
        (kept,) = (company / month / "reports" / till.id).iterdir()
        assert kept.read_bytes() == canonical(report)
        checked = run_forked(["archive", "verify", str(company / month)])
        assert checked.returncode == 0, checked.stderr
    assert till.call("GET", f"/reports/{late['report_id']}").json() == late
    assert_problem(till.call("GET", f"/reports/{second['report_id']}"), 410, "body_archived")


def test_a_document_that_nobody_dropped_is_missed(till: Till) -> None:
    report = till.z(1)
    till.send(report)
    database = till.shop.cloud.database
    with database.connection_context():
        ZBody.delete().where(ZBody.report_id == report["report_id"]).execute(database)
    assert_problem(till.call("GET", f"/reports/{report['report_id']}"), 410, "body_lost")
    assert found(till) == {"lost_document": ([1], 1)}


def test_who_dropped_what_is_in_the_audit(till: Till, reports: list[Json]) -> None:
    database = till.shop.cloud.database
    with database.connection_context():
        newest = AuditEntry.select().order_by(AuditEntry.id.desc()).get(database)
        assert (newest.actor, newest.action) == ("administrator", "documents.dropped")
        assert newest.subject.endswith(f" before {BEFORE}")


def test_a_month_is_a_partition_and_takes_what_came_before_it_was_made(postgres_url: str) -> None:
    database = databases.postgresql_database(postgres_url)
    migrate(database)
    with database.connection_context():
        ZBody.insert(business_date="2031-02-28", report_id="early", document=b"{}").execute(database)
    months.make_ready(database, date(2031, 1, 15))
    months.make_ready(database, date(2031, 1, 15))
    with database.connection_context():
        assert run_sql(database, "SELECT report_id FROM z_body_2031_02") == [("early",)]
        assert run_sql(database, "SELECT COUNT(*) FROM z_body_other WHERE report_id = 'early'") == [(0,)]
        made = [month for month in months.before(database, "2032-02") if month >= "2030-12"]
        assert (made[0], made[-1], len(made)) == ("2030-12", "2032-01", 14)
    databases.close(database)


def test_a_month_with_a_document_that_stays_is_no_longer_dropped_at_once(
    new_postgres: Callable[[], str],
) -> None:
    database = databases.postgresql_database(new_postgres())
    with database.connection_context():
        older, zs = Older.of_version(14, database), [TILL.z(n, business_date="2024-02-01") for n in (1, 2)]
        for z in zs:
            older.add_report(z)
    migrate(database)
    months.make_ready(database, date(2024, 1, 15))
    with database.connection_context():
        its = {"name": "A", "company_id": WHO, "timezone": "UTC", "created_at": AT, "keep_years": 6}
        Store.insert(id="other", **its).execute(database)
        ZReport.update(store_id="other").where(ZReport.z_number == 2).execute(database)
        dropped = list(drop_bodies(database, Age("2024-03", "2050-06-01T00:00:00.000Z")))
        assert dropped == ["2023-12", "2024-01", "2024-02"]
        assert [body.report_id for body in ZBody.select().bind(database)] == [zs[0]["report_id"]]
        assert months.before(database, "2024-03") == ["2024-02"]
        Store.update(keep_years=6).execute(database)
        assert list(drop_bodies(database, Age("2024-03", "2050-06-01T00:00:00.000Z"))) == ["2024-02"]
        assert months.before(database, "2024-03") == []
    databases.close(database)


def test_the_command_asks_deletes_and_leaves_a_database_that_is_whole(tmp_path: Path) -> None:
    home, old, new = tmp_path / "home", TILL.z(1, **OLD), TILL.z(2)
    home.mkdir()
    database = databases.sqlite_database(home / "cloud.db")
    with database.connection_context():
        older = Older.of_version(14, database)
        for report in (old, new):
            older.add_report(report)
    databases.close(database)
    kept = run(home, "drop-documents", BEFORE)
    words = (
        "1 document stays, since its store keeps it.\nThere is no document to delete from before 2019-06.\n"
    )
    assert (kept.returncode, kept.stderr.endswith(words)) == (0, True)
    let_go(WHO, databases.sqlite_database(home / "cloud.db"))
    told = "1 document from 2019-05-31 to 2019-05-31"
    asked = run(home, "drop-documents", BEFORE, given="n\n")
    assert (asked.returncode, f"{told}: delete for ever?" in asked.stderr) == (1, True)
    done = run(home, "drop-documents", BEFORE, given="y\n")
    assert (done.returncode, f"Deleted: {told}." in done.stderr) == (0, True)
    again = run(home, "drop-documents", BEFORE)
    assert (again.returncode, again.stderr) == (0, "There is no document to delete from before 2019-06.\n")
    young = run(home, "drop-documents", "9999-12", "--yes")
    assert (young.returncode, "of the last one stay" in young.stderr) == (1, True)
    assert run(home, "backup", str(tmp_path / "copy.db")).returncode == 0
    assert run(home, "restore", str(tmp_path / "copy.db"), "--yes").returncode == 0
    checked = json.loads(run(home, "check", "--json").stdout)
    assert (checked["damages"], checked["counts"]["reports"]) == ([], 2)
    assert "lost_document" not in {finding["code"] for finding in checked["findings"]}
