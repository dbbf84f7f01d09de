"""What is remembered of comparing the queue with FactoryCLOUD's list: when that was, whether the queue was
built again before, and which days the cloud has and this till does not."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from factorypos_tui.core.language import _, format_numbers
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.queue.states import NEEDS_A_PERSON, in_states
from factorypos_tui.core.queue.transitions import REFUSE
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import drop_fact, fact, fact_at, keep_fact

if TYPE_CHECKING:  # the app's first frame needs nothing of it
    from factorypos_tui.core.answers import HeldZ

EVERY = timedelta(days=1)
IN_CONFLICT = "kind = 'Z' AND last_error IS 'report_conflict'"
Z_IN_CONFLICT = f"{in_states(REFUSE.targets)} AND {IN_CONFLICT}"
_WHILE_IN_CONFLICT = timedelta(minutes=15)
_AFTER_FAILURE = timedelta(hours=1)
_COMPARED, _REBUILT, _ELSEWHERE = "compared_at", "rebuilt", "closed_elsewhere"
_MOST_NAMED = 100
_log = logging.getLogger(__name__)


def note_compared(database: Database, now: datetime) -> None:
    """Note that the queue is in line with the cloud's list now."""
    drop_fact(database, _REBUILT)
    keep_fact(database, _COMPARED, rfc3339(now))


def comparison_is_due(database: Database, now: datetime) -> bool:
    """Whether a day has passed since the cloud's list was compared. It is due sooner while its owner may
    settle a conflict, and after the clock was set back."""
    found = fact_at(database, _COMPARED)
    return found is None or not now - _pause(database) < found <= now


def _pause(database: Database) -> timedelta:
    return _WHILE_IN_CONFLICT if in_conflict(database) else EVERY


def compare_soon(database: Database) -> None:
    """Make the comparison due: a report met another one with its number, so the cloud may hold more of
    them."""
    drop_fact(database, _COMPARED)


def note_what_was_closed_elsewhere(database: Database, held: Sequence[HeldZ], last_z: int) -> None:
    """Remember the Z of this terminal that the cloud holds beyond the last that its till has closed."""
    numbers = sorted(entry.z_number for entry in held if entry.z_number > last_z)[:_MOST_NAMED]
    if numbers:
        keep_fact(database, _ELSEWHERE, json.dumps(numbers))
        _log.error("closed elsewhere", extra={"facts": {"z_numbers": numbers}})
    elif fact(database, _ELSEWHERE) is not None:
        drop_fact(database, _ELSEWHERE)


def elsewhere_words(database: Database) -> str | None:
    """What it means that days of this terminal were closed elsewhere; None where there are none."""
    with database.trusted():
        numbers = [int(number) for number in json.loads(fact(database, _ELSEWHERE) or "[]")]
    if not numbers:
        return None
    return _(
        "FactoryCLOUD has days of this terminal that this till has not closed: Z {numbers}. Either the till"
        " was restored from an old copy, or another machine was copied from this one and sends, too."
        " Nothing is lost. Call support before you close the day. A copy becomes a till of its own by:"
        " {command}"
    ).format(numbers=format_numbers(numbers), command=command("till identity new"))


def was_rebuilt(database: Database) -> bool:
    """Whether this queue was built again, and the cloud has not said yet what it holds of it."""
    return fact(database, _REBUILT) is not None


def mark_rebuilt(database: Database) -> None:
    """Note that reports queued from now on may have been delivered before: the cloud is asked first."""
    keep_fact(database, _REBUILT, "yes")
    drop_fact(database, _COMPARED)


def put_comparison_off(database: Database, now: datetime) -> None:
    """Note that the comparison failed, so that it is not tried again at once."""
    drop_fact(database, _REBUILT)
    pause = _pause(database)
    keep_fact(database, _COMPARED, rfc3339(now - pause + min(pause, _AFTER_FAILURE)))


def in_conflict(database: Database, *, was_settled: bool = False) -> bool:
    """Whether either side may have news of a conflict. `was_settled`: also of a settled one, which its owner
    may have opened again."""
    open_only = "" if was_settled else f" AND ({NEEDS_A_PERSON} OR acceptance_untold)"
    return database.row(f"SELECT 1 FROM shipment WHERE {Z_IN_CONFLICT}{open_only} LIMIT 1") is not None
