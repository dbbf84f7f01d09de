"""`sync.db` through its versions, and what its triggers keep true."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.account.stores import note_open_stores
from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.models import Acknowledgement, Store
from factorypos_tui.core.queue import counting, shipments
from factorypos_tui.core.queue.left_out import days_left_out
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.requeueing import retry
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.recovery import check_stores
from factorypos_tui.core.reports.reports import build_z
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.sync_db import MIGRATIONS, open_sync_db
from tests.support.queued import every
from tests.support.sales import period
from tests.support.stations import Shop

NOW = datetime(2026, 11, 22, 22, 1, tzinfo=UTC)
_ROW = """
    INSERT INTO shipment (report_id, revision, kind, store_id, terminal_id, period_id, z_number,
                          business_date, as_of, currency, net, content_hash, body, state, queued_at,
                          changed_at)
    VALUES (?, 0, 'Z', 'store-1', 't', ?, ?, '2026-11-22', '2026-11-22T22:00:00.000Z', 'EUR', 100, 'hash', ?,
            ?, '2026-11-22T22:00:00.000Z', '2026-11-22T22:00:00.000Z')
"""


def test_a_file_of_the_first_version_keeps_its_reports_to_the_byte(tmp_path: Path) -> None:
    old = Database(tmp_path / "sync.db", MIGRATIONS[:1])
    for number, state in enumerate(("delivered", "pending", "pending"), 1):
        old.execute(_ROW, f"id-{number}", f"period-{number}", number, f"body {number}".encode(), state)
    old.execute(
        "INSERT INTO assignment (only_row, company_id, company_name, store_id, store_name, terminal_id,"
        " terminal_name, first_z, assigned_at) VALUES (1, 'c', 'Maritim SL', 's', 'Bar Maritim', 't', 'T', 1,"
        " '2026-11-22T22:00:00.000Z')"
    )
    old.close()
    new = open_sync_db(tmp_path / "sync.db")
    kept = [(row.z_number, row.state, shipments.body(new, row.id)) for row in every(new)]
    assert kept == [(1, "delivered", b"body 1"), (2, "pending", b"body 2"), (3, "pending", b"body 3")]
    assert new.rows("SELECT * FROM store") == [
        ("s", "Bar Maritim", None, 0),
        ("store-1", "store-1", None, 0),
    ]
    assert {state: n for state, n in counting.counts(new).items() if n} == {"delivered": 1, "pending": 2}
    new.close()


def test_the_tally_is_what_counting_gives(tmp_path: Path) -> None:
    database = open_sync_db(tmp_path / "sync.db")
    queue = Outbox(database)
    for number in range(1, 8):
        queue.enqueue(build_z(period(number), [], None), "store-1", NOW, NOW)
    (first, _), (second, _), (third, _) = queue.claim("store-1", 3, NOW)
    queue.put_back([first], None, "timeout", NOW)
    queue.set_aside(second, CloudRefused("", 422, "invalid"), NOW)
    counted = Counter(row.state for row in every(database))
    assert counting.counts(database) == {state: counted[state] for state in State}
    database.execute("DELETE FROM body WHERE shipment_id = 7")
    database.execute("DELETE FROM shipment WHERE id = 7")
    assert sum(counting.counts(database).values()) == 6
    assert third
    database.close()


def test_the_history_of_a_report_tells_every_turn_and_counts_what_repeats(tmp_path: Path) -> None:
    database = open_sync_db(tmp_path / "sync.db")
    queue, report = Outbox(database), build_z(period(1), [], None)
    queue.enqueue(report, "store-1", NOW, NOW)
    for minute in range(5):
        queue.claim("store-1", 1, NOW)
        reason = "connection" if minute < 4 else "server_error"
        queue.put_back([1], None, reason, NOW + timedelta(minutes=minute))
    queue.claim("store-1", 1, NOW)
    queue.set_aside(1, CloudRefused("", 422, "invalid"), NOW + timedelta(minutes=5))
    note_open_stores(database, [Store("store-1", "Bar")])
    retry(database, 1, NOW + timedelta(minutes=6))
    queue.claim("store-1", 1, NOW)
    receipt = Acknowledgement(report.id, report.content_hash, "created", NOW)
    queue.acknowledge(1, receipt, NOW + timedelta(minutes=7))
    told = [
        (event.kind, event.word, event.status, event.times, event.last_at - NOW)
        for event in shipments.history(database, 1)
    ]
    assert told == [
        ("failed", "connection", None, 4, timedelta(minutes=3)),
        ("failed", "server_error", None, 1, timedelta(minutes=4)),
        ("refused", "invalid", 422, 1, timedelta(minutes=5)),
        ("again", None, None, 1, timedelta(minutes=6)),
        ("delivered", "created", None, 1, timedelta(minutes=7)),
    ]
    database.close()


def test_a_file_of_the_second_version_whose_store_was_not_kept_is_sound(tmp_path: Path) -> None:
    old = Database(tmp_path / "sync.db", MIGRATIONS[:2])
    old.execute(_ROW.replace(" body,", "").replace("'hash', ?,", "'hash',"), "id", "period", 1, "pending")
    old.execute(
        "INSERT INTO assignment (only_row, company_id, company_name, store_id, store_name, terminal_id,"
        " terminal_name, first_z, assigned_at) VALUES (1, 'c', 'Maritim SL', 'store-1', 'Bar Maritim', 't',"
        " 'T', 1, '2026-11-22T22:00:00.000Z')"
    )
    old.close()
    new = open_sync_db(tmp_path / "sync.db")
    check_stores(new)
    assert new.rows("SELECT * FROM store") == [("store-1", "Bar Maritim", None, 0)]
    new.close()


def test_a_file_of_the_fourth_version_keeps_its_history_and_its_resending(tmp_path: Path) -> None:
    at = "2026-11-22T22:00:00.000Z"
    old = Database(tmp_path / "sync.db", MIGRATIONS[:4])
    for number, state in enumerate(("pending", "delivered"), 1):
        old.execute(
            _ROW.replace(" body,", "").replace("'hash', ?,", "'hash',"),
            f"id-{number}",
            f"period-{number}",
            number,
            "sending",
        )
        old.execute(
            "UPDATE shipment SET state = ?, result = 'created', delivered_at = ? WHERE id = ?",
            state,
            at,
            number,
        )
    old.execute("UPDATE shipment SET state = 'pending' WHERE id = 2")
    old.execute("UPDATE shipment SET state = 'sending' WHERE id = 2")
    old.execute("UPDATE shipment SET state = 'delivered', result = 'unchanged' WHERE id = 2")
    old.execute("INSERT INTO setting VALUES ('resend_begun', ?)", at)
    before = old.rows("SELECT kind, word FROM event WHERE shipment_id = 2 ORDER BY id")
    old.close()
    new = open_sync_db(tmp_path / "sync.db")
    told = [(event.kind, event.word) for event in shipments.history(new, 2)]
    assert told == before == [("delivered", "created"), ("again", None), ("delivered", "unchanged")]
    assert [event.kind for event in shipments.history(new, 1)] == ["failed"]
    assert new.rows("SELECT z_number FROM shipment WHERE resent_at = ?", at) == [(1,), (2,)]
    new.close()


def test_a_file_of_the_ninth_version_keeps_the_bytes_of_its_zs_and_not_of_the_xs_they_replaced(
    tmp_path: Path,
) -> None:
    old = Database(tmp_path / "sync.db", MIGRATIONS[:9])
    rows = (
        ("X", 1, "delivered", 1),
        ("Z", 1, "delivered", 1),
        ("X", 2, "delivered", 0),
        ("Z", 2, "pending", 0),
    )
    for row_id, (kind, day, state, has_bytes) in enumerate(rows, 1):
        old.execute(
            _ROW.replace(" body,", "").replace("'hash', ?,", "'hash',").replace("'Z'", f"'{kind}'"),
            f"id-{row_id}",
            f"period-{day}",
            day,
            state,
        )
        old.execute("UPDATE shipment SET bodiless = ? WHERE id = ?", not has_bytes, row_id)
        if has_bytes:
            old.execute("INSERT INTO body VALUES (?, ?)", row_id, b'{"row":%d}' % row_id)
    old.close()
    new = open_sync_db(tmp_path / "sync.db")
    new.check()
    assert [shipments.body(new, row.id) for row in every(new)] == [None, b'{"row":2}', None, None]
    new.close()


def test_a_file_of_the_tenth_version_keeps_what_was_accepted_and_the_way_there(tmp_path: Path) -> None:
    old = Database(tmp_path / "sync.db", MIGRATIONS[:10])
    for number in (1, 2):
        old.execute(
            _ROW.replace(" body,", "").replace("'hash', ?,", "'hash',"),
            f"id-{number}",
            f"period-{number}",
            number,
            "sending",
        )
    for minute, columns in enumerate(
        (
            "state = 'attention', last_error = 'invalid', last_status = 422",
            "accepted_at = changed_at, accepted_by = 'here', accepted_reason = last_error",
            "accepted_at = NULL, accepted_by = NULL, accepted_reason = NULL",
            "accepted_at = changed_at, accepted_by = 'there', accepted_reason = last_error",
        )
    ):
        at = f"2026-11-22T23:0{minute}:00.000Z"
        old.execute(f"UPDATE shipment SET changed_at = ?, {columns} WHERE id = 1", at)
    old.execute("UPDATE shipment SET state = 'pending', last_error = 'timeout' WHERE id = 2")
    old.close()
    new = open_sync_db(tmp_path / "sync.db")
    new.check()
    assert [row.state for row in every(new)] == ["accepted", "pending"]
    assert {state: n for state, n in counting.counts(new).items() if n} == {"accepted": 1, "pending": 1}
    way = [
        (event.kind, event.word, event.status, event.first_at.minute) for event in shipments.history(new, 1)
    ]
    assert way == [
        ("refused", "invalid", 422, 0),
        ("accepted", "here", None, 1),
        ("taken_back", "here", None, 2),
        ("accepted", "there", None, 3),
    ]
    assert [event.kind for event in shipments.history(new, 2)] == ["failed"]
    new.close()


def test_a_file_from_before_there_were_names_for_it_knows_what_was_left_out(shop: Shop) -> None:
    path = shop.station.database.path.with_name("old.db")
    before = next(n for n, step in enumerate(MIGRATIONS) if "CREATE TABLE left_out" in step)
    old = Database(path, MIGRATIONS[:before])
    old.execute(
        "INSERT INTO assignment (only_row, company_id, company_name, store_id, store_name, terminal_id,"
        " terminal_name, first_z, collected_z, assigned_at)"
        " VALUES (1, 'c', 'C', 's', 'S', 't', 'T', 4, 4, '2026-11-22T22:00:00.000Z')"
    )
    old.execute(
        "INSERT INTO shipment (report_id, revision, kind, store_id, terminal_id, period_id, z_number,"
        " business_date, as_of, currency, net, content_hash, state, queued_at, changed_at)"
        " VALUES ('r', 0, 'Z', 's', 't', 'p', 2, '2026-11-22', 'x', 'EUR', 1, 'h', 'delivered', 'x', 'x')"
    )
    old.close()
    new = open_sync_db(path)
    assert days_left_out(new, "t") == {1, 3}
    assignment = load_assignment(new)
    assert assignment
    assert assignment.first_z == 1
    new.close()
