"""Text from outside can do nothing to a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.text import plain


@given(st.text(alphabet=st.characters(categories=None, codec=None)), st.integers(1, 50))
def test_plain_text_is_one_line_that_can_be_shown(text: str, limit: int) -> None:
    line = plain(text, limit)
    assert len(line) <= limit
    assert all(c.isprintable() or c in "\u200c\u200d" for c in line.replace(" ", ""))
    line.encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Café Ñandú 東京 👩\u200d🍳", "Café Ñandú 東京 👩\u200d🍳"),
        ("\x1b]0;owned\x07Bar", "]0;ownedBar"),
        ("two\r\nlines\tand tabs", "two lines and tabs"),
        ("abc\u202etxt.exe", "abctxt.exe"),
        ("lone \udc80 surrogate", "lone  surrogate"),
        ("x" * 600, "x" * 499 + "…"),
    ],
)
def test_what_people_write_stays_and_what_terminals_obey_goes(text: str, shown: str) -> None:
    assert plain(text) == shown
