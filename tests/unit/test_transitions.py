"""The graph of states: as drawn, as enforced, and as each move leaves row, history, log and counts."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factorypos_tui.core.queue import counting, transitions
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.states import TO_SEND, WAITS, State
from factorypos_tui.core.queue.transitions import ACCEPT, MOVES, QUEUE_AGAIN, REFUSE, Move, move, set_aside
from factorypos_tui.core.reports.reports import build_z
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.sync_db import open_sync_db
from tests.support.queued import every
from tests.support.sales import period

NOW = datetime(2026, 11, 22, 22, 1, tzinfo=UTC)
ROW = "id = ?", 1
FACTS = {"reason": "timeout", "code": "invalid", "by": "here", "status": 422}
WAYS = [(by, origin, target) for by in MOVES for origin in by.origins for target in by.targets]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """With one report in it, pending."""
    database = open_sync_db(tmp_path / "sync.db")
    Outbox(database).enqueue(build_z(period(1), [], None), "store", NOW, NOW)
    yield database
    database.close()


def put_in(database: Database, state: State) -> None:
    database.execute("DELETE FROM event")
    database.execute("UPDATE shipment SET state = ?, result = 'created', delivered_at = queued_at", state)


def stands(database: Database) -> State:
    counted = {state: n for state, n in counting.counts(database).items() if n}
    (shipment,) = every(database)
    assert counted == {shipment.state: 1}
    return shipment.state


def drawn() -> set[tuple[str, str, str]]:
    arrows = re.findall(r"^ {4}(.+) --(.+)--> (.+)$", transitions.__doc__ or "", re.MULTILINE)
    return {
        (name, origin, target)
        for origins, name, targets in arrows
        for origin in origins.split(", ")
        for target in targets.split(", ")
    }


def test_the_graph_is_enforced_as_it_is_drawn() -> None:
    assert drawn() == {(by.name, origin.value, target.value) for by, origin, target in WAYS}
    assert {state for _by, *ends in WAYS for state in ends} == set(State)


@pytest.mark.parametrize(("by", "origin", "target"), WAYS)
def test_a_move_writes_row_history_log_and_count(
    by: Move, origin: State, target: State, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    put_in(database, origin)
    caplog.clear()
    (moved,) = move(database, by, NOW, ROW, to=target, facts=FACTS, returning="id, changed_at")
    assert moved[2:] == (1, int(by is transitions.CLAIM), 1, "2026-11-22T22:01:00.000Z")
    assert stands(database) is target
    assert [(line.levelno, line.getMessage()) for line in caplog.records] == [(by.level, by.said)]
    assert caplog.records[0].facts.items() >= FACTS.items()  # type: ignore[attr-defined]
    kept = database.rows("SELECT kind, word FROM event ORDER BY id")
    left = [("delivered", "created")] if origin is State.DELIVERED else []
    assert kept == left + ([(by.kept, FACTS[by.word] if by.word else None)] if by.kept else [])


@pytest.mark.parametrize("by", MOVES)
def test_from_any_other_state_nothing_happens(
    by: Move, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for state in set(State) - set(by.origins):
        put_in(database, state)
        caplog.clear()
        assert move(database, by, NOW, ROW, facts=FACTS) == []
        assert stands(database) is state
        assert (caplog.records, database.rows("SELECT * FROM event")) == ([], [])


@given(st.sampled_from(MOVES), st.sets(st.sampled_from(State), min_size=1), st.sampled_from(State))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_not_in_the_graph_is_refused(
    database: Database, by: Move, origins: set[State], target: State
) -> None:
    if origins <= set(by.origins) and target in by.targets:
        return
    with pytest.raises(ValueError, match="no way"):
        move(database, by, NOW, ROW, origins=tuple(origins), to=target, facts=FACTS)
    with pytest.raises(ValueError, match="no way"):
        move(database, replace(by, origins=tuple(State)), NOW, ROW, facts=FACTS)
    assert stands(database) is State.PENDING


@given(st.lists(st.tuples(st.sampled_from(WAYS), st.sampled_from(["timeout", "dns"])), max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_moves_the_history_tells_each_of_them(
    database: Database, moves: list[tuple[tuple[Move, State, State], str]]
) -> None:
    put_in(database, State.PENDING)
    here, recorded = State.PENDING, 0
    for number, ((by, origin, target), reason) in enumerate(moves):
        now = NOW + timedelta(minutes=number)
        moved = move(database, by, now, ROW, origins=(origin,), to=target, facts=FACTS | {"reason": reason})
        assert bool(moved) is (origin is here)
        here = target if moved else here
        recorded += bool(moved and by.kept) + bool(moved and origin is State.DELIVERED)
        assert stands(database) is here
    assert database.value("SELECT coalesce(sum(times), 0) FROM event") == recorded
    lines = database.rows("SELECT kind, word, status FROM event ORDER BY id")
    assert all(line != after for line, after in pairwise(lines))


def test_what_was_accepted_stays_so_for_the_same_reason_only(database: Database) -> None:
    for code, state in (("invalid", State.ACCEPTED), ("too_large", State.ATTENTION)):
        put_in(database, State.ATTENTION)
        database.execute("UPDATE shipment SET last_error = 'invalid'")
        move(database, ACCEPT, NOW, ROW, facts=FACTS)
        move(database, QUEUE_AGAIN, NOW, ROW, facts=FACTS)
        move(database, transitions.CLAIM, NOW, ROW)
        set_aside(database, REFUSE, NOW, ROW, FACTS | {"code": code})
        assert stands(database) is state
    assert database.row("SELECT accepted_at, accepted_reason FROM shipment") == (None, None)


@pytest.mark.parametrize(("name", "condition"), [("shipment_waiting", WAITS), ("shipment_to_send", TO_SEND)])
def test_the_indexes_name_the_states_that_are_asked_for(
    database: Database, name: str, condition: str
) -> None:
    index = database.value("SELECT sql FROM sqlite_schema WHERE name = ?", name)
    needed = "A state that waits needs a migration that makes this index again."
    assert index.endswith(f"WHERE {condition}"), needed


def test_a_state_that_no_report_was_ever_in_is_counted(database: Database) -> None:
    database.execute("DELETE FROM tally WHERE shipments = 0")
    assert counting.counts(database) == dict.fromkeys(State, 0) | {State.PENDING: 1}
    put_in(database, State.SUPERSEDED)
    assert counting.counts(database)[State.SUPERSEDED] == 1
