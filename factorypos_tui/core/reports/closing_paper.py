"""A closed month or year as people read it, made from an unchecked document."""

from collections.abc import Iterable

from factorypos_tui.core.language import _, format_date, format_number, on_the_wall
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.reports.paper import (
    Paper,
    PaperRow,
    Section,
    payments_section,
    perpetual_section,
    taxes_section,
    totals_section,
)
from factorypos_tui.core.reports.unchecked import UNREADABLE, Document, Unchecked

_MOST_TERMINALS = 50
_LONGEST_ID = 36


def paper_of_closing(document: Document, store: str) -> Paper:
    """The closing in full, in the operator's language; `store` is the name of the store that it is of."""
    read = Unchecked(document).in_its_currency()
    title = _("Closed year {period}") if read.text("period") == "year" else _("Closed month {period}")
    sections = (
        _period(read),
        totals_section(read),
        taxes_section(read),
        payments_section(read),
        perpetual_section(read),
        _numbers(document.get("zs")),
        _proof(read),
    )
    days = f"{read.day('first_date')} - {read.day('last_date')}"
    head = (title.format(period=read.text("name")), plain(store), days, read.text("currency"))
    return Paper(*head, tuple(section for section in sections if section.rows))


def _period(closing: Unchecked) -> Section:
    zs = closing.values.get("zs")
    count = format_number(len(zs)) if isinstance(zs, list) else UNREADABLE
    rows = [
        PaperRow("made_at", _("Closed"), _made_at(closing)),
        PaperRow("zs", _("Z reports"), count),
        PaperRow("receipts", _("Receipts"), closing.count("receipts")),
    ]
    if closing.number("revision"):
        rows.append(PaperRow("revision", _("Correction"), closing.count("revision")))
    return Section("", tuple(rows))


def _made_at(closing: Unchecked) -> str:
    """By the clock on the wall: a closing names no time zone."""
    try:
        local = on_the_wall(instant_of(closing.text("made_at")))
    except (ValueError, OverflowError):
        return UNREADABLE
    return f"{format_date(local.date())} {local:%H:%M}"


def _numbers(zs: object) -> Section:
    """The first and the last Z of each terminal."""
    found: dict[str, list[int]] = {}
    for z in _objects(zs):
        number, terminal_id = z.number("z_number"), z.text("terminal_id")
        if number is not None and (terminal_id in found or len(found) < _MOST_TERMINALS):
            found.setdefault(terminal_id, []).append(number)
    rows = (
        PaperRow(terminal_id, f"Z {min(numbers)} - Z {max(numbers)}", plain(terminal_id, _LONGEST_ID))
        for terminal_id, numbers in found.items()
    )
    return Section(_("Terminals"), tuple(rows))


def _objects(values: object) -> Iterable[Unchecked]:
    entries = values if isinstance(values, list) else []
    return (Unchecked(entry) for entry in entries if isinstance(entry, dict))


def _proof(closing: Unchecked) -> Section:
    labels = {
        "closing_id": _("Closing id"),
        "content_hash": _("Hash"),
        "previous_hash": _("Hash of the closing before"),
        "corrects": _("Corrects the closing with the hash"),
    }
    rows = [
        PaperRow(key, label, closing.text(key)) for key, label in labels.items() if closing.values.get(key)
    ]
    signature = closing.group("signature")
    if signature.values:
        rows.append(PaperRow("key_id", _("Signed by the key"), signature.text("key_id")))
    return Section(_("Identity"), tuple(rows))
