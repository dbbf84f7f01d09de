"""Which keys were pressed one at a time, and which came together."""

from collections.abc import Iterable, Sequence

import pytest
from textual.events import Key
from textual.message import Message

from factorypos_tui.tui.tty.bursts import Bursts, Typed
from factorypos_tui.tui.tty.keyboard import Keyboard

PAUSE = b""
SCANS = {
    "in one read": [b"7222222222222\r"],
    "a key a read": [bytes([byte]) for byte in b"7222222222222\r"],
    "cut anywhere": [b"7", b"22", b"2222222222", b"\r"],
    "after an arrow": [b"\x1b[B", b"7\r"],
    "before an arrow": [b"7", b"\x1b[B"],
    "with a line feed": [b"7", b"\r\n"],
    "behind a paste": [b"\x1b[200~7\x1b[201~", b"7"],
    "with half a key": [b"7", b"\x1b", b"[", b"B"],
}


def told(reads: Iterable[bytes]) -> list[Typed]:
    """What the keys in these reads are, with a pause where there is an empty one."""
    keyboard, bursts = Keyboard("utf-8"), Bursts()
    messages: list[Message] = []
    for data in reads:
        messages += bursts.typed(keyboard.typed(data)) if data else bursts.paused()
    return [message for message in messages if isinstance(message, Typed)]


@pytest.mark.parametrize("reads", SCANS.values(), ids=SCANS)
def test_keys_without_a_pause_between_them_are_a_burst(reads: Sequence[bytes]) -> None:
    found = told([*reads, PAUSE])
    letters = [typed for typed in found if isinstance(typed.event, Key) and typed.event.character]
    assert letters
    assert all(typed.of_burst for typed in letters)


def test_a_key_between_two_pauses_is_one() -> None:
    single = told([b"7", PAUSE, b"\r", PAUSE, b"\x1b[B", PAUSE, "ñ".encode(), PAUSE])
    assert [typed.of_burst for typed in single] == [False] * 4


def test_the_order_of_all_keys_is_kept() -> None:
    reads = [b"7", b"\x15", b"ab\x7f", PAUSE, b"\t", b"\x1b[20~", PAUSE, b"x"]
    names = [typed.event.key for typed in told([*reads, PAUSE]) if isinstance(typed.event, Key)]
    assert names == ["7", "ctrl+u", "a", "b", "backspace", "tab", "f9", "x"]


def test_a_key_that_makes_no_letter_waits_for_nothing() -> None:
    assert [typed.of_burst for typed in told([b"\x1b[B"])] == [False]
    assert told([b"7"]) == []
