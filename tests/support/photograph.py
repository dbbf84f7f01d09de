"""What a person sees of a screen: its frame goes through the driver's reading, painting and sending, and the
bytes into an emulator. An SVG shows what Textual meant, and no fault of ours."""

import io
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
    return _photograph(_frame(app), policy)


def torn(app: FactoryPosApp) -> list[str]:
    """What a terminal of all colours shows otherwise than Textual meant it, in a theme of shades."""
    frame = _frame(app)
    strips = map(Strip.join, frame.strips)
    faults = []
    for number, (strip, places) in enumerate(zip(strips, _photograph(frame, Policy()), strict=True)):
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


def _photograph(frame: LayoutUpdate, policy: Policy) -> Places:
    columns, lines = frame.region.size
    screen, terminal = Screen(columns, lines, policy), Emulator(columns, lines)
    screen.write(frame.render_segments(_CONSOLE))
    terminal.feed(screen.take().decode())
    return [[terminal.screen.buffer[y][x] for x in range(columns)] for y in range(lines)]


def _shows(place: Any, letter: str, style: Style) -> bool:
    ink, ground = _hex(style.color), _hex(style.bgcolor)
    if letter == " " or (ink == ground and is_drawing(letter)):
        is_bar = bool(style.reverse)
        colour, wanted = (place.fg, ink) if is_bar else (place.bg, ground)
        return bool(place.data == " " and place.reverse == is_bar and colour == wanted)
    return bool(
        (place.data, place.fg, place.bg, place.bold, place.reverse)
        == (letter, ink, ground, bool(style.bold), bool(style.reverse))
    )


def _hex(colour: Color | None) -> str:
    return "{:02x}{:02x}{:02x}".format(*colour.triplet) if colour and colour.triplet else "default"
