"""What a person notices of a screen by its letters alone: a frame that is not closed, a word that is cut."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from babel.messages.pofile import read_po
from textual.geometry import Region

import factorypos_tui

_SPANISH = Path(factorypos_tui.__file__).parent / "locale/es/LC_MESSAGES/factorypos.po"
_FRAMES = {"┌": "─│┐└┘", "╔": "═║╗╚╝"}
"""Upper left corner -> what goes across and down, and the other corners."""
_WORD = re.compile(r"(?<![\w-])[^\W\d_]{2,}(?![\w-])")


def within(lines: Sequence[str], front: Region) -> list[str]:
    """The part of each line that lies in a region."""
    return [line[front.x : front.right] for line in lines[front.y : front.bottom]]


def open_frames(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Column and line of the upper left corner of each frame that something runs into or cuts off. One that
    reaches from edge to edge may have no sides at all."""
    for y, line in enumerate(lines):
        for x, corner in enumerate(line):
            if corner in _FRAMES and not _is_closed(lines, x, y, _FRAMES[corner]):
                yield x, y


def _is_closed(lines: Sequence[str], x: int, y: int, signs: str) -> bool:
    across, down, upper_right, lower_left, lower_right = tuple(signs)
    right = lines[y].find(upper_right, x)
    if lines[y + 1 : y + 2] and (x, right) == (0, len(lines[y]) - 1) and lines[y + 1][x] == " ":
        down = " "
    for line in lines[y + 1 :]:
        if line[x] == lower_left:
            return line[right] == lower_right and line[right - 1] == lines[y][right - 1] == across
        if line[x] != down or line[right] != down:
            return False
    return False


def words(texts: Iterable[str]) -> set[str]:
    """The words in some texts, in small letters, without numbers and what hangs on them."""
    return {word.casefold() for text in texts for word in _WORD.findall(text)}


def words_of(language: str) -> set[str]:
    """All words that the program can say in a language."""
    with _SPANISH.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    texts = [message.id if language == "en" else message.string or "" for message in messages]
    return words(part for text in texts for part in ([text] if isinstance(text, str) else text))
