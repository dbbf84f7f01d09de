"""What a terminal says of itself every few minutes: its queue, its clock, its program."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated

from peewee import Database
from pydantic import Field

from factorypos_tui.server.domain.forms import Form, LongText, ShortText
from factorypos_tui.server.storage.tables import Terminal, TerminalState

_LARGEST = 2**53 - 1
Count = Annotated[int, Field(ge=0, le=_LARGEST)]
Seconds = Annotated[float, Field(ge=-_LARGEST, le=_LARGEST, allow_inf_nan=False)]


class QueueState(Form):
    pending: Count | None = None
    sending: Count | None = None
    attention: Count | None = None
    delivered: Count | None = None
    oldest_pending_s: Count | None = None
    """Since when the oldest report waits that was not sent yet."""


class FindingForm(Form):
    code: Annotated[str, Field(pattern="^[a-z_]{1,40}$")]
    z_number: Count | None = None
    """The closed day that it is about; null for the running day."""
    receipts: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)] | None = None


class StateForm(Form):
    queue: QueueState | None = None
    last_z_number: Count | None = None
    clock_offset_s: Seconds | None = None
    """How far its clock is ahead of ours."""
    software: LongText | None = None
    sender: ShortText | None = None
    """What sends its reports, such as `app` or `worker`."""
    findings: Annotated[list[FindingForm], Field(max_length=20)] | None = None
    """What a person should see to in the till's records; null where it cannot say now."""
    leaves_out_numbers: bool | None = None
    """Whether its till's program gives Z numbers to closes that are not sent."""


def note_state(database: Database, now: str, terminal: Terminal, form: StateForm) -> None:
    """Keep what a terminal says in place of what it said before."""
    queue = form.queue or QueueState()
    values = {
        **queue.model_dump(),
        "told_at": now,
        "last_z_number": form.last_z_number,
        "clock_offset_s": None if form.clock_offset_s is None else round(form.clock_offset_s),
        "software": form.software,
        "sender": form.sender,
        "findings": json.dumps([it.model_dump() for it in form.findings]) if form.findings else None,
        "leaves_out_numbers": form.leaves_out_numbers,
    }
    if form.findings is None and (before := last_states(database, [terminal]).get(terminal.id)):
        values["findings"] = before.findings  # a till that is off has no news: what it said is not over
    insert = TerminalState.insert(terminal_id=terminal.id, **values)
    columns = [getattr(TerminalState, name) for name in values]
    insert.on_conflict(conflict_target=[TerminalState.terminal_id], preserve=columns).execute(database)


def last_states(database: Database, terminals: Sequence[Terminal]) -> Mapping[str, TerminalState]:
    """What each terminal said last, by its id, unless that was before it was assigned to where it is."""
    assigned = {terminal.id: terminal.assigned_at for terminal in terminals}
    found = TerminalState.select().where(TerminalState.terminal_id.in_(list(assigned))).bind(database)
    return {row.terminal_id: row for row in found if row.told_at >= assigned[row.terminal_id]}
