"""`factorypos-tui till`, run as a shop's scripts run it."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.tills.bundled.demo_bar import open_demo_bar
from factorypos_tui.tills.bundled.periods import close_period
from factorypos_tui.tills.bundled.till import BundledTill
from tests.support.forked import run_forked
from tests.tills.receipts import a_receipt


class Shell:
    """Runs the program in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def run(self, *arguments: str, code: int = 0, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        result = run_forked(["--home", str(self.home), "till", *arguments], stdin, environment=environment)
        assert result.returncode == code, result.stderr
        assert "Traceback" not in result.stderr
        return result

    def status(self) -> Any:
        """What `status --json` says of the whole terminal."""
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        result = run_forked(["--home", str(self.home), "status", "--json"], "", environment=environment)
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    def json(self, *arguments: str, stdin: str = "") -> Any:
        result = self.run(*arguments, "--json", stdin=stdin)
        assert result.stderr == ""
        return json.loads(result.stdout)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "home")


@pytest.fixture
def till(shell: Shell) -> Shell:
    open_demo_bar(shell.home / "till.db", now=utc_now(), name="Terminal 01")
    return shell


def test_a_day_at_the_till(shell: Shell) -> None:
    made = shell.json("init", "--terminal-name", "Beach till", "--catalogue", "demo")
    sale = shell.json("sale", "--item", "CAFE*2", "--item", "GAMBAS*0.250", "--pay", "CARD", "--user", "2")
    assert (sale["number"], sale["net"], sale["training"], sale["user"]) == ("000001", 1980, False, "2")
    assert sale["payments"] == [{"code": "CARD", "amount": 1980, "tip": 0}]
    terrace = shell.json("sale", "--item", "CAFE", "--level", "TERRAZA")
    assert terrace["net"] == 170
    status = shell.json("status")
    assert (status["receipts"], status["net"], status["last_z_number"]) == (2, 2150, None)
    assert status["terminal"] == made["terminal"]
    closing = shell.json("close", "--counted", "15170")
    assert (closing["z_number"], closing["receipts"], closing["net"]) == (1, 2, 2150)
    assert (closing["counted"], closing["period_id"]) == (15170, status["period_id"])
    assert (closing["expected"], closing["over_short"], closing["findings"]) == (15170, 0, [])
    assert closing["business_date"] == status["business_date"]
    assert shell.json("status")["last_z_number"] == 1


def test_people_are_told_number_and_total(till: Shell) -> None:
    assert till.run("sale", "--item", "CANA*3").stdout == "Receipt 000001: 5.70 EUR, Cash.\n"
    assert till.run("close").stdout.startswith("Z 1 of ")
    assert "0 receipts today" in till.run("status").stdout


def test_the_home_is_private(till: Shell) -> None:
    assert till.home.stat().st_mode & 0o777 == 0o700
    assert (till.home / "till.db").stat().st_mode & 0o777 == 0o600


def test_there_is_only_one_till_in_a_home(till: Shell) -> None:
    till.run("sale", "--item", "CAFE")
    assert "There is a till already" in till.run("init", code=1).stderr
    assert till.json("status")["receipts"] == 1


@pytest.mark.parametrize("command", [["status"], ["close"], ["sale", "--item", "CAFE"], ["import", "-"]])
def test_without_a_till_every_command_says_how_to_get_one(shell: Shell, command: list[str]) -> None:
    assert "till init makes a new one" in shell.run(*command, code=1).stderr
    assert not shell.home.exists()


