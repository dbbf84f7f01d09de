"""Fault 20 in the small: one bit turns over somewhere in `sync.db`, and the file as such is still sound."""

import random
import shutil
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from factorypos_tui.core.account.assignment import History, load_assignment
from factorypos_tui.core.configuration.accepted import Accepted, keep_accepted
from factorypos_tui.core.configuration.document import encode
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.engine import Engine
from factorypos_tui.core.errors import DamagedError
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.operations.enrolment import assign
from factorypos_tui.core.operations.verification import verify
from factorypos_tui.core.recovery.auditing import look_at_the_next
from factorypos_tui.core.recovery.opening import open_or_mend
from factorypos_tui.core.recovery.recovery import (
    check,
    mend,
    recall_assignment,
    standing_trouble,
    unseen_files,
)
from factorypos_tui.core.storage.facts import keep_fact
from tests.faults.world import Bar, bar_at
from tests.support.queued import every
from tests.support.waiting import eventually

_FLIPS, _PARTS = 120, 4


@pytest.fixture
def half_sent(bar: Bar) -> Bar:
    """Three days delivered, a fourth that waits, and a configuration that waits for a fifth; no process has
    the files open."""
    drain_once(bar.station)
    bar.sell_and_close()
    collect(bar.station)
    assignment = load_assignment(bar.station.database)
    assert assignment
    accepted = Accepted(assignment.store.id, '"a"', "0" * 64, 7, utc_now(), 4)
    keep_accepted(bar.station.database, accepted, encode(bar.station.till.configuration()))
    bar.station.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    bar.station.database.close()
    return bar


def with_content(bar: Bar, home: Path, content: bytes) -> Iterator[Bar]:
    """A copy of the bar whose queue is this, after a power cut."""
    shutil.copytree(bar.home, home)
    (home / "sync.db").write_bytes(content)
    (home / "worker.lock").write_text('{"pid": 1, "since": "", "kind": "worker"}')
    open_or_mend(home / "sync.db", home / "worker.lock", utc_now()).close()
    copy = bar_at(home, bar.cloud_url)
    yield copy
    copy.close()
    shutil.rmtree(home)


def work_for_a_while(bar: Bar) -> None:
    """What the service does in its first hours: it drains, looks at each day again, and mends what fails."""
    for _try in range(3):
        try:
            recall_assignment(bar.station)
            drain_once(bar.station)
            number = look_at_the_next(bar.station, 0)
            while number:
                number = look_at_the_next(bar.station, number)
            drain_once(bar.station)
            check(bar.station.database)
            list(every(bar.station.database))
        except DamagedError as error:
            mend(bar.station, error)
        else:
            return
    pytest.fail("it is damaged again and again")


def set_aside_in(bar: Bar) -> set[Path]:
    return set(bar.home.glob("sync.db.damaged-*"))


def has_set_aside_more(bar: Bar, before: set[Path]) -> bool:
    return bool(set_aside_in(bar) - before)


@pytest.mark.parametrize("part", range(_PARTS))
def test_20_a_single_bit_anywhere_in_the_queue_loses_and_stops_nothing(
    half_sent: Bar, tmp_path: Path, part: int
) -> None:
    content = (half_sent.home / "sync.db").read_bytes()
    chance = random.Random(20)  # noqa: S311 - repeatable, not secret
    written = [place for place, byte in enumerate(content) if byte]
    flips = [(chance.choice(written), chance.randrange(8)) for _ in range(_FLIPS)]
    for flip, (place, bit) in enumerate(flips[part::_PARTS]):
        flipped = bytearray(content)
        flipped[place] ^= 1 << bit
        for bar in with_content(half_sent, tmp_path / f"flip-{flip}", bytes(flipped)):
            work_for_a_while(bar)
            assert bar.everything_arrived_once(4), f"bit {bit} of byte {place}"
            assert verify(bar.station).holds, f"bit {bit} of byte {place}"


_LAST_Z = "WHERE kind = 'Z' AND z_number = 4"


