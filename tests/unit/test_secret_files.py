"""Secrets in files of other programs: one newline at the end is no part of them, and all are read alike."""

import os
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from factorypos_tui.cli.cloud_database import Secret
from factorypos_tui.cli.till_password import CREDENTIAL, till_password
from factorypos_tui.core.errors import StorageError
from factorypos_tui.core.storage.secret_files import read_secret
from factorypos_tui.credentials.systemd import SystemdCredentials

TEXTS = {"secret": "secret", "secret\n": "secret", "secret\r\n": "secret", " secret \n\n": " secret \n"}


@click.command()
@click.option("--url", cls=Secret, envvar="FACTORYPOS_SOME_URL")
def server(url: str) -> None:
    click.echo(repr(url), nl=False)


def of_the_server(file: Path) -> tuple[str, str]:
    """What a server reads from the file of a variable, and what it complains of."""
    result = CliRunner().invoke(server, env={"FACTORYPOS_SOME_URL_FILE": str(file)})
    return result.stdout, result.stderr


@pytest.mark.parametrize(("written", "secret"), TEXTS.items())
def test_one_newline_at_the_end_is_no_part_of_it(tmp_path: Path, written: str, secret: str) -> None:
    for name in ("url", CREDENTIAL, "factorypos-terminal-token"):
        (tmp_path / name).write_bytes(written.encode())
        (tmp_path / name).chmod(0o600)
    assert read_secret(tmp_path / "url").text == secret
    assert of_the_server(tmp_path / "url") == (repr(secret), "")
    assert till_password(tmp_path, "", {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == secret
    assert till_password(tmp_path, "url", {}) == secret
    assert SystemdCredentials(str(tmp_path)).get("terminal") == secret


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_one_that_others_may_read_is_named_with_the_command_that_mends_it(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "url"
    file.write_text("secret\n")
    file.chmod(mode)
    value, complaint = of_the_server(file)
    assert value == "'secret'"
    assert f"chmod 600 {file}" in complaint
    with pytest.raises(StorageError, match=f"chmod 600 {file}"):
        till_password(tmp_path, "url", {})


def test_an_empty_one_and_one_that_is_none_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    assert "is empty" in of_the_server(tmp_path / "empty")[1]
    assert "cannot be read" in of_the_server(tmp_path)[1]
    (tmp_path / "factorypos-terminal-token").write_text(" \n")
    assert SystemdCredentials(str(tmp_path)).get("terminal") is None


def test_a_pipe_in_its_place_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "factorypos-terminal-token")
    with pytest.raises(StorageError, match="cannot be read"):
        SystemdCredentials(str(tmp_path)).get("terminal")
