"""The log of reports: a line for each move of each report, once it is committed.

Only ids, numbers and machine words are logged. `status` is the cloud's for this report, also where it
answered many at once; `latency_ms` is that of the request."""

import logging
from collections.abc import Sequence

from factorypos_tui.core.storage.database import Database, Row

MOVED = "report_id, kind, z_number, attempts"
_log = logging.getLogger(__name__)


def tell(
    database: Database, event: str, rows: Sequence[Row], level: int = logging.INFO, **facts: object
) -> None:
    """These reports, each as `MOVED` names it, took this turn in the open transaction, or just now."""

    def write() -> None:
        for report_id, kind, z_number, attempts, *_more in rows:
            known = {"report_id": report_id, "kind": kind, "z_number": z_number, "attempt": attempts}
            _log.log(level, event, extra={"facts": known | facts})

    if rows and _log.isEnabledFor(level):
        database.after_commit(write)
