"""The record under the cursor, whole: what it is, and what it will be."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from factorypos_tui.core.configuration.configuration import Section
from factorypos_tui.core.configuration.difference import ChangeKind, FieldChange, RecordChange
from factorypos_tui.core.configuration.wording import field_name, section_name, value_words
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.text import cut, filled, plain, width
from factorypos_tui.tui.widgets.page import Page
from factorypos_tui.tui.widgets.pane import Pane

_COLUMNS, _LABEL = 44, 16
_TITLE = 40
_ARROW = " → "
_KINDS = {ChangeKind.ADDED: N_("new"), ChangeKind.REMOVED: N_("no longer used")}


@dataclass(frozen=True, slots=True)
class Pointed:
    """The change under the cursor."""

    change: RecordChange
    whole: Callable[[RecordChange], Sequence[FieldChange]]
    """Gives all fields of its record."""
    currency: str
    """That of the prices."""


class RecordPane(Pane[Pointed]):
    """All fields of the record; those that change have an arrow."""

    def content(self) -> Iterable[Widget]:
        """A page, since a record may have many prices."""
        yield Page("", "record")

    def fill(self, pointed: Pointed | None) -> None:
        """Show another record, from its first field on."""
        page = self.query_one(Page)
        page.border_title = record_title(pointed.change) if pointed else ""
        page.show(list(record_lines(pointed)) if pointed else [])
        page.action_top()


def record_title(change: RecordChange) -> str:
    """Code and name, for a frame."""
    return cut(f"{plain(change.code)} {plain(change.name)}".strip(), _TITLE)


def record_lines(pointed: Pointed) -> Iterator[Content]:
    """A record in lines: its section, what happens to it, and a line for each field, or more where
    the values are long."""
    change = pointed.change
    section = Section.ITEMS if change.section is Section.PRICES else change.section
    heading = section_name(section)
    yield Content.styled(f"{heading}: {_(_KINDS[change.kind])}" if change.kind in _KINDS else heading, "bold")
    yield Content()
    for field in pointed.whole(change):
        label = field_name(section, field)
        old, new = (value_words(section, field, value, pointed.currency) for value in (field.old, field.new))
        changes = change.kind is ChangeKind.CHANGED and field.old != field.new
        values = [f"{old}{_ARROW.rstrip()}", new] if changes else [old if field.new is None else new]
        line = f"{filled(cut(label, _LABEL), _LABEL)} {' '.join(values)}"
        lines = [line] if width(line) <= _COLUMNS else [label, *(f"  {value}" for value in values)]
        yield from (Content.styled(words, "bold" if changes else "") for words in lines)
