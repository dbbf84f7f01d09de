"""Any rows that the schema lets in give a report that the cloud takes, or a named reason that holds up no
other day. The rows are plain SQL, and the real server judges the reports."""

import json
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from factorypos_tui.core.delivery.closes import closes_not_queued
from factorypos_tui.core.delivery.collector import collect, enqueue_x
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.errors import DamagedError
from factorypos_tui.core.models import Kind
from factorypos_tui.core.operations.verification import Verification, verify
from factorypos_tui.core.operations.verification_wording import finding_words, verdict_words
from factorypos_tui.core.queue.held_up import held_up_findings
from factorypos_tui.core.recovery.auditing import look_at_the_next
from factorypos_tui.core.recovery.recovery import mend as set_aside_and_rebuild
from factorypos_tui.core.recovery.recovery import standing_trouble
from factorypos_tui.core.status.status import read_status, status_document
from factorypos_tui.core.status.wording import not_queued_sentences
from factorypos_tui.server.documents.report import checked_report
from tests.support.foreign import BAD, LONG_AGO, Day, Sold, days, drop_the_guards, write_day
from tests.support.stations import Shop, body_of, open_shop

GOOD = Day((Sold(),))


def path_of(shop: Shop) -> Path:
    """The till's file, let go of here: two SQLite libraries in one process take each other's locks away."""
    path = shop.till.database().path
    shop.till.close()
    return path


def reports(shop: Shop) -> dict[int, dict[str, Any]]:
    """The Z reports in the queue, by number."""
    rows = [row for row in shop.queued() if row.kind is Kind.Z]
    return {row.z_number or 0: json.loads(body_of(shop.station.database, row.id)) for row in rows}


def findings(shop: Shop) -> list[dict[str, Any]]:
    """As `status --json` tells them."""
    found: list[dict[str, Any]] = status_document(read_status(shop.station), connected=True)["till"][
        "findings"
    ]
    return found


def named(shop: Shop) -> set[tuple[str, int | None]]:
    return {(finding["code"], finding["z_number"]) for finding in findings(shop)}


HOLDING_UP = {"unknown_zone", "unknown_currency", "out_of_range", "bad_id", "too_large"}


@given(st.lists(days, min_size=1, max_size=4), st.booleans())
@example([Day((Sold(name=BAD),)), GOOD], True)
@example([Day((Sold(sold_at=LONG_AGO),)), GOOD], False)
@example([Day(timezone=b"Mars/Olympus"), GOOD], True)
@settings(max_examples=60, deadline=None)
def test_every_closed_day_is_taken_or_named_and_holds_up_no_other(written: list[Day], guarded: bool) -> None:
    with TemporaryDirectory() as folder, open_shop(Path(folder) / "shop") as shop:
        shop.connect()
        if not guarded:
            drop_the_guards(path_of(shop))
        closed = sum(write_day(path_of(shop), day) for day in [*written, GOOD])
        collect(shop.station)
        enqueue_x(shop.station)

        made, told = reports(shop), named(shop)
        for document in made.values():
            checked_report(
                document, shop.till.terminal().id
            )  # as the cloud does; raises what it would refuse
        held = {number for code, number in told if code in HOLDING_UP and number}
        assert made.keys() | held == set(range(1, closed + 1))
        assert not made.keys() & held
        assert closed in made
        status = read_status(shop.station)
        assert {close.z_number for close in status.till_view.not_queued.uncollected} == held
        assert "Missing" not in (standing_trouble(shop.station) or "")


def test_what_the_payments_differ_by_is_rounding_and_the_receipt_is_named(connected: Shop) -> None:
    write_day(path_of(connected), Day((Sold(), Sold(paid_too_much=-40, name=b"A-0017"))))
    collect(connected.station)
    totals = reports(connected)[4]["totals"]
    assert (totals["net"], totals["rounding"]) == (280, -40)
    assert {"code": "does_not_add_up", "z_number": 4, "receipts": ["A-0017"]} in findings(connected)


def test_what_the_taxes_differ_by_is_a_row_of_its_own(connected: Shop) -> None:
    write_day(path_of(connected), Day((Sold(taxed_too_much=7),)))
    collect(connected.station)
    taxes = reports(connected)[4]["taxes"]
    assert [(tax["code"], tax["rate"], tax["gross"]) for tax in taxes] == [
        ("T", "10", 147),
        ("unexplained", "0", -7),
    ]
    assert ("does_not_add_up", 4) in named(connected)


def test_text_that_is_none_is_replaced_and_named(connected: Shop) -> None:
    write_day(path_of(connected), Day((Sold(name=BAD),)))
    collect(connected.station)
    assert reports(connected)[4]["items"][0]["name"] == "Caf\ufffd"
    assert ("bad_text", 4) in named(connected)
    assert connected.till.status().last_z_number == 4


def test_a_day_that_is_mended_goes_and_the_chain_holds(connected: Shop) -> None:
    collect(connected.station)
    write_day(path_of(connected), Day((Sold(),), timezone=b"Mars/Olympus"))
    write_day(path_of(connected), GOOD)
    collect(connected.station)
    assert sorted(reports(connected)) == [1, 2, 3, 5]
    assert "Z 4" in (standing_trouble(connected.station) or "")

    mend(connected, "UPDATE periods SET timezone = 'Europe/Madrid' WHERE z_number = 4")
    assert collect(connected.station) == 1
    write_day(path_of(connected), GOOD)
    collect(connected.station)

    made = reports(connected)
    assert sorted(made) == [1, 2, 3, 4, 5, 6]
    assert made[4]["previous_hash"] == made[5]["previous_hash"] == made[3]["content_hash"]
    assert made[6]["previous_hash"] == made[5]["content_hash"]
    assert standing_trouble(connected.station) is None
    assert {code for code, _number in named(connected)} & HOLDING_UP == set()
    after = 0
    while after := look_at_the_next(connected.station, after):
        pass
    assert standing_trouble(connected.station) is None
    assert collect(connected.station) == 0


