"""A closing in words: as a line of the list, as a row of its table, and as a paper. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from factorypos_tui.server.domain.closings.document import ClosingDocument
from factorypos_tui.server.domain.closings.listed import Run, ShownClosing
from factorypos_tui.server.domain.closings.summing import TOTALS
from factorypos_tui.server.web import wording as w
from factorypos_tui.server.web.papers import (
    MOST_ROWS,
    TOTALS_NAMES,
    Paper,
    Rows,
    Section,
    added_up,
    since_the_first_sale,
    tax_name,
)
from factorypos_tui.server.web.tables import Row
from factorypos_tui.server.words import told

MOST_LINES = 6
"""So many lines has a cell of the list; the page of the closing has all."""
SHORT_HASH = 12
_NO_BREAK = "\u00a0"
COLUMNS = (
    *("period", "first_date", "last_date", "of", "revision", "corrects", "corrected_by", "currency"),
    *("receipts", *TOTALS, "taxes", "payments", "zs", "z_numbers"),
    *("perpetual_sales", "perpetual_refunds", "perpetual_net", "content_hash", "key_id"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """What the list shows of a closing, below its amounts."""

    closing: ShownClosing
    totals: Sequence[str]
    taxes: Sequence[str]
    payments: Sequence[str]
    zs: Sequence[str]
    perpetual: Sequence[str]
    content_hash: str


def line_of(closing: ShownClosing) -> Line:
    document = closing.document

    def amounts(pairs: Iterator[tuple[str, int]]) -> Sequence[str]:
        return _cut([f"{name}: {w.amount(minor, document.currency)}" for name, minor in pairs])

    totals, perpetual = document.totals, document.perpetual
    others = ((told(words), getattr(totals, name)) for name, words in TOTALS_NAMES.items())
    shown = {told(TOTALS_NAMES[name]) for name in ("net", "tax")}
    since = ((told("Sales"), perpetual.sales), (told("Refunds"), perpetual.refunds))
    return Line(
        closing,
        amounts((name, minor) for name, minor in others if minor and name not in shown),
        amounts((tax_name(it.name, it.rate), it.tax) for it in document.taxes),
        amounts((it.name, it.amount) for it in document.payments),
        _cut([run_words(run) for run in closing.runs]),
        amounts(iter(since)),
        document.content_hash[:SHORT_HASH],
    )


def _cut(lines: Sequence[str]) -> Sequence[str]:
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], told("and {n} more").format(n=w.number(more))] if more > 0 else lines


def run_words(run: Run) -> str:
    """`Bar: Z 1 – Z 31`."""
    numbers = f"Z {run.first}" if run.first == run.last else f"Z {run.first} – Z {run.last}"
    return f"{run.terminal}: {numbers.replace(' ', _NO_BREAK)}"


def row_of(closing: ShownClosing) -> Row:
    """The same as a row of a file, in minor units."""
    it = closing.document
    return {
        "period": it.name,
        "first_date": it.first_date,
        "last_date": it.last_date,
        "of": closing.of,
        "revision": it.revision,
        "corrects": closing.corrects and closing.corrects.revision,
        "corrected_by": closing.corrected_by and closing.corrected_by.revision,
        "currency": it.currency,
        "receipts": it.receipts,
        **{name: getattr(it.totals, name) for name in TOTALS},
        "taxes": "; ".join(f"{tax_name(tax.name, tax.rate)}: {tax.tax}" for tax in it.taxes),
        "payments": "; ".join(f"{payment.name}: {payment.amount}" for payment in it.payments),
        "zs": closing.count,
        "z_numbers": "; ".join(f"{run.terminal}: {run.first}-{run.last}" for run in closing.runs),
        "perpetual_sales": it.perpetual.sales,
        "perpetual_refunds": it.perpetual.refunds,
        "perpetual_net": it.perpetual.net,
        "content_hash": it.content_hash,
        "key_id": it.signature.key_id,
    }


def title_of(closing: ShownClosing) -> str:
    """`Closing of Jan 2026`."""
    it = closing.document
    title = told("Closing of {period}").format(period=w.period(it.name))
    return f"{title}, {correction_words(it.revision)}" if it.revision else title


def correction_words(revision: int) -> str:
    return told("correction {n}").format(n=w.number(revision)) if revision else told("the first closing")


def paper_of_closing(closing: ShownClosing, timezone: str) -> Paper:
    """All that a closing says."""
    it = closing.document

    def money(minor: int | None) -> str:
        return w.money(minor, it.currency)

    sections = (
        Section("", _heading(closing, timezone)),
        *added_up(it, money),
        since_the_first_sale(it.perpetual, money),
        Section(
            told("Terminals"),
            [(run_words(run), (w.number(run.count),)) for run in closing.runs],
            (told("Z reports"),),
        ),
        _zs(closing),
    )
    days = w.days(date.fromisoformat(it.first_date), date.fromisoformat(it.last_date))
    return Paper(title_of(closing), (closing.of, days), [it for it in sections if it.rows], _proof(it))


def _heading(closing: ShownClosing, timezone: str) -> Rows:
    it = closing.document
    rows = [
        (told("Made"), (w.moment(it.made_at, timezone),)),
        (told("Time zone"), (timezone,)),
        (told("Z reports"), (w.number(closing.count),)),
        (told("Receipts"), (w.number(it.receipts),)),
    ]
    if closing.corrects:
        rows.append((told("Corrects"), (correction_words(closing.corrects.revision),)))
    if closing.corrected_by:
        rows.append((told("Corrected by"), (correction_words(closing.corrected_by.revision),)))
    return rows


def _zs(closing: ShownClosing) -> Section:
    """Each Z with its day and the beginning of its hash."""
    names = closing.terminals
    zs = sorted(closing.document.zs, key=lambda z: (names[z.terminal_id], z.terminal_id, z.z_number))
    rows = [
        (
            f"{names[z.terminal_id]}: Z {z.z_number}, {w.day(date.fromisoformat(z.business_date))}",
            (z.content_hash[:SHORT_HASH],),
        )
        for z in zs[:MOST_ROWS]
    ]
    return Section(told("Its Z reports"), rows, (told("Hash"),), max(0, len(zs) - MOST_ROWS), is_folded=True)


def _proof(it: ClosingDocument) -> Rows:
    rows = [(told("Hash"), (it.content_hash,))]
    if it.previous_hash:
        rows.append((told("Hash of the closing before"), (it.previous_hash,)))
    if it.corrects:
        rows.append((told("Hash of the closing that it corrects"), (it.corrects,)))
    rows += [(told("Signed with the key"), (it.signature.key_id,))]
    return [*rows, (told("Signature"), (it.signature.value,))]
