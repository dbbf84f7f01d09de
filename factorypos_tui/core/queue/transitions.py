"""What may become of a shipment, and the one function that does it.

    pending --claim--> sending
    pending, sending, attention, accepted --deliver--> delivered
    sending --leave--> delivered
    sending --refuse--> attention, accepted
    pending, sending --set aside--> attention, accepted
    sending --put back--> pending
    delivered, attention, accepted --queue again--> pending
    pending, attention, accepted --supersede--> superseded
    attention --accept--> accepted
    accepted --take back--> attention

`move` changes rows, writes the lines of their history and of the log, all in one transaction, and refuses
what is not drawn here. What is refused or set aside for a reason that a person has accepted goes back to
`accepted`. A row that another process moved meanwhile is left alone, since each move starts from a state.
Nothing that was not delivered is ever deleted. Functions raise `StorageError`."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from factorypos_tui.core.language import N_
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.queue.journal import MOVED, tell
from factorypos_tui.core.queue.states import State, in_states
from factorypos_tui.core.storage.database import Database, Row


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """Arrows of the graph."""

    name: str
    origins: tuple[State, ...]
    targets: tuple[State, ...]
    """The states that it may lead to: the first one, unless the caller names another."""
    said: str
    """The event of the log."""
    words: str
    """What the log says of it to people; the history says so too, but for failures."""
    level: int = logging.INFO
    kept: str | None = None
    """The kind of its line in the history; None where it has no line there."""
    word: str | None = None
    """The fact of the log that becomes the word in the history."""
    sets: str = ""
    """Assignments to other columns of each row."""


_PENDING, _SENDING, _DELIVERED = (State.PENDING,), (State.SENDING,), (State.DELIVERED,)
_ASIDE = (State.ATTENTION, State.ACCEPTED)
_NOT_ACCEPTED = "accepted_at = NULL, accepted_by = NULL, accepted_reason = NULL, acceptance_untold = 0"
_THERE = "last_status = NULL, last_error = NULL, refused_fields = NULL, crashes = 0, " + _NOT_ACCEPTED
FAILURES = ("failed", "refused")
_LAST_LINE = "(SELECT max(id) FROM event WHERE shipment_id = shipment.id)"
NOTHING: Mapping[str, object] = {}
Which = tuple[str, *tuple[object, ...]]
"""Rows: the condition after WHERE, and the values of its question marks."""
Line = tuple[str, object, object]
"""Kind, word and status of a line of history."""
CLAIM = Move("claim", _PENDING, _SENDING, "sending", N_("sending"), sets="attempts = attempts + 1")
DELIVER = Move(
    "deliver", (*_PENDING, *_SENDING, *_ASIDE), _DELIVERED, "delivered", N_("delivered"), sets=_THERE
)
LEAVE = Move("leave", _SENDING, _DELIVERED, "refused", N_("refused"), logging.WARNING, sets=_THERE)
REFUSE = Move(
    "refuse", _SENDING, _ASIDE, "refused", N_("refused"), logging.WARNING, "refused", "code", "crashes = 0"
)
SET_ASIDE = Move(
    "set aside",
    (*_PENDING, *_SENDING),
    _ASIDE,
    "set aside",
    N_("set aside: a person must look"),
    logging.ERROR,
    "refused",
    "reason",
)
PUT_BACK = Move(
    "put back",
    _SENDING,
    _PENDING,
    "put back",
    N_("not sent, waits again"),
    logging.WARNING,
    "failed",
    "reason",
)
QUEUE_AGAIN = Move(
    "queue again",
    (*_DELIVERED, *_ASIDE),
    _PENDING,
    "queued again",
    N_("queued again"),
    kept="again",
)
SUPERSEDE = Move(
    "supersede",
    (*_PENDING, *_ASIDE),
    (State.SUPERSEDED,),
    "superseded",
    N_("a newer report took its place"),
    kept="superseded",
)
ACCEPT = Move(
    "accept",
    (State.ATTENTION,),
    (State.ACCEPTED,),
    "accepted",
    N_("accepted as it stands"),
    kept="accepted",
    word="by",
    sets="accepted_reason = last_error",
)
TAKE_BACK = Move(
    "take back",
    (State.ACCEPTED,),
    (State.ATTENTION,),
    "taken back",
    N_("no longer accepted"),
    kept="taken_back",
    word="by",
)
MOVES = (
    CLAIM,
    DELIVER,
    LEAVE,
    REFUSE,
    SET_ASIDE,
    PUT_BACK,
    QUEUE_AGAIN,
    SUPERSEDE,
    ACCEPT,
    TAKE_BACK,
)


def move(
    database: Database,
    by: Move,
    now: datetime,
    which: Which,
    *,
    origins: tuple[State, ...] | None = None,
    to: State | None = None,
    sets: Mapping[str, object] = NOTHING,
    facts: Mapping[str, object] = NOTHING,
    returning: str = "",
) -> list[Row]:
    """Move those rows whose state is one that the move starts from.

    `origins`, `to`: fewer of the states that the move may start from, one of those that it leads to.
    `sets`: assignments in SQL, each with the value of its question mark. `facts`: for the log; a failure's
    word and `status` become the row's last. Returns the moved rows: `MOVED`, then what `returning` names."""
    where, *values = which
    at, origins = rfc3339(now), origins or by.origins
    new = {"changed_at = ?": at} | _failure(by, facts) | dict(sets)
    chosen, change = _statement(by, origins, to or by.targets[0], where, tuple(new), returning)
    with database.transaction() if by.kept else nullcontext():
        if State.DELIVERED in origins:
            _keep_delivery(database, which)
        if by.kept:
            word = facts.get(by.word) if by.word else None
            _keep(database, chosen, values, (by.kept, word, facts.get("status")), at)
        moved = database.rows(change, *new.values(), *values)
        tell(database, by.said, moved, by.level, **facts)
    return moved


