"""Text from outside can do nothing to a terminal."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.language.text import escaped, harmless, one_line, plain

_ANY = st.text(alphabet=st.characters(categories=None, codec=None))
_MAY_STAY = "\n\u200c\u200d"


@given(_ANY, st.integers(1, 50))
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


def test_lines_and_columns_of_a_text_stay() -> None:
    assert harmless("Bar\x1b]52;c;eA==\x07 \u202edlo\x9b2J\u2028\ud800\r\x00") == "Bar]52;c;eA== dlo2J "
    assert harmless("Café 東京 👩\u200d🍳\n  two\tthree") == "Café 東京 👩\u200d🍳\n  two three"


def test_a_name_cannot_pass_for_a_line_of_ours() -> None:
    assert one_line("Bar\nLink: Online") == "Bar Link: Online"


@given(_ANY)
def test_nothing_that_moves_turns_or_hides_is_left(text: str) -> None:
    assert all(c in _MAY_STAY or unicodedata.category(c)[0] != "C" for c in harmless(text))


@given(st.dictionaries(_ANY, _ANY))
def test_escaped_json_says_the_same(document: dict[str, str]) -> None:
    line = escaped(json.dumps(document, ensure_ascii=False))
    assert json.loads(line) == json.loads(json.dumps(document))
    assert all(c in _MAY_STAY or unicodedata.category(c)[0] != "C" for c in line)
