"""A person with a second factor logs in at a till: `login`, `register --if-missing`, `recover`."""

import re
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pyotp

from factorypos_tui.server.security.tokens import token_hash
from tests.e2e.test_recover import NEW
from tests.support.terminals import PASSWORD, Terminal, serve_cloud

ANA = "ana@example.com"
RECOVERY = "BCDFGHJKLMNPQRST"


def give_second_factor(cloud: Path) -> str:
    """Give the only account there an app, whose secret this returns, and a recovery code."""
    secret = pyotp.random_base32()
    with closing(sqlite3.connect(cloud / "cloud.db")) as database, database:
        ((account,),) = database.execute("SELECT id FROM account").fetchall()
        database.execute("INSERT INTO authenticator_app VALUES (?, ?, 0, 't')", (account, secret))
        database.execute("INSERT INTO recovery_code VALUES (?, ?)", (account, token_hash(RECOVERY)))
    return secret


def test_the_code_of_a_second_factor_is_a_second_line(tmp_path: Path) -> None:
    with serve_cloud(tmp_path / "cloud") as address:
        terminal = Terminal(tmp_path / "till", address)
        person = ("--email", ANA, "--password-stdin")
        terminal.run("register", *person, "--name", "Ana", stdin=PASSWORD)
        terminal.run("logout")
        secret = give_second_factor(tmp_path / "cloud")
        without = terminal.try_to("login", *person, stdin=f"{PASSWORD}\n")
        assert (without.returncode, "second line" in without.stderr) == (2, True)
        wrong = terminal.try_to("login", *person, stdin=f"{PASSWORD}\nBBBB-BBBB-BBBB-BBBB\n")
        assert (wrong.returncode, "has a second factor" in wrong.stderr) == (5, True)
        assert terminal.json("status")["account"] is None
        terminal.run("login", *person, stdin=f"{PASSWORD}\n{pyotp.TOTP(secret).now()}\n")
        assert terminal.json("status")["account"] == ANA
        terminal.run("logout")
        again = ("register", *person, "--name", "Ana", "--if-missing")
        terminal.run(*again, stdin=f"{PASSWORD}\n{RECOVERY.lower()}\n")
        assert terminal.json("status")["account"] == ANA
        terminal.run("logout")
        recovers(terminal, tmp_path / "cloud" / "outbox", secret)


def code_mailed(outbox: Path) -> str:
    """Other mails tell of what was done with the second factor."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for letter in outbox.glob("*.eml"):
            if found := re.search(b"^([BCDFGHJKLMNPQRSTVWXZ]{8})\r?$", letter.read_bytes(), re.MULTILINE):
                return found[1].decode()
        time.sleep(0.05)
    raise AssertionError("no mail came")


def recovers(terminal: Terminal, outbox: Path, secret: str) -> None:
    """A new password leaves the second factor: its code comes in the second line here, too."""
    terminal.run("recover", "--email", ANA)
    code = code_mailed(outbox)
    later = pyotp.TOTP(secret).at(datetime.now(UTC), counter_offset=1)
    choose = ("recover", "--email", ANA, "--code", code, "--password-stdin")
    done = terminal.try_to(*choose, stdin=f"{NEW}\n{later}\n")
    assert (done.returncode, "The password was changed." in done.stderr) == (0, True), done.stderr
    assert terminal.json("status")["account"] == ANA
