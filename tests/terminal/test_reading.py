"""Looks: each one that Textual can write is read as it was meant, and as a terminal reads it.

Rich writes the sequences, so what a style means is known without an emulator. pyte reads any sequence of the
codes that it knows: no dim, no conceal and no double underline, so those are in the first test only.
"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyte import graphics
from rich.color import Color, ColorSystem
from rich.style import Style

from factorypos_tui.tui.tty.cells import (
    BLINK,
    BOLD,
    CONCEAL,
    DIM,
    ITALIC,
    REVERSE,
    STRIKE,
    UNDERLINE,
    Cell,
    Colour,
    Look,
)
from factorypos_tui.tui.tty.painting import paint
from factorypos_tui.tui.tty.policy import Policy
from factorypos_tui.tui.tty.reading import Paper
from tests.support.screens import Emulator, rgb

MEANS = {
    "bold": BOLD,
    "dim": DIM,
    "italic": ITALIC,
    "underline": UNDERLINE,
    "blink": BLINK,
    "blink2": BLINK,
    "reverse": REVERSE,
    "conceal": CONCEAL,
    "strike": STRIKE,
    "underline2": UNDERLINE,
    "frame": 0,
    "encircle": 0,
    "overline": 0,
}
"""Attribute of Rich -> what a terminal makes of it; the last ones hardly any terminal shows."""
bytes_ = st.integers(0, 255)
colours = st.one_of(
    st.none(),
    st.just(Color.default()),
    bytes_.map(Color.from_ansi),
    st.builds(Color.from_rgb, bytes_, bytes_, bytes_),
)
styles = st.builds(
    lambda ink, ground, names: Style(color=ink, bgcolor=ground) + Style.parse(" ".join(names) or "none"),
    colours,
    colours,
    st.sets(st.sampled_from(sorted(MEANS))),
)


def look_of(style: Style) -> Look:
    attributes = 0
    for name, bit in MEANS.items():
        attributes |= bit if getattr(style, name) else 0
    return Look(_colour(style.color), _colour(style.bgcolor), attributes)


def _colour(colour: Color | None) -> Colour:
    if colour is None or colour.is_default:
        return None
    return tuple(colour.triplet) if colour.triplet else colour.number  # type: ignore[return-value]


@given(st.lists(styles, min_size=1, max_size=6))
def test_every_style_that_rich_can_write_is_read_as_it_is_meant(row: list[Style]) -> None:
    paper = Paper(len(row), 1)
    paper.write("".join(style.render("x", color_system=ColorSystem.TRUECOLOR) for style in row))
    assert paper.rows == [[Cell("x", look_of(style)) for style in row]]


codes = st.one_of(
    st.sampled_from((0, 1, 3, 4, 7, 9, 22, 23, 24, 27, 29, 39, 49)).map(str),
    st.sampled_from((*range(30, 38), *range(40, 48), *range(90, 98))).map(str),
    st.sampled_from((100, 101, 102, 103, 104, 106, 107)).map(str),  # pyte misspells the name of 105
    st.builds("{};5;{}".format, st.sampled_from((38, 48)), bytes_),
    st.builds("{};2;{};{};{}".format, st.sampled_from((38, 48)), bytes_, bytes_, bytes_),
)
sequences = st.lists(codes, min_size=1, max_size=8).map(lambda parts: f"\x1b[{';'.join(parts)}m")


@given(st.lists(sequences, min_size=1, max_size=4))
@example(["\x1b[7;38;5;0;48;5;0m"])
def test_every_sequence_leaves_the_pen_that_it_leaves_in_a_terminal(said: list[str]) -> None:
    text = "".join(f"{sequence}x" for sequence in said)
    paper, terminal = Paper(len(said), 1), Emulator(len(said), 1)
    paper.write(text)
    terminal.feed(text)
    kept = [terminal.screen.buffer[0][column] for column in range(len(said))]  # also where it looks the same
    assert [_as_a_terminal_would(cell.look) for cell in paper.rows[0]] == [
        (rgb(x.fg), rgb(x.bg), x.bold, x.italics, x.underscore, x.reverse, x.strikethrough) for x in kept
    ]


def _as_a_terminal_would(look: Look) -> tuple[str | bool, ...]:
    shown = (BOLD, ITALIC, UNDERLINE, REVERSE, STRIKE)
    return (
        _hex(look.foreground),
        _hex(look.background),
        *(bool(look.attributes & attribute) for attribute in shown),
    )


def _hex(colour: Colour) -> str:
    if isinstance(colour, tuple):
        return "{:02x}{:02x}{:02x}".format(*colour)
    return "default" if colour is None else graphics.FG_BG_256[colour]


@pytest.mark.parametrize("sequence", ["38", "48;5", "38;2;1;2", "48;2"])
def test_a_colour_that_is_cut_short_is_none_and_breaks_nothing(sequence: str) -> None:
    paper = Paper(2, 1)
    paper.write(f"\x1b[{sequence}mx\x1b[0mx")
    assert paper.rows == [[Cell("x", Look()), Cell("x", Look())]]


def test_what_is_concealed_is_not_shown() -> None:
    assert paint(Policy(), Cell("x", Look(None, 4, CONCEAL))) == Cell(" ", Look(None, 4))
