"""Changes of a configuration as lines of a table: code, name, and the change."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from factorypos_tui.core.configuration.configuration import Section
from factorypos_tui.core.configuration.difference import ChangeKind, Difference, FieldChange, RecordChange
from factorypos_tui.core.configuration.wording import field_name, value_words
from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import cut, filled, folded, plain

_CODE = 12
_LEAST_WHAT = 38
_LEVEL = 10
_AMOUNT = 12
_ARROW = " → "
_PRICE = "prices."


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a record that changes; without a field, the whole record is added or removed."""

    change: RecordChange
    field: FieldChange | None


class Rows:
    """The rows of many changes, each made when it is asked for: a catalogue has more than anybody reads."""

    def __init__(self, changes: Sequence[RecordChange]) -> None:
        self._changes = changes
        self._ends = list(
            accumulate(
                1 + len(_prices(change)) if _whole(change) else len(change.fields) for change in changes
            )
        )

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, number: int) -> Row:
        place = bisect_right(self._ends, number)
        change = self._changes[place]
        within = number - (self._ends[place - 1] if place else 0)
        if _whole(change):
            return Row(change, _prices(change)[within - 1] if within else None)
        return Row(change, change.fields[within])


def heading(columns: int) -> str:
    """The names of the columns, in a line so wide."""
    return _line(_("Code"), _("Name"), _("What changes"), columns)


def row_words(row: Row, currency: str, columns: int) -> str:
    """A row in a line so wide, prices in `currency`."""
    return _line(plain(row.change.code), plain(row.change.name), _what(row, currency), columns)


@dataclass(frozen=True, slots=True)
class Side:
    """What changes on one side."""

    effect: str
    """In words."""
    sections: Mapping[Section, Sequence[tuple[RecordChange, str]]]
    """The changes of each section, each with the text that a filter searches."""
    whole: Callable[[RecordChange], Sequence[FieldChange]]
    """Gives all fields of a record that changes."""

    def found(self, section: Section | None, filtered_by: str) -> list[RecordChange]:
        """The changes of a section, or of all, whose code, name or texts contain every word."""
        words = folded(filtered_by).split()
        sections = self.sections.values() if section is None else [self.sections[section]]
        return [
            change for changes in sections for change, text in changes if all(word in text for word in words)
        ]


def side_of(effect: str, difference: Difference) -> Side:
    """A difference prepared for browsing; that takes a moment for a large one."""
    return Side(
        effect,
        {
            section: [(change, _searched(change)) for change in changes]
            for section, changes in difference.sections().items()
        },
        difference.whole,
    )


def _searched(change: RecordChange) -> str:
    values = (value for field in change.fields for value in (field.old, field.new) if isinstance(value, str))
    return folded(" ".join((change.code, change.name, *values)))


def _whole(change: RecordChange) -> bool:
    return change.kind is not ChangeKind.CHANGED


def _prices(change: RecordChange) -> Sequence[FieldChange]:
    """The prices that a record comes with."""
    if change.kind is not ChangeKind.ADDED:
        return ()
    return [field for field in change.fields if field.field.startswith(_PRICE)]


def _what(row: Row, currency: str) -> str:
    change, field = row.change, row.field
    if field is None:
        return _("new") if change.kind is ChangeKind.ADDED else _("no longer used")
    name = field_name(change.section, field)
    old, new = (value_words(change.section, field, value, currency) for value in (field.old, field.new))
    if change.section is Section.PRICES or field.field.startswith(_PRICE):
        before = (
            f"{'':>{_AMOUNT + len(_ARROW)}}"
            if change.kind is ChangeKind.ADDED
            else f"{old:>{_AMOUNT}}{_ARROW}"
        )
        return f"{filled(cut(name, _LEVEL - 1), _LEVEL)}{before}{new:>{_AMOUNT}}"
    return f"{name} {old}{_ARROW}{new}"


def _line(code: str, name: str, what: str, columns: int) -> str:
    name_room = _name_room(columns)
    cells = filled(cut(code, _CODE), _CODE), filled(cut(name, name_room), name_room)
    return f" {cells[0]} {cells[1]} {cut(what, _what_room(columns))}"


def _what_room(columns: int) -> int:
    return max(_LEAST_WHAT, columns // 2 - 2)


def _name_room(columns: int) -> int:
    return max(8, columns - _CODE - _what_room(columns) - 4)
