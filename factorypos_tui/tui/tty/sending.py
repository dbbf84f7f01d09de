"""The fewest bytes that turn the cells last sent into the cells that are wanted."""

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import ne
from typing import NamedTuple

from factorypos_tui.tui.tty.cells import BLANK, PLAIN, Cell, Row, pen_for, select, shows_as

_ERASE_TO_END = "\x1b[K"
_CLEAR = "\x1b[m\x1b[2J"
_LEAST_MOVED, _FARTHEST = 3, 8


class Pencil:
    """The terminal's cursor and pen after all that was sent. A column of None is unknown."""

    def __init__(self) -> None:
        self.column: int | None = 0
        self.line = 0
        self.pen = PLAIN
        self._said: list[str] = []

    def said(self) -> str:
        """All that is to be sent since the last call."""
        words = "".join(self._said)
        self._said.clear()
        return words

    def copy(self) -> "Pencil":
        """Another pencil at the same place, with nothing said."""
        other = Pencil()
        other.column, other.line, other.pen = self.column, self.line, self.pen
        return other

    def clear(self) -> None:
        """Blank the whole screen."""
        self._said.append(_CLEAR)
        self.pen = PLAIN

    def take_out(self, line: int, count: int) -> None:
        """Remove lines; those below move up."""
        self._open(line, f"\x1b[{count if count > 1 else ''}M")

    def put_in(self, line: int, count: int) -> None:
        """Add blank lines; those below move down."""
        self._open(line, f"\x1b[{count if count > 1 else ''}L")

    def _open(self, line: int, codes: str) -> None:
        """Insert or delete lines. New lines get the colours of the pen, and some terminals keep the cursor's
        column."""
        self._said.append(select(self.pen, PLAIN))
        self.pen = PLAIN
        self.move(0, line)
        self._said.append(codes)

    def move(self, column: int, line: int) -> None:
        """Put the cursor somewhere."""
        if (column, line) != (self.column, self.line):
            self._said.append(_way(self.column, self.line, column, line))
            self.column, self.line = column, line

    def advance(self, column: int, line: int, row: Row) -> None:
        """Move right to a place in `row`, over cells that the terminal shows already."""
        if line == self.line and self.column is not None and self.column < column:
            passed = row[self.column : column]
            cheap = len(passed) <= len(_way(self.column, line, column, line))
            if cheap and all(len(c.text) == 1 and c.text.isascii() and shows_as(self.pen, c) for c in passed):
                self._said.extend(cell.text for cell in passed)
                self.column = column
                return
        self.move(column, line)

    def write(self, cell: Cell, width: int, columns: int) -> None:
        """Write a cell where the cursor is."""
        if not shows_as(self.pen, cell):
            self.pen, codes = pen_for(self.pen, cell)
            self._said.append(codes)
        self._said.append(cell.text)
        # Terminals differ in the width of rare letters, and in the cursor's place after the last column.
        rare = not cell.text.isascii() and (width != 1 or len(cell.text) > 1)
        after = (self.column or 0) + width
        self.column = None if rare or after >= columns else after

    def erase_to_end(self) -> None:
        """Blank the rest of the line: in the terminal's own colours all terminals agree on what that does."""
        self._said += (select(self.pen, PLAIN) if not shows_as(self.pen, BLANK) else "", _ERASE_TO_END)
        self.pen = self.pen if shows_as(self.pen, BLANK) else PLAIN


class _Shift(NamedTuple):
    """Lines `top` to `bottom` move up by so many lines, down where it is negative."""

    top: int
    bottom: int
    by: int


def changes(pencil: Pencil, sent: Sequence[Row], wanted: Sequence[Row], lines: Iterable[int]) -> str:
    """What to send if only `lines` may differ; the pencil is moved, too."""
    lines = [line for line in sorted(lines) if sent[line] != wanted[line]]
    ways = [_amended(pencil.copy(), sent, wanted, lines)]
    if shift := _shift(sent, wanted, lines):
        ways.append(_scrolled(pencil.copy(), sent, wanted, shift))
    inked = sum(len(row) - row.count(BLANK) for row in wanted)
    changed = sum(map(ne, chain(*(sent[line] for line in lines)), chain(*(wanted[line] for line in lines))))
    if inked < changed:
        ways.append(_begun_again(pencil.copy(), wanted))
    after, said = min(ways, key=lambda way: len(way[1]))
    pencil.column, pencil.line, pencil.pen = after.column, after.line, after.pen
    return said


