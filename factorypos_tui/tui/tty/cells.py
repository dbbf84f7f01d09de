"""What one place of the screen holds, and the codes for its look."""

from functools import lru_cache
from typing import NamedTuple, TypeAlias

BOLD, DIM, ITALIC, UNDERLINE, BLINK, REVERSE, STRIKE, CONCEAL = (1 << bit for bit in range(8))
_SWITCHES = {BOLD: (1, 22), DIM: (2, 22), ITALIC: (3, 23), UNDERLINE: (4, 24), BLINK: (5, 25)} | {
    REVERSE: (7, 27),
    STRIKE: (9, 29),
}
"""Attribute -> the codes that switch it on and off; a concealed letter is sent as a blank."""
INK_ON_BLANKS = UNDERLINE | REVERSE | STRIKE
"""The attributes that can be seen even without a letter."""

Colour: TypeAlias = int | tuple[int, int, int] | None
"""A number of the terminal's palette, red-green-blue, or None: the terminal's own."""


class Look(NamedTuple):
    """Colours and attributes of a cell."""

    foreground: Colour = None
    background: Colour = None
    attributes: int = 0


class Cell(NamedTuple):
    """A letter with the marks that combine with it, in its look; no text at all right of a wide letter."""

    text: str
    look: Look


PLAIN = Look()
BLANK = Cell(" ", PLAIN)
Row: TypeAlias = list[Cell]


def shows_as(pen: Look, cell: Cell) -> bool:
    """Whether a cell written with this pen looks as it should: the ink of a blank does not matter."""
    text, look = cell
    return pen == look or (
        text == " "
        and pen.background == look.background
        and not (look.attributes | pen.attributes) & INK_ON_BLANKS
    )


def pen_for(pen: Look, cell: Cell) -> tuple[Look, str]:
    """The pen for a cell, and the fewest codes from this pen to that one."""
    if shows_as(pen, cell):
        return pen, ""
    wanted = cell.look
    if cell.text == " " and not wanted.attributes & INK_ON_BLANKS:
        kept = Look(pen.foreground, wanted.background, pen.attributes & ~INK_ON_BLANKS)
        plain = Look(None, wanted.background)
        wanted = min(kept, plain, key=lambda look: len(select(pen, look)))
    return wanted, select(pen, wanted)


@lru_cache(maxsize=4096)
def select(pen: Look, wanted: Look) -> str:
    """The shortest sequence from one look to another."""
    if pen == wanted:
        return ""
    gone = pen.attributes & ~wanted.attributes
    kept = pen.attributes & wanted.attributes
    if gone & (BOLD | DIM):
        kept &= ~(BOLD | DIM)  # one code ends both
    codes = list(dict.fromkeys(off for bit, (_on, off) in _SWITCHES.items() if gone & bit))
    step = ";".join([*map(str, codes), *_codes(Look(pen.foreground, pen.background, kept), wanted)])
    from_plain = ";".join(["", *_codes(PLAIN, wanted)])
    return f"\x1b[{min(from_plain, step, key=len)}m"


def _codes(pen: Look, wanted: Look) -> list[str]:
    """The codes that add attributes and change colours."""
    added = wanted.attributes & ~pen.attributes
    codes = [str(on) for bit, (on, _off) in _SWITCHES.items() if added & bit]
    if wanted.foreground != pen.foreground:
        codes.append(_colour_code(wanted.foreground, 30))
    if wanted.background != pen.background:
        codes.append(_colour_code(wanted.background, 40))
    return codes


def _colour_code(colour: Colour, base: int) -> str:
    if colour is None:
        return str(base + 9)
    if isinstance(colour, tuple):
        return f"{base + 8};2;" + ";".join(map(str, colour))
    if colour < 8:
        return str(base + colour)
    return str(base + 60 + colour - 8) if colour < 16 else f"{base + 8};5;{colour}"
