"""Which report a person means by a row's number, `Z412`, or a report id; and how to name a report."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from factorypos_tui.core.errors import FactoryPosError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.storage.database import Database

_ROW = re.compile(r"[0-9]{1,18}")
_Z = re.compile(r"[Zz] ?([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Ref:
    """What a person typed; one of the three fields is set."""

    row_id: int | None = None
    z_number: int | None = None
    report_id: str | None = None


def ref_of(typed: str) -> Ref:
    """What was typed; a bare number is a row's. Raises `UsageError`."""
    if _ROW.fullmatch(typed) and int(typed):
        return Ref(row_id=int(typed))
    if (z := _Z.fullmatch(typed)) and int(z[1]):
        return Ref(z_number=int(z[1]))
    try:
        return Ref(report_id=str(UUID(typed)))
    except ValueError:
        raise UsageError(
            _("{ref} names no report. Give its REF in `queue list`: Z and a number, a row, or an id.").format(
                ref=typed
            )
        ) from None


def row_meant(database: Database, typed: str) -> int:
    """The row of the report that a person means; of an X the newest. Raises `UsageError` where several fit,
    `FactoryPosError` where none does."""
    ref = ref_of(typed)
    if ref.row_id is not None:
        return ref.row_id
    if ref.report_id is not None:
        matches = database.rows("SELECT id FROM shipment WHERE report_id = ? ORDER BY id DESC", ref.report_id)
    else:
        matches = database.rows("SELECT id FROM shipment WHERE kind = 'Z' AND z_number = ?", ref.z_number)
    if not matches:
        raise FactoryPosError(_("There is no report {id} in the queue.").format(id=typed))
    if len(matches) > 1 and ref.z_number is not None:
        rows = ", ".join(str(row[0]) for row in matches)
        raise UsageError(
            _("{ref} is in the queue more than once. Give the row: {rows}.").format(ref=typed, rows=rows)
        )
    return int(matches[0][0])


def refs(database: Database, shipments: Sequence[Shipment]) -> list[str]:
    """A name for each report: `Z412` where only one report has that number, else its row."""
    numbers = [shipment.z_number for shipment in shipments if shipment.z_number is not None]
    several = database.rows(
        "SELECT z_number FROM shipment WHERE kind = 'Z' AND z_number BETWEEN ? AND ?"
        " GROUP BY z_number HAVING count(*) > 1",
        min(numbers, default=0),
        max(numbers, default=0),
    )
    unsaid = {None, *(row[0] for row in several)}
    return [
        str(shipment.id) if shipment.z_number in unsaid else f"Z{shipment.z_number}" for shipment in shipments
    ]