def _amended(
    pencil: Pencil, sent: Sequence[Row], wanted: Sequence[Row], lines: Iterable[int]
) -> tuple[Pencil, str]:
    for line in lines:
        _row_changes(pencil, line, sent[line], wanted[line])
    return pencil, pencil.said()


def _begun_again(pencil: Pencil, wanted: Sequence[Row]) -> tuple[Pencil, str]:
    """The bytes that begin with a blank screen, which may be fewer."""
    pencil.clear()
    blank = [[BLANK] * len(row) for row in wanted]
    return _amended(pencil, blank, wanted, range(len(wanted)))


def _shift(sent: Sequence[Row], wanted: Sequence[Row], lines: Sequence[int]) -> _Shift | None:
    """How most of the lines that differ have moved; None where too few have."""
    best, most = None, _LEAST_MOVED
    for by in (step * sign for step in range(1, _FARTHEST + 1) for sign in (1, -1)):
        moved = [line for line in lines if 0 <= line + by < len(sent) and wanted[line] == sent[line + by]]
        if len(moved) >= most:
            best = _Shift(min(moved[0], moved[0] + by), max(moved[-1], moved[-1] + by), by)
            most = len(moved) + 1
    return best


def _scrolled(
    pencil: Pencil, sent: Sequence[Row], wanted: Sequence[Row], shift: _Shift
) -> tuple[Pencil, str]:
    """Take lines out on one side and put blank ones in on the other, as a list does that scrolls. (Margins
    would do it, too; but who is killed in between would leave them to the shell.)"""
    count = abs(shift.by)
    edges = (shift.top, shift.bottom - count + 1)
    out, into = edges if shift.by > 0 else edges[::-1]
    pencil.take_out(out, count)
    pencil.put_in(into, count)
    rows = [*sent[:out], *sent[out + count :]]
    rows[into:into] = [[BLANK] * len(row) for row in sent[:count]]
    return _amended(pencil, rows, wanted, [line for line in range(len(rows)) if rows[line] != wanted[line]])


def _row_changes(pencil: Pencil, line: int, sent: Row, wanted: Row) -> None:
    columns = len(wanted)
    end = columns
    while end and wanted[end - 1] == BLANK:
        end -= 1
    tail = [place for place in range(end, columns) if sent[place] != BLANK]
    if len(tail) <= len(_ERASE_TO_END):
        end = columns
    place = 0
    while place < end:
        width = _width(wanted, place)
        if sent[place] != wanted[place] or (
            width > 1 and sent[place : place + width] != wanted[place : place + width]
        ):
            if pencil.column != place or pencil.line != line:
                pencil.advance(place, line, wanted)
            pencil.write(wanted[place], width, columns)
        place += width
    if end < columns:
        pencil.advance(tail[0], line, wanted)
        pencil.erase_to_end()


def _width(row: Row, place: int) -> int:
    """How many columns the letter at a place takes."""
    end = place + 1
    while end < len(row) and row[end].text == "":
        end += 1
    return end - place


def _way(column: int | None, line: int, to_column: int, to_line: int) -> str:
    """The shortest sequence from one place to another; a line feed keeps the column."""
    absolute = f"\x1b[{to_line + 1}" if to_column == 0 else f"\x1b[{to_line + 1};{to_column + 1}"
    ways = ["\x1b[H" if to_line == to_column == 0 else f"{absolute}H"]
    down = to_line - line
    if 0 <= down < len(ways[0]):
        feeds = "\n" * down
        ways.append("\r" + feeds + _across(to_column))
        if column is not None:
            ways.append(feeds + _across(to_column - column))
    return min(ways, key=len)


def _across(columns: int) -> str:
    if columns == 0:
        return ""
    if -4 < columns < 0:
        return "\b" * -columns
    steps = "" if abs(columns) == 1 else str(abs(columns))
    return f"\x1b[{steps}{'C' if columns > 0 else 'D'}"
