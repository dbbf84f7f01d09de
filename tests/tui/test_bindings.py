"""Every key can be named on the phone: it says what it does in both languages, and is a key that
a Linux console and SSH can tell apart; every screen says what it is for."""

import re
from typing import Any

import pytest
from textual.binding import Binding
from textual.screen import Screen

from factorypos_tui.core.language import _, use_language
from factorypos_tui.tui.keys import key_name
from tests.support.screen_classes import classes, screens

SAFE = {
    *(f"f{number}" for number in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12)),
    *("enter", "escape", "tab", "shift+tab", "up", "down", "left", "right"),
    *(
        "home",
        "end",
        "pageup",
        "pagedown",
        "insert",
        "delete",
        "slash",
        "space",
        "question_mark",
        "colon",
        "ctrl+c",
    ),
    *"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
}

EXPLAINED = [screen for screen in screens() if screen.__name__ != "HelpScreen"]  # which explains the others


def bindings() -> list[tuple[str, Binding]]:
    return [
        (owner.__qualname__, binding)
        for owner in classes()
        for binding in vars(owner).get("BINDINGS", [])
        if isinstance(binding, Binding)
    ]


@pytest.mark.parametrize(("owner", "binding"), bindings())
def test_a_key_is_one_that_every_terminal_sends(owner: str, binding: Binding) -> None:
    for key in binding.key.split(","):
        assert key.strip() in SAFE, (owner, key)


@pytest.mark.parametrize(("owner", "binding"), [found for found in bindings() if found[1].show])
def test_a_shown_key_is_explained_in_both_languages(owner: str, binding: Binding) -> None:
    for text in (binding.description, binding.tooltip):
        assert text, (owner, binding.key)
        use_language("es")
        assert _(text) != text, (owner, text)
    use_language("en")


@pytest.mark.parametrize("screen", EXPLAINED)
def test_every_screen_says_what_it_is_for_in_both_languages(screen: type[Screen[Any]]) -> None:
    words = screen.HELP
    assert words
    use_language("es")
    assert _(words) != words
    use_language("en")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("screen", EXPLAINED)
def test_help_names_no_key_that_its_screen_has_not(screen: type[Screen[Any]], language: str) -> None:
    own = [binding for owner in screen.__mro__ for binding in vars(owner).get("BINDINGS", [])]
    bound = {
        key_name(key) for binding in own if isinstance(binding, Binding) for key in binding.key.split(",")
    }
    use_language(language)
    named = set(re.findall(r"\bF\d\d?\b", _(screen.HELP or "")))
    use_language("en")
    assert named <= bound
