"""`doctor` in worlds that are broken in one way each: it names that one, and what to do."""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.test_worker_process import worker
from tests.support.terminals import PASSWORD, Terminal
from tests.support.tiny_cloud import TinyCloud
from tests.support.troubles import TROUBLES, Broken
from tests.support.waiting import eventually

SLOW = ("sync-speed", "integrity", "network", "token", "days-there")


@pytest.fixture
def terminal(tmp_path: Path, cloud: TinyCloud) -> Terminal:
    """A terminal whose two closed days are in the cloud; no process sends any more."""
    terminal = Terminal(tmp_path / "till", cloud.address)
    terminal.run("till", "seed", "--days", "2", "--receipts", "3")
    terminal.connect()
    terminal.run("worker", "--once")
    return terminal


def examined(terminal: Terminal, *names: str) -> dict[str, dict[str, Any]]:
    """What each check says, by its name; the exit code must fit."""
    result = terminal.try_to("doctor", "--json", *names)
    checks = {check["name"]: check for check in json.loads(result.stdout)["checks"]}
    is_bad = any(check["verdict"] in ("missing", "crashed") for check in checks.values())
    assert (result.returncode, result.stderr) == (int(is_bad), "")
    return checks


def found(terminal: Terminal) -> dict[str, str]:
    """The words of each check that is partial, missing or crashed."""
    verdicts = ("partial", "missing", "crashed")
    checks = examined(terminal)
    return {name: check["words"] for name, check in checks.items() if check["verdict"] in verdicts}


