"""The declarations of keys, and the keys that work right now: for key bar, help, Find and the manual."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Protocol, runtime_checkable

from textual.binding import ActiveBinding, Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input

from factorypos_tui.core.language import N_, _

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
}
_SIGNS = {"slash": "/", "question_mark": "?", "colon": ":"}
_PLACES = {"enter": 0, "escape": 1, "f1": 3, "f9": 4, "f10": 5}
_OWN = 2


def _always(_screen: object) -> bool:
    return True


def _nothing(_screen: object) -> str:
    return ""


@dataclass(frozen=True)
class ScreenKey(Binding):
    """A key of a screen; both functions get the screen."""

    is_there: Callable[[Any], bool] = _always
    """Whether the key has a meaning now; without one it is not shown."""
    why_not: Callable[[Any], str] = _nothing
    """Why it cannot be used now; empty where it can. Such a key is dim, and says why when it is pressed."""


def bind(
    keys: str,
    action: str,
    does: str,
    explained: str,
    *,
    is_shown: bool = True,
    priority: bool = False,
    is_there: Callable[[Any], bool] = _always,
    why_not: Callable[[Any], str] = _nothing,
) -> ScreenKey:
    """Declare keys: what they do, in a word and in a sentence. A screen declares those first that are used
    most: the key bar leaves to F1 what it has no room for, and what is not `is_shown`. With `priority` they
    go before those of the widget in focus."""
    return ScreenKey(
        keys,
        action,
        does,
        show=is_shown,
        priority=priority,
        tooltip=explained,
        is_there=is_there,
        why_not=why_not,
    )


@runtime_checkable
class _Numbered(Protocol):
    """A widget whose items digits pick."""

    @property
    def numbers(self) -> str: ...


@cache
def _declared(owner: type[DOMNode]) -> Mapping[str, ScreenKey]:
    """The keys of a class and of its base classes, by action."""
    bindings = [binding for above in reversed(owner.__mro__) for binding in vars(above).get("BINDINGS", ())]
    return {binding.action: binding for binding in bindings if isinstance(binding, ScreenKey)}


def is_there(node: DOMNode, action: str) -> bool:
    """Whether the key of an action has a meaning now."""
    key = _declared(type(node)).get(action)
    return key is None or key.is_there(node)


def why_not(node: DOMNode, action: str) -> str:
    """Why an action cannot be done now; empty where it can."""
    key = _declared(type(node)).get(action)
    return key.why_not(node) if key else ""


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key, what it does in a word and in a sentence, and whether it can be used now."""

    name: str
    does: str
    explained: str
    usable: bool
    place: int = _OWN
    """Enter and Esc come first, then the screen's own keys, and F1, F9 and F10 last."""

    @property
    def is_last(self) -> bool:
        """Whether it stands at the end of the key bar, behind the screen's own keys."""
        return self.place > _OWN


def keys_of(screen: Screen[Any], *, every: bool = False) -> list[KeyHint]:
    """The keys of the focused widget, its screen and the app that are meant for the key bar, each in its
    place; with `every` also the rare ones, and all that do the same, but none that makes a letter now."""
    hints: dict[str, KeyHint] = {}
    for active in screen.active_bindings.values():
        binding, known = active.binding, hints.get(active.binding.action)
        is_typed = isinstance(screen.focused, Input) and _makes_a_letter(binding.key)
        if every and is_typed:
            continue
        name = key_name(binding.key)
        if known and every and name not in known.name.split():
            hints[binding.action] = replace(known, name=f"{known.name} {name}")
        elif not known and (binding.show or (every and is_explained(active))):
            explained = _(binding.tooltip or binding.description)
            if isinstance(active.node, _Numbered):
                name = f"{active.node.numbers or _arrows()} {name}"
            usable = active.enabled and not is_typed
            place = _PLACES.get(binding.key, _OWN)
            hints[binding.action] = KeyHint(name, _(binding.description), explained, usable, place)
    return sorted(hints.values(), key=lambda hint: hint.place)


def _makes_a_letter(key: str) -> bool:
    return len(key) == 1 or key in _SIGNS


def _arrows() -> str:
    return f"{key_name('up')} {key_name('down')}"


def is_explained(active: ActiveBinding) -> bool:
    """Whether we have texts for what a key does; Textual's own keys have English ones only."""
    key = _declared(type(active.node)).get(active.binding.action)
    return key is not None and key.tooltip == active.binding.tooltip


def key_name(key: str) -> str:
    """A key as it is printed on the keyboard, in the operator's language."""
    return _(_NAMES[key]) if key in _NAMES else _SIGNS.get(key, key.upper())
