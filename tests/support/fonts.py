"""The fonts that a terminal may have, and how full the steps of a bar look in them."""

from factorypos_tui.tui.charts import ACROSS, SHADED, UPWARDS
from factorypos_tui.tui.tty.glyphs import shown
from factorypos_tui.tui.tty.policy import Glyphs

SETS = (
    (Glyphs.ALL, "utf-8"),
    (Glyphs.ALL, "iso8859-1"),
    (Glyphs.CONSOLE, "utf-8"),
    (Glyphs.CONSOLE, "iso8859-1"),
    (Glyphs.ASCII, "utf-8"),
)
_LADDER = " ._:=░▒#█"
"""What a step of a bar may become, the faintest first."""


def ink(step: str, glyphs: Glyphs, encoding: str) -> int:
    """How much of a cell a step of a bar fills there."""
    steps = next((steps for steps in (ACROSS, UPWARDS, SHADED) if step in steps), _LADDER)
    letter = shown(step, glyphs, encoding)
    return steps.index(letter) if glyphs is Glyphs.ALL and encoding == "utf-8" else _LADDER.index(letter)
