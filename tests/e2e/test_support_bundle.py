"""The bundle for support: it holds what helps, and nothing of the shop's, whatever lies in its stores."""

import json
import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.terminals import PASSWORD, Terminal
from tests.support.tiny_cloud import TinyCloud


@pytest.fixture
def terminal(tmp_path: Path, cloud: TinyCloud) -> Terminal:
    """A terminal whose two closed days are in the cloud, with a canary in each of its stores."""
    terminal = Terminal(tmp_path / "till", cloud.address)
    terminal.run("till", "seed", "--days", "2", "--receipts", "3")
    terminal.connect(stays=True)
    terminal.run("worker", "--once")
    return terminal


def change(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(sql)


IN_THE_LOG = ("Maritim", "ana@example.com", "Terminal 01", "CAFE", "Sofía")


def planted(terminal: Terminal) -> list[str]:
    """Put a canary into each store, and tell them all, the tokens among them."""
    (terminal.home / "config.toml").write_text(
        'proxy = "http://canaryuser:canaryword@canaryproxy:3128"\nterminal_name = "Canary Bar"\n'
    )
    (terminal.home / "till-password").write_text("canarypassword")
    change(terminal.home / "till.db", "UPDATE items SET name = 'canaryitem'")
    change(terminal.home / "till.db", "UPDATE company SET name = 'canarycompany', address = 'canarystreet 1'")
    change(terminal.home / "sync.db", "UPDATE shipment SET last_error = 'canaryerror'")
    tokens = json.loads((terminal.home / "credentials.json").read_text())
    words = [word for text in tokens.values() for word in text.split()]
    return [PASSWORD, "canary", "Canary", *(word for word in words if len(word) > 20)]


def test_a_bundle_holds_what_helps_and_nothing_of_the_shops(terminal: Terminal, tmp_path: Path) -> None:
    log = terminal.home / "logs" / "factorypos.jsonl"
    with log.open("a", encoding="utf-8") as file:
        for canary in IN_THE_LOG:
            line = {
                "at": "2026-11-30T10:00:00Z",
                "level": "error",
                "event": canary,
                "error": canary,
                "reason": canary,
            }
            file.write(json.dumps(line) + "\nno json " + canary + "\n")
    secrets = planted(terminal)
    bundle = tmp_path / "bundle.zip"
    said = terminal.try_to("doctor", "--bundle", str(bundle))
    assert f"Written: {bundle}. It was sent nowhere." in said.stderr
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert {*files} == {"manifest.json", "report.json", "log.jsonl", "README.txt"}
    for name, content in files.items():
        assert not [canary for canary in (*IN_THE_LOG, *secrets) if canary in content], name
        assert str(terminal.home) not in content
    checks = {check["name"]: check for check in json.loads(files["report.json"])["checks"]}
    assert checks["last-z"]["facts"] == {"till": 2, "queue": 2, "cloud": 2}
    entries = [json.loads(line) for line in files["log.jsonl"].splitlines()]
    assert {"delivered"} <= {entry.get("event") for entry in entries}
    assert terminal.try_to("doctor", "--bundle", str(bundle)).returncode == 2


def test_a_bundle_that_would_hold_a_name_is_not_written(terminal: Terminal, tmp_path: Path) -> None:
    """A name of one word could be the value of a field of the log that holds words of ours."""
    change(terminal.home / "sync.db", "UPDATE assignment SET store_name = 'Florida'")
    log = terminal.home / "logs" / "factorypos.jsonl"
    with log.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"event": "try failed", "reason": "florida"}) + "\n")
    result = terminal.try_to("doctor", "--bundle", str(tmp_path / "bundle.zip"))
    assert result.returncode == 1
    assert "No bundle was written: log.jsonl would have held a name of the shop's." in result.stderr
    assert "Florida" not in result.stderr
    assert not (tmp_path / "bundle.zip").exists()
