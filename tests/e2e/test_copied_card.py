"""`till identity new`: a machine that was copied, card and all, becomes a terminal of its own."""

import shutil
from pathlib import Path

import pytest

from tests.e2e.stores import words
from tests.support.terminals import PASSWORD, Terminal
from tests.support.tiny_cloud import TinyCloud

ANA = ("--email", "ana@example.com", "--password-stdin")
NEW = ("till", "identity", "new")


@pytest.fixture
def original(tmp_path: Path, cloud: TinyCloud) -> Terminal:
    """A till whose two closed days are in the cloud, and which has sold nothing since."""
    terminal = Terminal(tmp_path / "till", cloud.address)
    terminal.run("till", "seed", "--days", "2", "--receipts", "3")
    terminal.connect()
    terminal.run("settings", "set", "language", "en")
    terminal.run("worker", "--once")
    return terminal


def copied(original: Terminal) -> Terminal:
    home = original.home.with_name("copy")
    shutil.copytree(original.home, home, copy_function=shutil.copy2)
    home.chmod(0o700)
    return Terminal(home, original.cloud_url)


def sell_and_close(terminal: Terminal, item: str = "CAFE") -> None:
    terminal.run("till", "sale", "--item", item)
    terminal.run("till", "close", "--yes")


def assign(terminal: Terminal) -> None:
    terminal.run("login", *ANA, stdin=PASSWORD)
    terminal.run("assign")
    terminal.run("worker", "--once")


def sent_by(cloud: TinyCloud, terminal_id: str) -> list[tuple[int, int]]:
    """The Z numbers of a terminal with what they sold since its first sale."""
    mine = [report for report in cloud.reports.values() if report["terminal_id"] == terminal_id]
    return sorted((report["z_number"], report["perpetual"]["sales"]) for report in mine)


def test_a_copy_begins_anew_and_the_original_goes_on(original: Terminal, cloud: TinyCloud) -> None:
    copy, there = copied(original), dict(cloud.reports)
    before = original.json("status")["terminal"]["id"]
    made = copy.json(*NEW, "--yes", "--terminal-name", "Bar 2")
    assert (made["before"], made["terminal"]["name"]) == (before, "Bar 2")
    status = copy.json("status")
    assert (status["connected"], status["company"], status["till"]["last_z_number"]) == (False, None, None)
    assert copy.json("till", "init", "--if-missing")["terminal"] == made["terminal"]
    assert made["terminal"]["id"] != before
    assert copy.run("settings", "get", "language").strip() == "en"
    assert copy.try_to("worker", "--once").returncode == 3
    assert cloud.reports == there
    sell_and_close(copy)
    sell_and_close(original)
    assign(copy)
    original.run("worker", "--once")
    assert sent_by(cloud, made["terminal"]["id"]) == [(1, 140)]
    assert [number for number, _sales in sent_by(cloud, before)] == [1, 2, 3]
    for terminal in (copy, original):
        terminal.run("verify")
        terminal.run("check")
    assert "this till became a terminal of its own" in copy.run("log")


def test_what_was_before_is_kept_private(original: Terminal) -> None:
    copy = copied(original)
    kept = Path(copy.json(*NEW, "--yes")["kept_in"])
    assert kept.parent == copy.home
    assert kept.stat().st_mode & 0o777 == 0o700
    assert {"till.db", "sync.db"} <= {file.name for file in kept.iterdir()}
    assert all(file.stat().st_mode & 0o077 == 0 for file in kept.iterdir())
    for name in ("till.db", "sync.db"):
        shutil.copy(kept / name, copy.home)
    assert copy.json("status")["queue"]["delivered"] == 2


def test_days_that_only_the_copy_has_closed_go_with_it(original: Terminal, cloud: TinyCloud) -> None:
    """Both closed a Z 3, and the original's arrived first. The copy's Z 4 arrived, under the old identity."""
    copy = copied(original)
    sell_and_close(original)
    original.run("worker", "--once")
    for item in ("CAFE*2", "CAFE*3", "CAFE*5"):
        copy.try_to("worker", "--once")
        sell_and_close(copy, item)
    said = words(copy, *NEW, "--yes", code=1)
    assert "Not in FactoryCLOUD as it is here: Z 3, 5." in said
    assert "--own-since 3" in said
    assert "has not closed Z 9" in words(copy, *NEW, "--yes", "--own-since", "9", code=2)
    assert "soon is no Z number" in words(copy, *NEW, "--yes", "--own-since", "soon", code=2)
    there = dict(cloud.reports)
    made = copy.json(*NEW, "--yes", "--own-since", "Z3")
    copy.run("till", "sale", "--item", "CAFE*7")
    assign(copy)
    assert sent_by(cloud, made["terminal"]["id"]) == [(1, 280), (2, 980)]
    copy.run("till", "close", "--yes")
    copy.run("worker", "--once")
    assert sent_by(cloud, made["terminal"]["id"]) == [(1, 280), (2, 980), (3, 1960)]
    assert there.items() <= cloud.reports.items()
    copy.run("verify")
    copy.run("check")


def test_a_person_is_told_what_goes_where_and_may_say_no(original: Terminal) -> None:
    copy = copied(original)
    copy.run("till", "sale", "--item", "CAFE")
    asked = copy.try_to(*NEW, stdin="n\n")
    assert asked.returncode == 1
    assert "2 closed days stay with the original. The running day goes" in asked.stderr
    assert "with 1 receipt. Sales that the original has, too, would count twice" in asked.stderr
    assert copy.json("status")["connected"] is True
    assert copy.try_to(*NEW, stdin="y\n").returncode == 0
    assert copy.json("till", "status")["receipts"] == 1
    copy.run("till", "close", "--yes")
    copy.run(*NEW, "--own-since", "none", "--yes")
    assert copy.json("status")["till"]["last_z_number"] is None


def test_not_while_another_process_sends(original: Terminal) -> None:
    copy = copied(original)
    with copy.start("worker") as service:
        assert service.stderr is not None
        service.stderr.readline()
        words(copy, *NEW, "--yes", code=6)
    assert copy.json("status")["connected"] is True


def test_a_disk_that_is_full_changes_nothing(original: Terminal) -> None:
    copy = copied(original)
    result = copy.try_to(*NEW, "--yes", most_bytes_a_file=4096)
    assert result.returncode == 1, result.stderr
    assert copy.json("status")["connected"] is True
    assert copy.json("status")["till"]["last_z_number"] == 2


def test_what_shows_that_a_card_was_copied_names_the_way_out(original: Terminal) -> None:
    copy = copied(original)
    for _day in range(2):
        sell_and_close(original)
    original.run("worker", "--once")
    sell_and_close(copy, "CAFE*2")
    copy.try_to("worker", "--once")
    copy.try_to("worker", "--once")
    assert "till identity new" in copy.run("doctor", code=1) + copy.run("status")
