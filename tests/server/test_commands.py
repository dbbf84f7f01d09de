"""`cloud …` as an administrator runs it: real processes, a real home."""

import json
import os
import signal
import socket
import subprocess
from pathlib import Path
from queue import Queue
from typing import cast

import httpx
import psycopg
import pytest

from factorypos_tui.server.domain.cloud import Cloud
from tests.server.servers import server, whole_server
from tests.server.shop import Owner, Shop
from tests.server.test_configuration import document as configuration
from tests.support.fakes import FrozenClock
from tests.support.forked import run_forked

PASSWORD = "a long walk by the sea"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def run(
    home: Path, *arguments: str, given: str = "", most_bytes_a_file: int | None = None
) -> "subprocess.CompletedProcess[str]":
    """A command to its end; `most_bytes_a_file` makes the disk full for files that would grow beyond it."""
    command = ["--home", str(home), "cloud", *arguments]
    return run_forked(command, given, most_bytes_a_file=most_bytes_a_file)


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
        with whole_server(home) as (process, address):
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
    with server(home) as address:
        form = {"email": "ana@example.com", "password": PASSWORD}
        assert httpx.post(f"{address}/v1/sessions", json=form, trust_env=False).status_code == 401


def test_a_server_of_invited_people_says_whom_to_ask(home: Path) -> None:
    options = ("--registration", "invite", "--contact", "Eva, 600 123 123")
    invited = run(home, "user", "invite", "--email", "ana@example.com", "--name", "Ana", "--json")
    code = json.loads(invited.stdout)["code"]
    with (
        server(home, *options) as address,
        httpx.Client(base_url=f"{address}/v1", trust_env=False) as http,
    ):
        health = http.get("/health").json()
        assert (health["registration"], health["contact"]) == ("invite", "Eva, 600 123 123")
        form = {"email": "eva@example.com", "password": PASSWORD, "name": "Eva"}
        closed = http.post("/users", json=form)
        assert (closed.status_code, closed.json()["code"]) == (403, "registration_closed")
        assert "Ask Eva, 600 123 123" in closed.json()["detail"]
        chosen = {"email": "ana@example.com", "password": PASSWORD, "code": code}
        assert http.post("/sessions", json=chosen).status_code == 401
        assert http.post("/password-resets/confirm", json=chosen).status_code == 204
        assert http.post("/sessions", json=chosen).status_code == 201
        assert http.post("/password-resets/confirm", json=chosen).status_code == 400
    with server(home) as address:
        assert httpx.get(f"{address}/v1/health", trust_env=False).json()["registration"] == "open"
    with server(home, "--public-url", "https://cloud.example.com") as address:
        assert httpx.get(f"{address}/v1/health", trust_env=False).json()["registration"] == "invite"


def test_a_password_is_set_and_a_disabled_user_let_in_again(home: Path) -> None:
    who = ("--email", "ana@example.com")
    run(home, "user", "create", *who, "--name", "Ana", "--password-stdin", given=PASSWORD)
    weak = run(home, "user", "password", *who, "--password-stdin", given="contraseña123")
    assert (weak.returncode, "contraseña123" in weak.stderr) == (1, False)
    other = "another long password"
    assert run(home, "user", "password", *who, "--password-stdin", given=other).returncode == 0
    assert run(home, "user", "disable", *who).returncode == 0
    form = {"email": "ana@example.com", "password": other}
    with server(home) as address:
        assert httpx.post(f"{address}/v1/sessions", json=form, trust_env=False).status_code == 401
        assert run(home, "user", "enable", *who).returncode == 0
        assert httpx.post(f"{address}/v1/sessions", json=form, trust_env=False).status_code == 201
    listed = json.loads(run(home, "audit", "--json", "--who", "ana@example.com").stdout)["items"]
    actions = [entry["action"] for entry in listed]
    assert actions[:4] == ["log_in", "account.enabled", "log_in.refused", "account.disabled"]
    log_in, *_others = run(home, "audit", "--action", "log_in").stdout.splitlines()[1:]
    assert "ana@example.com" in log_in
    young = run(home, "audit", "--prune", "2999-01-01")
    assert (young.returncode, "kept for 90 days" in young.stderr) == (1, True)
    assert "0 entries were deleted" in run(home, "audit", "--prune", "2026-01-01").stderr


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
    with server(home) as address, httpx.Client(base_url=f"{address}/v1", trust_env=False) as http:
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
    assert run(home, "serve", "--port", "0", "--database", "mysql://x").returncode == 2
    refused = run(home, "serve", "--port", "0", "--mail", "ftp://u:secret@mail")
    assert refused.returncode == 1
    assert "secret" not in refused.stderr
    nowhere = run(home, "serve", "--port", "0", "--database", "postgresql://u:secret@127.0.0.1:1/x")
    assert nowhere.returncode == 1
    assert "secret" not in nowhere.stderr
    assert "Traceback" not in nowhere.stderr


