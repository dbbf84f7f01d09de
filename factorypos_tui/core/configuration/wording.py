"""Differences between configurations in words and numbers, the same for commands and screens."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from factorypos_tui.core.configuration.backups import BackupBesideNow
from factorypos_tui.core.configuration.change import Applied, Backup, Change, Why
from factorypos_tui.core.configuration.configuration import KINDS, CompanyData, Section, fields_of
from factorypos_tui.core.configuration.difference import (
    POSITION,
    ChangeKind,
    Difference,
    FieldChange,
    RecordChange,
    Value,
)
from factorypos_tui.core.configuration.exchange import Way
from factorypos_tui.core.configuration.state import ConfigurationStatus
from factorypos_tui.core.language import N_, _, counted
from factorypos_tui.core.language.moments import when_words
from factorypos_tui.core.language.money import format_money
from factorypos_tui.core.language.text import plain

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
_LONGEST = 100
_MOST_FIELDS = 20
_PRICE = "prices."


def section_name(section: Section) -> str:
    """The heading of a section."""
    return _(_SECTIONS[section])


def change_words(change: RecordChange, currency: str) -> str:
    """What happens to one record, with prices in `currency`: `CAFE Café: BARRA 1.40 EUR → 1.50 EUR`."""
    record = f"{plain(change.code)} {plain(change.name, _LONGEST)}".strip()
    if change.kind is ChangeKind.REMOVED:
        return _("{record}: no longer used").format(record=record)
    if change.kind is ChangeKind.ADDED:
        values = ", ".join(
            f"{field_name(change.section, field)} {value_words(change.section, field, field.new, currency)}"
            for field in change.fields
            if field.field != "name" and field.new is not None
        )
        words = _("{record}: new, {values}") if values else _("{record}: new")
        return words.format(record=record, values=values)
    return f"{record}: " + ", ".join(
        f"{field_name(change.section, field)} {value_words(change.section, field, field.old, currency)}"
        f" → {value_words(change.section, field, field.new, currency)}"
        for field in change.fields
    )


def field_name(section: Section, field: FieldChange) -> str:
    """The name of a field; a price is called by its level."""
    if section is Section.PRICES or field.field.startswith(_PRICE):
        return plain(field.field.removeprefix(_PRICE))
    if field.field == POSITION:
        return _("place")
    return _(fields_of(KINDS.get(section, CompanyData))[field.field].label)


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
    return " ".join(counts_lines(difference)) or _("There is no difference.")


def counts_lines(difference: Difference) -> Sequence[str]:
    """How much changes, one sentence per section."""
    return [
        f"{section_name(section)}: {kinds_words(counts)}." for section, counts in difference.counts().items()
    ]


def kinds_words(counts: Mapping[ChangeKind, int]) -> str:
    """How much of one section changes: `2 new, 1 no longer used`."""
    return ", ".join(_COUNTED[kind](n) for kind, n in counts.items())


def applied_lines(change: Change, applied: Applied) -> Sequence[str]:
    """What was done to the till, one sentence per line."""
    sentences = [*counts_lines(change.difference)]
    if applied.kept:
        sentences.append(
            counted(
                "{n} record stays, no longer used, since sales refer to it.",
                "{n} records stay, no longer used, since sales refer to them.",
                applied.kept,
            )
        )
    return sentences


def lost_words(fields: Sequence[str]) -> str:
    """Which fields an upload would delete."""
    words = _("FactoryCLOUD has what this program does not know; an upload would take it away: {fields}")
    return words.format(fields=", ".join(plain(field, _LONGEST) for field in fields[:_MOST_FIELDS]))


def cloud_words(found: ConfigurationStatus) -> str:
    """Whether FactoryCLOUD has a configuration, or has lost the one that was exchanged."""
    if found.etag:
        return _("has a configuration")
    return _("has none any more") if found.connection else _("has no configuration yet")


def connection_words(status: ConfigurationStatus, now: datetime) -> Sequence[str]:
    """The last exchange, and what has changed on either side since."""
    if not status.connection:
        return [_("not synchronized yet")]
    way = _("downloaded {when}") if status.connection.way is Way.DOWNLOADED else _("uploaded {when}")
    changed = [
        words
        for words, is_so in (
            (_("changed here since"), status.changed_here),
            (_("changed in FactoryCLOUD since"), status.changed_there),
        )
        if is_so
    ]
    return [way.format(when=when_words(status.connection.at, now)), *changed]


def backup_words(backup: Backup, now: datetime) -> str:
    """Until when the till had it, and what replaced it."""
    words = {
        Why.DOWNLOAD: _("until {when}, before a download"),
        Why.RESTORE: _("until {when}, before a backup came back"),
    }
    return words[backup.why].format(when=when_words(backup.taken_at, now))


def beside_now_words(found: BackupBesideNow) -> str:
    """How many items a backup holds, and in how many records it differs from now."""
    items = counted("{n} item", "{n} items", found.items)
    differs = counted("{n} differs", "{n} differ", found.changes) if found.changes else _("as it is now")
    return f"{items}, {differs}"


_COUNTED = {
    ChangeKind.ADDED: lambda n: counted("{n} new", "{n} new", n),
    ChangeKind.CHANGED: lambda n: counted("{n} changed", "{n} changed", n),
    ChangeKind.REMOVED: lambda n: counted("{n} no longer used", "{n} no longer used", n),
}
