"""What there is to say of the screen in front: for help, and for the pane beside a form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from textual.screen import Screen

from factorypos_tui.core.language import _
from factorypos_tui.tui.keys import KeyHint, keys_of


@runtime_checkable
class _Helpful(Protocol):
    """A widget that help explains; its text is empty where there is nothing to explain."""

    @property
    def help_words(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Explained:
    """A screen in words; either text may be empty."""

    focused: str
    """What has the focus is for this."""
    screen: str
    """The screen is for this."""
    keys: Sequence[KeyHint]
    """All that work now."""


def explain(screen: Screen[Any]) -> Explained:
    """Say what a screen is for, and what has its focus; in the operator's language."""
    focused = screen.focused.help_words if isinstance(screen.focused, _Helpful) else ""
    return Explained(focused, _(screen.HELP) if screen.HELP else "", keys_of(screen, every=True))
