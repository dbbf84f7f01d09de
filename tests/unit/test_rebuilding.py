"""Reports built again from the till: the same to the byte, or the till has changed and the screen says so."""

import pytest

from factorypos_tui.core.delivery.collector import collect, enqueue_x
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.errors import DamagedError
from factorypos_tui.core.models import Kind
from factorypos_tui.core.operations.resending import resend_all
from factorypos_tui.core.queue import shipments
from factorypos_tui.core.queue.hash_chain import Break, Fault, breaks_of
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.auditing import look_at_the_next
from factorypos_tui.core.recovery.rebuilding import report_bytes, restore_bodies
from factorypos_tui.core.recovery.recovery import standing_trouble, unseen_files
from tests.support.stations import Shop, body_of
from tests.unit.damaging import flip_the_state_of_one


@pytest.fixture
def delivered(connected: Shop) -> Shop:
    """Three days, delivered long ago, and a round of looking at them."""
    drain_once(connected.station)
    return connected


def look_at_all(shop: Shop) -> list[int]:
    """One round; the numbers looked at."""
    seen, number = [], look_at_the_next(shop.station, 0)
    while number:
        seen.append(number)
        number = look_at_the_next(shop.station, number)
    return seen


def bodies(shop: Shop) -> list[bytes | None]:
    return [shipments.body(shop.station.database, row.id) for row in shop.queued()]


def breaks(shop: Shop) -> tuple[Break, ...]:
    return breaks_of(shop.station.database, shop.till.terminal().id)


def change_a_sale(shop: Shop, z_number: int) -> None:
    """Somebody changes a closed day in the till's file."""
    shop.till.database().execute(
        "UPDATE receipt_lines SET quantity = '7' WHERE receipt = (SELECT min(seq) FROM receipts"
        " WHERE period_id = (SELECT id FROM periods WHERE z_number = ?))",
        z_number,
    )


def as_an_older_version_left_it(shop: Shop) -> None:
    """It deleted the bytes of what was delivered long ago."""
    shop.station.database.execute("DELETE FROM body")


def test_bytes_rest_packed(delivered: Shop) -> None:
    (kept,) = {row[0] for row in delivered.station.database.rows("SELECT sum(length(bytes)) FROM body")}
    assert kept < sum(len(body or b"") for body in bodies(delivered)) // 2


def test_bytes_that_an_older_version_wrote_plain_are_read(delivered: Shop) -> None:
    before = bodies(delivered)
    delivered.station.database.execute("UPDATE body SET bytes = ? WHERE shipment_id = 2", before[1])
    assert bodies(delivered) == before


def test_bytes_that_an_older_version_left_to_the_till_are_kept_again(delivered: Shop) -> None:
    before = bodies(delivered)
    as_an_older_version_left_it(delivered)
    assert [report_bytes(delivered.station, row.id) for row in delivered.queued()] == before
    assert look_at_all(delivered) == [1, 2, 3]
    assert bodies(delivered) == before


def test_what_was_resent_without_its_bytes_gets_the_same_again(delivered: Shop) -> None:
    before = bodies(delivered)
    as_an_older_version_left_it(delivered)
    delivered.cloud.reports.clear()
    resend_all(delivered.station)
    drain_once(delivered.station)
    assert [report.body for report in delivered.cloud.reports.values()] == before
    assert {row.state for row in delivered.queued()} == {State.DELIVERED}


def test_the_bytes_of_the_x_of_a_day_go_once_its_z_is_delivered(delivered: Shop) -> None:
    delivered.sell()
    delivered.station.database.execute("INSERT OR REPLACE INTO setting VALUES ('send_x_report', 'on')")
    drain_once(delivered.station)
    delivered.close_day()
    collect(delivered.station)
    assert None not in bodies(delivered)
    drain_once(delivered.station)
    assert [row.kind for row in delivered.queued()][3:] == ["X", "Z"]
    assert [body is None for body in bodies(delivered)] == [False, False, False, True, False]


def test_a_changed_day_is_noticed_keeps_its_bytes_and_is_told(delivered: Shop) -> None:
    before = bodies(delivered)
    change_a_sale(delivered, 2)
    look_at_all(delivered)
    assert breaks(delivered) == (Break(2, Fault.CHANGED),)
    assert bodies(delivered) == before
    assert "Z 2" in (standing_trouble(delivered.station) or "")


def test_draining_once_looks_at_each_closed_day_once_a_day(delivered: Shop) -> None:
    change_a_sale(delivered, 2)
    drain_once(delivered.station)
    assert breaks(delivered) == ()
    delivered.clock.advance(24 * 3600)
    as_an_older_version_left_it(delivered)
    drain_once(delivered.station)
    assert breaks(delivered) == (Break(2, Fault.CHANGED),)
    assert [body is None for body in bodies(delivered)] == [False, True, False]


