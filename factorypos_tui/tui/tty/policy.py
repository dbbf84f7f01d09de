"""What a terminal can show: decided once, from its environment and the operator's settings."""

import codecs
import locale
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum

from factorypos_tui.tui.tty.cells import BOLD, DIM, ITALIC, REVERSE, STRIKE, UNDERLINE, Colour


class Colours(IntEnum):
    """How many colours a terminal has."""

    NONE = 0
    SIXTEEN = 16
    MANY = 256
    ALL = 1 << 24


class Glyphs(Enum):
    """Which letters and lines the terminal's font has."""

    ALL = "all"
    CONSOLE = "console"
    ASCII = "ascii"


_COLOURS = {"none": Colours.NONE, "16": Colours.SIXTEEN, "256": Colours.MANY, "all": Colours.ALL}
"""Value of the setting `colours`, other than `auto`."""
_PLAIN = ("linux", "vt", "con")
"""Beginnings of TERM for terminals with few glyphs and no clipboard."""
_ERASING_IN_COLOUR = (
    *("linux", "xterm", "rxvt", "vte", "gnome", "konsole", "putty", "alacritty", "foot", "kitty", "wezterm"),
    *("ghostty", "st-", "mosh", "tmux"),
)
"""Beginnings of TERM for terminals whose erased places get the background of the pen."""
_UTF_8 = "utf-8"
_SET_BY_PYTHON = ("C.UTF-8", "C.utf8")
"""What Python itself sets LC_CTYPE to where the locale is C, or not installed."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What of all that Textual writes reaches the terminal."""

    colours: Colours = Colours.ALL
    glyphs: Glyphs = Glyphs.ALL
    encoding: str = "utf-8"
    attributes: int = BOLD | DIM | ITALIC | UNDERLINE | REVERSE | STRIKE
    """The attributes that can be seen there, and do no harm."""
    takes_commands: bool = True
    """Whether it knows clipboards and pastes; others show their codes as garbage."""
    erases_in_colour: bool = False
    """Whether what it erases gets the background of the pen (terminfo calls that bce)."""
    ground: Colour = None
    """The colour of its own background; None where nothing tells it."""


def policy_of(
    environment: Mapping[str, str] = os.environ, *, colours: str = "auto", glyphs: str = "auto"
) -> Policy:
    """What the terminal of this environment can show; `colours` and `glyphs` are values of the settings."""
    term = environment.get("TERM", "")
    codeset = _codeset(environment, term)
    encoding = _encoding(codeset)
    console = term.startswith(_PLAIN)
    attributes = BOLD | REVERSE
    if not console:
        attributes |= DIM | ITALIC | UNDERLINE | STRIKE
    elif not term.startswith("linux"):  # the console shows underlined text bright white, and dim text black
        attributes |= UNDERLINE
    return Policy(
        colours=_colours(environment, term) if colours == "auto" else _COLOURS[colours],
        glyphs=_glyphs(term, codeset, encoding) if glyphs == "auto" else Glyphs(glyphs),
        encoding=encoding,
        attributes=attributes,
        takes_commands=not console,
        # GNU screen does not, whatever TERM is set to inside it.
        erases_in_colour=term.startswith(_ERASING_IN_COLOUR) and "STY" not in environment,
        ground=_ground(environment, term),
    )


def _colours(environment: Mapping[str, str], term: str) -> Colours:
    if environment.get("NO_COLOR") or term.endswith(("-m", "-mono")) or term.startswith("vt"):
        return Colours.NONE
    # GNU screen and the console hand on a COLORTERM that is true of another terminal only.
    outer = term == "linux" or term == "screen" or term.startswith("screen.")
    if term.endswith("-direct") or (environment.get("COLORTERM") in ("truecolor", "24bit") and not outer):
        return Colours.ALL
    many = "256color" in term or term in ("xterm-kitty", "alacritty", "foot", "xterm-ghostty")
    return Colours.MANY if many else Colours.SIXTEEN


def _ground(environment: Mapping[str, str], term: str) -> Colour:
    """The kernel's console is black; rxvt, Konsole and others name the number of their background last."""
    if term.startswith("linux"):
        return 0
    number = environment.get("COLORFGBG", "").rpartition(";")[2]
    return int(number) if number.isascii() and number.isdigit() and int(number) < Colours.SIXTEEN else None


def _glyphs(term: str, codeset: str, encoding: str) -> Glyphs:
    """The kernel's console reads UTF-8 whatever the locale. Elsewhere, UTF-8 that nothing promises may reach
    an eight-bit terminal, which takes its bytes 80 to 9F for commands."""
    if encoding != _UTF_8 or term.startswith("linux"):
        return Glyphs.CONSOLE
    if codeset.replace("-", "").lower() != "utf8":
        return Glyphs.ASCII
    return Glyphs.CONSOLE if term.startswith(_PLAIN) else Glyphs.ALL


def _codeset(environment: Mapping[str, str], term: str) -> str:
    """What comes after the dot: C says nothing at all, es_ES means ISO-8859-1, and macOS says UTF-8 only."""
    names = [environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    # Where no locale is set, a terminal of today can be believed to read UTF-8; one at a serial line cannot.
    if names[1] in _SET_BY_PYTHON and (names[2] or term.startswith("vt")):
        names[1] = ""
    name = next(filter(None, names), "C")
    if name in ("C", "POSIX"):
        return name
    return locale.normalize(name).partition(".")[2].partition("@")[0] or name


def _encoding(codeset: str) -> str:
    """The locale's encoding where it is one of single bytes, else UTF-8."""
    try:
        encoding = codecs.lookup(codeset).name
        single = len(bytes(range(256)).decode(encoding, "replace")) == 256
    except LookupError:
        return _UTF_8
    return encoding if single and encoding != "ascii" else _UTF_8