def test_a_check_names_what_does_not_fit_and_says_so_by_its_exit_code(home: Path) -> None:
    run(home, "user", "create", "--email", "a@b.example", "--name", "A", "--password-stdin", given=PASSWORD)
    with server(home) as address, httpx.Client(base_url=address, trust_env=False) as http:
        opened = http.post("/v1/sessions", json={"email": "a@b.example", "password": PASSWORD}).json()
        owner = Owner(Shop(http, cast(Cloud, None), Queue(), FrozenClock()), "a@b.example", opened["token"])
        till = owner.assign(owner.store())
        assert till.send(till.z(1)).status_code == 201
        late = run(home, "check")
        assert (late.returncode, "No damage found." in late.stdout) == (0, True)
        assert "arrived more than a day after its date: Z 1." in late.stdout
        reports = [till.z(number, previous_hash="0" * 64) for number in range(2, 13) if number != 6]
        assert till.send_all(reports).status_code == 200
        assert till.send(till.z(3, net=2420)).status_code == 409
    checked = run(home, "check")
    assert (checked.returncode, checked.stderr) == (1, "")
    for words in ("missing between others: Z 6.", "the one before it here: Z 2-5, 8-12.", "its place: Z 3."):
        assert words in checked.stdout
    assert "No damage found" not in checked.stdout
    told = json.loads(run(home, "check", "--json").stdout)
    assert (told["ok"], told["damages"], told["left_out"]) == (False, [], 0)
    numbers = {one["code"]: one["numbers"] for one in told["findings"]}
    assert (numbers["missing_z"], numbers["open_conflict"]) == ([6], [3])


def test_a_server_sets_right_the_counters_of_a_restored_postgresql(home: Path, postgres_url: str) -> None:
    options = ("--database", postgres_url)
    for n in range(2):
        form = ("--email", f"restored{n}@example.com", "--name", "A", "--password-stdin", *options)
        assert run(home, "user", "create", *form, given=PASSWORD).returncode == 0
    with psycopg.connect(postgres_url, autocommit=True) as restored:
        restored.execute("SELECT setval('audit_entry_id_seq', 1, false)")
    checked = run(home, "check", *options)
    assert checked.returncode == 1
    assert "audit_entry.id: PostgreSQL gives numbers that are taken already" in checked.stdout
    with server(home, *options) as address:
        known = {"email": "restored0@example.com", "password": PASSWORD}
        assert httpx.post(f"{address}/v1/sessions", json=known, trust_env=False).status_code == 201
    assert "audit_entry.id" not in run(home, "check", *options).stdout


def test_a_backup_that_finds_the_disk_full_leaves_nothing_and_the_name_free(
    home: Path, tmp_path: Path
) -> None:
    run(home, "user", "create", "--email", "a@b.example", "--name", "A", "--password-stdin", given=PASSWORD)
    folder = tmp_path / "stick"
    folder.mkdir()
    full = run(home, "backup", str(folder / "copy.db"), most_bytes_a_file=64 << 10)
    assert full.returncode == 1
    assert "copy cannot be written: disk I/O error. Nothing" in full.stderr
    assert "database cannot be used" not in full.stderr
    assert list(folder.iterdir()) == []
    assert run(home, "backup", str(folder / "copy.db")).returncode == 0
    assert [file.name for file in folder.iterdir()] == ["copy.db"]
