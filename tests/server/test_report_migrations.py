"""A database of before each kind of report had a table of its own: what it held is there, and counts."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from peewee import Database, DatabaseError, IntegrityError

from factorypos_tui.server.documents.share import read_share, share_of
from factorypos_tui.server.storage import months
from factorypos_tui.server.storage.bodies import Age, bodies_of_age, drop_bodies, zs_with_bodies
from factorypos_tui.server.storage.migrating import migrate
from factorypos_tui.server.storage.migrations import MIGRATIONS
from factorypos_tui.server.storage.report_migrations import stores_keep_documents
from factorypos_tui.server.storage.report_tables import XReport, ZBody, ZReport
from factorypos_tui.server.storage.tables import DayShare, Store, Terminal
from tests.server.older import AT, TILL, Older
from tests.server.shop import Json, canonical

Make = Callable[[int], Older]


def held(database: Database) -> tuple[set[str], set[str]]:
    """The ids of the Xs, and of the Zs."""
    xs, zs = XReport.select().bind(database), ZReport.select().bind(database)
    return {row.id for row in xs}, {row.id for row in zs}


def counting(database: Database) -> dict[str, Json]:
    """What counts, by the ids of the reports."""
    shares = DayShare.select().bind(database)
    return {row.report_id: read_share(bytes(row.share)) for row in shares}


@pytest.mark.parametrize("version", [6, 14])
def test_each_report_gets_its_table_and_counts_once(older: Make, version: int) -> None:
    before, closed, refused = older(version), str(uuid.uuid4()), str(uuid.uuid4())
    z, x, running = TILL.z(1, closed), TILL.x(3, closed), TILL.x(7, str(uuid.uuid4()), net=100)
    contradicted, its_z, damaged = TILL.x(1, refused), TILL.z(2, refused), TILL.z(3)
    for report in (z, x, running, contradicted, its_z):
        before.add_report(report)
    before.add_report(damaged, b"d")
    before.add_conflict(TILL.x(1, refused, net=9), held_id=contradicted["report_id"])
    counted = (z, running, its_z)
    if version == 14:
        for report in counted:
            before.add_share(report)
    migrate(before.database)
    ids = [report["report_id"] for report in (running, contradicted, z, its_z, damaged)]
    assert held(before.database) == (set(ids[:2]), set(ids[2:]))
    shares = {report["report_id"]: json.loads(share_of(canonical(report))) for report in counted}
    assert counting(before.database) == shares
    raws = {row.report_id: bytes(row.document) for row in ZBody.select().bind(before.database)}
    assert raws == {ids[2]: canonical(z), ids[3]: canonical(its_z), ids[4]: b"d"}
    row = XReport.select().where(XReport.id == running["report_id"]).get(before.database)
    assert (bytes(row.document), row.revision, row.received_at) == (canonical(running), 7, AT)


def test_what_older_programs_left_out_counts_and_what_they_left_behind_does_not(older: Make) -> None:
    before, closed = older(14), str(uuid.uuid4())
    x, left_out, running = TILL.x(0, closed), TILL.z(1, closed), TILL.x(0, str(uuid.uuid4()))
    for report in (x, left_out, running):
        before.add_report(report)
    lost_x, lost_z = TILL.x(0, str(uuid.uuid4())), TILL.z(9)
    for report in (x, lost_x, lost_z):
        before.add_share(report)
    migrate(before.database)
    assert set(counting(before.database)) == {one["report_id"] for one in (left_out, running, lost_z)}


def test_a_program_of_before_can_write_no_report(older: Make) -> None:
    before = older(14)
    before.add_report(TILL.z(1))
    migrate(before.database)
    with pytest.raises(DatabaseError), before.database.atomic():
        before.add_report(TILL.z(2))
    assert ZReport.select().count(before.database) == 1


def test_the_documents_of_each_month_are_found_again_and_a_place_is_taken_once(older: Make) -> None:
    before = older(14)
    dates = ("0001-01-01", "2024-02-29", "2024-03-01", "2024-12-31", "9999-12-31")
    reports = [TILL.z(number, business_date=date) for number, date in enumerate(dates, 1)]
    for report in reports:
        before.add_report(report)
    migrate(before.database)
    found = zs_with_bodies(ZReport.id).order_by(ZReport.z_number).tuples().execute(before.database)
    assert [(it, bytes(raw)) for it, raw in found] == [(it["report_id"], canonical(it)) for it in reports]
    Store.update(keep_years=6).execute(before.database)
    counts = [
        bodies_of_age(before.database, Age(month, "2050-06-01T00:00:00.000Z")).count
        for month in ("2024-03", "2025-01")
    ]
    assert counts == [2, 4]
    row: Any = ZReport.select().where(ZReport.z_number == 1).dicts().get(before.database)
    for other in ({"z_number": 1}, {"period_id": reports[0]["period_id"]}):
        taken = ZReport.insert(**row | {"id": "new", "period_id": "new", "z_number": 99} | other)
        with pytest.raises(IntegrityError), before.database.atomic():
            taken.execute(before.database)


def test_months_of_before_are_dropped_with_their_bytes_and_no_key(older: Make) -> None:
    before = older(14)
    database = before.database
    dates = ("2024-02-28", "2024-02-29", "2024-03-01")
    reports = [TILL.z(number, business_date=date) for number, date in enumerate(dates, 1)]
    for report in reports:
        before.add_report(report)
    migrate(database)
    assert kept_bytes(database) == sum(len(canonical(report)) for report in reports)
    Store.update(keep_years=6).execute(database)
    assert set(drop_bodies(database, Age("2024-03", "2050-06-01T00:00:00.000Z"))) == {"2024-02"}
    assert kept_bytes(database) == len(canonical(reports[2]))
    assert [row.report_id for row in ZBody.select().bind(database)] == [reports[2]["report_id"]]
    assert months.before(database, "2024-03") == []
    assert ZReport.select().count(database) == 3


@pytest.mark.parametrize("dropped", ["", "2024-03"])
def test_each_store_knows_what_was_dropped_before_stores_kept_anything(older: Make, dropped: str) -> None:
    before = older(MIGRATIONS.index(stores_keep_documents))
    if dropped:
        before.add("body_drop", before=dropped, dropped_at=AT, bodies=1)
    migrate(before.database)
    (store,) = Store.select().bind(before.database)
    assert (store.keep_years, store.dropped_before) == (None, dropped)


def kept_bytes(database: Database) -> int:
    return Terminal.select().get(database).kept_bytes
