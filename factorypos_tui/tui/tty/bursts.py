"""Tells single keys from bursts: of a scanner, a password manager, or a line that stalled."""

from collections.abc import Iterable

from textual.events import Key, Paste
from textual.message import Message

PAUSE_S = 0.05
"""No person presses two keys within this time; a scanner takes 2 to 30 ms per key."""


class Typed(Message, bubble=False):
    """A key, or a paste. `of_burst`: other keys came with it, so it was not pressed alone."""

    def __init__(self, event: Key | Paste, *, of_burst: bool) -> None:
        self.event = event
        self.of_burst = of_burst
        super().__init__()


class Bursts:
    """Takes keys in order and gives them back in order, each marked as single or part of a burst. The first
    letter waits for the next key, or for a pause: only then is it known which."""

    def __init__(self) -> None:
        self._held: Key | None = None
        self._is_paused = True

    @property
    def awaits_pause(self) -> bool:
        """Whether a pause of `PAUSE_S` would decide something."""
        return not self._is_paused

    def typed(self, messages: Iterable[Message]) -> list[Message]:
        """These messages, after those that waited. Messages that are no keys pass unchanged."""
        passed: list[Message] = []
        for message in messages:
            if not isinstance(message, Key | Paste):
                passed.append(message)
            elif self._is_paused and isinstance(message, Key) and is_of_scanners(message):
                self._held, self._is_paused = message, False
            else:
                passed += [*self._released(of_burst=True), Typed(message, of_burst=not self._is_paused)]
                self._is_paused &= isinstance(message, Key)  # arrows and function keys begin no burst
        return passed

    def paused(self) -> list[Message]:
        """The letter that waited, if any: no key has followed for `PAUSE_S`."""
        self._is_paused = True
        return self._released(of_burst=False)

    def _released(self, *, of_burst: bool) -> list[Message]:
        held, self._held = self._held, None
        return [Typed(held, of_burst=of_burst)] if held else []


def is_of_scanners(key: Key) -> bool:
    """Whether a scanner sends this key: what can be printed, and what ends a code."""
    return key.is_printable or key.key in ("enter", "tab")
