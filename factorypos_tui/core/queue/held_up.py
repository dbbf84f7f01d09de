"""Closed days whose rows cannot become a report. They are remembered, so that each is tried again when the
till changes, and none is forgotten. Once its rows are mended a day is queued.

If later days were built first, the day stays out of the chain of hashes, since they name the one before
it. So does a day that a till's program closed only after later ones."""

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from factorypos_tui.core.models import TillFinding
from factorypos_tui.core.reports.findings import Code
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import drop_fact, fact, keep_fact

_FACT = "held_up"
_MENDED = "mended"


@dataclass(frozen=True, slots=True)
class HeldUp:
    """A closed day that cannot become a report."""

    z_number: int
    period_id: str
    code: str
    """Why not, a word of `findings.Code`."""
    receipts: tuple[str, ...] = ()
    """The numbers of the receipts at fault."""

    @property
    def waits(self) -> bool:
        """Whether its rows still have to be mended."""
        return self.code != _MENDED


def held_up(database: Database) -> Mapping[int, HeldUp]:
    """The days that wait to be mended, by number."""
    return {found.z_number: found for found in remembered(database) if found.waits}


def out_of_chain(database: Database) -> frozenset[int]:
    """The numbers of days that no later Z names as the one before it."""
    return frozenset(found.z_number for found in remembered(database))


def held_up_findings(database: Database) -> list[TillFinding]:
    """What to tell of these days."""
    return [TillFinding(found.code, found.z_number, found.receipts) for found in held_up(database).values()]


def note_held_up(
    database: Database, held: Sequence[HeldUp], late: Mapping[int, str], looked_at: Set[int]
) -> list[HeldUp]:
    """Remember which of the closes that were just looked at are held up; the others are not any more. `late`:
    the periods of those that came after later ones, by number. Returns those held up that were not known."""
    before = {day.z_number: day for day in remembered(database)}
    now = {number: day for number, day in before.items() if number not in looked_at}
    for number in before.keys() & looked_at:
        if _has_later(database, number):
            now[number] = replace(before[number], code=_MENDED, receipts=())
    now |= {number: HeldUp(number, period_id, _MENDED) for number, period_id in late.items()}
    now |= {day.z_number: day for day in held}
    if now != before:
        _remember(database, now.values())
    return [day for day in held if before.get(day.z_number) != day]


def forget_held_up(database: Database, gone: HeldUp) -> None:
    """Forget a day that the till does not have any more."""
    _remember(database, [found for found in remembered(database) if found != gone])


def _remember(database: Database, days: Iterable[HeldUp]) -> None:
    rows = [[found.z_number, found.period_id, found.code, list(found.receipts)] for found in days]
    if rows:
        keep_fact(database, _FACT, json.dumps(rows))
    else:
        drop_fact(database, _FACT)


def _has_later(database: Database, z_number: int) -> bool:
    return database.row("SELECT 1 FROM z_hash WHERE z_number > ? LIMIT 1", z_number) is not None


def remembered(database: Database) -> list[HeldUp]:
    """All these days, also those that were mended after later days had been built."""
    with database.trusted():
        return [_held_up_of(*row) for row in json.loads(fact(database, _FACT) or "[]")]


def _held_up_of(number: int, period_id: str, code: str, receipts: Iterable[str]) -> HeldUp:
    return HeldUp(int(number), str(period_id), code if code == _MENDED else Code(code), tuple(receipts))
