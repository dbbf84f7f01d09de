"""What the rows of a closed day looked like when its report was made, so that a later change can be named.

The mark of a day is a text: the findings of then, and for each receipt a short hash of its id and one of its
rows. Names of today are in no hash: to rename an item is no change of a sale."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from operator import attrgetter

from factorypos_tui.core.models import Close, TillFinding
from factorypos_tui.core.reports.findings import MOST_RECEIPTS, Code
from factorypos_tui.core.reports.sales import Receipt
from factorypos_tui.tills.unicenta.codes import Codes
from factorypos_tui.tills.unicenta.figuring import number_of
from factorypos_tui.tills.unicenta.rows import LineRow, PaymentRow, PeriodRows, TaxRow, TicketRow

_LENGTH = 4
_OF_TODAY = {"person_name", "product_name", "product_reference", "category", "category_name"}
_SOLD = {
    row: attrgetter(*(it.name for it in fields(row) if it.name not in _OF_TODAY))
    for row in (TicketRow, LineRow, TaxRow, PaymentRow)
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What was noted of a closed day."""

    findings: Sequence[TillFinding]
    receipts: Mapping[str, str]
    """The hash of each receipt's rows, by that of its id."""

    def text(self) -> str:
        """As it is kept."""
        found = [[it.code, it.z_number, list(it.receipts)] for it in self.findings]
        return json.dumps([found, "".join(key + rows for key, rows in self.receipts.items())])


def mark_of(rows: PeriodRows, findings: Sequence[TillFinding] = ()) -> Mark:
    """The mark of a day's rows."""
    return Mark(findings, {_hash(id_): _hash(*parts) for id_, parts in _by_receipt(rows).items()})


def read_mark(text: str) -> Mark:
    """A mark that was kept."""
    found, hashes = json.loads(text) if text else ((), "")
    size = 2 * _LENGTH
    parts = [hashes[start : start + size] for start in range(0, len(hashes), size)]
    findings = [TillFinding(code, z_number, tuple(receipts)) for code, z_number, receipts in found]
    return Mark(findings, dict(zip(parts[::2], parts[1::2], strict=True)))


def changes(
    close: Close, before: Mark, told: Sequence[Receipt], rows: PeriodRows, codes: Codes
) -> list[TillFinding]:
    """What was sold into a day, changed or deleted there since its report was made of the receipts
    `told`."""
    now = mark_of(rows).receipts
    numbers = {_hash(receipt.uid): receipt.number for receipt in told}
    numbers |= {_hash(ticket.id): number_of(ticket, codes) for ticket in rows.tickets}
    added = [numbers[key] for key in now if key not in before.receipts]
    changed = [numbers.get(key, "?") for key, rows_ in before.receipts.items() if now.get(key) != rows_]
    return [
        TillFinding(code, close.z_number, tuple(receipts[:MOST_RECEIPTS]))
        for code, receipts in ((Code.IN_NO_Z, added), (Code.CHANGED_SINCE, changed))
        if receipts
    ]


def _by_receipt(rows: PeriodRows) -> Mapping[str, list[str]]:
    parts: dict[str, list[str]] = {ticket.id: [_as_sold(ticket)] for ticket in rows.tickets}
    of_tickets: Iterable[LineRow | TaxRow | PaymentRow] = (*rows.lines, *rows.taxes, *rows.payments)
    for row in of_tickets:
        parts.setdefault(row.ticket, []).append(_as_sold(row))
    return parts


def _as_sold(row: TicketRow | LineRow | TaxRow | PaymentRow) -> str:
    return repr([*_SOLD[type(row)](row)])


def _hash(*texts: str) -> str:
    return blake2b("\0".join(texts).encode("utf-8", "replace"), digest_size=_LENGTH).hexdigest()
