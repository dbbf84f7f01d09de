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


class Emulator:
    """What a person sees of the bytes that a terminal gets, a raw one: a line feed keeps the column."""

    def __init__(self, columns: int, lines: int) -> None:
        self.screen = pyte.Screen(columns, lines)
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
    if place.data != " ":
        return place
    if place.reverse:
        return (" ", place.fg, place.reverse, place.underscore, place.strikethrough)
    ink = place.fg if place.underscore or place.strikethrough else None
    return (" ", ink, place.bg, place.underscore, place.strikethrough)
