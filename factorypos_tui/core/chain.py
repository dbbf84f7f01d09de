"""The hash chain of a till's closes: each Z names the hash of the one before, so none is changed or missing
without a trace."""

from dataclasses import dataclass
from enum import StrEnum

from factorypos_tui.core.database import Database
from factorypos_tui.core.language import _, format_number


class Fault(StrEnum):
    """What is wrong at a place of the chain."""

    MISSING = "missing"
    CHANGED = "changed"
    UNLINKED = "unlinked"


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain breaks. MISSING: no Z of this number was ever closed, though a later one was. CHANGED:
    the till no longer says of it what it said when it was closed. UNLINKED: it was built on another Z than
    the one that has the number before it now."""

    z_number: int
    fault: Fault


_BREAKS = """
    SELECT z_number, number_before, differs, number_before IS NOT NULL AND previous_hash IS NOT hash_before
    FROM (
        SELECT z_number, previous_hash, differs, lag(z_number) OVER chain AS number_before,
               lag(content_hash) OVER chain AS hash_before
        FROM z_hash WHERE terminal_id = ? WINDOW chain AS (ORDER BY z_number)
    )
    WHERE differs OR number_before < z_number - 1 OR (
        number_before IS NOT NULL AND previous_hash IS NOT hash_before)
    ORDER BY z_number LIMIT ?
"""
_MOST_BREAKS = 100


def breaks_of(database: Database, terminal_id: str) -> tuple[Break, ...]:
    """The first places where the chain of a terminal does not hold, by number."""
    found: list[Break] = []
    for z_number, before, differs, unlinked in database.rows(_BREAKS, terminal_id, _MOST_BREAKS):
        if before is not None and before < z_number - 1:
            missing = range(before + 1, min(z_number, before + 1 + _MOST_BREAKS))
            found += [Break(number, Fault.MISSING) for number in missing]
        if differs:
            found.append(Break(z_number, Fault.CHANGED))
        elif unlinked:
            found.append(Break(z_number, Fault.UNLINKED))
    return tuple(found[:_MOST_BREAKS])


def break_words(found: Break) -> str:
    """What a break means to the person at the till."""
    words = {
        Fault.MISSING: _(
            "The till has no Z {n}, though later days were closed. What was sent is safe. Call support."
        ),
        Fault.CHANGED: _(
            "The till no longer says of Z {n} what it said when the day was closed. FactoryCLOUD keeps what"
            " was sent. Call support."
        ),
        Fault.UNLINKED: _(
            "Z {n} was made after another Z than the one the till has before it now. FactoryCLOUD keeps what"
            " was sent. Call support."
        ),
    }
    return words[found.fault].format(n=format_number(found.z_number))