@pytest.mark.parametrize(
    "damage",
    [
        f"UPDATE shipment SET queued_at = replace(queued_at, ':', 'z') {_LAST_Z}",
        "UPDATE shipment SET delivered_at = replace(delivered_at, ':', 'z') WHERE z_number = 2",
        f"UPDATE shipment SET business_date = '2026-1a-01' {_LAST_Z}",
        f"UPDATE shipment SET store_id = 'x' || substr(store_id, 2) {_LAST_Z}",
        f"UPDATE shipment SET content_hash = 'x' || substr(content_hash, 2) {_LAST_Z}",
        f"UPDATE shipment SET report_id = 'x' || substr(report_id, 2) {_LAST_Z}",
        f"UPDATE shipment SET terminal_id = 'x' || substr(terminal_id, 2) {_LAST_Z}",
        f"UPDATE shipment SET z_number = 68 {_LAST_Z}",
        f"UPDATE shipment SET net = net + 1024 {_LAST_Z}",
        "UPDATE body SET bytes = 7 WHERE shipment_id = 4",
        "UPDATE body SET bytes = (SELECT bytes FROM body WHERE shipment_id = 3) WHERE shipment_id = 4",
        "UPDATE z_hash SET content_hash = 'x' || substr(content_hash, 2) WHERE z_number = 2",
        "UPDATE z_hash SET previous_hash = 'x' || substr(previous_hash, 2) WHERE z_number = 3",
        "UPDATE assignment SET assigned_at = 'never'",
        "UPDATE assignment SET store_id = 'x' || substr(store_id, 2)",
        "UPDATE assignment SET terminal_id = 'x' || substr(terminal_id, 2)",
        "UPDATE store SET id = 'x' || substr(id, 2)",
        "INSERT OR REPLACE INTO setting VALUES ('compared_at', 'x'), ('asked_for_a_try', 'x')",
        "UPDATE accepted_configuration SET changes = 'x'",
        "UPDATE accepted_configuration SET after_z = 'x'",
        "UPDATE accepted_configuration SET etag = x'00'",
        "UPDATE accepted_configuration SET accepted_at = 'never'",
        "UPDATE tally SET shipments = shipments + 512",
        "DROP TRIGGER shipment_moved",
        "DROP TABLE event",
        "ALTER TABLE link RENAME COLUMN reason TO treason",
    ],
)
def test_20_a_file_with_a_value_that_makes_no_sense_is_set_aside_told_and_built_again(
    half_sent: Bar, tmp_path: Path, damage: str
) -> None:
    for bar in with_content(half_sent, tmp_path / "copy", (half_sent.home / "sync.db").read_bytes()):
        bar.station.database.execute(damage)
        work_for_a_while(bar)
        assert bar.everything_arrived_once(4)
        assert unseen_files(bar.station.database)
        checked = bar.run("check")
        assert checked.returncode == 2
        assert "sync.db.damaged-" in checked.stdout
        assert verify(bar.station).holds


def test_20_a_service_starts_though_nobody_can_read_since_when_the_store_is_assigned(bar: Bar) -> None:
    bar.station.database.execute("UPDATE assignment SET assigned_at = 'never'")
    assert bar.drain() == 0
    assert bar.everything_arrived_once(3)


def test_20_a_report_that_lacks_its_bytes_is_built_again_as_those_of_an_older_version_are(
    half_sent: Bar, tmp_path: Path
) -> None:
    for bar in with_content(half_sent, tmp_path / "copy", (half_sent.home / "sync.db").read_bytes()):
        bar.station.database.execute("DELETE FROM body WHERE shipment_id = 4")
        work_for_a_while(bar)
        assert bar.everything_arrived_once(4)
        assert not set_aside_in(bar)


_OTHER = "iif(substr({0}, 1, 1) = '0', '1', '0') || substr({0}, 2)"


def other(column: str) -> str:
    """Another value of an id or a hash, as one bit may make it."""
    return _OTHER.format(column)


