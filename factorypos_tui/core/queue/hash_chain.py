"""The hash chain of a till's closes: each Z names the hash of the one before. So no Z can be changed or lost
without a trace."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from factorypos_tui.core.language import N_, _, format_numbers
from factorypos_tui.core.queue.held_up import out_of_chain
from factorypos_tui.core.storage.database import Database


class Fault(StrEnum):
    """What is wrong at a place of the chain."""

    MISSING = "missing"
    """No Z of this number was ever closed, though a later one was."""
    CHANGED = "changed"
    """The till tells the day otherwise than when it was closed."""
    DELETED = "deleted"
    """The till does not have the day any more."""
    UNLINKED = "unlinked"
    """The Z was built on another Z than the one that has the number before it now."""


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain is broken."""

    z_number: int
    fault: Fault


_BREAKS = """
    SELECT z_number, number_before, differs, number_before IS NOT NULL AND previous_hash IS NOT hash_before
    FROM (
        SELECT z_number, previous_hash, differs, lag(z_number) OVER chain AS number_before,
               lag(content_hash) OVER chain AS hash_before
        FROM z_hash WHERE terminal_id = ? AND z_number NOT IN (SELECT value FROM json_each(?))
        WINDOW chain AS (ORDER BY z_number)
    )
    WHERE differs OR (number_before < z_number - 1 AND NOT ?) OR (
        number_before IS NOT NULL AND previous_hash IS NOT hash_before)
    ORDER BY z_number LIMIT ?
"""
_MOST_BREAKS = 100
IS_DELETED = 2
"""`z_hash.differs` of a day that the till does not have any more; 1 for a day that it tells otherwise."""
_WORDS = {
    Fault.MISSING: N_(
        "Missing at the till, though later days were closed: Z {numbers}. FactoryCLOUD keeps what was sent."
        " Call support."
    ),
    Fault.CHANGED: N_(
        "Changed at the till since the day was closed: Z {numbers}. FactoryCLOUD keeps what was sent."
        " Call support."
    ),
    Fault.DELETED: N_(
        "Deleted at the till since the day was closed: Z {numbers}. FactoryCLOUD keeps what was sent."
        " Call support."
    ),
    Fault.UNLINKED: N_(
        "Made after another day than the one before it at the till now: Z {numbers}. FactoryCLOUD keeps"
        " what was sent. Call support."
    ),
}


def terminals_with_closes(database: Database) -> frozenset[str]:
    """The ids of the terminals whose closed days were ever taken into the queue here."""
    return frozenset(
        terminal_id for (terminal_id,) in database.rows("SELECT DISTINCT terminal_id FROM z_hash")
    )


def breaks_of(database: Database, terminal_id: str, *, leaves_out_numbers: bool = False) -> tuple[Break, ...]:
    """The first places where a terminal's chain is broken, by number. Days that were held up are not in the
    chain. `leaves_out_numbers`: its till's program does, so none is missing."""
    breaks: list[Break] = []
    beside = out_of_chain(database)
    held = json.dumps(sorted(beside))
    rows = database.rows(_BREAKS, terminal_id, held, leaves_out_numbers, _MOST_BREAKS)
    for z_number, before, differs, unlinked in rows:
        if before is not None and before < z_number - 1 and not leaves_out_numbers:
            missing = range(before + 1, min(z_number, before + 1 + _MOST_BREAKS))
            breaks += [Break(number, Fault.MISSING) for number in missing if number not in beside]
        if differs:
            breaks.append(Break(z_number, Fault.DELETED if differs == IS_DELETED else Fault.CHANGED))
        elif unlinked:
            breaks.append(Break(z_number, Fault.UNLINKED))
    return tuple(breaks[:_MOST_BREAKS])


def breaks_words(breaks: Iterable[Break]) -> list[str]:
    """What breaks of the chain mean to the person at the till: a sentence or two for each kind."""
    numbers: dict[Fault, list[int]] = {}
    for found in breaks:
        numbers.setdefault(found.fault, []).append(found.z_number)
    return [_(_WORDS[fault]).format(numbers=format_numbers(found)) for fault, found in numbers.items()]