def change(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(sql)


def test_where_all_is_well_it_says_so(terminal: Terminal) -> None:
    with worker(terminal):
        eventually(lambda: terminal.json("status")["worker"]["running"])
        assert found(terminal) == {}
        said = terminal.run("doctor")
    assert "Sending: service. Since " in said
    assert "All that could be looked at is fine." in said
    assert "Last Z at the till: 2; in the queue: 2; in FactoryCLOUD: 2." in said
    assert "FactoryCLOUD answers: DNS, TCP, HTTP." in said
    assert "FactoryCLOUD says that it has 2 closes of this terminal; the last one is Z 2." in said
    checks = terminal.run("doctor", "--list-checks").splitlines()[1:]
    assert [line.split()[0] for line in checks[-5:]] == [*SLOW]
    assert [check["name"] for check in terminal.json("doctor", "--list-checks")["checks"][-5:]] == [*SLOW]


def write(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    file.chmod(0o600)


def nobody_sends(terminal: Terminal, _cloud: TinyCloud) -> None:
    terminal.run("till", "sale", "--item", "CAFE")
    terminal.run("till", "close")


def open_to_others(terminal: Terminal, _cloud: TinyCloud) -> None:
    (terminal.home / "till.db").chmod(0o644)


def wrong_setting(terminal: Terminal, _cloud: TinyCloud) -> None:
    (terminal.home / "config.toml").write_text("clod_url = 'https://example.com'\n")


def wrong_till(terminal: Terminal, _cloud: TinyCloud) -> None:
    write(terminal.home / "config.toml", b'[till]\nkind = "unicenta"\nurl = "mysql:/nobody"\n')


def till_gone(terminal: Terminal, _cloud: TinyCloud) -> None:
    for file in terminal.home.glob("till.db*"):
        file.unlink()


def till_damaged(terminal: Terminal, _cloud: TinyCloud) -> None:
    till_gone(terminal, _cloud)
    write(terminal.home / "till.db", b"no till at all " * 500)


def queue_damaged(terminal: Terminal, _cloud: TinyCloud) -> None:
    for file in terminal.home.glob("sync.db-*"):
        file.unlink()
    write(terminal.home / "sync.db", b"no queue at all " * 500)


def token_gone(terminal: Terminal, _cloud: TinyCloud) -> None:
    for file in terminal.home.glob("credentials*.json"):
        file.unlink()


def revoked(_terminal: Terminal, cloud: TinyCloud) -> None:
    cloud.forget_terminals()


def cloud_in_trouble(_terminal: Terminal, cloud: TinyCloud) -> None:
    cloud.misbehave("503")


def days_lost_there(_terminal: Terminal, cloud: TinyCloud) -> None:
    cloud.reports.clear()


def clock_off(terminal: Terminal, _cloud: TinyCloud) -> None:
    change(terminal.home / "sync.db", "UPDATE setting SET value = '900' WHERE name = 'clock_offset_s'")


def day_changed(terminal: Terminal, _cloud: TinyCloud) -> None:
    change(terminal.home / "sync.db", "UPDATE z_hash SET differs = 1 WHERE z_number = 1")


def queue_of_a_newer_program(terminal: Terminal, _cloud: TinyCloud) -> None:
    change(terminal.home / "sync.db", "PRAGMA user_version = 999")


WORLDS: dict[str, tuple[Callable[[Terminal, TinyCloud], None], str, str]] = {
    "nobody sends": (nobody_sends, "sender", "nobody sends: start the app or the service"),
    "open to others": (open_to_others, "folder", "Other users can read files in"),
    "wrong setting": (
        wrong_setting,
        "settings",
        "there is no setting clod_url. The nearest one is cloud_url",
    ),
    "wrong setting of the till": (wrong_till, "files", "The url of the till must be written like"),
    "till gone": (till_gone, "till", "no till"),
    "till damaged": (till_damaged, "till", "till.db"),
    "queue damaged": (queue_damaged, "files", "The damaged file is kept"),
    "queue of a newer program": (queue_of_a_newer_program, "files", "written by a newer version"),
    "token gone": (token_gone, "credentials", "The token of this terminal is missing"),
    "revoked": (revoked, "token", "may no longer send to its store"),
    "cloud in trouble": (cloud_in_trouble, "network", "Went well: DNS, TCP."),
    "days lost there": (days_lost_there, "days-there", "does not have them now: Z 1-2"),
    "clock off": (clock_off, "clock", "ahead of FactoryCLOUD's"),
    "day changed": (day_changed, "chain", "Changed at the till since the day was closed: Z 1"),
}


@pytest.mark.parametrize(("breaks", "name", "words"), WORLDS.values(), ids=WORLDS)
def test_the_one_true_cause_is_named(
    terminal: Terminal,
    cloud: TinyCloud,
    breaks: Callable[[Terminal, TinyCloud], None],
    name: str,
    words: str,
) -> None:
    with worker(terminal):
        eventually(lambda: terminal.json("status")["worker"]["running"])
    breaks(terminal, cloud)
    troubles = found(terminal)
    assert words in troubles.pop(name), troubles
    expected = {"sender", "files", "last-z"} | ({"store"} if breaks is queue_damaged else set())
    assert set(troubles) <= expected, troubles
    one = examined(terminal, name)[name]
    assert one["words"].isprintable()
    assert PASSWORD not in one["words"]


@pytest.mark.parametrize(("broken", "cause", "words"), TROUBLES.values(), ids=TROUBLES)
def test_the_way_to_the_cloud_is_walked_step_by_step(
    tmp_path: Path, broken: Broken, cause: str, words: str
) -> None:
    with broken() as line:
        terminal = Terminal(tmp_path / "till", line.address)
        settings = {"ca_file": line.ca_file, "proxy": line.proxy}
        terminal.home.mkdir(mode=0o700)
        written = [f"{name} = {json.dumps(value)}\n" for name, value in settings.items() if value]
        (terminal.home / "config.toml").write_text("".join(written))
        check = examined(terminal, "network")["network"]
    assert (check["verdict"], check["facts"]["cause"]) == ("missing", cause)
    assert words in check["words"]
    assert "s3cret" not in json.dumps(check)
    is_name_unknown = cause == "dns" or "its name is not known" in check["words"]
    assert check["facts"]["dns"] is not is_name_unknown
    assert not check["facts"]["http"]


def test_where_there_is_no_way_it_is_looked_for_once(terminal: Terminal, cloud: TinyCloud) -> None:
    cloud.misbehave("503")
    checks = examined(terminal, "network", "token", "days-there")
    assert checks.pop("network")["verdict"] == "missing"
    assert {check["words"] for check in checks.values()} == {
        "FactoryCLOUD cannot be asked: see the check network."
    }
    assert "see the checks store, credentials and network" in examined(terminal, "token")["token"]["words"]


def test_a_line_that_is_down_is_not_fine(terminal: Terminal, cloud: TinyCloud) -> None:
    with worker(terminal):
        eventually(lambda: terminal.json("status")["worker"]["running"])
        cloud.misbehave("503")
        terminal.run("till", "sale", "--item", "CAFE")
        terminal.run("till", "close")
        eventually(lambda: terminal.json("status")["link"]["state"] == "offline")
        link = examined(terminal, "link")["link"]
    assert (link["verdict"], link["next"]) == (
        "partial",
        f"factorypos-tui --home {terminal.home} doctor network",
    )


def test_what_is_sent_again_is_in_the_cloud_all_the_same(terminal: Terminal) -> None:
    terminal.run("resend", "--yes")
    assert examined(terminal, "last-z")["last-z"]["facts"] == {"till": 2, "queue": 2, "cloud": 2}


def test_the_room_is_told_also_where_the_queue_cannot_be_opened(terminal: Terminal, cloud: TinyCloud) -> None:
    queue_of_a_newer_program(terminal, cloud)
    room = examined(terminal, "room")["room"]
    assert room["verdict"] == "fine"
    assert room["facts"]["free_mib"] > 0


def test_it_makes_nothing_where_there_is_nothing(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "none", "http://127.0.0.1:9")
    checks = examined(terminal)
    assert {
        check["verdict"] for name, check in checks.items() if name not in ("program", "owner", "settings")
    } <= {
        "not_available",
        "missing",
    }
    assert checks["network"]["verdict"] == "missing"
    assert checks["folder"]["verdict"] == "missing"
    assert "Look at --home" in checks["folder"]["words"]
    assert not terminal.home.exists()


def test_what_a_home_without_a_till_has_none_of_is_not_fine(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "new", "http://127.0.0.1:9")
    terminal.run("settings", "set", "send_x_report", "on")
    checks = examined(terminal, "records", "chain")
    assert {check["verdict"] for check in checks.values()} == {"not_available"}


def test_a_wrong_name_and_a_list(terminal: Terminal) -> None:
    result = terminal.try_to("doctor", "clok")
    assert (result.returncode, result.stdout) == (2, "")
    assert "There is no check clok. The nearest one is clock." in result.stderr
    assert "doctor --list-checks" in result.stderr
    assert [*examined(terminal, "clock", "till")] == ["till", "clock"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_named_and_the_rest_goes_on(terminal: Terminal) -> None:
    os.chown(terminal.home / "till.db", 54321, 54321)
    checks = examined(terminal)
    assert checks["owner"]["verdict"] == "missing"
    assert "till.db belongs to 54321" in checks["owner"]["words"]
    assert "chown" in checks["owner"]["words"]
    assert checks["network"]["verdict"] == "fine"


def test_what_is_done_between_two_marks_is_in_the_log(terminal: Terminal) -> None:
    with terminal.start("doctor", "--record", "till") as process:
        assert process.stderr
        marked = process.stderr.readline()
        terminal.run("worker", "--once")
        process.communicate("\n")
    assert process.returncode == 0
    mark = marked.split("marked: ")[1][:8]
    entries = [json.loads(line) for line in terminal.run("log", "--json").splitlines()]
    places = [entry["place"] for entry in entries if entry.get("mark") == mark]
    assert places == ["begin", "end"]
