"""`till connect` at a database of the uniCenta family, run as an administrator runs it."""

import json
import stat
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support.unicenta.example import at, live_the_example
from tests.support.unicenta.shop import HOST, Shop
from tests.support.windows import terminal
from tests.tills.test_cli import Shell
from tests.tills.unicenta.test_granting import PASSWORD, as_account

FACTS = ("--company", "Bar Marítim SL", "--country", "es", "--zone", "Europe/Madrid")


@dataclass(frozen=True)
class Bar:
    """A shop that has sold, and the program beside it in a home of its own."""

    shop: Shop
    shell: Shell

    def connect(self, *more: str, code: int = 0, stdin: str = "", url: str = "") -> str:
        where = ("--kind", "unicenta", "--url", url or self.shop.url)
        done = self.shell.run("connect", *where, *FACTS, *more, code=code, stdin=stdin)
        return done.stdout + done.stderr

    def config(self) -> dict[str, str]:
        till: dict[str, str] = tomllib.loads((self.shell.home / "config.toml").read_text("utf-8"))["till"]
        return till


@pytest.fixture
def bar(shop: Shop, tmp_path: Path) -> Bar:
    live_the_example(shop)
    return Bar(shop, Shell(tmp_path / "home"))


@pytest.fixture
def reader(bar: Bar) -> Iterator[str]:
    """The address of an account that only reads, and needs a password on MariaDB."""
    name = f"reader_{uuid4().hex[:12]}"
    if not bar.shop.is_mysql:
        pytest.skip("PostgreSQL lets everybody in from this machine: it asks for no password")
    bar.shop.run(f"CREATE USER {name}@'%' IDENTIFIED BY '{PASSWORD}'")
    bar.shop.run(f"GRANT SELECT ON {bar.shop.url.rpartition('/')[2]}.* TO {name}@'%'")
    yield as_account(bar.shop, name)
    bar.shop.run(f"DROP USER {name}@'%'")


def test_it_shows_the_papers_and_names_the_till(bar: Bar) -> None:
    said = bar.connect("--yes")
    assert f"{HOST}: 2 closed days, up to Z 3, 3 Nov 2026" in said
    assert "Z 2  2 Nov 2026 22:10  5 receipts" in said
    assert "47.11 EUR" in said
    assert "Without tax 41.58, tax 5.52" in said
    assert "debt 15.00" in said, "the last payment of a long row"
    assert "GRANT SELECT" in said
    assert "apppassword" not in said
    assert "Nothing is sent yet" in said
    config = bar.config()
    assert {name: config[name] for name in ("kind", "url", "host", "company", "country", "currency")} == {
        "kind": "unicenta",
        "url": bar.shop.url,
        "host": HOST,
        "company": "Bar Marítim SL",
        "country": "ES",
        "currency": "EUR",
    }
    assert (config["timezone"], config["day_starts_at"]) == ("Europe/Madrid", "04:00")
    status = bar.shell.status()["till"]
    assert (status["kind"], status["last_z_number"], status["state"]) == ("unicenta", 3, "ok")
    assert status["wizard_finished"] is True


def test_scripts_get_one_document(bar: Bar) -> None:
    done = bar.shell.run("connect", "--url", bar.shop.url, *FACTS, "--yes", "--json")
    document = json.loads(done.stdout)
    assert [(close["z_number"], close["total"]) for close in document["closes"]] == [(3, 5409), (2, 4711)]
    assert document["closes"][1]["payments"]["cashin"] == 10000
    assert document["till"] == bar.config()
    assert document["grants"]


