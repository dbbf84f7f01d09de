"""What reaches which terminal: colours that can be told apart there, letters that its font has."""

import itertools
import locale

import click
import pytest

from factorypos_tui.cli.program import program
from factorypos_tui.core.settings import SETTINGS
from factorypos_tui.tui.themes import THEMES, theme_name
from factorypos_tui.tui.tty.cells import BOLD, DIM, REVERSE, Cell, Colour, Look
from factorypos_tui.tui.tty.glyphs import CONSOLE, shown
from factorypos_tui.tui.tty.painting import paint
from factorypos_tui.tui.tty.policy import Colours, Glyphs, Policy, policy_of

SPANISH = "áéíóúüñÁÉÍÓÚÜÑ¿¡«»ºª"
UTF8 = {"LANG": "es_ES.UTF-8"}


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"TERM": "linux"}, Colours.SIXTEEN),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, Colours.SIXTEEN),
        ({"TERM": "screen", "COLORTERM": "truecolor"}, Colours.SIXTEEN),
        ({"TERM": "xterm"}, Colours.SIXTEEN),
        ({"TERM": "vt220"}, Colours.NONE),
        ({"TERM": "vt100"}, Colours.NONE),
        ({"TERM": "xterm-mono"}, Colours.NONE),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, Colours.NONE),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, Colours.MANY),
        ({"TERM": "screen-256color"}, Colours.MANY),
        ({"TERM": "tmux-256color", "COLORTERM": "truecolor"}, Colours.ALL),
        ({"TERM": "xterm-direct"}, Colours.ALL),
    ],
)
def test_the_terminal_is_asked_how_many_colours_it_has(environment: dict[str, str], colours: Colours) -> None:
    assert policy_of(UTF8 | environment).colours is colours
    assert policy_of(UTF8 | environment, colours="256").colours is Colours.MANY


@pytest.mark.parametrize(
    ("environment", "glyphs", "encoding"),
    [
        ({"TERM": "xterm", "LANG": "es_ES.UTF-8"}, Glyphs.ALL, "utf-8"),
        ({"TERM": "linux", "LANG": "es_ES.UTF-8"}, Glyphs.CONSOLE, "utf-8"),
        ({"TERM": "vt220", "LANG": "C.UTF-8"}, Glyphs.CONSOLE, "utf-8"),
        ({"TERM": "xterm", "LANG": "es_ES.ISO-8859-1"}, Glyphs.CONSOLE, "iso8859-1"),
        ({"TERM": "xterm", "LANG": "es_ES"}, Glyphs.CONSOLE, "iso8859-1"),
        ({"TERM": "xterm", "LANG": "es_ES@euro"}, Glyphs.CONSOLE, "iso8859-15"),
        ({"TERM": "xterm", "LANG": "es_ES.ISO-8859-1", "LC_ALL": "C.UTF-8"}, Glyphs.ALL, "utf-8"),
        ({"TERM": "xterm", "LANG": "es_ES.ISO-8859-1", "LC_CTYPE": "C.UTF-8"}, Glyphs.CONSOLE, "iso8859-1"),
        ({"TERM": "xterm", "LC_CTYPE": "C.UTF-8"}, Glyphs.ALL, "utf-8"),
        ({"TERM": "xterm", "LANG": "C"}, Glyphs.ASCII, "utf-8"),
        ({"TERM": "xterm", "LANG": "C", "LC_CTYPE": "C.UTF-8"}, Glyphs.ASCII, "utf-8"),
        ({"TERM": "xterm"}, Glyphs.ASCII, "utf-8"),
        ({"TERM": "xterm", "LANG": "zh_CN.GB18030"}, Glyphs.ASCII, "utf-8"),
        ({"TERM": "xterm", "LANG": "es_ES.nonsense"}, Glyphs.ASCII, "utf-8"),
        ({"TERM": "vt220", "LANG": "es_ES.ISO-8859-1"}, Glyphs.CONSOLE, "iso8859-1"),
        ({"TERM": "vt220", "LC_ALL": "C"}, Glyphs.ASCII, "utf-8"),
        ({"TERM": "vt220", "LANG": "POSIX"}, Glyphs.ASCII, "utf-8"),
        ({"TERM": "vt220", "LC_CTYPE": "C.UTF-8"}, Glyphs.ASCII, "utf-8"),  # as Python sets it
        ({"TERM": "vt220", "LC_ALL": "C.UTF-8"}, Glyphs.CONSOLE, "utf-8"),
        ({"TERM": "xterm", "LC_CTYPE": "UTF-8"}, Glyphs.ALL, "utf-8"),  # as macOS sets it
        ({"TERM": "linux", "LC_ALL": "C"}, Glyphs.CONSOLE, "utf-8"),
    ],
)
def test_the_locale_says_which_letters_can_be_sent(
    environment: dict[str, str], glyphs: Glyphs, encoding: str
) -> None:
    policy = policy_of(environment)
    assert (policy.glyphs, policy.encoding) == (glyphs, encoding)
    assert policy_of(environment, glyphs="ascii").glyphs is Glyphs.ASCII


