"""The program on a real terminal, in a process of its own: what pictures and pilots cannot show."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from factorypos_tui.core.storage.facts import keep_fact
from factorypos_tui.core.storage.sync_db import open_sync_db
from tests.support.forked import run_forked
from tests.support.windows import Terminal, terminal

_BUG = """
from factorypos_tui.cli.main import main
from factorypos_tui.tui.app import FactoryPosApp

def stumble(app):
    password = "a secret that no screen may show"
    raise ZeroDivisionError("provoked")

FactoryPosApp.action_help = stumble
main()
"""

_ENDED_AT_ONCE = """
import os
from factorypos_tui.cli.main import main
from factorypos_tui.tui.tty.driver import TerminalDriver

take_over = TerminalDriver.start_application_mode
def take_over_and_be_ended(driver):
    take_over(driver)
    os.kill(os.getpid(), {number})

TerminalDriver.start_application_mode = take_over_and_be_ended
main()
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of a terminal with a till, not logged in anywhere; its operator has been welcomed."""
    folder = tmp_path / "home"
    run("--home", str(folder), "till", "init", "--catalogue", "demo")
    database = open_sync_db(folder / "sync.db")
    keep_fact(database, "welcomed", "yes")
    database.close()
    return folder


def run(*arguments: str) -> None:
    """Run a command in another process, to its end."""
    assert run_forked(arguments).returncode == 0


def left_as_it_was(window: Terminal) -> bool:
    """Whether the program has left the alternate screen and shows the cursor again."""
    said = window.bytes
    return said.rfind(b"\x1b[?1049l") > said.rfind(b"\x1b[?1049h") >= 0 and said.rfind(
        b"\x1b[?25h"
    ) > said.rfind(b"\x1b[?25l")


@pytest.mark.parametrize("term", ["xterm-256color", "linux", "vt220"])
def test_sales_and_closes_of_another_process_show_up_by_themselves(home: Path, term: str) -> None:
    with terminal("--home", str(home), term=term) as window:
        window.sees("FactoryPOS » FactoryCLOUD", "0 receipts", "Enter Choose")
        run("--home", str(home), "till", "sale", "--item", "CAFE")
        window.sees("1 receipt ")
        run("--home", str(home), "till", "close")
        window.sees("0 receipts")
        window.press("f10")
        assert window.ends() == 0
        assert left_as_it_was(window)


def test_sigterm_leaves_the_terminal_as_it_was(home: Path) -> None:
    with terminal("--home", str(home)) as window:
        window.sees("Enter Choose")
        window.terminate()
        assert window.ends() == 0
        assert left_as_it_was(window)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_it_starts_leaves_the_terminal_as_it_was(home: Path, number: signal.Signals) -> None:
    with terminal("--home", str(home), code=_ENDED_AT_ONCE.format(number=int(number))) as window:
        assert window.ends() == 0
        assert left_as_it_was(window)
        assert window.is_as_it_was


def test_it_speaks_the_language_of_the_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    with terminal("--home", str(home)) as window:
        window.sees("Sincronización", "1 Cuenta", "F10 Salir")


def test_the_demo_sells_delivers_and_ends_at_once(tmp_path: Path) -> None:
    with terminal("--home", str(tmp_path / "demo"), "demo") as window:
        window.sees("Bar Maritim - Terminal 01", "demo@example.com", "last Z 14 sent", "all sent")
        window.sees("Net ", "█")
        page = re.search(rb"owner's page is (\S+)\. Log in there as demo@example\.com", window.bytes)
        assert page
        assert httpx.get(page[1].decode(), follow_redirects=True, trust_env=False).url.path == "/login"
        window.press("4", then=("delivered", "Sent"))
        window.press("f10")
        assert window.ends() == 0
        assert left_as_it_was(window)


def test_a_bug_shows_no_secret_and_no_traceback_and_is_in_the_log(home: Path) -> None:
    with terminal("--home", str(home), code=_BUG) as window:
        window.sees("Enter Choose")
        window.press("f1")
        assert window.ends() == 1
        assert left_as_it_was(window)
        assert b"Nothing is lost" in window.bytes
        for unwanted in (b"secret", b"Traceback", b"provoked", b"stumble"):
            assert unwanted not in window.bytes
    log = "".join(file.read_text("utf-8") for file in (home / "logs").iterdir())
    assert "ZeroDivisionError" in log
    assert "a secret" not in log


def test_a_dumb_terminal_is_told_that_it_cannot_show_it(home: Path) -> None:
    with terminal("--home", str(home), term="dumb") as window:
        assert window.ends() == 7
        assert "TERM is not set, or dumb" in " ".join(window.screen.split())
        assert "TERM=xterm-256color" in "".join(window.screen.split())
        assert b"\x1b[?1049h" not in window.bytes


@pytest.mark.parametrize("size", [(79, 24), (80, 21), (20, 5)])
def test_a_terminal_that_is_too_small_is_told_so_at_the_start_and_works_when_it_is_larger(
    home: Path, size: tuple[int, int]
) -> None:
    with terminal("--home", str(home), size=size) as window:
        window.sees("80x22", "{}x{}".format(*size), "F10 leaves")
        assert "Synchronization" not in window.screen
        window.resize(80, 22)
        window.sees("Synchronization", "F10 Quit")
        window.press("f10")
        assert window.ends() == 0


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LANG": "C"}, {}])
def test_a_serial_terminal_that_nothing_is_known_of_gets_plain_ascii(
    home: Path, monkeypatch: pytest.MonkeyPatch, locale: dict[str, str]
) -> None:
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    with terminal("--home", str(home), term="vt220", environment={"LANGUAGE": "es", **locale}) as window:
        window.sees("F10", "+- ")
        window.press("f1")
        window.settles()
        window.press("f10")
        assert window.ends() == 0
        assert window.bytes.isascii()


def test_a_serial_line_that_knows_no_size_has_the_usual_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    with terminal("--home", str(home), term="vt220", size=(0, 0)) as window:
        window.sees("FactoryPOS » FactoryCLOUD", "F10 Quit")
        window.press("f10")
        assert window.ends() == 0


def test_without_a_terminal_it_points_at_the_commands(home: Path) -> None:
    command = [sys.executable, "-m", "factorypos_tui", "--home", str(home)]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert run.returncode == 7
    assert f"use the commands: factorypos-tui --home {home} --help" in run.stderr


@pytest.mark.parametrize("redirected", ["</dev/null", "| cat", ">/dev/null", "2>/dev/null"])
def test_half_a_terminal_is_none(home: Path, redirected: str) -> None:
    line = f"set -o pipefail; '{sys.executable}' -m factorypos_tui {redirected}; echo ended with $?"
    shell = f"import os; os.execvp('bash', ['bash', '-c', {line!r}])"
    with terminal(code=shell) as window:
        window.sees("ended with 7")
        assert window.ends() == 0
        assert b"\x1b[" not in window.bytes


@pytest.mark.parametrize("term", ["xterm-256color", "linux"])
def test_without_colours_nothing_is_painted_on_its_own_colour(
    home: Path, monkeypatch: pytest.MonkeyPatch, term: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with terminal("--home", str(home), term=term) as window:
        window.sees("FactoryPOS » FactoryCLOUD", "Enter Choose")
        window.press("f10")
        assert window.ends() == 0
        codes = {
            code
            for sequence in re.findall(rb"\x1b\[([0-9;]*)m", window.bytes)
            for code in sequence.split(b";")
        }
    assert codes <= {b"", b"0", b"1", b"2", b"4", b"7", b"22", b"24", b"27", b"39", b"49"}
