"""The log of what becomes of reports: a line for each turn of each of them, once it is committed.

Only ids, numbers and machine words go into it. `status` is the cloud's for that very report, also where it
answered many at once; `latency_ms` is the request's."""

import logging
from collections.abc import Sequence

from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.models import Acknowledgement, Report
from factorypos_tui.core.queue.shipments import attempts_of_sending
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database, Row

MOVED = "report_id, kind, z_number, attempts"
_log = logging.getLogger(__name__)


def tell(
    database: Database, event: str, rows: Sequence[Row], level: int = logging.INFO, **facts: object
) -> None:
    """These reports, each as `MOVED` names it, took this turn in the open transaction, or just now."""

    def write() -> None:
        for report_id, kind, z_number, attempts in rows:
            known = {"report_id": report_id, "kind": kind, "z_number": z_number, "attempt": attempts}
            _log.log(level, event, extra={"facts": known | facts})

    if rows:
        database.after_commit(write)


class Journal:
    """Of one request after the other."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._attempts: dict[int, int] = {}
        self._begun = 0.0

    def begin(self, claimed: Sequence[tuple[int, Report]]) -> None:
        """These are about to be sent."""
        self._attempts = attempts_of_sending(self._station.database)
        self._begun = self._station.clock.monotonic()
        tell(self._station.database, "sending", [self._moved(row_id, report) for row_id, report in claimed])

    def answered(self, row_id: int, report: Report, answer: Acknowledgement | CloudRefused) -> None:
        """The cloud said this of one of them."""
        if isinstance(answer, Acknowledgement):
            status = 201 if answer.result == "created" else 200
            self._tell("delivered", [(row_id, report)], logging.INFO, status=status, result=answer.result)
        else:
            self._tell("refused", [(row_id, report)], status=answer.status, code=answer.code)

    def put_back(self, claimed: Sequence[tuple[int, Report]], status: int | None, reason: str) -> None:
        """These wait again."""
        self._tell("put back", claimed, status=status, reason=reason)

    def _tell(
        self,
        event: str,
        claimed: Sequence[tuple[int, Report]],
        level: int = logging.WARNING,
        **facts: object,
    ) -> None:
        latency = round(1000 * (self._station.clock.monotonic() - self._begun))
        rows = [self._moved(row_id, report) for row_id, report in claimed]
        tell(self._station.database, event, rows, level, latency_ms=latency, **facts)

    def _moved(self, row_id: int, report: Report) -> Row:
        return report.id, report.kind, report.z_number, self._attempts.get(row_id)
