"""A row of the queue repeats fields of its frozen bytes, so that lists and searches need not read the bytes.
Where the two differ the bytes are right, and the file is damaged."""

from factorypos_tui.core.models import Report
from factorypos_tui.core.reports.reports import thaw
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.packing import unpacked

REPEATED = (
    "report_id",
    "revision",
    "kind",
    "terminal_id",
    "period_id",
    "z_number",
    "business_date",
    "currency",
    "net",
    "content_hash",
)
"""The columns of `shipment` that repeat fields of the report."""
# +?, since SQLite plans a statement again for each value of a ? that its plan depends on.
_READ = f"SELECT bytes, {', '.join(REPEATED)} FROM shipment JOIN body ON shipment_id = id WHERE id = +?"


def repeated(report: Report) -> tuple[object, ...]:
    """The values of these columns for a report."""
    return (
        report.id,
        report.revision,
        report.kind.value,
        report.terminal_id,
        report.period_id,
        report.z_number,
        report.business_date.isoformat(),
        report.currency,
        report.net,
        report.content_hash,
    )


def frozen(database: Database, row_id: int) -> Report | None:
    """The report of a row; None where its bytes are not kept. Raises `DamagedError` where the bytes do not
    fit their hash, or the row differs from them."""
    row = database.row(_READ, row_id)
    if row is None:
        return None
    with database.trusted():
        report = thaw(unpacked(memoryview(row[0]).tobytes()))
    if report is None or repeated(report) != row[1:]:
        raise database.damaged()
    return report
