"""What `queue` and `log` tell and do, as a supporter types them."""

import csv
import io
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.terminals import Terminal
from tests.support.tiny_cloud import TinyCloud


@pytest.fixture(scope="module")
def cloud() -> Iterator[TinyCloud]:
    with TinyCloud() as cloud:
        yield cloud


@pytest.fixture(scope="module")
def terminal(cloud: TinyCloud, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A till with three delivered days; its queue has an X before them, so that rows are no Z numbers."""
    terminal = Terminal(tmp_path_factory.mktemp("home") / "till", cloud.address)
    terminal.run("till", "init", "--catalogue", "demo")
    terminal.connect()
    terminal.run("settings", "set", "send_x_report", "on")
    for number in range(3):
        terminal.run("till", "sale", "--item", "CAFE")
        if not number:
            terminal.run("worker", "--once")
        terminal.run("till", "close")
        terminal.run("worker", "--once")
    return terminal


def rows(terminal: Terminal, *filters: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in terminal.run("queue", "list", "--json", *filters).splitlines()]


def test_a_report_is_named_by_its_number_its_row_or_its_id(terminal: Terminal) -> None:
    (z_2,) = (row for row in rows(terminal) if row["z_number"] == 2)
    assert z_2["id"] != 2
    for ref in ("Z2", "z2", str(z_2["id"]), str(z_2["report_id"])):
        shown = terminal.json("queue", "show", ref)
        assert (shown["report_id"], shown["report"]["z_number"]) == (z_2["report_id"], 2)
    x = next(row for row in rows(terminal) if row["kind"] == "X")
    assert terminal.json("queue", "show", str(x["report_id"]))["kind"] == "X"


def test_a_name_that_names_no_report_says_how_to_name_one(terminal: Terminal) -> None:
    wrong = terminal.try_to("queue", "show", "Q7")
    assert wrong.returncode == 2
    assert "queue list" in wrong.stderr
    assert terminal.try_to("queue", "show", "Z99").returncode == 1


def test_a_report_is_shown_as_it_prints_and_with_its_whole_way(terminal: Terminal) -> None:
    printed = terminal.run("queue", "show", "Z2")
    assert "Z REPORT 2" in printed
    assert "TOTALS" in printed
    for turn in ("the day was closed", "queued", "delivered: new at FactoryCLOUD"):
        assert turn in printed
    assert terminal.run("queue", "show", "Z2", "--text") == printed
    way = terminal.json("queue", "show", "Z2")["way"]
    assert [turn["kind"] for turn in way] == ["delivered"]


def test_a_list_names_what_to_type_and_says_when_it_is_cut(terminal: Terminal) -> None:
    whole = terminal.try_to("queue", "list")
    assert whole.stderr == ""
    refs = [line.split()[0] for line in whole.stdout.splitlines()[1:]]
    assert {"Z1", "Z2", "Z3"} < set(refs)
    for ref in refs:
        terminal.run("queue", "show", ref)
    cut = terminal.try_to("queue", "list", "--limit", "2", "--search", "z")
    assert len(cut.stdout.splitlines()) == 3
    assert "newest 2 of 3" in cut.stderr
    assert f"--home {terminal.home} queue list --search z --limit 3" in cut.stderr


def test_a_search_finds_as_on_the_screen(terminal: Terminal) -> None:
    assert [row["z_number"] for row in rows(terminal, "--search", "z 2")] == [2]
    assert rows(terminal, "--search", "z 2", "--state", "attention") == []


def test_an_export_heeds_what_was_asked_for(terminal: Terminal, tmp_path: Path) -> None:
    lines = terminal.run("queue", "export", "-", "--search", "z").splitlines()
    assert [json.loads(line)["report"]["z_number"] for line in lines] == [1, 2, 3]
    table = tmp_path / "all.csv"
    terminal.run("queue", "export", str(table), "--state", "delivered")
    found = list(csv.DictReader(io.StringIO(table.read_text("utf-8"))))
    assert [row["z_number"] for row in found if row["kind"] == "Z"] == ["1", "2", "3"]
    assert {row["state"] for row in found} == {"delivered"}
    assert terminal.run("queue", "export", "-", "--format", "csv", "--state", "attention") == ""


def test_the_log_is_told_in_words_for_one_report_or_from_a_time_on(terminal: Terminal) -> None:
    told = terminal.run("log", "--report", "Z2").splitlines()
    assert [line.split("Z 2: ")[1].split(" (")[0] for line in told] == ["queued", "sending", "delivered"]
    assert "new at FactoryCLOUD" in told[-1]
    entries = [json.loads(line) for line in terminal.run("log", "--report", "Z2", "--json").splitlines()]
    assert [entry["event"] for entry in entries] == ["queued", "sending", "delivered"]
    since = entries[-1]["at"]
    assert terminal.run("log", "--report", "Z2", "--since", since).splitlines() == told[-1:]
    nothing = terminal.try_to("log", "--since", "2999-01-01")
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "no such line" in nothing.stderr
    assert terminal.try_to("log", "--since", "yesterday").returncode == 2


def test_the_log_is_followed_across_its_rotation(terminal: Terminal) -> None:
    current = terminal.home / "logs" / "factorypos.jsonl"
    command = [
        sys.executable,
        "-m",
        "factorypos_tui",
        "--home",
        str(terminal.home),
        "log",
        "--follow",
        "--json",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as following:
        assert following.stdout is not None
        known = len(current.read_text("utf-8").splitlines())
        for _line in range(known):
            following.stdout.readline()
        current.rename(current.with_name("factorypos.jsonl.1"))
        current.write_text('{"at": "2026-11-29T12:00:00.000Z", "event": "after it"}\n')
        assert json.loads(following.stdout.readline())["event"] == "after it"
        following.terminate()


def test_a_formula_in_a_table_is_no_formula(terminal: Terminal) -> None:
    with closing(sqlite3.connect(terminal.home / "sync.db")) as queue, queue:
        written = "UPDATE shipment SET last_error = ?, result = ?, net = -5 WHERE z_number = ?"
        queue.executemany(written, [("=HYPERLINK(1)", "@SUM(1)", 1), ("+1", "-1", 2)])
    table = terminal.run("queue", "export", "-", "--format", "csv", "--search", "z")
    exported = {row["z_number"]: row for row in csv.DictReader(table.splitlines())}
    first, second = exported["1"], exported["2"]
    assert (first["last_error"], first["result"]) == ("'=HYPERLINK(1)", "'@SUM(1)")
    assert (second["last_error"], second["result"], second["net"]) == ("'+1", "'-1", "-5")


def test_a_conflict_is_accepted_and_taken_back(cloud: TinyCloud, terminal: Terminal) -> None:
    (held,) = (report for report in cloud.reports.values() if report["z_number"] == 3)
    held["content_hash"] = "0" * 64
    terminal.run("resend", "--yes")
    terminal.run("worker", "--once", code=5)
    assert terminal.json("status")["queue"]["attention"] == 1
    assert "--undo" in terminal.try_to("queue", "accept", "Z3").stderr
    assert terminal.json("status")["queue"]["attention"] == 0
    (row,) = rows(terminal, "--search", "z 3")
    assert (row["state"], row["accepted_at"] is None) == ("attention", False)
    terminal.run("worker", "--once")
    assert cloud.conflicts.state(held["report_id"]) == "settled"
    terminal.run("queue", "accept", "--undo", "Z3")
    terminal.run("worker", "--once")
    assert terminal.json("status")["queue"]["attention"] == 1
    assert cloud.conflicts.state(held["report_id"]) == "open"


@pytest.mark.parametrize(
    "command",
    [
        ("queue", "list"),
        ("queue", "list", "--json"),
        ("queue", "show", "Z1"),
        ("queue", "export", "-"),
        ("queue", "export", "-", "--format", "csv"),
        ("log",),
        ("check",),
        ("status", "--json"),
    ],
    ids=" ".join,
)
def test_a_command_ends_quietly_when_its_reader_has_ended(
    terminal: Terminal, command: tuple[str, ...]
) -> None:
    with terminal.start(*command) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait() == 141
