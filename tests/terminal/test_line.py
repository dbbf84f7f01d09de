"""The line to the terminal: what it costs, what happens when it stops, and how it is left."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.support.terminals import Terminal
from tests.support.windows import Terminal as Window
from tests.support.windows import terminal

ARROWS = {"down": "\x1b[B", "up": "\x1b[A"}
# As Linux consoles and VT220s send them: Shift+F1 to Shift+F8, F13 to F20, Help, Do, and an unknown one.
STRANGE_KEYS = [*(f"\x1b[{number}~" for number in (25, 26, 28, 29, 31, 32, 33, 34, 35, 99)), "\x1b[1;7x"]


@contextmanager
def at_home(bar: Terminal, term: str = "linux", size: tuple[int, int] = (80, 24)) -> Iterator[Window]:
    """The app at its home screen, with a slow line's patience for split keys."""
    environment = {"FACTORYPOS_CLOUD_URL": bar.cloud_url, "LANG": "C.UTF-8", "ESCDELAY": "400"}
    with terminal("--home", str(bar.home), term=term, size=size, environment=environment) as window:
        window.sees("F10 Quit", "all sent")
        yield window


def test_a_slow_line_carries_only_what_changes(bar: Terminal) -> None:
    with at_home(bar) as window:
        window.settles()
        assert len(window.bytes) <= 5000
        assert 0 < len(window.press("down") + window.settles()) <= 150
        window.press("4", then="delivered")
        window.settles()
        before = len(window.bytes)
        assert 0 < len(window.press("down") + window.settles()) <= 140
        window.press("escape", then="1-7")
        window.settles()
        assert len(window.bytes) - before <= 4000
        assert window.settles() == b""


def test_a_report_beside_the_queue_is_sent_once(bar: Terminal) -> None:
    with at_home(bar, size=(132, 43)) as window:
        window.press("4", then=("delivered", "Z REPORT 20"))
        window.settles()
        window.press("down", then="Z REPORT 19")
        window.settles()
        assert window.settles(2.0) == b""


@pytest.mark.parametrize("term", ["linux", "vt220"])
def test_a_list_that_scrolls_is_not_sent_again(bar: Terminal, term: str) -> None:
    with at_home(bar, term) as window:
        window.press("4", then="delivered")
        window.settles()
        for key in ("down", "up"):
            window.press(ARROWS[key] * 9)
            window.settles()
            in_view, said = numbers(window), b""
            while numbers(window) == in_view:
                said = window.press(key) + window.settles()
            assert 0 < len(said) <= 300


def numbers(window: Window) -> list[int]:
    """The Z numbers in view."""
    rows = (line[2:].split() for line in window.screen.split("\n") if line[:3] in (" Z ", ">Z "))
    return [int(cells[0]) for cells in rows if cells[0].isdecimal()]


@pytest.mark.parametrize("term", ["linux", "vt220"])
def test_the_cursor_of_a_list_is_seen_without_colours(bar: Terminal, term: str) -> None:
    with at_home(bar, term) as window:
        window.press("4", then=(">Z", "delivered"))
        assert bar_of(window).startswith(">Z")
        window.press("/", then="Down List")
        window.settles()
        assert bar_of(window) == ""  # the field has the keys
        assert window.screen.count("\n>Z") == 1  # but the row it is about is still pointed at


def bar_of(window: Window) -> str:
    """What is shown in reverse from the left edge of the list on."""
    places = window.places()
    lines = [places[start : start + 80] for start in range(0, len(places), 80)]
    barred = next((line for line in lines if line[0].data == ">" and line[0].reverse), [])
    return "".join(place.data for place in barred if place.reverse)


def test_reports_go_on_being_delivered_while_the_line_hangs(bar: Terminal) -> None:
    with at_home(bar) as window:
        window.hold()
        window.press_in_vain("4")
        bar.run("till", "sale", "--item", "CAFE")
        bar.run("till", "close")
        number = bar.json("till", "status")["last_z_number"]
        assert any(bar.json("status")["last_z"]["delivered_at"] for _ in range(30)), "not delivered"
        window.release()
        window.sees(f"last Z {number} sent", f"Z {number}", "delivered")
        window.press("f10")
        assert window.ends() == 0


def test_a_program_whose_terminal_hangs_ends_when_asked_to(bar: Terminal) -> None:
    with at_home(bar) as window:
        window.hold()
        window.press_in_vain("f1")
        window.terminate()
        assert window.ends() == 0
        window.release()


def test_keys_of_other_terminals_are_no_letters(bar: Terminal) -> None:
    with at_home(bar, term="vt220") as window:
        window.settles()
        before = window.screen
        for key in STRANGE_KEYS:
            window.send(key.encode())
        window.settles()
        assert window.screen == before
        for part in ("\x1b", "[", "20", "~"):  # F9, a piece at a time
            window.send(part.encode())
        window.sees("Find", "Do it")


@pytest.mark.parametrize("lang", ["es_ES.ISO-8859-1", "es_ES.UTF-8"])
def test_latin_1_from_the_keyboard_arrives(bar: Terminal, lang: str) -> None:
    environment = {"FACTORYPOS_CLOUD_URL": bar.cloud_url, "LANG": lang}
    with terminal("--home", str(bar.home), term="linux", environment=environment) as window:
        if "8859" in lang:
            window.use_latin_1()
        window.sees("F10 Salir", "todo enviado", "Sincronización")
        window.press("f9", then=("Menú", "Hacerlo"))
        window.send("sesión ñ".encode("latin-1"))
        window.sees("sesión ñ")


def test_times_are_those_of_the_till_wherever_the_machine_says_it_is(bar: Terminal) -> None:
    environment = {"FACTORYPOS_CLOUD_URL": bar.cloud_url, "LANG": "C.UTF-8", "TZ": "Pacific/Auckland"}
    last = bar.json("status")["last_z"]
    sent = datetime.fromisoformat(last["delivered_at"]).astimezone(ZoneInfo("Europe/Madrid"))
    with terminal("--home", str(bar.home), term="linux", environment=environment) as window:
        window.sees(f"last Z {last['number']} sent {sent:%H:%M}")


@pytest.mark.parametrize("leave", ["f10", "sigterm", "ctrl+c, then f10"])
def test_the_terminal_is_as_it_was(bar: Terminal, leave: str) -> None:
    with at_home(bar) as window:
        if leave == "sigterm":
            window.terminate()
        elif leave == "f10":
            window.press("f10")
        else:
            window.press("\x03", then="F10 leaves")
            window.press("f10")
        assert window.ends() == 0
        assert window.is_as_it_was
        assert window.screen.strip() == ""  # a terminal with one screen only: the prompt finds it empty
        sent = window.bytes
        for on, off in (
            (b"\x1b[?25l", b"\x1b[?25h"),
            (b"\x1b[?7l", b"\x1b[?7h"),
            (b"\x1b[?1049h", b"\x1b[?1049l"),
        ):
            assert sent.rfind(off) > sent.rfind(on) >= 0
        assert b"\x1b[?1000h" not in sent


def test_a_hang_up_ends_the_program(bar: Terminal) -> None:
    with at_home(bar) as window:
        assert window.hang_up() in (0, -signal.SIGHUP)
    assert bar.json("status")["worker"]["running"] is False
