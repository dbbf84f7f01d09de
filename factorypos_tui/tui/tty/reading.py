"""Reads what Textual writes into cells, as a terminal would."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, repeat

from rich.cells import get_character_cell_size

from factorypos_tui.core.language.text import harmless
from factorypos_tui.tui.tty.cells import (
    BLANK,
    BLINK,
    BOLD,
    CONCEAL,
    DIM,
    ITALIC,
    PLAIN,
    REVERSE,
    STRIKE,
    UNDERLINE,
    Cell,
    Colour,
    Look,
    Row,
)

_TOKEN = re.compile(
    r"\x1b\[(?P<parameters>[0-?]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b\](?P<command>.*?)(?:\x07|\x1b\\)"
    r"|\x1b[ -/]*.?|(?P<control>[\x00-\x1f\x7f-\x9f])|(?P<text>[^\x00-\x1f\x7f-\x9f]+)",
    re.DOTALL,
)
_ONE_COLUMN_EACH = re.compile("[ -~\xa0-\xac\xae-\u02ff\u2010-\u2027\u2500-\u25fc]*")
_ON = {1: BOLD, 2: DIM, 3: ITALIC, 4: UNDERLINE, 5: BLINK, 6: BLINK, 7: REVERSE, 8: CONCEAL, 9: STRIKE}
_ON |= {21: UNDERLINE}  # a double one
_OFF = {22: BOLD | DIM, 23: ITALIC, 24: UNDERLINE, 25: BLINK, 27: REVERSE, 28: CONCEAL, 29: STRIKE}
_CLIPBOARD = "52;"


class Paper:
    """The cells that Textual wants on the screen, and the rows that it has changed."""

    def __init__(self, columns: int, lines: int) -> None:
        self.columns, self.lines = columns, lines
        self.rows: list[Row] = [[BLANK] * columns for _ in range(lines)]
        self.touched: set[int] = set()
        self.column = self.line = 0
        self.signals: dict[str, str] = {}
        """What goes to the terminal beside the cells, the newest of each kind: a bell, a clipboard."""
        self._pen = PLAIN

    def write(self, data: str) -> None:
        """Take in what Textual wrote; codes for modes and questions are dropped, since the driver handles
        them."""
        for token in _TOKEN.finditer(data):
            kind = token.lastgroup
            if kind == "text":
                self._text(token["text"])
            elif kind == "final":
                self._sequence(token["parameters"], token["final"])
            elif kind == "control":
                self._control(token["control"])
            elif kind == "command" and token["command"].startswith(_CLIPBOARD):
                self.signals["clipboard"] = f"\x1b]{token['command']}\x07"

    def _text(self, text: str) -> None:
        if not 0 <= self.line < self.lines:
            return
        if _ONE_COLUMN_EACH.fullmatch(text):
            self._put([Cell(letter, self._pen) for letter in text[: max(0, self.columns - self.column)]])
            return
        for letter in unicodedata.normalize("NFC", text):
            width = get_character_cell_size(letter)
            if width == 0:
                self._combine(letter)
            elif self.column + width <= self.columns:
                self._put([Cell(letter, self._pen), *repeat(Cell("", self._pen), width - 1)])
            else:
                self.column = self.columns

    def _put(self, cells: Row) -> None:
        """Write cells at the cursor; the rest of a wide letter beside them becomes blank."""
        start, row = self.column, self.rows[self.line]
        end = start + len(cells)
        if not cells:
            return
        if start and row[start].text == "":
            row[start - 1] = Cell(" ", row[start - 1].look)
        if end < self.columns and row[end].text == "":
            row[end] = Cell(" ", row[end].look)
        row[start:end] = cells
        self.column = end
        self.touched.add(self.line)

    def _combine(self, mark: str) -> None:
        """Add a mark to the letter before it; marks that turn or hide letters never reach the terminal."""
        if not harmless(mark):
            return
        row, place = self.rows[self.line], self.column - 1
        if place > 0 and row[place].text == "":
            place -= 1
        if place >= 0:
            row[place] = Cell(unicodedata.normalize("NFC", row[place].text + mark), row[place].look)
            self.touched.add(self.line)

    def _control(self, control: str) -> None:
        if control == "\r":
            self.column = 0
        elif control == "\n":
            self.line, self.column = min(self.line + 1, self.lines - 1), 0
        elif control == "\b":
            self.column = max(0, self.column - 1)
        elif control == "\a":
            self.signals["bell"] = control

    def _sequence(self, parameters: str, final: str) -> None:
        if final == "m":
            self._pen = _redipped(self._pen, parameters)
            return
        if parameters[:1] in ("?", ">", "<", "="):
            return
        first, *rest = (int(word) if word.isdecimal() else 0 for word in parameters.split(";"))
        steps = first or 1
        if final in "Hf":
            self._move((rest[0] if rest else 1) - 1, steps - 1)
        elif final in "ABCD":
            across, down = {"A": (0, -1), "B": (0, 1), "C": (1, 0), "D": (-1, 0)}[final]
            self._move(self.column + across * steps, self.line + down * steps)
        elif final == "G":
            self._move(steps - 1, self.line)
        elif final == "d":
            self._move(self.column, steps - 1)
        elif final == "K":
            self._erase_in_line(first)
        elif final == "J":
            self._erase_in_screen(first)

    def _move(self, column: int, line: int) -> None:
        self.column = min(max(column, 0), self.columns - 1)
        self.line = min(max(line, 0), self.lines - 1)

    def _erase_in_line(self, part: int) -> None:
        kept, place = self.column, min(self.column, self.columns - 1)
        start, end = ((place, self.columns), (0, place + 1), (0, self.columns))[min(part, 2)]
        self.column = start
        self._put([Cell(" ", Look(None, self._pen.background))] * (end - start))
        self.column = kept

    def _erase_in_screen(self, part: int) -> None:
        here = self.line
        whole = (range(here + 1, self.lines), range(here), range(self.lines))[min(part, 2)]
        for self.line in whole:
            self._erase_in_line(2)
        self.line = here
        if part < 2:
            self._erase_in_line(part)


@lru_cache(maxsize=4096)
def _redipped(pen: Look, parameters: str) -> Look:
    """The look after an SGR sequence."""
    foreground, background, attributes = pen
    codes = iter([int(word) if word.isdecimal() else 0 for word in parameters.split(";")])
    for code in codes:
        if code == 0:
            foreground, background, attributes = PLAIN
        elif code in _ON:
            attributes |= _ON[code]
        elif code in _OFF:
            attributes &= ~_OFF[code]
        elif code == 38:
            foreground = _mixed(codes)
        elif code == 48:
            background = _mixed(codes)
        elif 30 <= code <= 39 or 90 <= code <= 97:
            foreground = _numbered(code)
        elif 40 <= code <= 49 or 100 <= code <= 107:
            background = _numbered(code - 10)
    return Look(foreground, background, attributes)


def _numbered(code: int) -> Colour:
    if code == 39:
        return None
    return code - 30 if code < 38 else code - 90 + 8


def _mixed(codes: Iterator[int]) -> Colour:
    """The colour after 38 or 48; its codes are taken from `codes`."""
    kind = next(codes, None)
    if kind == 5:
        return next(codes, None)
    if kind == 2 and len(parts := [*islice(codes, 3)]) == 3:
        return parts[0], parts[1], parts[2]
    return None
