"""QR codes as lines of half blocks, two modules a place. Pure."""

from collections.abc import Iterator
from itertools import zip_longest
from urllib.parse import urlsplit

from factorypos_tui.core.answers import PhoneCode

_QUIET = 4
"""The light modules around, as the standard wants them."""


def scanned(code: PhoneCode) -> str:
    """What a QR code holds: in capitals where the address allows that, since letters take less room then."""
    return code.direct.upper() if urlsplit(code.address).path == "/d" else code.direct


def qr_lines(text: str, most: int, *, is_ink_light: bool) -> list[str]:
    """The lines of a QR code; none where it takes more than `most`. `is_ink_light`: what is written is
    lighter than the ground that it is written on."""
    import segno  # no other screen needs it

    modules = [list(row) for row in segno.make_qr(text, error="l").matrix_iter(border=_QUIET)]
    light = [0] * len(modules)
    pairs = zip_longest(modules[::2], modules[1::2], fillvalue=light)
    lines = ["".join(_places(upper, lower, is_ink_light)) for upper, lower in pairs]
    return lines if len(lines) <= most else []


def _places(upper: list[int], lower: list[int], is_ink_light: bool) -> Iterator[str]:
    for above, below in zip(upper, lower, strict=True):
        yield " ▄▀█"[2 * (bool(above) is not is_ink_light) + (bool(below) is not is_ink_light)]
