"""Takes out of the input what no person typed: answers of the terminal, and pastes, each in one piece.

An answer or a paste without an end is given up once nothing follows; only so much of it is kept."""

import re
from enum import Enum

from textual.events import Paste

LONGEST_PASTE = 1 << 12


class _In(Enum):
    TYPING = "typing"
    ANSWER = "answer"  # OSC, DCS, APC, PM or SOS
    PASTE = "paste"


_PASTE_BEGINS, _PASTE_ENDS, _STRING_ENDS = "\x1b[200~", "\x1b[201~", "\x1b\\"
_ENDS = {
    _In.TYPING: re.compile(r"\x1b(?:[]P_^X\\]|\[200~)"),
    # No answer holds a carriage return; another sequence ends it, too.
    _In.ANSWER: re.compile(r"\x1b\\|[\x07\x18\x1a\r]|(?=\x1b[^\\])"),
    _In.PASTE: re.compile(re.escape(_PASTE_ENDS)),
}
_MAY_BE_BEGINNING = re.compile(r"\x1b(?:\[(?:2(?:00?)?)?)?\Z")


class Sieve:
    """Takes text and gives what was typed, as `str`, and what was pasted. Incomplete pieces wait."""

    def __init__(self) -> None:
        self._inside = _In.TYPING
        self._kept = ""

    @property
    def is_inside(self) -> bool:
        """Whether an answer or a paste waits for its end."""
        return self._inside is not _In.TYPING

    @property
    def is_waiting(self) -> bool:
        """Whether an incomplete piece waits for its rest."""
        return self.is_inside or bool(self._kept)

    def sift(self, text: str) -> list[str | Paste]:
        """What these letters mean, after those that waited."""
        self._kept += text
        pieces: list[str | Paste] = []
        while end := _ENDS[self._inside].search(self._kept):
            pieces += self._taken(self._kept[: end.start()])
            self._kept = self._kept[end.end() :]
            self._inside = _beginning_with(end[0]) if self._inside is _In.TYPING else _In.TYPING
        return pieces + self._what_need_not_wait()

    def nothing_followed(self) -> list[str | Paste]:
        """What waits is complete: an answer is dropped; a paste without an end was typed after all."""
        kept, inside = self._kept, self._inside
        self._kept, self._inside = "", _In.TYPING
        if inside is _In.PASTE:
            return [*self.sift(kept.replace(_PASTE_BEGINS, "")), *self.nothing_followed()]
        return [kept] if kept and inside is _In.TYPING else []

    def _taken(self, text: str) -> list[str | Paste]:
        """What a piece means that ends here."""
        if self._inside is _In.PASTE:
            return [Paste(text)]
        return [text] if text and self._inside is _In.TYPING else []

    def _what_need_not_wait(self) -> list[str | Paste]:
        """Keep what may be the beginning of an end, or of something else, and as much of a paste as can be
        used."""
        waiting = self._kept
        if self._inside is _In.ANSWER:
            self._kept = waiting[-1:]
        elif self._inside is _In.PASTE:
            if len(waiting) > LONGEST_PASTE:
                self._kept = waiting[: LONGEST_PASTE - len(_PASTE_ENDS)] + waiting[-len(_PASTE_ENDS) :]
        else:
            beginning = _MAY_BE_BEGINNING.search(waiting)
            place = beginning.start() if beginning else len(waiting)
            self._kept = waiting[place:]
            return self._taken(waiting[:place])
        return []


def _beginning_with(introducer: str) -> _In:
    if introducer == _PASTE_BEGINS:
        return _In.PASTE
    return _In.TYPING if introducer == _STRING_ENDS else _In.ANSWER
