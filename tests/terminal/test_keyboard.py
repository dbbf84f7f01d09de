"""What keyboards send, and what the app takes it for."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from factorypos_tui.tui.tty.keyboard import Keyboard
from factorypos_tui.tui.tty.sifting import LONGEST_PASTE


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


ANSWERS = [
    b"\x1b]11;rgb:7272/7777/2222\x1b\\",
    b"\x1b]11;rgb:7272/7777/2222\x07",
    b"\x1bP>|XTerm(777)\x1b\\",
    b"\x1bP1+r544e=787465726d\x1b\\",
    b"\x1b_Gi=72;OK\x1b\\",
    b"\x1b^72\x1b\\",
    b"\x1bX72\x1b\\",
    b"\x9d11;rgb:7272\x9c",
    b"\x90>|7\x9c",
    b"\x13\x11",
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_a_terminal_says_of_itself_is_no_typing_whole_or_in_pieces(answer: bytes) -> None:
    keyboard = Keyboard("iso8859-1")
    assert keyboard.typed(answer) == []
    assert letters(keyboard.typed(b"x")) == "x"
    assert [message for byte in answer for message in keyboard.typed(bytes([byte]))] == []
    assert letters(keyboard.typed(b"x")) == "x"


@pytest.mark.parametrize(
    "beginning",
    [*(answer[:4] for answer in ANSWERS[:7]), pytest.param(b"\x1b]" + b"7" * 100_000, id="endless")],
)
def test_an_answer_without_an_end_does_not_take_the_keyboard_along(beginning: bytes) -> None:
    keyboard = Keyboard("utf-8")
    assert keyboard.typed(beginning) == []
    assert keyboard.nothing_followed() == []
    assert keys(keyboard.typed(b"7\x1b[21~")) == ["7", "f10"]


def test_a_key_that_cannot_belong_to_an_answer_ends_it() -> None:
    keyboard = Keyboard("utf-8")
    assert keys(keyboard.typed(b"\x1b]77\x1b[21~7")) == ["f10", "7"]
    assert keys(keyboard.typed(b"\x1bP77\r7")) == ["7"]


def test_a_paste_is_one_piece_however_it_is_cut() -> None:
    paste = "\x1b[200~añil 7\r\x1b[A\x1b[201~".encode()
    whole, keyboard = Keyboard("utf-8").typed(paste), Keyboard("utf-8")
    cut = [message for byte in paste for message in keyboard.typed(bytes([byte]))]
    for pasted in (whole, cut):
        assert [message.text for message in pasted if isinstance(message, events.Paste)] == ["añil 7\r\x1b[A"]
        assert len(pasted) == 1


def test_a_paste_without_an_end_was_typed() -> None:
    keyboard = Keyboard("utf-8")
    assert keyboard.typed(b"\x1b[200~\x1b[200~7\x1b[21~") == []
    assert keys(keyboard.nothing_followed()) == ["7", "f10"]
    assert keys(keyboard.typed(b"7\x1b[21~")) == ["7", "f10"]
    assert not keyboard.is_waiting


def test_of_an_endless_paste_only_so_much_is_kept() -> None:
    keyboard = Keyboard("utf-8")
    for data in (b"\x1b[200~", *[b"7" * 4096] * 100):
        assert keyboard.typed(data) == []
    (paste,) = keyboard.typed(b"\x1b[201~")
    assert isinstance(paste, events.Paste)
    assert len(paste.text) <= LONGEST_PASTE
    assert letters(keyboard.typed(b"x")) == "x"


@given(st.lists(st.binary(max_size=12), max_size=5), st.sampled_from(["utf-8", "iso8859-1"]))
def test_no_bytes_whatever_break_it(noise: list[bytes], encoding: str) -> None:
    keyboard = Keyboard(encoding)
    for piece in noise:
        keyboard.typed(piece)
        keyboard.nothing_followed()
