"""Every glyph that the product shows has an equivalent in every font and encoding."""

import ast
import html
import re
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path

import pytest
from rich.cells import cell_len

import factorypos_tui
from factorypos_tui.tui.charts import ACROSS, SHADED, UPWARDS
from factorypos_tui.tui.tty.glyphs import CONSOLE, shown
from factorypos_tui.tui.tty.policy import Glyphs
from tests.support.fonts import SETS, ink

PACKAGE = Path(factorypos_tui.__file__).parent
PICTURES = PACKAGE.parent / "snapshots"


def written() -> Iterator[str]:
    """The texts in the code of screens and core, those in Spanish, and the symbols of the pictures."""
    for wing in ("tui", "core"):
        for file in (PACKAGE / wing).rglob("*.py"):
            if file.parent.name != "tty":  # which tells what terminals have
                yield from _texts(ast.parse(file.read_text("utf-8")))
    yield (PACKAGE / "locale/es/LC_MESSAGES/factorypos.po").read_text("utf-8")
    for picture in PICTURES.rglob("*.svg"):
        # letters and pictures beyond these are names from outside
        yield "".join(re.findall("[\u2000-\u25ff]", html.unescape(picture.read_text("utf-8"))))


def _texts(tree: ast.AST) -> Iterator[str]:
    documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value


def test_every_glyph_of_the_product_has_an_equivalent_on_every_terminal() -> None:
    letters = {letter for text in written() for letter in text if not letter.isascii()}
    glyphs = {letter for letter in letters if cell_len(letter)} - {"¿"}  # which ? is right for
    assert {*"■─█▁▏"} <= glyphs
    missing = [
        (letter, *where) for letter, where in product(sorted(glyphs), SETS) if shown(letter, *where) == "?"
    ]
    assert not missing


@pytest.mark.parametrize(("glyphs", "encoding"), SETS)
@pytest.mark.parametrize("steps", [ACROSS, UPWARDS, SHADED])
def test_a_fuller_step_of_a_bar_never_looks_emptier(steps: str, glyphs: Glyphs, encoding: str) -> None:
    inks = [ink(step, glyphs, encoding) for step in steps]
    assert all(fainter <= fuller for fainter, fuller in pairwise(inks))
    assert inks[0] < inks[1] <= inks[-1]


def test_a_console_has_a_bar_of_several_steps() -> None:
    assert "".join(shown(step, Glyphs.CONSOLE) for step in UPWARDS) == " __▒▒▒███"
    assert "".join(shown(step, Glyphs.CONSOLE) for step in ACROSS) == " ░░░▒▒▒██"
    assert "".join(shown(step, Glyphs.ASCII) for step in UPWARDS) == " __===###"
    assert "".join(shown(step, Glyphs.ASCII) for step in ACROSS) == " :::#####"
    assert "".join(shown(mark, Glyphs.CONSOLE) for mark in "●▲○▶·→■─") == "•▲o>·→■─"
    assert set("•▲·→■─░▒█") <= CONSOLE
