"""Differences between configurations in words and numbers: one wording for commands and screens."""

from factorypos_tui.core.configuration import Section
from factorypos_tui.core.configuration_difference import Difference, FieldChange, Kind, RecordChange, Value
from factorypos_tui.core.language import N_, _, format_number, ngettext
from factorypos_tui.core.money import format_money
from factorypos_tui.core.text import plain

_SECTIONS = {
    Section.PRICES: N_("Prices"),
    Section.ITEMS: N_("Items"),
    Section.DEPARTMENTS: N_("Departments"),
    Section.TAXES: N_("Taxes"),
    Section.PRICE_LEVELS: N_("Price levels"),
    Section.PAYMENT_METHODS: N_("Payment methods"),
    Section.USERS: N_("Users"),
    Section.COMPANY: N_("Company"),
}
_FIELDS = {
    "name": N_("name"),
    "department": N_("department"),
    "tax": N_("tax"),
    "barcode": N_("barcode"),
    "rate": N_("rate"),
    "type": N_("type"),
    "training": N_("in training"),
    "position": N_("place"),
    "tax_id": N_("tax number"),
    "address": N_("address"),
    "city": N_("city"),
    "country": N_("country"),
    "currency": N_("currency"),
}
_LONGEST = 100
_PRICE = "prices."


def section_name(section: Section) -> str:
    """A section's heading."""
    return _(_SECTIONS[section])


def change_words(change: RecordChange, currency: str) -> str:
    """One record and what becomes of it, prices in `currency`: `CAFE Café: BARRA 1.40 EUR -> 1.50 EUR`."""
    record = f"{plain(change.code)} {plain(change.name, _LONGEST)}".strip()
    if change.kind is Kind.REMOVED:
        return _("{record}: no longer used").format(record=record)
    if change.kind is Kind.ADDED:
        values = ", ".join(
            f"{field_name(change.section, field)} {value_words(change.section, field, field.new, currency)}"
            for field in change.fields
            if field.field != "name" and field.new is not None
        )
        words = _("{record}: new, {values}") if values else _("{record}: new")
        return words.format(record=record, values=values)
    return f"{record}: " + ", ".join(
        f"{field_name(change.section, field)} {value_words(change.section, field, field.old, currency)}"
        f" -> {value_words(change.section, field, field.new, currency)}"
        for field in change.fields
    )


def field_name(section: Section, field: FieldChange) -> str:
    """What a field is called; a price is called by its level."""
    if section is Section.PRICES or field.field.startswith(_PRICE):
        return plain(field.field.removeprefix(_PRICE))
    return _(_FIELDS[field.field])


def value_words(section: Section, field: FieldChange, value: Value, currency: str) -> str:
    """A value of a field, as people write it."""
    if value is None or value == "":
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if section is Section.PRICES or field.field.startswith(_PRICE):
        return format_money(int(value), currency)
    return plain(str(value), _LONGEST)


def counts_words(difference: Difference) -> str:
    """How much changes, the prices first: `Prices: 4 changed. Items: 2 new, 1 no longer used.`"""
    sentences = []
    for section, counts in difference.counts().items():
        parts = (_COUNTED[kind](n).format(n=format_number(n)) for kind, n in counts.items())
        sentences.append(f"{section_name(section)}: {', '.join(parts)}.")
    return " ".join(sentences) or _("There is no difference.")


_COUNTED = {
    Kind.ADDED: lambda n: ngettext("{n} new", "{n} new", n),
    Kind.CHANGED: lambda n: ngettext("{n} changed", "{n} changed", n),
    Kind.REMOVED: lambda n: ngettext("{n} no longer used", "{n} no longer used", n),
}