def test_a_new_till_is_called_as_the_administrator_said(shell: Shell) -> None:
    shell.home.mkdir()
    (shell.home / "config.toml").write_text('terminal_name = "Terraza"\n[till]\npath = "data/shop.db"\n')
    assert shell.json("init")["terminal"]["name"] == "Terraza"
    assert (shell.home / "data" / "shop.db").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--timezone", "Europe/Atlantis"], "not a time zone"),
        (["--terminal-name", ""], "1 to 100 printable"),
        (["--terminal-name", "a\x1bb"], "1 to 100 printable"),
    ],
)
def test_a_till_that_cannot_be_is_not_begun(shell: Shell, arguments: list[str], words: str) -> None:
    assert words in shell.run("init", *arguments, code=2).stderr
    assert not shell.home.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--item", "CAFFE"], 1, "There is no item CAFFE. The nearest: CAFE"),
        (["--item", "CAFE", "--item", ""], 1, "There is no item"),
        (["--item", "CAFE*0"], 2, "more than 0"),
        (["--item", "CAFE*-1"], 2, "not a quantity"),
        (["--item", "CAFE*two"], 2, "not a quantity"),
        (["--item", "CAFE*"], 2, "not a quantity"),
        (["--item", "CAFE*1.0001"], 2, "three decimals"),
        (["--item", "CAFE*" + "9" * 50], 2, "not a quantity"),
        (["--item", "CAFE", "--pay", "CRAD"], 1, "The nearest: CARD"),
        (["--item", "CAFE", "--level", "TERAZA"], 1, "The nearest: TERRAZA"),
        (["--item", "CAFE", "--user", "77"], 1, "There is no user 77"),
        ([], 2, "--item"),
    ],
)
def test_a_sale_that_cannot_be_changes_nothing(
    till: Shell, arguments: list[str], code: int, words: str
) -> None:
    result = till.run("sale", *arguments, "--json", code=code)
    assert words in result.stderr
    assert result.stdout == ""
    assert till.json("status")["receipts"] == 0


def test_practice_is_kept_apart_and_says_so(till: Shell) -> None:
    assert "appears in no report" in till.run("sale", "--item", "PAELLA", "--user", "99").stdout
    sale = till.json("sale", "--item", "PAELLA", "--user", "99")
    assert (sale["training"], sale["number"]) == (True, None)
    assert till.json("status")["receipts"] == till.json("close")["receipts"] == 0


def test_a_file_is_imported_once(till: Shell, tmp_path: Path) -> None:
    file = tmp_path / "receipts.jsonl"
    file.write_text("".join(json.dumps(a_receipt(n)) + "\n" for n in range(1, 4)))
    assert till.run("import", str(file)).stdout == "3 receipts imported.\n"
    assert till.json("import", str(file)) == {
        "imported": 0,
        "training": 0,
        "skipped": 3,
        "net": 0,
        "changed": [],
    }
    practice = json.dumps(a_receipt(9, user="99")) + "\n" + json.dumps(a_receipt(1))
    said = till.run("import", "-", stdin=practice).stdout
    assert said == "0 receipts imported, 1 practice sale kept apart, 1 seen before and skipped.\n"
    assert till.json("status")["receipts"] == 3


def test_the_same_uid_with_other_content_is_named(till: Shell) -> None:
    till.run("import", "-", stdin=json.dumps(a_receipt(1)))
    other = json.dumps(a_receipt(1, user="2"))
    uid = a_receipt(1)["receipt_uid"]
    done = till.run("import", "-", stdin=other)
    assert done.stdout == "0 receipts imported, 1 seen before and skipped.\n"
    assert f"Line 1: {uid} was imported before with other content (user)" in done.stderr
    assert till.json("import", "-", stdin=other)["changed"] == [
        {"line": 1, "receipt_uid": uid, "field": "user"}
    ]


def test_a_day_that_is_long_over_is_closed_late_and_people_are_told(till: Shell) -> None:
    till.run("sale", "--item", "CAFE")
    said = till.run("close", "--business-date", "2020-02-29").stdout
    assert said == "Z 1 of 29 Feb 2020: 1 receipt, 1.40 EUR. It was closed late, on another day.\n"


def test_a_receipt_of_long_ago_leaves_the_day_its_date_and_is_named(till: Shell) -> None:
    till.run("import", "-", stdin=json.dumps(a_receipt(1, number="A-7", sold_at="2020-02-29T12:00:00+01:00")))
    till.run("sale", "--item", "CAFE")
    today = till.json("status")["business_date"]
    closing = till.json("close")
    assert (closing["business_date"], closing["close_reason"]) == (today, "manual")
    assert closing["findings"] == [{"code": "late_sale", "z_number": 1, "receipts": ["A-7"]}]


@pytest.mark.parametrize(
    ("counted", "words"),
    [
        (90, "The drawer is short by 150.50 EUR: 151.40 EUR expected, 0.90 EUR counted."),
        (15200, "The drawer is over by 0.60 EUR: 151.40 EUR expected, 152.00 EUR counted."),
        (15140, "The drawer holds what it should: 151.40 EUR."),
    ],
)
def test_a_person_who_counts_is_told_what_is_over_or_short(till: Shell, counted: int, words: str) -> None:
    till.run("sale", "--item", "CAFE")
    assert till.run("close", "--counted", str(counted)).stdout.endswith(f" {words}\n")


