"""`cloud …` as an administrator runs it: real processes, a real home."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.server.test_configuration import document as configuration

PASSWORD = "a long walk by the sea"
FRONT_DOOR = """
import pathlib, sys
from types import SimpleNamespace
from factorypos_tui.cli.cloud import cloud
cloud(args=sys.argv[2:], prog_name="cloud", obj=SimpleNamespace(path=pathlib.Path(sys.argv[1])))
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def run(home: Path, *arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-W", "error", "-c", FRONT_DOOR, str(home), *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def server(home: Path, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    command = [sys.executable, "-W", "error", "-c", FRONT_DOOR, str(home), "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield process, line.removeprefix("FactoryCLOUD is listening on ").strip()
        finally:
            process.kill()


def test_a_server_serves_what_the_administrator_made_and_ends_cleanly(home: Path) -> None:
    made = run(
        home,
        "user",
        "create",
        "--email",
        "ana@example.com",
        "--name",
        "Ana",
        "--password-stdin",
        given=PASSWORD,
    )
    assert (made.returncode, made.stderr) == (0, "")
    for number in (signal.SIGTERM, signal.SIGINT):
        with server(home) as (process, address):
            answer = httpx.post(
                f"{address}/v1/sessions",
                json={"email": "ana@example.com", "password": PASSWORD},
                trust_env=False,
            )
            assert answer.status_code == 201
            reset = httpx.post(
                f"{address}/v1/password-resets", json={"email": "ana@example.com"}, trust_env=False
            )
            assert reset.status_code == 202
            process.send_signal(number)
            output, errors = process.communicate(timeout=60)
            assert (process.returncode, output, errors) == (0, "", "")
    (first, second) = (home / "outbox").iterdir()
    assert b"ana@example.com" in first.read_bytes() + second.read_bytes()
    assert {path.stat().st_mode & 0o777 for path in home.glob("*.db*")} == {0o600}


def test_a_taken_port_is_said_in_a_sentence(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run(home, "serve", "--port", port)
    assert result.returncode == 1
    assert f"Cannot listen on 127.0.0.1 port {port}" in result.stderr
    assert "Traceback" not in result.stderr


def test_users_are_listed_and_disabled(home: Path) -> None:
    run(
        home,
        "user",
        "create",
        "--email",
        "ana@example.com",
        "--name",
        "Ana",
        "--password-stdin",
        given=f"{PASSWORD}\n",
    )
    assert run(home, "user", "disable", "--email", "ana@example.com").returncode == 0
    listed = json.loads(run(home, "user", "list", "--json").stdout)
    assert [(user["email"], bool(user["disabled_at"])) for user in listed["items"]] == [
        ("ana@example.com", True)
    ]
    assert "ana@example.com  Ana  (disabled" in run(home, "user", "list").stdout
    with server(home) as (_, address):
        form = {"email": "ana@example.com", "password": PASSWORD}
        assert httpx.post(f"{address}/v1/sessions", json=form, trust_env=False).status_code == 401


def test_a_bad_password_is_refused_and_never_shown(home: Path) -> None:
    result = run(
        home, "user", "create", "--email", "a@b.example", "--name", "A", "--password-stdin", given="hunter2"
    )
    assert result.returncode == 1
    assert "password" in result.stderr
    assert "hunter2" not in result.stdout + result.stderr


def test_a_database_is_checked_and_backed_up(home: Path, tmp_path: Path) -> None:
    missing = run(home, "check")
    assert (missing.returncode, home.exists()) == (1, False)
    assert "There is no FactoryCLOUD" in missing.stderr
    run(home, "user", "create", "--email", "a@b.example", "--name", "A", "--password-stdin", given=PASSWORD)
    checked = run(home, "check", "--json")
    assert checked.returncode == 0
    assert json.loads(checked.stdout)["counts"]["users"] == 1
    copy = tmp_path / "copy.db"
    assert run(home, "backup", str(copy)).returncode == 0
    again = run(home, "backup", str(copy))
    assert again.returncode == 1
    assert "never overwrites" in again.stderr
    with (home / "cloud.db").open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(8192))
    damaged = run(home, "check")
    assert damaged.returncode == 1
    assert "Traceback" not in damaged.stderr


def test_versions_of_a_configuration_are_listed_shown_and_brought_back(home: Path) -> None:
    run(home, "user", "create", "--email", "a@b.example", "--name", "A", "--password-stdin", given=PASSWORD)
    assert "There is no configuration" in run(home, "configuration", "list").stderr
    with server(home) as (_, address), httpx.Client(base_url=f"{address}/v1", trust_env=False) as http:
        opened = http.post("/sessions", json={"email": "a@b.example", "password": PASSWORD}).json()
        http.headers["Authorization"] = f"Bearer {opened['token']}"
        company = http.post("/companies", json={"name": "C", "country": "ES", "currency": "EUR"}).json()["id"]
        store = http.post(f"/companies/{company}/stores", json={"name": "S", "timezone": "UTC"}).json()["id"]
        path, etag = f"/stores/{store}/configuration", None
        documents = [configuration(users=[{"code": str(n)}]) for n in range(2)]
        for document in documents:
            condition = {"If-Match": etag} if etag else {"If-None-Match": "*"}
            etag = http.put(path, json=document, headers=condition).headers["etag"]
        of_version = ("--store", store, "--version", "1")
        restored = run(home, "configuration", "restore", *of_version)
        assert (restored.returncode, restored.stdout) == (0, "")
        assert "as version 3" in restored.stderr
        assert http.get(path).json() == documents[0]
    listed = json.loads(run(home, "configuration", "list", "--store", store, "--json").stdout)["items"]
    assert [version["version"] for version in listed] == [3, 2, 1]
    assert (listed[0]["account"], listed[0]["terminal"]) == (None, None)
    table = run(home, "configuration", "list").stdout
    assert "administrator" in table
    assert "S (C)" in table
    assert json.loads(run(home, "configuration", "show", *of_version).stdout) == documents[0]
    missing = run(home, "configuration", "show", "--store", store, "--version", "9")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "no version 9" in missing.stderr
    assert run(home, "configuration", "show", "--store", store, "--version", "0").returncode == 2


def test_a_wrong_address_is_wrong_usage(home: Path) -> None:
    assert run(home, "serve", "--database", "mysql://x").returncode == 2
    refused = run(home, "serve", "--mail", "ftp://u:secret@mail")
    assert refused.returncode == 1
    assert "secret" not in refused.stderr
    nowhere = run(home, "serve", "--database", "postgresql://u:secret@127.0.0.1:1/x")
    assert nowhere.returncode == 1
    assert "secret" not in nowhere.stderr
    assert "Traceback" not in nowhere.stderr
