"""A person whose account has a second factor logs in at a till: `login`, and `register --if-missing`."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pyotp

from factorypos_tui.server.security.tokens import token_hash
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