def test_a_moved_server_and_a_lost_home_keep_the_id(
    bar: Bar, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    bar.connect("--yes")
    first = bar.config()["terminal_id"]
    moved = Shop(new_database())
    moved.make()
    live_the_example(moved)  # the rows of a backup
    other = Bar(moved, Shell(tmp_path / "another home"))
    other.connect("--yes")
    assert other.config()["terminal_id"] == first
    assert other.config()["url"] != bar.config()["url"]
    moved.leave()


def test_nothing_is_named_before_somebody_says_yes(bar: Bar) -> None:
    assert "With --yes it is connected" in bar.connect(code=2)
    assert not (bar.shell.home / "config.toml").exists()


def test_what_is_wrong_is_told_in_words_and_changes_nothing(bar: Bar) -> None:
    assert f"There is no till CAJA-9 in the data. There are: {HOST}." in bar.connect(
        "--host", "CAJA-9", "--yes", code=2
    )
    assert "has no database" in bar.connect("--yes", code=1, url=bar.shop.url + "_none")
    assert "not a country" in bar.connect("--country", "Atlantis", "--yes", code=2)
    assert "does not answer" in bar.connect("--yes", code=1, url="mysql://reader@127.0.0.1:1/kriol")
    with_password = bar.shop.url.replace("@", ":hunter2@", 1)
    refused = bar.connect("--yes", code=2, url=with_password)
    assert "has a password in it" in refused
    assert "hunter2" not in refused
    assert not (bar.shell.home / "config.toml").exists()


def test_several_tills_are_listed_and_one_of_them_is_said(bar: Bar) -> None:
    bar.shop.open("other-2", 2, at(4, "09:00"), host="CAJA-2")
    said = bar.connect("--yes", code=2)
    assert "CAJA-2: no closed day yet" in said
    assert "Say --host" in said
    bar.connect("--host", "CAJA-2", "--yes")
    assert bar.config()["host"] == "CAJA-2"


def test_a_password_is_kept_in_a_file_of_its_owner_and_nowhere_else(bar: Bar, reader: str) -> None:
    assert "does not let" in bar.connect("--yes", "--password-stdin", code=1, stdin="guessed\n", url=reader)
    said = bar.connect("--yes", "--password-stdin", stdin=PASSWORD + "\n", url=reader)
    kept = bar.shell.home / "till-password"
    assert (kept.read_text(), stat.S_IMODE(kept.stat().st_mode)) == (PASSWORD + "\n", 0o600)
    assert bar.config()["password_file"] == "till-password"
    assert PASSWORD not in said + (bar.shell.home / "config.toml").read_text("utf-8")
    assert all(PASSWORD not in log.read_text("utf-8") for log in (bar.shell.home / "logs").iterdir())
    assert bar.shell.status()["till"]["state"] == "ok"
    bar.connect("--yes", "--company", "Bar Nou SL", url=reader)  # the password that is kept
    assert bar.config()["company"] == "Bar Nou SL"


def test_a_password_can_stay_where_it_is(bar: Bar, reader: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    secret.write_text(PASSWORD)
    bar.connect("--yes", "--password-file", str(secret), url=reader)
    assert bar.config()["password_file"] == str(secret)
    assert not (bar.shell.home / "till-password").exists()
    assert bar.shell.status()["till"]["state"] == "ok"
    secret.chmod(0o644)
    assert "chmod 600" in bar.connect("--yes", code=1, url=reader)


def test_a_person_is_asked_for_all_of_it(bar: Bar, reader: str) -> None:
    arguments = ("--home", str(bar.shell.home), "till", "connect")
    environment = {"TZ": "Europe/Madrid", "LC_ALL": "C.UTF-8"}
    with terminal(*arguments, size=(100, 60), environment=environment) as window:
        window.sees("Which program (unicenta, flocafe) [unicenta]:")
        window.press("enter", then="Address of the database")
        window.press("kriol\r", then="This is no address of a database.")
        window.press(reader + "\r", then="Password of that user (empty: none):")
        window.press(PASSWORD + "\r", then=(f"{HOST}: 2 closed days", "Name of the company:"))
        window.press("Bar Maritim\r", then="Country, in two letters [ES]:")
        window.press("Atlantis\r", then="Atlantis is not a country.")
        for following in ("Currency [EUR]:", "Time zone [Europe/Madrid]:", "begins at [04:00]:"):
            window.press("enter", then=following)
        window.press("enter", then=("47.11 EUR", "GRANT SELECT", "Connect this till? [y/N]"))
        assert PASSWORD not in window.screen
        window.press("y\r", then="Nothing is sent yet")
        assert window.ends() == 0
    assert bar.config()["company"] == "Bar Maritim"
    assert bar.shell.status()["till"]["last_z_number"] == 3
