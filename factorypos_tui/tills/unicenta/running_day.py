"""The period that a till's program sells into."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from factorypos_tui.core.models import TillFinding
from factorypos_tui.core.reports.findings import Code
from factorypos_tui.tills.unicenta.codes import Codes
from factorypos_tui.tills.unicenta.facts import Facts
from factorypos_tui.tills.unicenta.periods import Told, tell
from factorypos_tui.tills.unicenta.reading import Reader

_TOO_LONG = timedelta(hours=36)


class RunningDay:
    """The running day of one host, figured once for each state of it. Methods raise `TillError`."""

    def __init__(self, reader: Reader, codes: Codes, facts: Facts, now: Callable[[], datetime]) -> None:
        self._reader, self._codes, self._facts, self._now = reader, codes, facts, now
        self._lock = threading.Lock()
        self._kept: tuple[object, Told] | None = None

    def told(self) -> Told:
        """The day as it is now."""
        with self._reader.snapshot():
            state = self._reader.revision(), self._wall().date()
            with self._lock:
                kept = self._kept
            if kept and kept[0] == state:
                return kept[1]
            cash = self._reader.open()
            rows = self._reader.period(cash, self._reader.masters([cash]))
            told = tell(rows, self._codes, self._facts, self._reader.software(), self._wall())
        with self._lock:
            self._kept = state, told
        return told

    def findings(self) -> Iterator[TillFinding]:
        """What a person should know of its rows, and whether it was forgotten."""
        told = self.told()
        yield from told.findings
        sold = [ticket.at for ticket in told.rows.tickets if ticket.kind is not None]
        if sold and sold[-1] < self._wall() - _TOO_LONG:
            yield TillFinding(Code.DAY_OPEN, None)

    def _wall(self) -> datetime:
        return self._now().astimezone(self._facts.zone).replace(tzinfo=None)