def test_a_close_of_an_empty_day_says_so(till: Shell) -> None:
    assert "0 receipts, 0.00 EUR. Nothing was sold in it." in till.run("close").stdout


def test_three_closes_in_a_moment_are_one_and_the_others_ask(till: Shell) -> None:
    till.run("close")
    for _again in range(2):
        refused = till.run("close", code=2).stderr
        assert "Z 1 was closed less than a minute ago" in refused
        assert "Nothing was closed" in refused
    assert till.json("status")["last_z_number"] == 1
    assert till.json("close", "--yes")["z_number"] == 2


def test_three_closes_at_once_are_one(till: Shell) -> None:
    command = [sys.executable, "-m", "factorypos_tui", "--home", str(till.home), "till", "close"]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    at_once = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        for _n in range(3)
    ]
    assert sorted(process.wait() for process in at_once) == [0, 2, 2]
    for process in at_once:
        process.communicate()
    assert till.json("status")["last_z_number"] == 1


def test_a_close_after_one_that_was_in_the_future_asks(till: Shell) -> None:
    _close_ahead(till.home)
    till.run("sale", "--item", "CAFE")
    refused = till.run("close", code=2).stderr
    assert "Z 1 was closed at" in refused
    assert "which is later" in refused
    day = till.json("status")
    closing = till.json("close", "--yes")
    assert (closing["close_reason"], closing["business_date"]) == ("manual", day["business_date"])
    assert closing["opened_at"] == day["open_period_since"]
    assert closing["opened_at"] <= closing["closed_at"] < "2090"


def test_a_close_long_after_the_last_receipt_asks(till: Shell) -> None:
    till.run("import", "-", stdin=json.dumps(a_receipt(1, sold_at="2020-02-29T12:00:00+01:00")))
    refused = till.run("close", code=2).stderr
    assert "29 Feb 2020 12:00" in refused
    assert "more than 36 hours ago" in refused
    assert till.json("status")["last_z_number"] is None


def test_a_business_date_to_come_asks_and_one_that_is_none_is_refused(till: Shell) -> None:
    assert "31 Dec 2199 is still to come" in till.run("close", "--business-date", "2199-12-31", code=2).stderr
    for text in ("yesterday", "2026-02-30", "0001-01-01"):
        assert "is not a date" in till.run("close", "--business-date", text, code=2).stderr
    assert till.json("status")["last_z_number"] is None


def _close_ahead(home: Path) -> None:
    bundled = BundledTill(home / "till.db")
    close_period(bundled.database(), now=datetime(2090, 1, 1, tzinfo=UTC), software="test")
    bundled.close()


def test_a_bad_file_is_refused_with_its_place(till: Shell) -> None:
    bad = json.dumps(a_receipt(1)) + "\n" + json.dumps(a_receipt(2, sold_at="yesterday"))
    assert "line 2, sold_at: " in till.run("import", "-", code=1, stdin=bad).stderr
    till.run("import", "no-such-file.jsonl", code=2)
    assert "Nothing was imported" in till.run("import", "/proc/self/mem", code=1).stderr
    assert till.json("status")["receipts"] == 0


def test_a_seeded_till_has_its_past_once(shell: Shell) -> None:
    first = shell.json("seed", "--days", "30", "--receipts", "5", "--seed", "9")
    assert first == {"days": 30, "skipped": 0, "receipts": 150, "last_z_number": 30}
    again = shell.run("seed", "--days", "30", "--receipts", "5", "--seed", "9")
    assert "nothing was added" in again.stdout
    assert shell.json("status")["last_z_number"] == 30
    shell.run("sale", "--item", "CAFE")
    assert shell.json("seed", "--days", "30")["days"] == 0


def test_a_day_with_sales_is_not_seeded_into(till: Shell) -> None:
    till.run("sale", "--item", "CAFE")
    assert "Nothing was changed" in till.run("seed", code=1).stderr
    assert till.json("close")["z_number"] == 1


@pytest.mark.parametrize("command", ["init", "sale", "close", "status", "import", "seed"])
def test_every_command_explains_itself(shell: Shell, command: str) -> None:
    assert "--json" in shell.run(command, "--help").stdout
