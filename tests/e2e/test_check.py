"""`check` and `status` against real processes: no closed day is on no way unnoticed."""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from factorypos_tui.cli.program import program
from tests.e2e.test_worker_process import numbers, worker
from tests.support.terminals import PASSWORD, Terminal
from tests.support.tiny_cloud import TinyCloud
from tests.support.waiting import eventually

OK, WARNING, CRITICAL, UNKNOWN = range(4)


@pytest.fixture
def terminal(tmp_path: Path, cloud: TinyCloud) -> Terminal:
    """A terminal whose two closed days are in the cloud; no process sends any more."""
    terminal = Terminal(tmp_path / "till", cloud.address)
    terminal.run("till", "seed", "--days", "2", "--receipts", "3")
    terminal.connect()
    terminal.run("worker", "--once")
    return terminal


def judged(terminal: Terminal, code: int, *arguments: str) -> str:
    """The line of `check`, which must end with `code`; nothing else is said."""
    result = terminal.try_to("check", *arguments)
    assert (result.returncode, result.stderr) == (code, ""), result.stdout
    (line,) = result.stdout.splitlines()
    assert line.startswith(("OK - ", "WARNING - ", "CRITICAL - ", "UNKNOWN - ")[code])
    return line


def close_a_day(terminal: Terminal) -> None:
    terminal.run("till", "sale", "--item", "CAFE")
    terminal.run("till", "close")


def in_status(terminal: Terminal, group: str) -> Any:
    return terminal.json("status")[group]


def test_it_is_well_where_all_that_was_closed_is_in_the_cloud(terminal: Terminal) -> None:
    line = judged(terminal, OK)
    assert "All closed days are in FactoryCLOUD: last Z 2 sent" in line
    assert " | waiting=0;;;0 not_queued=0;;;0 attention=0;;0;0 behind=0s;;3600;0 clock_offset=" in line
    said = dict(line.split(":", 1) for line in terminal.run("status").splitlines() if ": " in line)
    assert said["Closed days"].strip() == "all sent"
    assert said["Newest"].strip().startswith("last Z 2 sent")
    assert said["Sender"].strip() == "nobody"


def test_a_day_that_was_closed_while_nothing_ran_is_seen_at_once(terminal: Terminal) -> None:
    close_a_day(terminal)
    assert (in_status(terminal, "queue")["uncollected"], in_status(terminal, "queue")["pending"]) == (1, 0)
    said = terminal.run("status")
    assert "1 closed day not queued" in said
    assert "last Z 3 not queued yet" in said
    assert "Online" not in said
    assert "not queued yet: Z 3. Safe at the till" in terminal.try_to("queue", "list").stderr
    assert "nobody sends" in judged(terminal, CRITICAL)
    terminal.run("worker", "--once")
    judged(terminal, OK)


def test_who_waits_too_long_is_left_behind(terminal: Terminal, cloud: TinyCloud) -> None:
    cloud.misbehave("503")
    with worker(terminal):
        close_a_day(terminal)
        eventually(lambda: in_status(terminal, "link")["state"] == "offline")
        judged(terminal, OK)
        assert "have not left since" in judged(terminal, CRITICAL, "--behind", "0")


def test_the_link_is_told_while_somebody_sends_and_not_after(terminal: Terminal, cloud: TinyCloud) -> None:
    assert in_status(terminal, "link")["state"] == "unknown"
    with worker(terminal):
        eventually(lambda: in_status(terminal, "link")["state"] == "online")
        assert in_status(terminal, "link")["last_contact_at"]
    assert in_status(terminal, "link")["state"] == "unknown"
    assert "Not known, last answer" in terminal.run("status")


def test_a_worker_without_work_finds_out_that_the_terminal_was_revoked(
    terminal: Terminal, cloud: TinyCloud
) -> None:
    """As after a cloud was restored from before the terminal's enrolment."""
    cloud.misbehave("401")
    with closing(sqlite3.connect(terminal.home / "sync.db")) as database, database:
        database.execute("DELETE FROM setting WHERE name = 'cloud_heard_at'")
    with worker(terminal):
        eventually(lambda: in_status(terminal, "link")["state"] == "held")
        assert "token is not accepted" in judged(terminal, WARNING)


def test_a_home_that_is_a_file_is_unknown_to_a_monitor_and_wrong_usage_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a shopping list")
    for home in (file, file / "till"):
        terminal = Terminal(home, "http://127.0.0.1:9")
        assert f"{file} is a file" in judged(terminal, UNKNOWN)
        result = terminal.try_to("status")
        assert (result.returncode, result.stdout) == (2, "")
        assert f"{file} is a file" in result.stderr
    assert file.read_text() == "a shopping list"


