"""Whatever Textual writes, the terminal shows it, for fewer bytes: pyte is asked on both sides."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyte import graphics

from factorypos_tui.tui.tty.policy import Policy
from factorypos_tui.tui.tty.screen import Screen
from tests.support.screens import Emulator

COLUMNS, LINES, ESC = 24, 6, "\x1b"
SHOWS_ALL = Policy(ground=0)
ERASES_IN_COLOUR = Policy(ground=0, erases_in_colour=True)
policies = st.sampled_from([SHOWS_ALL, ERASES_IN_COLOUR])


def emulator(policy: Policy) -> Emulator:
    """A terminal as the policy takes it to be."""
    return Emulator(COLUMNS, LINES, erases_in_colour=policy.erases_in_colour)


CODES = "0 1 2 3 4 7 9 22 23 24 27 29 31 39 42 49 93 104 0;7 1;97;44 38;5;99 48;5;200 38;2;1;2;3 48;2;9;8;7"
codes = st.sampled_from(CODES.split())
looks = codes.map(lambda code: f"\x1b[{code}m")
# Those in which nothing vanishes on a black terminal; others are painted so that they can be read.
READABLE = "0 1 3 4 7 9 32 1;97;44 38;5;99 38;2;9;9;9;48;2;250;250;250 31;48;5;230 3;36 0;7"
readable = st.sampled_from(READABLE.split()).map(lambda code: f"\x1b[{code}m")
moves = st.tuples(st.integers(1, LINES), st.integers(1, COLUMNS)).map(lambda at: f"\x1b[{at[0]};{at[1]}H")
letters = st.text("ab zñ─漢é ", min_size=1, max_size=12)
marked = st.sampled_from(["e\u0301", "x\u0302"])
erasing = st.sampled_from(["\x1b[K", "\x1b[1K", "\x1b[2K", "\x1b[J", "\x1b[2J"])
pieces = st.one_of(looks, letters, letters, st.just(" " * 9), marked, erasing)
# A frame of Textual's moves before each strip of text, and never writes over half a wide letter by chance.
frames = st.lists(st.tuples(moves, st.lists(pieces, max_size=6)), max_size=8).map(
    lambda strips: "".join(move + "\x1b[0m" + "".join(strip)[:60] for move, strip in strips)
)


@settings(max_examples=60)
@given(st.lists(frames, min_size=1, max_size=4), st.booleans(), policies)
def test_the_terminal_shows_the_same_however_the_frames_were_merged(
    sequence: list[str], one_by_one: bool, policy: Policy
) -> None:
    screen, terminal, whole = Screen(COLUMNS, LINES, policy), emulator(policy), Emulator(COLUMNS, LINES)
    for frame in sequence:
        screen.write(frame)
        if one_by_one:
            terminal.feed(screen.take().decode())
    terminal.feed(screen.take().decode())
    drawn_again = Screen(COLUMNS, LINES, SHOWS_ALL)
    drawn_again.write("".join(sequence))
    whole.feed(drawn_again.take().decode())
    assert terminal.seen() == whole.seen()


bare_erasing = st.sampled_from(["\x1b[0;44m\x1b[K", "\x1b[0;44m\x1b[1K", "\x1b[0;44m\x1b[2K"])
# As Textual writes: a place, a look, and a text that ends before the line does.
strips = st.builds(
    lambda line, column, look, text: (
        f"\x1b[{line};{column}H\x1b[0m{look}{text if text[0] == ESC else text[: COLUMNS + 1 - column]}"
    ),
    st.integers(1, LINES),
    st.integers(1, COLUMNS),
    readable,
    st.one_of(st.text("ab zñ─é ", min_size=1, max_size=12), st.just(" " * COLUMNS), bare_erasing),
)
narrow_frames = st.lists(strips, max_size=12).map("".join)


@settings(max_examples=60)
@given(st.lists(narrow_frames, min_size=1, max_size=4), policies)
def test_the_terminal_shows_what_it_would_have_shown_without_us(sequence: list[str], policy: Policy) -> None:
    screen, terminal, bare = Screen(COLUMNS, LINES, policy), emulator(policy), Emulator(COLUMNS, LINES)
    for frame in sequence:
        screen.write(frame)
        terminal.feed(screen.take().decode())
        bare.feed(frame)
    assert terminal.seen() == bare.seen()


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 12), min_size=2, max_size=6),
    st.integers(1, 3),
    st.sampled_from(["", "37;44", "1"]),
    policies,
)
def test_a_list_that_scrolls_shows_what_it_would_have_shown(
    tops: list[int], first: int, look: str, policy: Policy
) -> None:
    screen, terminal, bare = Screen(COLUMNS, LINES, policy), emulator(policy), Emulator(COLUMNS, LINES)
    for number, top in enumerate(tops):
        rows = [f"row {top + line} {'ñ漢é'[(top + line) % 3]} of many" for line in range(LINES - first)]
        frame = f"\x1b[1;1H\x1b[0;7mframe {number}" + "".join(
            f"\x1b[{first + line + 1};1H\x1b[0;{look}m{row}\x1b[0m\x1b[K" for line, row in enumerate(rows)
        )
        screen.write(frame)
        terminal.feed(screen.take().decode())
        bare.feed(frame)
    assert terminal.seen() == bare.seen()


def test_a_list_that_scrolls_costs_the_row_that_comes_into_view() -> None:
    screen = Screen(80, 24, SHOWS_ALL)
    for top in (0, 1, 0, 3):
        for line in range(20):
            screen.write(f"\x1b[{line + 2};1H" + f"{top + line} {chr(97 + top + line) * 60}".ljust(80))
        new = 3 if top == 3 else 1
        assert top == 0 or len(screen.take()) <= new * 70 + 20, top
        screen.take()


@pytest.mark.parametrize(("policy", "most"), [(SHOWS_ALL, 140), (ERASES_IN_COLOUR, 75)])
@pytest.mark.parametrize("bar", ["38;5;254;48;5;233;7", "38;5;233;48;5;254"])
def test_a_bar_that_moves_on_costs_one_row(policy: Policy, most: int, bar: str) -> None:
    screen, terminal = Screen(80, 24, policy), Emulator(80, 24, erases_in_colour=policy.erases_in_colour)
    for step, cursor in enumerate((3, 4, 5, 4, 3)):
        for line in range(20):
            look = bar if line == cursor else "38;5;254;48;5;233"
            row = f" Z {line:5}  {line + 5:02} Nov 2026".ljust(60) + f"{line}.00 EUR"
            screen.write(f"\x1b[{line + 2};1H\x1b[0;{look}m{row.ljust(80)}")
        said = screen.take().decode()
        terminal.feed(said)
        assert [row[20][2] for row in terminal.seen()[1:21]].index(shade(254)) == cursor
        assert [row[79][2] for row in terminal.seen()[1:21]].count(shade(233)) == 19
        assert step == 0 or len(said) <= most


def shade(number: int) -> str:
    """What pyte calls it."""
    return str(graphics.FG_BG_256[number])


def test_nothing_is_sent_while_nothing_changes() -> None:
    screen = Screen(COLUMNS, LINES, SHOWS_ALL)
    screen.write("\x1b[1;1H\x1b[31mred")
    assert screen.take()
    screen.write("\x1b[1;1H\x1b[31mred")
    assert screen.take() == b""


def test_one_changed_letter_costs_a_move_and_a_letter() -> None:
    screen = Screen(80, 24, SHOWS_ALL)
    screen.write("\x1b[12;1H" + "abc " * 20 + "\x1b[12;1H")
    screen.take()
    screen.write("\x1b[12;9Hx\x1b[12;10H")
    assert screen.take() == b"\x1b[8Cx"


def test_the_rest_of_a_line_is_erased_rather_than_written_over() -> None:
    screen = Screen(80, 24, SHOWS_ALL)
    screen.write("\x1b[1;1H" + "long " * 16 + "\x1b[1;1H")
    screen.take()
    screen.write("\x1b[1;1H" + "long".ljust(80) + "\x1b[1;1H")
    assert screen.take() == b"\r\x1b[5C\x1b[K"


def test_modes_and_questions_stay_here_and_bells_and_clipboards_go_through() -> None:
    screen = Screen(COLUMNS, LINES, SHOWS_ALL)
    screen.take()
    screen.write("\x1b[?1049h\x1b[?2026$p\x1b[6n\x1b[>25u\x1b]22;text\x07")
    assert screen.take() == b""
    screen.write("\a\x1b]52;c;aGk=\x07\a")
    assert screen.take() == b"\a\x1b]52;c;aGk=\a"