@lru_cache
def _statement(
    by: Move, origins: tuple[State, ...], to: State, where: str, sets: tuple[str, ...], returning: str
) -> tuple[str, str]:
    """Which rows, and what changes them."""
    if by not in MOVES or not set(origins) <= set(by.origins) or to not in by.targets:
        raise ValueError(f"there is no way from {', '.join(origins)} to {to} by {by.name}")
    arriving = _NOT_ACCEPTED if to is State.ATTENTION else ""
    changes = ", ".join(filter(None, [f"state = '{to}'", arriving, by.sets, *sets]))
    chosen = f"WHERE ({where}) AND {in_states(origins)}"
    returned = ", ".join(filter(None, [MOVED, returning]))
    return chosen, f"UPDATE shipment SET {changes} {chosen} RETURNING {returned}"


def set_aside(
    database: Database,
    by: Move,
    now: datetime,
    which: Which,
    facts: Mapping[str, object],
    sets: Mapping[str, object] = NOTHING,
    returning: str = "",
) -> list[Row]:
    """REFUSE or SET_ASIDE: a person must look, unless one has accepted the report for this very reason."""
    where, *values = which
    known: Which = f"({where}) AND accepted_reason = ?", *[*values, facts[str(by.word)]]
    stays = move(database, by, now, known, to=State.ACCEPTED, sets=sets, facts=facts, returning=returning)
    return stays + move(database, by, now, which, sets=sets, facts=facts, returning=returning)


def note_told(database: Database, row_id: int, stands: State) -> None:
    """Note that the cloud was told of a person's decision, if the state is still the one told."""
    database.execute(
        f"UPDATE shipment SET acceptance_untold = 0 WHERE id = ? AND {in_states([stands])}", row_id
    )


def stamped(now: datetime, *columns: str) -> dict[str, object]:
    """What `move` sets so that these columns hold this instant."""
    return {f"{column} = ?": rfc3339(now) for column in columns}


def _failure(by: Move, facts: Mapping[str, object]) -> dict[str, object]:
    if by.kept not in FAILURES or by.word is None:
        return {}
    return {"last_status = ?": facts.get("status"), "last_error = ?": facts[by.word]}


def _keep_delivery(database: Database, which: Which) -> None:
    """Write the last delivery into the history. Until a report is queued again its shipment tells it."""
    where, *values = which
    database.execute(
        "INSERT INTO event (shipment_id, kind, word, first_at, last_at)"
        " SELECT id, 'delivered', result, delivered_at, delivered_at FROM shipment"
        f" WHERE ({where}) AND {in_states(_DELIVERED)} AND delivered_at IS NOT NULL",
        *values,
    )


def _keep(database: Database, chosen: str, values: Sequence[object], line: Line, now: str) -> None:
    """Write a line of history for each row. A line that repeats the one before adds to its `times`."""
    database.execute(
        "INSERT INTO event (shipment_id, kind, word, status, first_at, last_at, times)"
        f" SELECT id, ?, ?, ?, ?, ?, 0 FROM shipment {chosen} AND NOT EXISTS"
        f" (SELECT 1 FROM event WHERE id = {_LAST_LINE} AND kind = ? AND word IS ? AND status IS ?)",
        *line,
        now,
        now,
        *values,
        *line,
    )
    database.execute(
        f"UPDATE event SET times = times + 1, last_at = ? WHERE id IN (SELECT {_LAST_LINE} FROM shipment"
        f" {chosen})",
        now,
        *values,
    )
