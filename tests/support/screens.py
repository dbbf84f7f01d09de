"""A terminal that keeps the rules of pyte, and what can be seen on it."""

import re
from typing import Any

import pyte
from pyte import graphics

_UNKNOWN_TO_PYTE = re.compile(r"\x1b\[[<=>][0-9;:]*[a-zA-Z]|\x1b\].*?(\x07|\x1b\\)")


_NUMBERS = {name: code - 30 for code, name in graphics.FG_ANSI.items() if code < 38} | {
    name: code - 90 + 8 for code, name in graphics.FG_AIXTERM.items()
}


def rgb(colour: str) -> str:
    """A colour of pyte's as six hexadecimal digits; `default`, and what is no colour, as it is."""
    return graphics.FG_BG_256[_NUMBERS[colour]] if colour in _NUMBERS else colour


class Display(pyte.Screen):
    """pyte's screen, but all that it erases or adds gets one background: that of the pen, as on most
    terminals, or else the terminal's own, as on GNU screen."""

    def __init__(self, columns: int, lines: int, *, erases_in_colour: bool = True) -> None:
        self._erases_in_colour = erases_in_colour
        super().__init__(columns, lines)

    def erase_in_display(self, how: int = 0, *_args: Any, **_kinds: Any) -> None:
        """Blank the screen from the cursor on, up to it, or all of it."""
        lines = (range(self.cursor.y + 1, self.lines), range(self.cursor.y), range(self.lines))[min(how, 2)]
        self._fill([(line, column) for line in lines for column in range(self.columns)])
        if how < 2:
            self.erase_in_line(how)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:  # noqa: ARG002 - pyte passes it
        """Blank the line from the cursor on, up to it, or all of it."""
        here = min(self.cursor.x, self.columns - 1)
        columns = (range(here, self.columns), range(here + 1), range(self.columns))[how]
        self._fill([(self.cursor.y, column) for column in columns])

    def erase_characters(self, count: int | None = None) -> None:
        """Blank so many places from the cursor on."""
        end = min(self.cursor.x + (count or 1), self.columns)
        self._fill([(self.cursor.y, column) for column in range(self.cursor.x, end)])

    def insert_lines(self, count: int | None = None) -> None:
        """Add blank lines at the cursor."""
        super().insert_lines(count)
        lines = range(self.cursor.y, min(self.lines, self.cursor.y + (count or 1)))
        self._fill([(line, column) for line in lines for column in range(self.columns)])

    def _fill(self, places: list[tuple[int, int]]) -> None:
        blank = self.default_char
        if self._erases_in_colour:
            blank = blank._replace(bg=self.cursor.attrs.bg)
        for line, column in places:
            self.buffer[line][column] = blank


class Emulator:
    """What a person sees of the bytes that a terminal gets, a raw one: a line feed keeps the column."""

    def __init__(self, columns: int, lines: int, *, erases_in_colour: bool = True) -> None:
        self.screen = Display(columns, lines, erases_in_colour=erases_in_colour)
        self.screen.reset_mode(7, private=True)  # no automatic margins
        self._stream = pyte.Stream(self.screen)

    def feed(self, text: str) -> None:
        """Take in what was sent."""
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", text))

    def seen(self) -> list[list[Any]]:
        """Each place as it looks; of a blank only what shows without ink."""
        buffer, columns = self.screen.buffer, range(self.screen.columns)
        return [[_visible(buffer[line][column]) for column in columns] for line in range(self.screen.lines)]


def _visible(place: Any) -> Any:
    if place.reverse and len(place.fg) == len(place.bg) == 6 and {place.fg, place.bg}.isdisjoint(_NUMBERS):
        place = place._replace(fg=place.bg, bg=place.fg, reverse=False)  # two shades: the same to the eye
    if place.data != " ":
        return place
    if place.reverse:
        return (" ", place.fg, place.reverse, place.underscore, place.strikethrough)
    ink = place.fg if place.underscore or place.strikethrough else None
    return (" ", ink, place.bg, place.underscore, place.strikethrough)