@pytest.mark.parametrize("sent", [False, True])
def test_20_a_report_with_a_wrong_id_is_not_queued_twice_when_the_store_is_assigned_again(
    bar: Bar, sent: bool
) -> None:
    collect(bar.station)
    if sent:
        drain_once(bar.station)
    bar.station.database.execute(f"UPDATE shipment SET report_id = {other('report_id')} WHERE z_number = 2")
    assignment = load_assignment(bar.station.database)
    assert assignment
    assign(bar.station, assignment.company.id, assignment.store.id, History.ALL, move=True)
    work_for_a_while(bar)
    assert bar.everything_arrived_once(3)
    assert len(bar.queued()) == 3


def test_20_a_wrong_id_of_the_store_before_the_first_report_stops_nothing(bar: Bar) -> None:
    bar.station.database.execute(f"UPDATE assignment SET store_id = {other('store_id')}")
    assignment = load_assignment(bar.station.database)
    assert assignment
    work_for_a_while(bar)
    assert bar.everything_arrived_once(3)
    recalled = load_assignment(bar.station.database)
    assert recalled
    assert recalled.store.id != assignment.store.id


def test_20_an_x_of_no_terminal_stops_nothing(bar: Bar) -> None:
    database = bar.station.database
    collect(bar.station)
    database.execute(
        "UPDATE shipment SET kind = 'X', state = 'sending', terminal_id = 'x' WHERE z_number = 1"
    )
    work_for_a_while(bar)
    assert {z.z_number for z in bar.held()} == {1, 2, 3}


@pytest.mark.parametrize("kept", ["[4, 5", "4", "[null]"])
def test_20_a_note_that_is_unreadable_is_not_taken_over_into_the_new_file(bar: Bar, kept: str) -> None:
    drain_once(bar.station)
    keep_fact(bar.station.database, "closed_elsewhere", kept)
    with pytest.raises(DamagedError) as damage:
        standing_trouble(bar.station)
    mend(bar.station, damage.value)
    work_for_a_while(bar)
    assert "damaged" in (standing_trouble(bar.station) or "")
    assert bar.everything_arrived_once(3)


def test_20_a_number_that_is_wrong_in_the_chain_alarms_nobody(bar: Bar) -> None:
    drain_once(bar.station)
    bar.station.database.execute("UPDATE z_hash SET z_number = 67 WHERE z_number = 3")
    bar.station.database.execute("UPDATE assignment SET collected_z = 0")
    work_for_a_while(bar)
    assert verify(bar.station).holds


def test_20_what_the_engine_finds_while_it_runs_is_mended_and_the_store_recalled(
    bar: Bar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factorypos_tui.core.engine._INSPECT", timedelta(seconds=1))
    drain_once(bar.station)
    engine = Engine(bar.station, "worker")
    engine.start()
    try:
        for damage in (
            "UPDATE shipment SET business_date = replace(business_date, '-', 'm') WHERE z_number = 2",
            "UPDATE assignment SET assigned_at = replace(assigned_at, '-', 'm')",
        ):
            before = set_aside_in(bar)
            eventually(partial(bar.station.database.execute, damage))  # once its row was taken over
            eventually(partial(has_set_aside_more, bar, before))
        bar.sell_and_close()
        eventually(lambda: len(bar.held()) == 4)
    finally:
        engine.stop()


def test_20_bytes_that_lie_where_the_next_report_is_to_be_stop_no_report(bar: Bar) -> None:
    collect(bar.station)
    database = bar.station.database
    database.execute("PRAGMA foreign_keys = 0")
    database.execute("UPDATE body SET shipment_id = 4 WHERE shipment_id = 3")
    database.close()
    with pytest.raises(DamagedError) as damage:
        check(database)
    mend(bar.station, damage.value)
    bar.sell_and_close()
    work_for_a_while(bar)
    assert bar.everything_arrived_once(4)


def test_20_a_link_that_cannot_be_read_stops_nothing(half_sent: Bar, tmp_path: Path) -> None:
    for bar in with_content(half_sent, tmp_path / "copy", (half_sent.home / "sync.db").read_bytes()):
        bar.station.database.execute(
            "INSERT OR REPLACE INTO link VALUES (1, 'held', NULL, 'not-a-time', -7, 0, 'x', NULL)"
        )
        work_for_a_while(bar)
        assert bar.everything_arrived_once(4)
