"""A till that version 0.1 closed days at: what it froze is made again to the byte, and what was refused goes.

`till_of_0_1.sql` and `zs_of_0_1.jsonl` were written by commit 8a1bd22: day 2 has a receipt of long before,
and of day 3 neither payments nor taxes agree with the lines."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.operations.accepting import accept, take_back
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.auditing import look_at_the_next
from factorypos_tui.core.recovery.recovery import standing_trouble
from factorypos_tui.core.reports.reports import thaw
from factorypos_tui.server.documents.report import checked_report
from tests.support.stations import Shop, body_of, open_shop

_TILLS = Path(__file__).parents[1] / "tills"
FROZEN = (_TILLS / "zs_of_0_1.jsonl").read_bytes().splitlines()


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Shop]:
    """The bar with the till of version 0.1, assigned with all its history."""
    with open_shop(tmp_path / "shop") as shop:
        path = shop.till.database().path
        shop.till.close()
        for file in path.parent.glob("till.db*"):
            file.unlink()
        with sqlite3.connect(path) as database:
            database.executescript((_TILLS / "till_of_0_1.sql").read_text("utf-8"))
        database.close()
        shop.connect()
        yield shop


def queued(shop: Shop) -> dict[int, bytes]:
    return {row.z_number or 0: body_of(shop.station.database, row.id) for row in shop.queued()}


def test_what_was_delivered_is_made_again_to_the_byte(old: Shop) -> None:
    collect(old.station)
    made = queued(old)
    assert {number: made[number] for number in (1, 2, 4, 5)} == {
        number: FROZEN[number - 1] for number in (1, 2, 4, 5)
    }
    assert standing_trouble(old.station) is None


def test_what_was_refused_is_made_so_that_the_cloud_takes_it(old: Shop) -> None:
    collect(old.station)
    document = json.loads(queued(old)[3])
    checked_report(document, old.till.terminal().id)
    assert (document["totals"]["rounding"], document["taxes"][-1]["gross"]) == (40, -3)
    assert document["report_id"] == json.loads(FROZEN[2])["report_id"]


def test_a_report_that_waits_for_somebody_since_then_goes_at_the_next_look(old: Shop) -> None:
    refused = take_over_the_queue_of_then(old)
    assert collect(old.station) == 1
    rows = {row.id: row.state for row in old.queued() if row.z_number == 3}
    assert rows.pop(refused) is State.SUPERSEDED
    assert list(rows.values()) == [State.PENDING]
    assert collect(old.station) == 0


def test_a_report_that_was_accepted_as_it_stands_is_left_alone_until_that_is_taken_back(old: Shop) -> None:
    refused = take_over_the_queue_of_then(old)
    accept(old.station, refused)
    assert collect(old.station) == 0
    assert [row.state for row in old.queued() if row.z_number == 3] == [State.ACCEPTED]
    take_back(old.station, refused)
    assert collect(old.station) == 1


def test_nothing_is_said_to_have_changed_at_the_till(old: Shop) -> None:
    take_over_the_queue_of_then(old)
    collect(old.station)
    after = 0
    while after := look_at_the_next(old.station, after):
        pass
    assert standing_trouble(old.station) is None


def test_days_closed_from_now_on_tell_of_late_receipts(old: Shop) -> None:
    old.till.database().execute(
        "UPDATE periods SET opened_at = '2026-11-25T22:00:00.000Z' WHERE z_number IS NULL"
    )
    old.clock.advance(24 * 3600)
    old.sell()
    old.clock.advance(10 * 24 * 3600)
    old.close_day()
    collect(old.station)
    documents = {number: json.loads(body) for number, body in queued(old).items()}
    assert "late" not in documents[2]
    assert documents[6]["late"] == {"count": 1, "amount": 140}


def take_over_the_queue_of_then(shop: Shop) -> int:
    """All that version 0.1 queued is delivered, but day 3, which was refused; its row."""
    database, now = shop.station.database, shop.clock.now()
    store_id = database.value("SELECT store_id FROM assignment")
    queue = Outbox(database)
    previous = None
    for body in FROZEN:
        report = thaw(body)
        assert report
        queue.enqueue(report, store_id, now, now)
        closed_at = shop.till.closes((report.z_number or 0) - 1)[0].closed_at
        database.execute(
            "INSERT INTO z_hash (terminal_id, z_number, period_id, closed_at, content_hash, previous_hash)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            *(
                report.terminal_id,
                report.z_number,
                report.period_id,
                closed_at,
                report.content_hash,
                previous,
            ),
        )
        previous = report.content_hash
    for row_id, report in queue.claim(store_id, 500, now):
        if report.z_number == 3:
            refused = row_id
            queue.set_aside(row_id, CloudRefused("no", 422, "invalid"), now)
    database.execute("UPDATE shipment SET state = 'delivered' WHERE state = 'sending'")
    return refused