def test_a_till_is_absent_unreadable_or_damaged(terminal: Terminal) -> None:
    till = terminal.home / "till.db"
    kept = till.read_bytes()
    for content, state in ((None, "absent"), (b"no till at all " * 500, "damaged"), (kept, "ok")):
        till.unlink(missing_ok=True)
        if content is not None:
            till.write_bytes(content)
        found = in_status(terminal, "till")
        assert found["state"] == state
        if state != "ok":
            assert str(till) in found["reason"]
            assert str(till) in terminal.run("status")
            assert "all sent" not in terminal.run("status")
            assert str(till) in judged(terminal, CRITICAL)
    with closing(sqlite3.connect(till)) as newer, newer:
        newer.execute("PRAGMA user_version = 99")
    assert in_status(terminal, "till")["state"] == "unreadable"
    judged(terminal, CRITICAL)


def test_a_day_closed_without_a_store_is_shown_until_it_has_one(terminal: Terminal, cloud: TinyCloud) -> None:
    status = terminal.json("status")
    terminal.run("disconnect", "--yes")
    assert "No store is assigned" in judged(terminal, OK)
    close_a_day(terminal)
    assert in_status(terminal, "queue")["unassigned"] == 1
    assert "1 closed day, no store yet" in terminal.run("status")
    assert "without a store: Z 3" in terminal.try_to("queue", "list").stderr
    judged(terminal, CRITICAL)
    terminal.run("login", "--email", "ana@example.com", "--password-stdin", stdin=PASSWORD)
    place = ("--company", status["company"]["id"], "--store", status["store"]["id"])
    terminal.run("assign", *place, "--history", "all")
    terminal.run("worker", "--once")
    assert numbers(cloud) == [1, 2, 3]
    judged(terminal, OK)


def test_a_file_that_was_set_aside_is_said_until_somebody_has_seen_it(terminal: Terminal) -> None:
    sync = terminal.home / "sync.db"
    sync.write_bytes(b"damaged " * 1000)
    for side in ("-wal", "-shm"):
        Path(f"{sync}{side}").unlink(missing_ok=True)
    terminal.try_to("worker", "--once")
    assert "sync.db.damaged-" in judged(terminal, CRITICAL)
    terminal.run("verify")  # a script that runs each night is nobody who sees it
    assert "sync.db.damaged-" in judged(terminal, CRITICAL)
    assert "damaged" not in judged(terminal, OK, "--seen")
    judged(terminal, OK)


def test_a_store_whose_token_is_gone_is_not_connected(terminal: Terminal) -> None:
    assert terminal.json("status")["connected"] is True
    kept = json.loads((terminal.home / "credentials.json").read_text())
    del kept["terminal"]
    (terminal.home / "credentials.json").write_text(json.dumps(kept))
    assert terminal.json("status")["connected"] is False
    assert "token is missing" in judged(terminal, WARNING)


def test_a_till_whose_queue_is_gone_is_no_terminal_that_is_not_there(terminal: Terminal) -> None:
    for file in terminal.home.glob("sync.db*"):
        file.unlink()
    assert "2 closed days have no store yet: assign one." in judged(terminal, CRITICAL)


PERFDATA = re.compile(
    r"'?(?P<label>[^='\s]+)'?=(?P<value>U|-?\d+(\.\d+)?)(?P<unit>s|us|ms|%|[KMGT]?B|c)?"
    r"(;(?P<warning>[^; ]*)(;(?P<critical>[^; ]*)(;(?P<least>[\d.-]*)(;(?P<most>[\d.-]*))?)?)?)?"
)
"""`'label'=value[UOM];[warn];[crit];[min];[max]`: the grammar of the plug-in guidelines."""


def figures(line: str) -> dict[str, dict[str, str | None]]:
    """The figures of a line, each of which must be as the guidelines say."""
    words, bar, data = line.partition(" | ")
    assert bar
    assert "|" not in words
    found = [PERFDATA.fullmatch(part) for part in data.split(" ")]
    assert all(found), data
    return {match["label"]: match.groupdict() for match in found if match}


