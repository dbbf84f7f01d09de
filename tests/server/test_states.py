"""What a terminal says of itself: bounded, kept once, and seen by nobody once the terminal is elsewhere."""

from typing import Any

import pytest

from factorypos_tui.server.domain.states import last_states
from factorypos_tui.server.storage.tables import AuditEntry, Terminal, TerminalState
from tests.server.shop import Owner, Till, assert_problem

STATE: dict[str, Any] = {
    "queue": {"pending": 3, "sending": 0, "attention": 1, "delivered": 409, "oldest_pending_s": 240},
    "last_z_number": 412,
    "clock_offset_s": -3,
    "software": "factorypos-tui 1",
    "sender": "worker",
}


def tell(till: Till, state: Any) -> Any:
    return till.call("PUT", "/terminals/current/state", json=state)


def kept(till: Till) -> TerminalState | None:
    database = till.shop.cloud.database
    with database.connection_context():
        terminal = Terminal.select().where(Terminal.id == till.id).get(database)
        return last_states(database, [terminal]).get(till.id)


def test_the_newest_state_is_kept_and_the_audit_is_spared(till: Till) -> None:
    database = till.shop.cloud.database
    with database.connection_context():
        noted = AuditEntry.select().count(database)
    assert kept(till) is None
    assert tell(till, STATE).status_code == 204
    state = kept(till)
    assert state
    assert (state.pending, state.attention, state.oldest_pending_s) == (3, 1, 240)
    assert (state.last_z_number, state.clock_offset_s) == (412, -3)
    assert (state.software, state.sender) == ("factorypos-tui 1", "worker")
    assert tell(till, {"clock_offset_s": 1.6, "queue": {"pending": 0}, "new": True}).status_code == 204
    state = kept(till)
    assert state
    assert (state.pending, state.delivered, state.clock_offset_s, state.software) == (0, None, 2, None)
    with database.connection_context():
        assert AuditEntry.select().count(database) == noted


@pytest.mark.parametrize(
    "wrong",
    [
        {"queue": {"pending": -1}},
        {"queue": {"pending": "3"}},
        {"queue": []},
        {"findings": [{"code": "in_no_z", "z_number": 1}] * 21},
        {"findings": [{"code": "a sentence", "z_number": 1}]},
        {"findings": [{"code": "in_no_z", "receipts": ["1" * 41]}]},
        {"last_z_number": 2**53},
        {"clock_offset_s": 1e300},
        {"clock_offset_s": True},
        {"software": "x" * 501},
        {"sender": "a\nb"},
    ],
)
def test_what_is_no_state_is_refused(till: Till, wrong: Any) -> None:
    assert_problem(tell(till, wrong), 422, "invalid")
    assert kept(till) is None


def test_the_state_of_before_is_nobodys_once_the_terminal_was_assigned_again(
    owner: Owner, till: Till
) -> None:
    assert tell(till, STATE).status_code == 204
    till.shop.clock.advance(60)
    again = owner.assign(till.store, till.id)
    assert kept(again) is None
    assert_problem(tell(till, STATE), 401, "terminal_revoked")
    assert tell(again, STATE).status_code == 204
    assert kept(again)
