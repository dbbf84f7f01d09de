"""The keys that work right now, from the bindings: for the key bar, the help and the book of screens."""

from dataclasses import dataclass
from typing import Any

from textual.screen import Screen

from factorypos_tui.core.language import _

_NAMES = {"escape": "Esc", "enter": "Enter", "down": "Down", "up": "Up", "tab": "Tab"}


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key, what it does in a word and in a sentence, and whether it can be used now."""

    name: str
    does: str
    explained: str
    usable: bool


def keys_of(screen: Screen[Any]) -> list[KeyHint]:
    """The keys of the focused widget, its screen and the app, as far as they are meant to be shown."""
    hints: dict[str, KeyHint] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.show and binding.action not in hints:
            name = _NAMES.get(binding.key, binding.key.upper())
            explained = _(binding.tooltip or binding.description)
            hints[binding.action] = KeyHint(name, _(binding.description), explained, active.enabled)
    return list(hints.values())
