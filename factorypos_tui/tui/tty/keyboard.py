"""Turns the bytes of any keyboard into Textual's messages. An unknown sequence never acts as letters."""

import codecs
import re
from collections.abc import Iterable

from textual import constants, events
from textual._parser import ParseTimeout
from textual._xterm_parser import XTermParser
from textual.keys import Keys
from textual.message import Message

from factorypos_tui.tui.tty.sifting import Sieve

_WHOLE_SEQUENCE = re.compile(r"\x1b\[[0-;=>?]*[ -/]*[@-LN-Z\\^-~]|\x1b\[\[[A-Z]|\x1bO[!-~]")
"""What a key sends; a mouse sends `<` and `M`."""
_LONGEST_PAUSE_S = 1.0
"""Within one piece: an answer of the terminal, or a paste."""
_ON_THE_LINE = str.maketrans(
    # An eight-bit terminal sends these for two letters; and a VT220 sends XON and XOFF by itself.
    {chr(0x40 + ord(letter)): f"\x1b{letter}" for letter in "OPX[\\]^_"} | {"\x11": None, "\x13": None}
)
_MODE_REPORT_END = "y"


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    """A byte that is no UTF-8, read as typed on a Latin-1 keyboard."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("factorypos-latin-1", _as_latin_1)


class _Parser(XTermParser):
    """Textual's parser, but an unknown sequence gives no key, and not its letters."""

    @property
    def is_waiting(self) -> bool:
        """Whether an escape may be the beginning of more."""
        return self._timeout_time is not None

    def nothing_followed(self) -> list[Message]:
        """The meaning of what waits, if nothing follows."""
        if self.is_waiting:
            self._timeout_time = None
            self._awaiting = self._gen.throw(ParseTimeout())
        messages = [*self._tokens]
        self._tokens.clear()
        return messages

    def _parse_extended_key(self, sequence: str) -> None:  # type: ignore[override]
        """None: no terminal is asked for kitty's keys, and those of VT220s look like its letters."""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        known = list(super()._sequence_to_key_events(sequence, alt=alt))
        if not known and _WHOLE_SEQUENCE.fullmatch(sequence) and not sequence.endswith(_MODE_REPORT_END):
            return [events.Key(Keys.Ignore, sequence)]
        return known


class Keyboard:
    """Takes bytes and gives messages; an incomplete sequence waits for its rest."""

    def __init__(self, encoding: str) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)("factorypos-latin-1")
        self._sieve = Sieve()
        self._parser = _Parser()

    @property
    def is_waiting(self) -> bool:
        """Whether bytes wait that have a meaning of their own if nothing follows."""
        return self._sieve.is_waiting or self._parser.is_waiting or bool(self._decoder.getstate()[0])

    @property
    def patience_s(self) -> float:
        """How long to wait for the rest of an incomplete sequence."""
        return _LONGEST_PAUSE_S if self._sieve.is_inside else constants.ESCAPE_DELAY

    def typed(self, data: bytes) -> list[Message]:
        """What these bytes mean, after those that waited."""
        return self._meant(self._sifted(self._decoder.decode(data)))

    def nothing_followed(self) -> list[Message]:
        """What the waiting bytes mean alone: `patience_s` has passed."""
        pieces = self._sifted(self._decoder.decode(b"", final=True)) + self._sieve.nothing_followed()
        return self._meant(pieces) + self._parser.nothing_followed()

    def _sifted(self, text: str) -> list[str | events.Paste]:
        return self._sieve.sift(text.translate(_ON_THE_LINE))

    def _meant(self, pieces: Iterable[str | events.Paste]) -> list[Message]:
        messages: list[Message] = []
        for piece in pieces:
            messages += [piece] if isinstance(piece, events.Paste) else self._parser.feed(piece)
        return messages
