"""Receipts of other programs, as JSON Lines, one receipt a line. The whole file is checked before any receipt
is kept.

The format is in docs/till-schema.md. The file may be hostile: lengths, counts and numbers are bounded, and
everything ambiguous (doubled keys, floats, unknown fields) is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from factorypos_tui.core.configuration.fields import FieldWrong
from factorypos_tui.core.configuration.strict_json import NotStrict, read_object
from factorypos_tui.core.errors import StorageError, TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.system_words import system_words
from factorypos_tui.core.reports.sales import Receipt
from factorypos_tui.core.storage.database import Database
from factorypos_tui.tills.bundled.catalogue import Catalogue, load_catalogue
from factorypos_tui.tills.bundled.import_fields import read_sale
from factorypos_tui.tills.bundled.recording import known_uids, record_receipts
from factorypos_tui.tills.bundled.seen_before import Changed, changed_since
from factorypos_tui.tills.bundled.selling import Sale, Unsellable, make_receipt

MAX_LINE_BYTES = 64 * 1024
MAX_RECEIPTS = 200_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file."""

    receipts: int
    """How many were recorded."""
    training: int
    """How many practice sales were kept apart."""
    skipped: int
    """How many the till had already."""
    net: int
    changed: Sequence[Changed] = ()
    """Receipts that the till had already, with other contents."""


def import_receipts(database: Database, file: BinaryIO) -> Imported:
    """Record all receipts of `file` in the open period, in one transaction.

    Raises `TillError`, which names line and field, and keeps nothing; `StorageError` where the file cannot be
    read or nothing can be kept."""
    catalogue = load_catalogue(database)
    try:
        sales = read_sales(file)
    except OSError as error:
        problem = _("The file cannot be read: {detail}. Nothing was imported.").format(
            detail=system_words(error.strerror)
        )
        raise StorageError(problem) from error
    known = known_uids(database, (sale.uid for sale in sales.values()))
    first = {sale.uid: number for number, sale in reversed(sales.items())}
    unseen = {n: sale for n, sale in sales.items() if first[sale.uid] == n and sale.uid not in known}
    fresh = priced(unseen, catalogue)
    with database.transaction():
        if load_catalogue(database) != catalogue:
            raise TillError(
                _("The till's items or prices changed meanwhile. Nothing was imported. Import it again.")
            )
        meanwhile = known_uids(database, (receipt.uid for receipt in fresh))
        taken = [receipt for receipt in fresh if receipt.uid not in meanwhile]
        recorded = record_receipts(database, catalogue, taken)
        lines_taken = {first[receipt.uid] for receipt in taken}
        again = {number: sale for number, sale in sales.items() if number not in lines_taken}
        changed = changed_since(database, again)
    return Imported(
        receipts=len(recorded),
        training=len(taken) - len(recorded),
        skipped=len(again),
        net=sum(line.net for receipt in recorded for line in receipt.lines),
        changed=changed,
    )


def read_sales(file: BinaryIO) -> dict[int, Sale]:
    """What all receipts of `file` ask for, by line; raises `TillError` naming line and field."""
    sales: dict[int, Sale] = {}
    number = 0
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        try:
            if len(raw) > MAX_LINE_BYTES:
                raise FieldWrong("", _("the line is longer than {most} bytes").format(most=MAX_LINE_BYTES))
            if len(sales) == MAX_RECEIPTS:
                raise FieldWrong("", _("more than {most} receipts; split the file").format(most=MAX_RECEIPTS))
            if raw.strip():
                sales[number] = read_sale(read_object(raw))
        except (FieldWrong, NotStrict) as error:
            raise _refused(number, error.field, str(error)) from error
    return sales


def priced(sales: dict[int, Sale], catalogue: Catalogue) -> list[Receipt]:
    """The receipts for these sales; raises `TillError` naming line and field."""
    receipts = []
    for number, sale in sales.items():
        try:
            receipts.append(make_receipt(catalogue, sale))
        except Unsellable as error:
            raise _refused(number, error.field, str(error)) from error
    return receipts


def _refused(number: int, field: str, problem: str) -> TillError:
    place = f"{number}, {field}" if field else str(number)
    return TillError(
        _("line {place}: {problem}. Nothing was imported.").format(
            place=place, problem=problem.removesuffix(".")
        )
    )