def test_draining_once_looks_at_the_closed_days_after_the_clock_was_set_back(delivered: Shop) -> None:
    change_a_sale(delivered, 2)
    delivered.clock.advance(-60)
    drain_once(delivered.station)
    assert breaks(delivered) == (Break(2, Fault.CHANGED),)


def test_damage_that_is_found_when_all_days_are_looked_at_is_mended_at_once(delivered: Shop) -> None:
    delivered.clock.advance(24 * 3600)
    delivered.station.database.execute("UPDATE body SET bytes = x'00' WHERE shipment_id = 2")
    drain_once(delivered.station)
    assert len(unseen_files(delivered.station.database)) == 1
    assert {row.state for row in delivered.queued()} == {State.DELIVERED}


@pytest.mark.parametrize("z_number", [1, 2, 3])
def test_a_day_that_is_deleted_at_the_till_is_told_as_that(delivered: Shop, z_number: int) -> None:
    till = delivered.till.database()
    till.execute("PRAGMA foreign_keys = 0")
    for (trigger,) in till.rows("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
        till.execute(f"DROP TRIGGER {trigger}")
    till.execute("DELETE FROM periods WHERE z_number = ?", z_number)
    look_at_all(delivered)
    assert breaks(delivered) == (Break(z_number, Fault.DELETED),)
    assert f"Deleted at the till since the day was closed: Z {z_number}." in (
        standing_trouble(delivered.station) or ""
    )


def test_a_day_that_another_program_numbered_again_is_told_and_the_queue_is_not_to_blame(
    delivered: Shop,
) -> None:
    till = delivered.till.database()
    for (trigger,) in till.rows("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
        till.execute(f"DROP TRIGGER {trigger}")
    till.execute("UPDATE periods SET z_number = 9 WHERE z_number = 3")
    collect(delivered.station)
    drain_once(delivered.station)
    assert Break(9, Fault.CHANGED) not in breaks(delivered)
    assert look_at_all(delivered)
    assert unseen_files(delivered.station.database) == ()


def test_a_day_changed_back_is_well_again(delivered: Shop) -> None:
    delivered.station.database.execute("UPDATE z_hash SET differs = 1")
    look_at_all(delivered)
    assert breaks(delivered) == ()
    assert standing_trouble(delivered.station) is None


def test_a_day_that_can_no_longer_be_built_waits_for_a_person(delivered: Shop) -> None:
    as_an_older_version_left_it(delivered)
    change_a_sale(delivered, 2)
    resend_all(delivered.station)
    drain_once(delivered.station)
    assert [row.state for row in delivered.queued()] == [State.DELIVERED, State.ATTENTION, State.DELIVERED]
    assert delivered.queued()[1].last_error == "not_rebuilt"


def test_a_report_without_bytes_that_waits_in_the_index_only_is_damage(delivered: Shop) -> None:
    as_an_older_version_left_it(delivered)
    for z_number in (1, 2, 3):
        change_a_sale(delivered, z_number)
    resend_all(delivered.station)
    flip_the_state_of_one(delivered, State.PENDING)
    with pytest.raises(DamagedError):
        restore_bodies(delivered.station, delivered.till.terminal().id)


def test_a_missing_number_and_a_wrong_link_are_named(delivered: Shop) -> None:
    database = delivered.station.database
    database.execute("UPDATE z_hash SET z_number = 5 WHERE z_number = 3")
    assert breaks(delivered) == (Break(3, Fault.MISSING), Break(4, Fault.MISSING))
    database.execute("UPDATE z_hash SET content_hash = 'another' WHERE z_number = 1")
    assert Break(2, Fault.UNLINKED) in breaks(delivered)


def test_a_queue_with_bytes_that_changed_is_set_aside_and_the_till_builds_them_again(
    connected: Shop,
) -> None:
    collect(connected.station)
    database = connected.station.database
    before = body_of(database, 2)
    database.execute("UPDATE body SET bytes = ? WHERE shipment_id = 2", before.replace(b"EUR", b"USD", 1))
    drain_once(connected.station)
    assert [report.body for report in connected.cloud.reports.values() if report.z_number == 2] == [before]
    assert {row.state for row in connected.queued()} == {State.DELIVERED}
    assert len(unseen_files(database)) == 1
    assert "damaged" in (standing_trouble(connected.station) or "")


def test_an_x_that_changed_in_the_queue_is_never_sent(connected: Shop) -> None:
    drain_once(connected.station)
    connected.sell()
    connected.station.database.execute("INSERT OR REPLACE INTO setting VALUES ('send_x_report', 'on')")
    assert enqueue_x(connected.station)
    connected.station.database.execute("UPDATE body SET bytes = x'00' WHERE shipment_id = 4")
    connected.clock.advance(1)
    drain_once(connected.station)
    assert len(unseen_files(connected.station.database)) == 1
    assert [(row.kind, row.state) for row in connected.queued()] == [
        *[(Kind.Z, State.DELIVERED)] * 3,
        (Kind.X, State.DELIVERED),
    ]
