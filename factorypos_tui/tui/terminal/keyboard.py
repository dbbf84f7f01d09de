"""Turns the bytes of any keyboard into Textual's messages; nothing that is no letter ever acts as one."""

import codecs
import re
from collections.abc import Iterable

from textual import events
from textual._xterm_parser import XTermParser
from textual.keys import Keys
from textual.message import Message

_WHOLE_SEQUENCE = re.compile(r"\x1b\[[0-;=>?]*[ -/]*[@-LN-Z\\^-~]|\x1b\[\[[A-Z]|\x1bO[!-~]")
"""What a key sends, other than a mouse (`<` and `M`)."""
_EIGHT_BITS = str.maketrans({"\x9b": "\x1b[", "\x8f": "\x1bO"})
_MODE_REPORT_END = "y"


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    """A byte that is no UTF-8 was typed on a Latin-1 keyboard."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("factorypos-latin-1", _as_latin_1)


class _Parser(XTermParser):
    """Textual's parser, except that a sequence it does not know is no key instead of its letters."""

    @property
    def is_waiting(self) -> bool:
        """Whether an escape may be the beginning of more."""
        return self._timeout_time is not None

    def _parse_extended_key(self, sequence: str) -> None:  # type: ignore[override]
        """None: no terminal is asked for kitty's keys, and those of VT220s look like its letters."""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        known = list(super()._sequence_to_key_events(sequence, alt=alt))
        if not known and _WHOLE_SEQUENCE.fullmatch(sequence) and not sequence.endswith(_MODE_REPORT_END):
            return [events.Key(Keys.Ignore, sequence)]
        return known


class Keyboard:
    """Bytes in, messages out; what is incomplete waits for its rest."""

    def __init__(self, encoding: str) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)("factorypos-latin-1")
        self._parser = _Parser()

    @property
    def is_waiting(self) -> bool:
        """Whether what was typed may have to be taken as it is, should nothing follow."""
        return self._parser.is_waiting or bool(self._decoder.getstate()[0])

    def typed(self, data: bytes) -> list[Message]:
        """What these bytes mean, together with those that waited."""
        return self._parsed(self._decoder.decode(data))

    def nothing_followed(self) -> list[Message]:
        """What the waiting bytes mean by themselves, if they have waited long enough."""
        return [*self._parsed(self._decoder.decode(b"", final=True)), *self._parser.tick()]

    def _parsed(self, text: str) -> list[Message]:
        return list(self._parser.feed(text.translate(_EIGHT_BITS))) if text else []
