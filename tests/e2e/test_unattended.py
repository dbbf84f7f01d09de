"""A rollout without anybody at a keyboard, as docs/unattended.sh and docs/cloud-init.yaml do it."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.terminals import Terminal, serve_cloud

ROOT = Path(__file__).parents[2]
EMAIL = "owner@example.com"


def script(folder: Path, place: Path) -> "subprocess.CompletedProcess[str]":
    program = folder / "bin" / "factorypos-tui"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m factorypos_tui "$@"\n')
    program.chmod(0o755)
    return subprocess.run(
        ["sh", str(ROOT / "docs" / "unattended.sh"), str(place)],
        env={
            **os.environ,
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "LANGUAGE": "en",
        },
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


@pytest.mark.timeout(600)  # some eighty processes, one after another
def test_a_cloud_and_three_tills_come_up_and_again_the_same(tmp_path: Path) -> None:
    place = tmp_path / "rollout"
    first = script(tmp_path, place)
    assert first.returncode == 0, first.stdout + first.stderr
    tills = [Terminal(place / f"till-{number}", "http://127.0.0.1:9") for number in (1, 2, 3)]
    before = in_the_cloud(place)
    assert [day["z_number"] for day in before] == [1, 1, 1]
    assert len({day["terminal_id"] for day in before}) == 3
    again = script(tmp_path, place)
    assert again.returncode == 0, again.stdout + again.stderr
    assert in_the_cloud(place) == before
    assert last_lines(again) == last_lines(first)
    assert again.stdout.count("OK - ") == 3
    for till in tills:
        assert till.json("status")["queue"]["delivered"] == 1
        assert till.json("till", "status")["receipts"] == 0


def last_lines(done: "subprocess.CompletedProcess[str]") -> list[str]:
    """The terminals, without the instants at which they were last heard of."""
    return sorted(line.split()[0] for line in done.stdout.splitlines()[-3:])


def in_the_cloud(place: Path) -> list[dict[str, Any]]:
    """Every Z report of the owner's stores."""
    password = (place / "password").read_text().strip()
    with (
        serve_cloud(place / "cloud") as address,
        httpx.Client(base_url=f"{address}/v1", trust_env=False) as http,
    ):
        session = http.post("/sessions", json={"email": EMAIL, "password": password}).raise_for_status()
        http.headers["Authorization"] = f"Bearer {session.json()['token']}"
        (company,) = http.get("/companies").json()["items"]
        (store,) = http.get(f"/companies/{company['id']}/stores").json()["items"]
        found: list[dict[str, Any]] = http.get(f"/stores/{store['id']}/reports").json()["items"]
    return found


def test_the_cloud_init_file_is_valid_and_its_commands_run_twice(tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    text = (ROOT / "docs" / "cloud-init.yaml").read_text("utf-8")
    assert text.startswith("#cloud-config\n")
    document = yaml.safe_load(text)
    assert set(document) == {"package_update", "packages", "runcmd", "write_files"}
    assert all(isinstance(word, str) for command in document["runcmd"] for word in command)
    (config,) = document["write_files"]
    till = Terminal(tmp_path / "till", "https://cloud.example.com")
    till.home.mkdir(mode=0o700)
    (till.home / "config.toml").write_text(config["content"])
    ours = [command[1:] for command in document["runcmd"] if command[0] == "factorypos-tui"]
    assert len(ours) == 2
    for command in [*ours, *ours]:
        till.run(*command)
    assert till.json("till", "init", "--if-missing")["terminal"]["name"] == "Bar 1"
    assert json.loads(till.run("status", "--json"))["send_x_report"] is True