def test_a_held_up_day_is_named_as_not_there_until_it_is_mended(connected: Shop) -> None:
    write_day(path_of(connected), Day((Sold(),), timezone=b"Mars/Olympus"))
    write_day(path_of(connected), GOOD)
    drain_once(connected.station)
    found = verify(connected.station)
    assert (found.holds, found.is_as_chosen, found.missing, found.unreported) == (False, False, (), (4,))
    assert verdict_words(found) == "4 of 5 Z reports are in FactoryCLOUD, identical."
    assert "No report yet: Z 4." in finding_words(found)[0]
    (sentence,) = not_queued_sentences(read_status(connected.station))
    assert sentence.startswith("Closed, and no report yet: Z 4.")
    mend(connected, "UPDATE periods SET timezone = 'Europe/Madrid' WHERE z_number = 4")
    drain_once(connected.station)
    assert verify(connected.station) == Verification(5)


def test_a_held_up_day_does_not_have_the_others_read_again(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_day(path_of(connected), Day((Sold(),), timezone=b"Mars/Olympus"))
    collect(connected.station)
    asked: list[int] = []
    read = connected.till.closed_periods

    def watch(after: int, limit: int) -> Any:
        found = read(after, limit)
        asked.extend(period.z_number or 0 for period in found)
        return found

    monkeypatch.setattr(connected.till, "closed_periods", watch)
    collect(connected.station)
    assert asked == [4]


def test_after_the_queue_is_lost_held_up_days_are_found_again(connected: Shop) -> None:
    write_day(path_of(connected), Day((Sold(),), timezone=b"Mars/Olympus"))
    write_day(path_of(connected), GOOD)
    collect(connected.station)
    before = reports(connected)
    connected.lose_the_queue()
    connected.station.database.execute("UPDATE assignment SET collected_z = 0")
    collect(connected.station)
    assert reports(connected) == before


@pytest.mark.parametrize("damage", ['[[4, "a period', '{"4": 1}', '[[4, "a", "no such reason", []]]', "[4]"])
def test_a_queue_whose_note_of_held_up_days_makes_no_sense_is_set_aside_and_they_are_found_again(
    connected: Shop, damage: str
) -> None:
    write_day(path_of(connected), Day((Sold(),), timezone=b"Mars/Olympus"))
    write_day(path_of(connected), GOOD)
    collect(connected.station)
    connected.station.database.execute("UPDATE setting SET value = ? WHERE name LIKE '%held_up%'", damage)
    with pytest.raises(DamagedError) as damaged:
        closes_not_queued(connected.station)
    set_aside_and_rebuild(connected.station, damaged.value)
    assert collect(connected.station) == 0
    assert [found.z_number for found in held_up_findings(connected.station.database)] == [4]
    mend(connected, "UPDATE periods SET timezone = 'Europe/Madrid' WHERE z_number = 4")
    assert collect(connected.station) == 1
    assert sorted(reports(connected)) == [1, 2, 3, 4, 5]


def test_a_held_up_day_that_the_till_has_no_more_is_not_told_for_ever(connected: Shop) -> None:
    write_day(path_of(connected), Day((Sold(),), timezone=b"Mars/Olympus"))
    collect(connected.station)
    mend(connected, "DELETE FROM receipts WHERE period_id = (SELECT id FROM periods WHERE z_number = 4)")
    mend(connected, "DELETE FROM periods WHERE z_number = 4")
    collect(connected.station)
    assert named(connected) == set()
    assert standing_trouble(connected.station) is None


@pytest.mark.parametrize("column", ["opening_float", "perpetual_sales"])
def test_a_running_day_of_an_older_file_can_be_closed_whatever_it_holds(connected: Shop, column: str) -> None:
    drop_the_guards(path_of(connected))
    for table in ("receipt_lines", "receipt_taxes", "receipt_payments", "receipts"):
        mend(connected, f"DELETE FROM {table}")
    mend(connected, "DELETE FROM periods WHERE z_number IS NOT NULL")
    mend(connected, f"UPDATE periods SET {column} = {2**63 - 1}")
    connected.sell()
    connected.close_day()
    connected.sell()
    connected.close_day()
    collect(connected.station)
    assert ("out_of_range", 1) in named(connected)


def test_the_running_day_with_bad_rows_sends_no_x_and_holds_up_nothing(connected: Shop) -> None:
    connected.sell()
    drop_the_guards(path_of(connected))
    mend(connected, f"UPDATE receipts SET sold_at = '{LONG_AGO}'")
    collect(connected.station)
    assert enqueue_x(connected.station) is False
    assert ("out_of_range", None) in named(connected)


def mend(shop: Shop, statement: str) -> None:
    """What its owner does to a closed day, once the trigger that keeps it is out of the way."""
    with sqlite3.connect(path_of(shop)) as database:
        trigger = database.execute(
            "SELECT sql FROM sqlite_schema WHERE name = 'a_closed_period_stays'"
        ).fetchone()[0]
        database.execute("DROP TRIGGER a_closed_period_stays")
        database.execute(statement)
        database.execute(trigger)
    database.close()
