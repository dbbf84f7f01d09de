"""The terminal's cursor and pen after all that was sent, and the fewest codes to move them."""

from factorypos_tui.tui.tty.cells import (
    BLANK,
    PLAIN,
    Cell,
    Row,
    is_blank,
    pen_for,
    pen_to_erase,
    select,
    shows_as,
)

_ERASE_TO_END = "\x1b[K"
_CLEAR = "\x1b[2J"


class Pencil:
    """The terminal's cursor and pen after all that was sent. A column of None is unknown. On a terminal that
    erases in colour, erased places get the background of the pen; else the terminal's own."""

    def __init__(self, *, erases_in_colour: bool) -> None:
        self.column: int | None = 0
        self.line = 0
        self.pen = PLAIN
        self.erases_in_colour = erases_in_colour
        self.blank = BLANK
        """The blank that most places of the screen have."""
        self._said: list[str] = []

    def said(self) -> str:
        """All that is to be sent since the last call."""
        words = "".join(self._said)
        self._said.clear()
        return words

    def copy(self) -> "Pencil":
        """Another pencil at the same place, with nothing said."""
        other = Pencil(erases_in_colour=self.erases_in_colour)
        other.column, other.line, other.pen, other.blank = self.column, self.line, self.pen, self.blank
        return other

    def follow(self, other: "Pencil") -> None:
        """Say what a copy has said since."""
        self.column, self.line, self.pen = other.column, other.line, other.pen
        self._said += other._said

    def cost(self) -> int:
        """How much was said."""
        return sum(map(len, self._said))

    def can_erase(self, cell: Cell) -> bool:
        """Whether an erased place can look like this cell."""
        return cell == BLANK or (self.erases_in_colour and is_blank(cell))

    def clear(self, blank: Cell) -> None:
        """Fill the whole screen with blanks."""
        self._erase(blank, _CLEAR)

    def take_out(self, line: int, count: int) -> None:
        """Remove lines; those below move up."""
        self.move(0, line)  # some terminals put the cursor there
        self._said.append(f"\x1b[{count if count > 1 else ''}M")

    def put_in(self, line: int, count: int, blank: Cell) -> None:
        """Add lines of blanks; those below move down."""
        self.move(0, line)  # some terminals put the cursor there
        self._erase(blank, f"\x1b[{count if count > 1 else ''}L")

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
            if cheap and all(len(c.text) == 1 and c.text.isascii() and self.shows(c) for c in passed):
                self._said.extend(cell.text for cell in passed)
                self.column = column
                return
        self.move(column, line)

    def shows(self, cell: Cell) -> bool:
        """Whether a cell that is written now looks as it should."""
        return self.pen == cell.look or shows_as(self.pen, cell)

    def dip(self, cell: Cell) -> None:
        """Take the pen for a cell."""
        self.pen, codes = pen_for(self.pen, cell, self.blank)
        self._said.append(codes)

    def write(self, text: str, width: int, columns: int) -> None:
        """Write a letter where the cursor is."""
        self._said.append(text)
        # Terminals differ in the width of rare letters, and in the cursor's place after the last column.
        rare = not text.isascii() and (width != 1 or len(text) > 1)
        after = (self.column or 0) + width
        self.column = None if rare or after >= columns else after

    def erase_to_end(self, blank: Cell) -> None:
        """Fill the rest of the line with blanks."""
        self._erase(blank, _ERASE_TO_END)

    def erase(self, count: int, blank: Cell) -> None:
        """Fill so many places with blanks; the cursor stays."""
        self._erase(blank, _erase(count))

    def saves_by_erasing(self, count: int, blank: Cell, *, to_end: bool) -> bool:
        """Whether it is fewer bytes to erase that many blanks than to write them."""
        if count <= len(_ERASE_TO_END):
            return False
        codes = len(_ERASE_TO_END) if to_end else len(_erase(count)) + len(_across(count))
        if self.shows(blank):  # then the pen changes only to erase, and back
            codes += 2 * len(select(self.pen, pen_to_erase(self.pen, blank)))
        return codes < count

    def _erase(self, blank: Cell, codes: str) -> None:
        pen = pen_to_erase(self.pen, blank)
        self._said += select(self.pen, pen), codes
        self.pen = pen


def _way(column: int | None, line: int, to_column: int, to_line: int) -> str:
    """The shortest sequence from one place to another; a line feed keeps the column."""
    absolute = f"\x1b[{to_line + 1}" if to_column == 0 else f"\x1b[{to_line + 1};{to_column + 1}"
    down = to_line - line
    ways = ["\x1b[H" if to_line == to_column == 0 else f"{absolute}H"]
    if down == -1 and column is not None:
        ways.append("\x1bM" + _across(to_column - column))
    if 0 <= down < len(ways[0]):
        feeds = "\n" * down
        ways.append("\r" + feeds + _across(to_column))
        if column is not None:
            ways.append(feeds + _across(to_column - column))
    return min(ways, key=len)


def _erase(count: int) -> str:
    return f"\x1b[{count}X"


def _across(columns: int) -> str:
    if columns == 0:
        return ""
    if -4 < columns < 0:
        return "\b" * -columns
    steps = "" if abs(columns) == 1 else str(abs(columns))
    return f"\x1b[{steps}{'C' if columns > 0 else 'D'}"
