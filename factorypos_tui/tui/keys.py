"""The keys that work right now, from the bindings: for the key bar, the help and the book of screens."""

from dataclasses import dataclass
from typing import Any

from textual.binding import Binding
from textual.screen import Screen

from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.widgets.menu import Menu

_NAMES = {
    "escape": N_("Esc"),
    "enter": N_("Enter"),
    "tab": N_("Tab"),
    "up": N_("Up"),
    "down": N_("Down"),
    "left": N_("Left"),
    "right": N_("Right"),
    "home": N_("Home"),
    "end": N_("End"),
    "pageup": N_("PgUp"),
    "pagedown": N_("PgDn"),
    "slash": "/",
}


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key, what it does in a word and in a sentence, and whether it can be used now."""

    name: str
    does: str
    explained: str
    usable: bool


def keys_of(screen: Screen[Any], *, every: bool = False) -> list[KeyHint]:
    """The keys of the focused widget, its screen and the app that the key bar shows; with `every` also those
    for which it has no room."""
    hints: dict[str, KeyHint] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if (binding.show or (every and is_explained(binding))) and binding.action not in hints:
            explained = _(binding.tooltip or binding.description)
            name = key_name(binding.key)
            if isinstance(active.node, Menu):
                name = f"{active.node.numbers} {name}"
            hints[binding.action] = KeyHint(name, _(binding.description), explained, active.enabled)
    return sorted(hints.values(), key=_place)


def is_explained(binding: Binding) -> bool:
    """Whether we have words for what a key does; Textual's own keys speak English only."""
    return bool(binding.tooltip) and "." in (binding.id or "")


def _place(hint: KeyHint) -> int:
    """Function keys stand in their own order, after all others."""
    return int(hint.name[1:]) if hint.name[1:].isdecimal() else 0


def key_name(key: str) -> str:
    """A key as it is printed on the keyboard, in the operator's language."""
    return _(_NAMES[key]) if key in _NAMES else key.upper()
