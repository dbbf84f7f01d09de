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

_OF_THE_TERMINAL = 16

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


def is_blank(cell: Cell) -> bool:
    """Whether nothing is seen of it but its background."""
    return cell.text == " " and not cell.look.attributes & INK_ON_BLANKS


@lru_cache(maxsize=4096)
def seen(look: Look) -> Look:
    """The look without reverse, where it is the same as other colours: two shades that change places."""
    ink, ground, attributes = look
    if attributes & (REVERSE | DIM) == REVERSE and _is_shade(ink) and _is_shade(ground):
        return Look(ground, ink, attributes & ~REVERSE)
    return look


def _is_shade(colour: Colour) -> bool:
    """Whether all terminals show it alike; bold letters change the first sixteen on some."""
    return isinstance(colour, tuple) or (colour is not None and colour >= _OF_THE_TERMINAL)


@lru_cache(maxsize=4096)
def shows_as(pen: Look, cell: Cell) -> bool:
    """Whether a cell written with this pen looks as it should: the ink of a blank does not matter."""
    shown = seen(pen)
    return shown == cell.look or (
        is_blank(cell) and shown.background == cell.look.background and not shown.attributes & INK_ON_BLANKS
    )


@lru_cache(maxsize=4096)
def pen_for(pen: Look, cell: Cell, blank: Cell) -> tuple[Look, str]:
    """The pen for a cell, as `seen` shows it, and the fewest codes from this pen to that one.

    On the ground of `blank` no pen is reversed, since blanks like that are erased with it."""
    if shows_as(pen, cell):
        return pen, ""
    ink, ground, attributes = cell.look
    pens = [cell.look, Look(ground, ink, attributes ^ REVERSE)]
    if is_blank(cell):
        kept = pen.attributes & ~INK_ON_BLANKS
        pens += [Look(pen.foreground, ground, kept), Look(ground, pen.background, kept | REVERSE)]
    if ground == blank.look.background:
        pens = [it for it in pens if it == cell.look or not it.attributes & REVERSE]
    wanted = min((it for it in pens if shows_as(it, cell)), key=lambda it: len(select(pen, it)))
    return wanted, select(pen, wanted)


def pen_to_erase(pen: Look, blank: Cell) -> Look:
    """The pen that leaves blanks like this one where it erases: terminals differ in what reverse does
    there."""
    ground = blank.look.background
    kept = Look(pen.foreground, ground, pen.attributes & ~INK_ON_BLANKS)
    return min(kept, Look(None, ground), key=lambda it: len(select(pen, it)))


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
