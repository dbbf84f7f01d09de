"""`figures` as an owner types it, and as a program reads it."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.terminals import PASSWORD, Terminal
from tests.support.tiny_cloud import TinyCloud


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A till with two closed days, which have arrived, and a third that runs; the person's log-in is kept."""
    with TinyCloud() as cloud:
        terminal = Terminal(tmp_path_factory.mktemp("home") / "till", cloud.address)
        terminal.run("till", "init", "--catalogue", "demo")
        terminal.connect()
        for number in range(3):
            terminal.run("till", "sale", "--item", "CAFE")
            if number < 2:
                terminal.run("till", "close", "--business-date", f"2026-10-{30 + number}", "--yes")
        terminal.run("worker", "--once")
        yield terminal


NOVEMBER = ("--from", "2026-10-01", "--to", "2026-11-30")


def test_with_a_log_in_they_are_the_stores(terminal: Terminal) -> None:
    terminal.run("login", "--email", "ana@example.com", "--password-stdin", stdin=PASSWORD)
    found = terminal.json("figures", *NOVEMBER, "--by", "month")
    assert (found["source"], found["store"]["name"], found["by"]) == ("cloud", "Bar Maritim", "month")
    (october,) = found["items"]
    assert (october["from"], october["to"], october["z_reports"]) == ("2026-10-01", "2026-10-31", 2)
    assert october["net"] == october["gross"] - october["discounts"] - october["refunds"] > 0
    days = terminal.json("figures", *NOVEMBER)["items"]
    assert [day["from"] for day in days] == ["2026-10-30", "2026-10-31"]
    assert sum(day["net"] for day in days) == october["net"]


def test_a_person_reads_a_table_and_whose_figures_they_are(terminal: Terminal) -> None:
    terminal.run("login", "--email", "ana@example.com", "--password-stdin", stdin=PASSWORD)
    told = terminal.try_to("figures", *NOVEMBER, "--by", "week")
    assert "26 - 31 Oct 2026" not in told.stdout  # the week ends on Sunday, 1 November
    assert "26 Oct - 1 Nov 2026" in told.stdout
    assert "EUR" in told.stdout
    assert told.stderr == "Figures of the store Bar Maritim, all its tills, from FactoryCLOUD.\n"


def test_a_program_reads_csv(terminal: Terminal) -> None:
    rows = list(csv.DictReader(io.StringIO(terminal.run("figures", *NOVEMBER, "--csv"))))
    assert [row["from"] for row in rows] == ["2026-10-30", "2026-10-31"]
    assert {row["so_far"] for row in rows} == {"false"}
    assert all(int(row["net"]) > 0 for row in rows)


def test_where_the_cloud_cannot_be_asked_they_are_this_tills(terminal: Terminal) -> None:
    alone = Terminal(terminal.home, "http://127.0.0.1:9")
    until = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    told = alone.try_to("figures", "--from", "2026-10-01", "--to", until)
    assert told.returncode == 0
    assert "Figures of this till alone." in told.stderr
    assert "so far" in told.stdout
    assert alone.json("figures", "--from", "2026-10-01", "--to", until)["source"] == "till"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "2026-11-31"),
        ("--from", "2026-11-02", "--to", "2026-11-01"),
        ("--by", "year"),
        ("--json", "--csv"),
    ],
)
def test_wrong_usage_says_so(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    told = terminal.try_to("figures", *arguments)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr
