"""Which closed days belong to the stores that this terminal had before the assigned one.

It is remembered when the store changes: in `sync.db` for a day that could not become a report yet, and beside
the token for days that are built again after `sync.db` was lost. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass

from factorypos_tui.core.language.instants import instant_of, rfc3339
from factorypos_tui.core.models import Close

Run = tuple[int, int, str]
"""The first and the last of consecutive Z numbers, and their store's id."""
_MOST = 100
_RUN = r"(\d{1,18})-(\d{1,18}):([\w-]{1,64})"
_TEXT = re.compile(rf"([\w-]{{1,64}}),([\d:.TZ-]{{1,32}})((?:,{_RUN}){{1,{_MOST}}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class EarlierStores:
    """The days of one terminal whose store is settled."""

    terminal_id: str = ""
    until: str = ""
    """When the last of these days was closed (`instants.rfc3339`). A till that was restored from a backup
    closes their numbers again later: such a day is another one."""
    runs: tuple[Run, ...] = ()

    def store_of(self, z_number: int, closed_at: str) -> str | None:
        """The id of the store that a day belongs to; None where it belongs to the assigned one."""
        if closed_at > self.until:
            return None
        return next((store_id for first, last, store_id in self.runs if first <= z_number <= last), None)

    def has(self, z_number: int) -> bool:
        """Whether the store of this number is settled."""
        return any(first <= z_number <= last for first, last, _store_id in self.runs)

    def text(self) -> str:
        """It in one word, for `earlier_stores_of`; empty where there are no such days."""
        runs = (f"{first}-{last}:{store_id}" for first, last, store_id in self.runs)
        return ",".join((self.terminal_id, self.until, *runs)) if self.runs else ""


def earlier_stores_of(text: str) -> EarlierStores:
    """What such a word says; raises ValueError where it is none."""
    if not text:
        return EarlierStores()
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError("this says nothing of earlier stores")
    terminal_id, until, runs = found.group(1, 2, 3)
    numbered = ((int(first), int(last), store_id) for first, last, store_id in re.findall(_RUN, runs))
    return EarlierStores(terminal_id, rfc3339(instant_of(until)), tuple(numbered))


def settled(
    before: EarlierStores,
    terminal_id: str,
    closes: Iterable[Close],
    queued_for: Mapping[str, str | None],
    left: str | None,
    left_out: Set[int],
) -> EarlierStores:
    """What is to be remembered of the days that the till has closed, as the store `left` is left.

    `queued_for`: the store of each period that was queued, None where that is not worth remembering. Any
    other day stays with the store that was remembered `before`, or belongs to `left`, unless it was left out.
    Only the last hundred runs are remembered: earlier days were delivered long ago."""
    stores: dict[int, str] = {}
    until = ""
    for close in closes:
        store_id = before.store_of(close.z_number, close.closed_at)
        if store_id is None and close.z_number not in left_out:
            store_id = left
        if store_id := queued_for.get(close.period_id, store_id):
            stores[close.z_number] = store_id
            with suppress(ValueError, OverflowError):
                until = max(until, rfc3339(instant_of(close.closed_at)))
    return EarlierStores(terminal_id, until, _runs(stores)[-_MOST:]) if until else EarlierStores()


def _runs(stores: Mapping[int, str]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for number in sorted(stores):
        if runs and runs[-1][1:] == (number - 1, stores[number]):
            runs[-1] = (runs[-1][0], number, stores[number])
        else:
            runs.append((number, number, stores[number]))
    return tuple(runs)
