"""The private file: who may read it, and that it is never half written."""

import json
import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from factorypos_tui.core.errors import StorageError
from factorypos_tui.credentials.file import FileCredentials


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "credentials.json"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_its_owner_may_read_it(path: Path) -> None:
    previous = os.umask(0)
    try:
        FileCredentials(path).set("user", "token")
    finally:
        os.umask(previous)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert list(path.parent.iterdir()) == [path]


def test_one_that_others_may_read_is_closed_to_them(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    credentials = FileCredentials(path)
    credentials.set("user", "s3cret")
    path.chmod(0o644)
    assert credentials.get("user") == "s3cret"
    assert mode(path) == 0o600
    assert "other users" in caplog.text
    assert "s3cret" not in caplog.text


def test_a_symbolic_link_is_neither_read_nor_written_through(path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text('{"user": "planted"}')
    path.parent.mkdir()
    path.symlink_to(elsewhere)
    with pytest.raises(StorageError):
        FileCredentials(path).get("user")
    with pytest.raises(StorageError):
        FileCredentials(path).set("user", "token")
    assert elsewhere.read_text() == '{"user": "planted"}'


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_not_believed(path: Path) -> None:
    FileCredentials(path).set("user", "planted")
    os.chown(path, 12345, -1)
    with pytest.raises(StorageError):
        FileCredentials(path).get("user")


def test_a_pipe_in_its_place_holds_nobody_up(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    with pytest.raises(StorageError):
        FileCredentials(path).get("user")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"user": 1}', '{"a":' * 5000, "\udcff"])
def test_a_damaged_file_is_said_and_left(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_bytes(content.encode(errors="surrogateescape"))
    path.chmod(0o600)
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"credentials\.json.* log in and assign the store again"):
        FileCredentials(path).set("user", "token")
    assert path.read_bytes() == before


def test_two_writers_lose_no_token_of_each_other(path: Path) -> None:
    names = [f"name {n}" for n in range(40)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda name: FileCredentials(path).set(name, f"token of {name}"), names))
    assert {name: FileCredentials(path).get(name) for name in names} == {n: f"token of {n}" for n in names}


def start(script: str, path: Path) -> "subprocess.Popen[str]":
    prelude = "import sys; from pathlib import Path; from factorypos_tui.credentials.file import *\n"
    command = [sys.executable, "-c", f"{prelude}credentials = FileCredentials(Path(sys.argv[1]))\n{script}"]
    return subprocess.Popen([*command, str(path)], stdout=subprocess.PIPE, text=True)


def test_a_killed_writer_leaves_the_old_tokens_or_the_new_ones(path: Path) -> None:
    script = """
for n in range(10**9):
    credentials.set("user", "x" * 5000 + str(n))
    print(n, flush=True)
"""
    for _attempt in range(5):
        with start(script, path) as writer:
            assert writer.stdout is not None
            acknowledged = [int(writer.stdout.readline()) for _line in range(20)][-1]
            writer.send_signal(signal.SIGKILL)
        token = FileCredentials(path).get("user")
        assert token is not None
        assert int(token.removeprefix("x" * 5000)) >= acknowledged


def test_a_full_disk_costs_no_token_that_was_there(path: Path) -> None:
    FileCredentials(path).set("terminal", "of the till")
    script = """
import resource
from factorypos_tui.core.errors import StorageError
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
try:
    credentials.set("user", "token")
except StorageError as error:
    print(error)
"""
    with start(script, path) as writer:
        said, _nothing = writer.communicate()
    assert str(path) in said
    assert json.loads(path.read_text()) == {"terminal": "of the till"}
    assert list(path.parent.iterdir()) == [path]
