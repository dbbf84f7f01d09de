"""The real program on every kind of terminal: letters that can be read, in glyphs that its font has."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from factorypos_tui.tui.tty.glyphs import CONSOLE
from tests.support.terminals import Terminal
from tests.support.windows import Terminal as Window
from tests.support.windows import terminal

NAMES = ["black", "red", "green", "brown", "blue", "magenta", "cyan", "white"]
ASCII = frozenset(map(chr, range(0x20, 0x7F)))
FULL: frozenset[str] = frozenset()
UTF8 = {"LANG": "es_ES.UTF-8"}
LATIN_1 = {"LANG": "es_ES.ISO-8859-1"}


def unreadable(places: Iterable[Any], *, is_console: bool) -> list[Any]:
    """Letters in the colour of their background; on a console bright colours are no colours of their own."""

    def number(colour: str, default: str) -> str:
        name = default if colour == "default" else colour.removeprefix("bright")
        return name if is_console else colour

    return [
        place
        for place in places
        if place.data.strip()
        and number(place.fg, "white") == number(place.bg, "black")
        and place.fg != "default"
    ]


def tour(window: Window) -> Iterable[str]:
    """Home, a message, a dialog, help, the queue: what an operator may come to see; gives its name."""
    window.sees("1 Cuenta", "F10 Salir", "En l", "todo enviado")
    yield "home"
    window.press("f2", then=("cerrados", "apagar"))
    yield "toast"
    window.press("f9", then=("Men", "Hacerlo"))  # without its accent in ASCII
    yield "dialog"
    window.press("escape", then="1-7")
    window.press("4", then=("entregado", "Tipo"))
    yield "queue"
    window.press("f1", then="Las flechas desplazan")
    yield "help"
    window.press("f10")
    assert window.ends() == 0


@pytest.mark.parametrize(
    ("term", "environment", "flags", "glyphs", "codes"),
    [
        ("linux", UTF8, (), CONSOLE, "16"),
        ("linux", UTF8 | {"COLORTERM": "truecolor"}, ("--ascii",), ASCII, "16"),
        ("vt220", UTF8, (), CONSOLE, "none"),
        ("vt220", LATIN_1, (), CONSOLE, "none"),
        ("screen", UTF8, (), FULL, "16"),
        ("xterm", UTF8, ("--colours", "none"), FULL, "none"),
        ("xterm-256color", UTF8, (), FULL, "256"),
        ("tmux-256color", UTF8 | {"COLORTERM": "truecolor"}, (), FULL, "all"),
        ("xterm-256color", UTF8 | {"NO_COLOR": "1"}, (), FULL, "none"),
    ],
)
def test_everything_can_be_read(
    bar: Terminal,
    term: str,
    environment: Mapping[str, str],
    flags: tuple[str, ...],
    glyphs: frozenset[str],
    codes: str,
) -> None:
    arguments = ("--home", str(bar.home), *flags)
    cloud = {"FACTORYPOS_CLOUD_URL": bar.cloud_url}
    with terminal(*arguments, term=term, environment={**environment, **cloud}) as window:
        if environment is LATIN_1:
            window.use_latin_1()
        for scene in tour(window):
            places = window.places()
            assert not unreadable(places, is_console=codes == "16"), scene
            letters = {letter for place in places for letter in place.data}
            assert not glyphs or letters <= glyphs, (scene, letters - glyphs)
            assert glyphs is ASCII or letters & set("áéíóú"), scene
        assert is_kept_to(codes, window.bytes)


def is_kept_to(codes: str, said: bytes) -> bool:
    """Whether no more colours were asked for than there are, and all of these; those that have numbers by
    number."""
    many, all_of_them = b"8;5;" in said, b"8;2;" in said
    return (many, all_of_them) == {"256": (True, False), "all": (True, True)}.get(codes, (False, False))
