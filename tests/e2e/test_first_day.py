"""The first day with FactoryCLOUD, by keyboard alone: real server, real engine, real terminal."""

import email
import re
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from tests.support.terminals import PASSWORD, Terminal, serve_cloud
from tests.support.windows import Terminal as Window
from tests.support.windows import terminal

EMAIL = "ana@example.com"
_SHORT_PAUSE_S = 0.3
NEW_PASSWORD = "quite another secret"


def till_in(home: Path, cloud_url: str) -> Terminal:
    """A till that has closed one day, and whose operator has no account at FactoryCLOUD."""
    till = Terminal(home, cloud_url)
    till.run("till", "init", "--catalogue", "demo")
    till.run("till", "sale", "--item", "CAFE")
    till.run("till", "close")
    return till


def fill_in(window: Window, *answers: str) -> None:
    """Answer field by field, as a person types: an Enter that comes with other keys sends no form."""
    for answer in answers:
        if answer:
            window.press(answer)
            window.settles(_SHORT_PAUSE_S)
        window.press("enter")
        window.settles(_SHORT_PAUSE_S)


def register(window: Window) -> None:
    """From the welcome: a new user."""
    window.sees("Welcome to FactoryCLOUD", "1 Log in", "Enter Choose")
    window.press("1", then=("Log in to FactoryCLOUD", "F6 Register"))
    window.press(EMAIL)
    window.press("f6", then=("Your name", "New password again", EMAIL))
    fill_in(window, "Ana Núñez", PASSWORD, PASSWORD)
    window.sees("2 Assign business", EMAIL)


@pytest.mark.parametrize("term", ["xterm-256color", "linux"])
def test_from_nothing_to_the_first_delivered_z(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, term: str
) -> None:
    with serve_cloud(tmp_path / "cloud") as address:
        monkeypatch.setenv("FACTORYPOS_CLOUD_URL", address)
        till = till_in(tmp_path / "till", address)
        with terminal("--home", str(till.home), term=term) as window:
            register(window)
            window.press("2", then="This account has no company yet.")
            window.press("enter", then=("Create new company", "ES", "EUR"))
            fill_in(window, "Marítim SL", "", "", "")
            window.sees("This company has no store yet.")
            window.press("f6", then=("Create new store", "Europe/Madrid"))
            fill_in(window, "Bar Marítim", "Calle Mayor 1", "")
            window.sees("Bar Marítim (Marítim SL).", "1 closed Z report,", "1 Send it")
            window.press("1", then=("last Z 1 sent", "all sent", "Bar Marítim - "))
            till.run("till", "sale", "--item", "CAFE")
            till.run("till", "close")
            window.sees("last Z 2 sent")
            window.press("f10")
            assert window.ends() == 0
            assert PASSWORD.encode() not in window.bytes
        status = till.json("status")
        assert (status["store"]["name"], status["queue"]["delivered"]) == ("Bar Marítim", 2)


def test_a_lost_password_is_replaced_with_the_code_from_the_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_cloud(tmp_path / "cloud") as address:
        monkeypatch.setenv("FACTORYPOS_CLOUD_URL", address)
        till = till_in(tmp_path / "till", address)
        till.run("register", "--email", EMAIL, "--name", "Ana", "--password-stdin", stdin=PASSWORD)
        till.run("disconnect", "--yes")
        with terminal("--home", str(till.home)) as window:
            window.sees("Enter Choose")
            window.press("1", then="F8 Recover")
            window.press(EMAIL)
            window.press("f8", then="Send instructions")
            window.press("enter", then=("a mail is on its way there", "Code from the mail"))
            fill_in(window, "mistyped", NEW_PASSWORD, NEW_PASSWORD)
            window.sees("This is not, or no longer, the code.")
            fill_in(window, code_of_the_mail(tmp_path / "cloud"), "", "")
            window.sees("2 Assign business", EMAIL)
            window.press("f10")
            assert window.ends() == 0
        till.run("login", "--email", EMAIL, "--password-stdin", stdin=NEW_PASSWORD)


def code_of_the_mail(cloud: Path) -> str:
    """The code in the one mail that FactoryCLOUD has put into its outbox."""
    (letter,) = cloud.rglob("*.eml")
    message = email.message_from_bytes(letter.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    found = re.search(r"^[A-Z]{8}$", message.get_content(), re.MULTILINE)
    assert found
    return found.group()
