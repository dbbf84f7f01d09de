"""Receipts of an import file that the till has already: whether they still say the same.

The fields of the file are compared, not the receipts that are made of them: prices may have changed since."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.language.money import line_amount, share
from factorypos_tui.core.storage.database import Database
from factorypos_tui.tills.bundled.selling import Sale, SaleLine


@dataclass(frozen=True, slots=True)
class Changed:
    """A receipt that the till has already, and the first field in which this line differs."""

    line: int
    uid: str
    field: str


def changed_since(database: Database, again: Mapping[int, Sale]) -> tuple[Changed, ...]:
    """Those of `again` (line number -> sale of that line) that differ from what the till has."""
    changed = []
    for number, sale in again.items():
        field = next(_differences(database, sale), None)
        if field:
            changed.append(Changed(number, sale.uid, field))
    return tuple(changed)


def _differences(database: Database, sale: Sale) -> Iterator[str]:
    row = database.row(
        "SELECT seq, sold_at, number, user_code, rounding FROM receipts WHERE uid = ?", sale.uid
    )
    if row is None:
        yield from _of_practice(database, sale)
        return
    seq, sold_at, number, user, rounding = row
    if sold_at != rfc3339(sale.sold_at):
        yield "sold_at"
    if sale.number not in ("", number):
        yield "number"
    if sale.user not in (None, user):
        yield "user"
    if sale.rounding != rounding:
        yield "rounding"
    yield from _of_lines(database, sale, seq)
    paid = database.rows(
        "SELECT code, amount, tip FROM receipt_payments WHERE receipt = ? ORDER BY payment", seq
    )
    if paid != [(tender.code, tender.amount, tender.tip) for tender in sale.tenders]:
        yield "payments"
    yield from _of_taxes(database, sale, seq)


def _of_lines(database: Database, sale: Sale, seq: int) -> Iterator[str]:
    rows = database.rows(
        "SELECT item_code, quantity, is_refund, is_comp, gross, discount FROM receipt_lines"
        " WHERE receipt = ? ORDER BY line",
        seq,
    )
    for place, (line, row) in enumerate(zip_longest(sale.lines, rows)):
        if line is None or row is None or not _is_same(line, row):
            yield f"lines[{place}]"
    discounts = [0 if is_comp else discount for *_line, is_comp, _gross, discount in rows]
    own = [0 if line.is_comp else line.discount for line in sale.lines]
    if sum(discounts) != sale.discount + sum(own):
        yield "discount"
    sold = [
        0 if line.is_refund or line.is_comp else row[4] - line.discount
        for line, row in zip(sale.lines, rows, strict=False)
    ]
    shared = share(sale.discount, sold)
    for place, due in enumerate(zip(discounts, own, shared, strict=False)):
        if due[0] != due[1] + due[2]:
            yield f"lines[{place}].discount"


def _of_taxes(database: Database, sale: Sale, seq: int) -> Iterator[str]:
    rows = database.rows("SELECT code, base, tax FROM receipt_taxes WHERE receipt = ?", seq)
    recorded = {code: (base, tax) for code, base, tax in rows}
    if any(recorded.get(tax.code) != (tax.base, tax.tax) for tax in sale.taxes):
        yield "taxes"
    codes = database.rows("SELECT tax_code FROM receipt_lines WHERE receipt = ? ORDER BY line", seq)
    told: dict[str, int] = {}
    first: dict[str, int] = {}
    for place, (line, (code,)) in enumerate(zip(sale.lines, codes, strict=False)):
        if line.tax is not None:
            told[code] = told.get(code, 0) + (-line.tax if line.is_refund else line.tax)
            first.setdefault(code, place)
    for code, tax in told.items():
        if code not in recorded or recorded[code][1] != tax:
            yield f"lines[{first[code]}].tax"


def _is_same(line: SaleLine, row: Sequence[object]) -> bool:
    item, quantity, is_refund, is_comp, gross, _discount = row
    said = (line.item, line.quantity, line.is_refund, line.is_comp)
    due = line.total
    if due is None and line.unit_price is not None:
        due = line_amount(line.quantity, line.unit_price)
    return said == (item, Decimal(str(quantity)), bool(is_refund), bool(is_comp)) and due in (None, gross)


def _of_practice(database: Database, sale: Sale) -> Iterator[str]:
    sold_at, user, content = database.rows(
        "SELECT sold_at, user_code, content FROM training_receipts WHERE uid = ?", sale.uid
    )[0]
    recorded = json.loads(content)
    if sold_at != rfc3339(sale.sold_at):
        yield "sold_at"
    if sale.user not in (None, user):
        yield "user"
    if [(line["item"], Decimal(line["quantity"])) for line in recorded["lines"]] != [
        (line.item, line.quantity) for line in sale.lines
    ]:
        yield "lines"
    if [(paid["code"], paid["amount"], paid["tip"]) for paid in recorded["payments"]] != [
        (tender.code, tender.amount, tender.tip) for tender in sale.tenders
    ]:
        yield "payments"
