"""A systemd credential: only read, first unless a newer token was assigned since."""

from pathlib import Path

import pytest

from factorypos_tui.core.errors import StorageError, TokenMissing
from factorypos_tui.credentials.systemd import SystemdCredentials
from tests.credentials.conftest import UseKeyring
from tests.credentials.keyrings import (
    RealKeyring,
)
from tests.credentials.test_places import auto


def test_a_systemd_credential_comes_first_and_is_only_read(tmp_path: Path, use_keyring: UseKeyring) -> None:
    directory = tmp_path / "credentials"
    directory.mkdir()
    credentials = auto(tmp_path, {"CREDENTIALS_DIRECTORY": str(directory)})
    (directory / "factorypos-terminal-token").write_text("from systemd\n")
    credentials.set("user", "of Ana")
    assert (credentials.get("terminal"), credentials.get("user")) == ("from systemd", "of Ana")
    credentials.delete("terminal")
    assert credentials.get("terminal") == "from systemd"
    assert SystemdCredentials(str(directory)).get("user") is None
    with pytest.raises(StorageError):
        SystemdCredentials(str(directory)).set("terminal", "another")


@pytest.mark.parametrize("in_keyring", [False, True])
def test_a_systemd_credential_older_than_the_token_assigned_last_is_named_and_not_used(
    tmp_path: Path, use_keyring: UseKeyring, caplog: pytest.LogCaptureFixture, in_keyring: bool
) -> None:
    if in_keyring:
        use_keyring(RealKeyring())
    directory = tmp_path / "credentials"
    directory.mkdir()
    (directory / "factorypos-terminal-token").write_text("first\n")
    service = auto(tmp_path, {"CREDENTIALS_DIRECTORY": str(directory)})
    assert service.get("terminal") == "first"
    auto(tmp_path).set("terminal", "store 1 second")  # assigned again, from the app
    assert service.get("terminal") == "store 1 second"
    assert [vars(record)["facts"] for record in caplog.records] == [{"place": "systemd"}]
    assert "first" not in caplog.text
    (directory / "factorypos-terminal-token").write_text("second\n")  # its administrator has followed
    assert service.get("terminal") == "second"


def test_an_older_credential_alone_is_named_and_assigning_again_helps(
    tmp_path: Path, use_keyring: UseKeyring
) -> None:
    directory = tmp_path / "credentials"
    directory.mkdir()
    (directory / "factorypos-terminal-token").write_text("first\n")
    service = auto(tmp_path, {"CREDENTIALS_DIRECTORY": str(directory)})
    service.set("terminal", "store 1 second")
    (tmp_path / "credentials.json").unlink()
    with pytest.raises(TokenMissing, match="factorypos-terminal-token") as failure:
        service.get("terminal")
    assert failure.value.cause == "token_missing"
    service.set("terminal", "store 1 third")
    assert service.get("terminal") == "store 1 third"


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_systemd_credential_that_cannot_be_read_is_said(tmp_path: Path, content: bytes | None) -> None:
    token = tmp_path / "factorypos-terminal-token"
    token.mkdir() if content is None else token.write_bytes(content)
    with pytest.raises(StorageError):
        SystemdCredentials(str(tmp_path)).get("terminal")
