"""Changes and faults of a catalogue in words, with the words of the till's screens."""

import json
from collections.abc import Mapping
from typing import Any

from factorypos_tui.server.catalogue.checking import RecordFault
from factorypos_tui.server.catalogue.difference import ChangeKind, RecordChange, counts
from factorypos_tui.server.catalogue.fields import NAMES, TYPE_NAMES, label_of
from factorypos_tui.server.documents.money import decimal_text
from factorypos_tui.server.words import marked, told

_LONGEST = 100
_COUNTED: Mapping[ChangeKind, str] = {
    ChangeKind.ADDED: marked("new: {n}"),
    ChangeKind.CHANGED: marked("changed: {n}"),
    ChangeKind.REMOVED: marked("no longer used: {n}"),
}


def counts_words(changes: list[RecordChange]) -> str:
    """How much changes, the prices first: `Prices: changed: 4. Items: new: 2.`"""
    lines = [
        f"{told(NAMES[section])}: " + ", ".join(told(_COUNTED[kind]).format(n=n) for kind, n in found.items())
        for section, found in counts(changes).items()
    ]
    return " ".join(f"{line}." for line in lines) or told("There is no difference.")


def change_words(change: RecordChange, currency: str) -> str:
    """What happens to one record, with prices in `currency`: `CAFE Café: BARRA 1.40 EUR → 1.50 EUR`."""
    record = f"{change.code} {change.name}".strip()
    if change.kind is ChangeKind.REMOVED:
        return told("{record}: no longer used").format(record=record)
    if change.kind is ChangeKind.ADDED:
        values = ", ".join(
            f"{label_of(change.section, field.field)} {value_words(field.field, field.new, currency)}"
            for field in change.fields
            if field.field != "name"
        )
        words = told("{record}: new, {values}") if values else told("{record}: new")
        return words.format(record=record, values=values)
    return f"{record}: " + ", ".join(
        f"{label_of(change.section, field.field)} {value_words(field.field, field.old, currency)}"
        f" → {value_words(field.field, field.new, currency)}"
        for field in change.fields
    )


def value_words(field: str, value: Any, currency: str) -> str:
    """A value of a field, as people write it."""
    if value is None:
        return told("no") if field == "training" else told("none")
    if value is True:
        return told("yes")
    if field.startswith("prices.") and type(value) is int:
        return f"{decimal_text(value, currency)} {currency}".strip()
    if field == "type" and value in TYPE_NAMES:
        return told(TYPE_NAMES[value])
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def fault_words(fault: RecordFault) -> str:
    """One fault with its record and field named: `Items, CAFE, tax: There is no IVA21.`"""
    place = [told(NAMES[fault.section]), fault.code, label_of(fault.section, fault.field)]
    return ", ".join(part for part in place if part) + f": {fault.message}"