@pytest.mark.parametrize(
    ("environment", "erases_in_colour"),
    [
        ({"TERM": "linux"}, True),
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "tmux-256color"}, True),
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "xterm-256color", "STY": "4711.pts-0.till"}, False),
        ({"TERM": "vt220"}, False),
        ({"TERM": "unheard-of"}, False),
    ],
)
def test_only_terminals_known_to_erase_in_colour_are_trusted_to(
    environment: dict[str, str], erases_in_colour: bool
) -> None:
    assert policy_of(environment).erases_in_colour is erases_in_colour


def test_a_shade_that_has_a_number_is_sent_by_it() -> None:
    painted = paint(Policy(), Cell("x", Look((95, 215, 95), (18, 18, 18))))
    assert painted.look == Look(77, 233)
    assert paint(Policy(), Cell("x", Look((95, 215, 96), (0, 0, 0)))).look == Look((95, 215, 96), 16)


SHADES: list[Colour] = [None, *range(16), 52, 231, 233, 244, (18, 18, 18), (38, 38, 38), (135, 215, 135)]
SHADES += [(255, 255, 255), (228, 228, 228), (95, 175, 215), (255, 135, 135), (0, 0, 0)]


def on_console(look: Look) -> tuple[int, int]:
    """What a Linux console with a font of 512 glyphs makes of a look: no bright letters, no bright ground."""
    ink = 7 if look.foreground is None else look.foreground
    ground = 0 if look.background is None else look.background
    assert isinstance(ink, int)
    assert isinstance(ground, int)
    if look.attributes & DIM:
        ink = 8
    return (ground % 8, ink % 8) if look.attributes & REVERSE else (ink % 8, ground % 8)


def test_a_bright_letter_is_a_bold_one_where_there_are_sixteen_colours() -> None:
    policy = policy_of(UTF8 | {"TERM": "linux"})
    for bright, plain in ((9, 1), (15, 7), ((255, 85, 85), 1)):
        look = paint(policy, Cell("x", Look(bright, 0, 0))).look
        assert (look.foreground, look.attributes & BOLD) == (plain, BOLD), bright
    assert not paint(policy, Cell("x", Look(2, 0, 0))).look.attributes & BOLD
    assert paint(policy, Cell("x", Look(1, 0, 0))).look == Look(1, 0, BOLD)  # dark red cannot be read


@pytest.mark.parametrize("term", ["linux", "screen", "xterm"])
def test_no_letter_has_the_colour_of_its_background_under_the_rules_of_the_console(term: str) -> None:
    policy = policy_of(UTF8 | {"TERM": term})
    for ink, ground, attributes in itertools.product(SHADES, SHADES, (0, BOLD, REVERSE)):
        look = paint(policy, Cell("x", Look(ink, ground, attributes))).look
        letter, paper = on_console(look)
        assert letter != paper, (ink, ground, attributes)
        for colour in (look.foreground, look.background):
            assert colour is None or (isinstance(colour, int) and colour < 8)


@pytest.mark.parametrize("colours", [Colours.MANY, Colours.ALL])
def test_no_letter_has_the_colour_of_its_background_on_better_terminals(colours: Colours) -> None:
    for ink, ground in itertools.product(SHADES, SHADES):
        look = paint(Policy(colours=colours), Cell("x", Look(ink, ground))).look
        assert look.foreground != look.background or look.foreground is None


RED, GREEN, YELLOW, BLUE, MAGENTA = 1, 2, 3, 4, 5


@pytest.mark.parametrize("colours", [Colours.SIXTEEN, Colours.MANY, Colours.ALL])
def test_letters_of_a_colour_can_be_read_whatever_the_background_of_the_terminal(colours: Colours) -> None:
    def painted(*look: Colour, ground: Colour = None) -> tuple[Colour, ...]:
        policy = Policy(colours=colours, ground=ground)
        return paint(policy, Cell("x", Look(*look))).look[:2]  # type: ignore[arg-type]

    for colour in (MAGENTA, YELLOW, BLUE):  # each is lost on black or on white
        assert painted(colour, None) == (None, None)
    assert painted(GREEN, None, ground=0) == (GREEN, None)
    assert painted(BLUE, None, ground=15) == (BLUE, None)
    assert painted(GREEN, 7) == (0, 7)
    assert painted(None, YELLOW) == (0, YELLOW)
    assert painted(RED, None, REVERSE, ground=0)[1] == RED  # and the letters on it are white
    assert painted(YELLOW, None, REVERSE, ground=0) == (None, None)
    for own in (None, 0, 7):
        assert painted(own, None) == painted(own, 0) == painted(own, 7) == (None, None)