def test_thresholds_are_ranges_of_the_plug_in_convention(terminal: Terminal, cloud: TinyCloud) -> None:
    told = figures(judged(terminal, OK))
    assert (told["behind"]["unit"], told["behind"]["critical"], told["behind"]["least"]) == ("s", "3600", "0")
    assert told["disk_free"]["warning"] == "100:"
    said = judged(terminal, WARNING, "-w", "disk_free=99999999:")
    assert "disk_free is " in said
    assert figures(said)["disk_free"]["warning"] == "99999999:"
    assert judged(terminal, CRITICAL, "-w", "disk_free=~:1", "--critical", "waiting=@0:5")
    judged(terminal, UNKNOWN, "-w", "disk_free=lots")
    assert "figures are waiting" in judged(terminal, UNKNOWN, "-c", "mood=1")
    cloud.misbehave("503")
    with worker(terminal):
        close_a_day(terminal)
        eventually(lambda: in_status(terminal, "link")["state"] == "offline")
        eventually(lambda: in_status(terminal, "queue")["oldest_pending_s"] > 0)
        assert "behind is" in judged(terminal, WARNING, "-w", "behind=0", "-c", "behind=3600")
        assert "have not left since" not in judged(terminal, OK, "--behind", "0", "-c", "behind=3600")


METRIC = re.compile(
    r'(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\{(?P<labels>([a-z_]+="([^"\\\n]|\\["\\n])*",?)+)\} (?P<value>-?\d+)'
)
"""A sample of the text format of Prometheus."""


def samples(file: Path) -> dict[str, int]:
    """The samples of a file of the text format, each of which must have its help and its type before it."""
    found: dict[str, int] = {}
    *lines, end = file.read_text("utf-8").split("\n")
    assert end == ""
    for about, kind, sample in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        match = METRIC.fullmatch(sample)
        assert match, sample
        assert about.startswith(f"# HELP {match['name']} ")
        assert kind == f"# TYPE {match['name']} gauge"
        assert match["name"] not in found
        found[match["name"]] = int(match["value"])
    return found


def test_the_figures_go_into_a_file_for_node_exporter(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "collected" / "factorypos.prom"
    assert "cannot be written" in judged(terminal, UNKNOWN, "--textfile", str(file))
    file.parent.mkdir()
    judged(terminal, OK, "--textfile", str(file))
    told = samples(file)
    assert told["factorypos_check_state"] == OK
    assert told["factorypos_waiting_reports"] == told["factorypos_behind_seconds"] == 0
    assert told["factorypos_disk_free_bytes"] > 1 << 20
    assert told["factorypos_checked_timestamp_seconds"] > 1_700_000_000
    assert file.stat().st_mode & 0o777 == 0o644
    close_a_day(terminal)
    judged(terminal, CRITICAL, "--textfile", str(file))
    assert samples(file)["factorypos_not_queued_days"] == 1
    (terminal.home / "config.toml").write_text("nonsense = 1\n")
    judged(terminal, UNKNOWN, "--textfile", str(file))  # the file goes on to say nothing that is not known
    assert samples(file).keys() == {
        "factorypos_build_info",
        "factorypos_check_state",
        "factorypos_checked_timestamp_seconds",
    }
    assert samples(file)["factorypos_check_state"] == UNKNOWN
    assert [found.name for found in file.parent.iterdir()] == [file.name]


def test_what_it_cannot_tell_is_unknown(tmp_path: Path, terminal: Terminal) -> None:
    nowhere = Terminal(tmp_path / "nowhere", terminal.cloud_url)
    line = judged(nowhere, UNKNOWN)
    assert "There is no terminal in" in line
    assert f"{nowhere.home} till init makes a new one" in line
    assert not nowhere.home.exists()
    judged(terminal, UNKNOWN, "--behind", "soon")
    (terminal.home / "config.toml").write_text("nonsense = 1\n")
    assert "nonsense" in judged(terminal, UNKNOWN)


def test_a_terminal_with_a_store_that_knows_no_address_is_not_well(terminal: Terminal) -> None:
    lost = replace(terminal, cloud_url="")
    assert "No address of FactoryCLOUD is set: write cloud_url into config.toml" in judged(lost, WARNING)
    settings = json.loads(lost.run("doctor", "--json", "settings", code=1))["checks"][0]
    assert settings["verdict"] == "missing"
    said = lost.try_to("worker", "--once")
    assert said.returncode == 2
    assert f"Write cloud_url into {terminal.home / 'config.toml'}, or set" in said.stderr
    with worker(lost) as process:
        assert process.stderr
        assert any("No address of FactoryCLOUD is set" in line for line in process.stderr)
    close_a_day(terminal)
    line = judged(lost, CRITICAL)
    assert "nobody sends" in line
    assert "No address of FactoryCLOUD is set" in line


def test_a_bug_of_ours_is_unknown_and_no_judgement(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_asked: object) -> None:
        raise ValueError("odd")

    monkeypatch.setattr("factorypos_tui.cli.check._judged", fail)
    with pytest.raises(SystemExit) as ended:
        program.main(["check"], prog_name="factorypos-tui", standalone_mode=False)
    assert ended.value.code == UNKNOWN
    assert capsys.readouterr().out == "UNKNOWN - Something unexpected went wrong (ValueError: odd).\n"
