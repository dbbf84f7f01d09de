"""What a person sees of a screen: its frame goes through the driver's reading, painting and sending, and the
bytes into an emulator. An SVG shows what Textual meant, and no fault of ours."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.strip import Strip

from factorypos_tui.tui.app import FactoryPosApp
from factorypos_tui.tui.tty.glyphs import is_drawing
from factorypos_tui.tui.tty.policy import Policy
from factorypos_tui.tui.tty.screen import Screen
from tests.support.screens import Emulator

Places = list[list[Any]]
_CONSOLE = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", _environ={})


def photograph(app: FactoryPosApp, policy: Policy) -> Places:
    """Each place of a terminal that follows this policy."""
    return next(repainted(app, [policy]))


def repainted(app: FactoryPosApp, policies: Iterable[Policy]) -> Iterator[Places]:
    """The same frame on one terminal that follows one policy after another."""
    return _repainted(_frame(app), policies)


class Wire:
    """The line to a terminal of so many columns and lines that follows a policy."""

    def __init__(self, columns: int, lines: int, policy: Policy) -> None:
        self._screen = Screen(columns, lines, policy)

    def carries(self, app: FactoryPosApp) -> bytes:
        """What it has to carry until the terminal shows the present frame."""
        self._screen.write(_frame(app).render_segments(_CONSOLE))
        return self._screen.take()


def torn(app: FactoryPosApp) -> list[str]:
    """What a terminal of all colours shows otherwise than Textual meant it, in a theme of shades."""
    frame = _frame(app)
    strips = map(Strip.join, frame.strips)
    faults = []
    for number, (strip, places) in enumerate(zip(strips, next(_repainted(frame, [Policy()])), strict=True)):
        letters = [(letter, segment.style) for segment in strip for letter in segment.text]
        if any(cell_len(letter) != 1 for letter, _ in letters):
            continue  # emulators disagree on the width of rare letters
        for (letter, style), place in zip(letters, places, strict=False):
            if not _shows(place, letter, style or Style()):
                faults.append(f"line {number}: {letter!r} meant as {style}, shown as {place}")
    return faults


def _frame(app: FactoryPosApp) -> LayoutUpdate:
    # Textual has no public way to it.
    frame = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(frame, LayoutUpdate)
    return frame


def _repainted(frame: LayoutUpdate, policies: Iterable[Policy]) -> Iterator[Places]:
    columns, lines = frame.region.size
    screen, terminal = Screen(columns, lines, Policy()), Emulator(columns, lines)
    screen.write(frame.render_segments(_CONSOLE))
    for policy in policies:
        screen.follow(policy)
        terminal.feed(screen.take().decode())
        yield [[terminal.screen.buffer[y][x] for x in range(columns)] for y in range(lines)]


def _shows(place: Any, letter: str, style: Style) -> bool:
    """Whether it is the same to the eye: reverse is one way to show two shades, their exchange another."""
    meant, shown = (_hex(style.color), _hex(style.bgcolor)), (place.fg, place.bg)
    ink, ground = meant[::-1] if style.reverse else meant
    shown_ink, shown_ground = shown[::-1] if place.reverse else shown
    if letter == " " or (ink == ground and is_drawing(letter)):
        return bool(place.data == " " and shown_ground == ground)
    return bool((place.data, shown_ink, shown_ground, place.bold) == (letter, ink, ground, bool(style.bold)))


def _hex(colour: Color | None) -> str:
    return "{:02x}{:02x}{:02x}".format(*colour.triplet) if colour and colour.triplet else "default"