@pytest.mark.parametrize(
    ("environment", "ground"),
    [
        ({"TERM": "linux"}, 0),
        ({"TERM": "xterm", "COLORFGBG": "15;0"}, 0),
        ({"TERM": "xterm", "COLORFGBG": "0;default;15"}, 15),
        ({"TERM": "xterm", "COLORFGBG": "15;default"}, None),
        ({"TERM": "xterm", "COLORFGBG": "0;99"}, None),
        ({"TERM": "xterm"}, None),
    ],
)
def test_the_background_of_a_terminal_is_what_it_says_and_else_unknown(
    environment: dict[str, str], ground: Colour
) -> None:
    assert policy_of(UTF8 | environment).ground == ground


def test_black_and_white_of_a_theme_in_shades_stay_what_they_are() -> None:
    policy = Policy(colours=Colours.SIXTEEN)
    assert paint(policy, Cell("x", Look((192, 192, 192), (0, 0, 0)))).look == Look(7, 0)
    assert paint(policy, Cell("x", Look((0, 0, 0), (192, 192, 192)))).look == Look(0, 7)
    assert paint(policy, Cell(" ", Look((192, 192, 192), (0, 0, 0)))).look == Look(None, 0)


@pytest.mark.parametrize("setting", ["auto", "light", "dark"])
def test_without_colours_there_are_no_shades(setting: str) -> None:
    assert theme_name(setting, Colours.NONE) == THEMES["console"].name
    assert theme_name("auto", Colours.SIXTEEN) == THEMES["console"].name
    assert theme_name(setting, Colours.MANY) == THEMES["dark" if setting == "auto" else setting].name


def test_a_line_drawn_in_the_colour_of_its_background_stays_unseen() -> None:
    look = Look((18, 18, 18), (18, 18, 18))
    assert paint(Policy(), Cell("▁", look)).text == " "


def test_without_colours_a_bright_background_becomes_reverse() -> None:
    policy = Policy(colours=Colours.NONE)
    assert paint(policy, Cell("x", Look(0, 7))).look == Look(None, None, REVERSE)
    assert paint(policy, Cell("x", Look(7, 0))).look == Look()
    assert paint(policy, Cell("x", Look(None, None, REVERSE))).look == Look(None, None, REVERSE)


def test_dim_text_does_not_vanish_on_a_console() -> None:
    assert paint(policy_of(UTF8 | {"TERM": "linux"}), Cell("x", Look(None, None, DIM))).look == Look()


def test_spanish_arrives_whole_on_every_font_and_in_latin_1() -> None:
    for letter in SPANISH:
        assert shown(letter, Glyphs.CONSOLE) == letter
        assert shown(letter, Glyphs.CONSOLE, "iso8859-1") == letter
        assert shown(letter, Glyphs.ASCII).isascii()


def test_every_letter_has_a_stand_in_as_wide_as_itself() -> None:
    everything = [chr(code) for code in (*range(0xA1, 0xAC), *range(0xAE, 0x300), *range(0x2010, 0x27C0))]
    for letter in everything:
        if letter.isprintable():
            assert set(shown(letter, Glyphs.CONSOLE)) <= CONSOLE
            assert shown(letter, Glyphs.ASCII).isascii()
            shown(letter, Glyphs.CONSOLE, "iso8859-1").encode("iso8859-1")
    assert [shown(text, Glyphs.CONSOLE) for text in ("漢", "Ａ", "ő", "▁", "╭", "…", "€", "e\u0302")] == (
        ["??", "A ", "o", "_", "┌", ".", "E", "e"]
    )
    assert shown("─", Glyphs.CONSOLE, "iso8859-1") == "-"


def test_every_spelling_of_a_locale_that_this_machine_knows_has_a_policy() -> None:
    for name in locale.locale_alias.values():
        policy_of({"TERM": "xterm", "LANG": name})


def test_every_choice_of_the_settings_and_of_the_option_is_understood() -> None:
    for colours in SETTINGS["colours"].choices:
        for glyphs in SETTINGS["glyphs"].choices:
            policy_of({"TERM": "linux"}, colours=colours, glyphs=glyphs)
    option = next(option for option in program.params if option.name == "colours")
    assert isinstance(option.type, click.Choice)
    assert {"auto", *option.type.choices} == set(SETTINGS["colours"].choices)
