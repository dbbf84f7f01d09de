"""The log of what becomes of reports: one line for each turn of each of them, with id, attempt and time."""

import logging
from collections.abc import Sequence

from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.models import Acknowledgement, Report
from factorypos_tui.core.shipments import attempts_of_sending
from factorypos_tui.core.station import Station

_log = logging.getLogger(__name__)


class Journal:
    """Of one request after the other; only ids, numbers and machine words go into it."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._attempts: dict[int, int] = {}
        self._begun = 0.0

    def begin(self, claimed: Sequence[tuple[int, Report]]) -> None:
        """These are about to be sent."""
        self._attempts = attempts_of_sending(self._station.database)
        self._begun = self._station.clock.monotonic()
        for row_id, report in claimed:
            self._tell(logging.INFO, "sending", row_id, report)

    def answered(self, row_id: int, report: Report, answer: Acknowledgement | CloudRefused) -> None:
        """The cloud said this of one of them."""
        if isinstance(answer, Acknowledgement):
            self._tell(logging.INFO, "delivered", row_id, report, status=200, result=answer.result)
        else:
            self._tell(logging.WARNING, "refused", row_id, report, status=answer.status, code=answer.code)

    def put_back(self, claimed: Sequence[tuple[int, Report]], status: int | None, reason: str) -> None:
        """These wait again."""
        for row_id, report in claimed:
            self._tell(logging.WARNING, "put back", row_id, report, status=status, reason=reason)

    def _tell(self, level: int, event: str, row_id: int, report: Report, **facts: object) -> None:
        known: dict[str, object] = {"report_id": report.id, "kind": report.kind, "z_number": report.z_number}
        known["attempt"] = self._attempts.get(row_id)
        if event != "sending":
            known["latency_ms"] = round(1000 * (self._station.clock.monotonic() - self._begun))
        _log.log(level, event, extra={"facts": known | facts})
