"""What keyboards send, and what the app takes it for."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from factorypos_tui.tui.terminal.keyboard import Keyboard


def keys(messages: Iterable[Message]) -> list[str]:
    return [message.key for message in messages if isinstance(message, events.Key)]


def letters(messages: Iterable[Message]) -> str:
    return "".join(message.character or "" for message in messages if isinstance(message, events.Key))


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        (b"\x1b[[A", "f1"),
        (b"\x1bOP", "f1"),
        (b"\x1b[20~", "f9"),
        (b"\x1b[A", "up"),
        (b"\x1b[Z", "shift+tab"),
        (b"\x1b[31~", "f17"),
        (b"\x9b20~", "f9"),
        (b"\x8fP", "f1"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "iso8859-1"])
def test_a_key_is_a_key_whole_or_in_pieces(sent: bytes, key: str, encoding: str) -> None:
    assert keys(Keyboard(encoding).typed(sent)) == [key]
    keyboard = Keyboard(encoding)
    assert [name for byte in sent for name in keys(keyboard.typed(bytes([byte])))] == [key]
    assert not keyboard.is_waiting


@pytest.mark.parametrize("sequence", ["\x1b[99~", "\x1b[1;7x", "\x1bOz", "\x1b[[H", "\x1b[?1;2c", "\x1b[P"])
def test_a_key_that_nobody_knows_is_no_letter(sequence: str) -> None:
    keyboard = Keyboard("utf-8")
    assert letters(keyboard.typed(sequence.encode())) == ""
    assert letters(keyboard.typed(b"x")) == "x"


@pytest.mark.parametrize("text", ["señal ¿Ñandú?", "漢字"])
def test_utf_8_arrives_however_it_is_cut(text: str) -> None:
    keyboard = Keyboard("utf-8")
    assert "".join(letters(keyboard.typed(bytes([byte]))) for byte in text.encode()) == text


def test_latin_1_arrives_in_its_locale_and_where_utf_8_was_expected() -> None:
    assert letters(Keyboard("iso8859-1").typed("año ¿".encode("latin-1"))) == "año ¿"
    keyboard = Keyboard("utf-8")
    assert letters(keyboard.typed("añ".encode("latin-1"))) == "a"
    assert keyboard.is_waiting
    assert letters(keyboard.nothing_followed()) == "ñ"
    assert letters(keyboard.typed("ño".encode("latin-1"))) == "ño"


@given(st.lists(st.binary(max_size=12), max_size=5), st.sampled_from(["utf-8", "iso8859-1"]))
def test_no_bytes_whatever_break_it(noise: list[bytes], encoding: str) -> None:
    keyboard = Keyboard(encoding)
    for piece in noise:
        keyboard.typed(piece)
        keyboard.nothing_followed()
