"""What FactoryCLOUD signed of a Z lies beside it at the till, with the keys that check it."""

import json
from pathlib import Path

from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.delivery.keys import fetch_keys
from factorypos_tui.core.engine import Engine
from factorypos_tui.core.errors import CloudUnreachable
from factorypos_tui.core.operations.inspecting import inspect
from factorypos_tui.core.operations.resending import resend_all
from factorypos_tui.core.queue.acknowledgements import acknowledgement, known_keys, lacks_keys
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.salvage import salvage
from factorypos_tui.core.storage.sync_db import open_sync_db
from tests.support.queued import every
from tests.support.signatures import FAKE_KEY, signature_of
from tests.support.stations import Shop
from tests.support.waiting import eventually


def signed(shop: Shop) -> list[dict[str, object]]:
    """What is kept of each report of the queue that has something signed."""
    kept = [acknowledgement(shop.station.database, row.id) for row in shop.queued()]
    return [json.loads(one.document) for one in kept if one]


def assert_all_signed(shop: Shop) -> None:
    rows, kept = shop.queued(), signed(shop)
    assert [it["report_id"] for it in kept] == [row.report_id for row in rows]
    for said in kept:
        rest = {name: value for name, value in said.items() if name != "signature"}
        assert said["signature"] == signature_of(rest)


def test_what_was_signed_is_kept_with_its_row(connected: Shop) -> None:
    drain_once(connected.station)
    assert len(connected.queued()) == 3
    assert_all_signed(connected)
    row = connected.queued()[0]
    found = inspect(connected.station, row.id).signed
    assert found is not None
    assert found.key_id == FAKE_KEY.key_id


def test_a_cloud_that_does_not_sign_takes_reports_as_before(connected: Shop) -> None:
    connected.cloud.signs = False
    drain_once(connected.station)
    assert {row.state for row in connected.queued()} == {State.DELIVERED}
    assert signed(connected) == []
    assert not lacks_keys(connected.station.database)


def test_resending_gives_old_days_their_signatures_and_takes_none_away(connected: Shop) -> None:
    connected.cloud.signs = False
    drain_once(connected.station)
    connected.cloud.signs = True
    resend_all(connected.station)
    drain_once(connected.station)
    assert_all_signed(connected)
    assert {said["result"] for said in signed(connected)} == {"unchanged"}
    connected.cloud.signs = False
    resend_all(connected.station)
    drain_once(connected.station)
    assert_all_signed(connected)


def test_the_engine_fetches_the_keys_that_it_lacks(connected: Shop) -> None:
    engine = Engine(connected.station, "worker")
    try:
        engine.start()
        eventually(lambda: bool(known_keys(connected.station.database)))
    finally:
        engine.stop()
    (key,) = known_keys(connected.station.database)
    assert (key["key_id"], key["public_key"]) == (FAKE_KEY.key_id, FAKE_KEY.public_key)
    assert key["algorithm"] == "Ed25519"
    assert not lacks_keys(connected.station.database)


def test_a_cloud_that_tells_no_keys_holds_up_no_report(connected: Shop) -> None:
    def fail() -> list[object]:
        raise CloudUnreachable("", "timeout")

    connected.cloud.public_keys = fail  # type: ignore[method-assign, assignment]
    engine = Engine(connected.station, "worker")
    try:
        engine.start()
        eventually(lambda: len(connected.cloud.reports) == 3)
    finally:
        engine.stop()
    assert lacks_keys(connected.station.database), "it is asked again"


def test_what_was_signed_survives_a_damaged_file(connected: Shop, tmp_path: Path) -> None:
    drain_once(connected.station)
    fetch_keys(connected.station)
    before, keys = signed(connected), known_keys(connected.station.database)
    damaged, database = connected.queued()[1].id, connected.station.database
    database.execute("UPDATE acknowledgement SET document = x'00' WHERE shipment_id = ?", damaged)
    database.execute("INSERT INTO cloud_key VALUES ('odd', '{}')")
    new = open_sync_db(tmp_path / "new.db")
    with new.connection(), new.transaction():
        assert salvage(database.path, new) == []
        kept = [acknowledgement(new, row.id) for row in every(new)]
        assert [json.loads(one.document) for one in kept if one] == [before[0], before[2]]
        assert known_keys(new) == keys
    new.close()
