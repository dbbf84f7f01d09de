"""Where the password of a till's database is looked for, and which file is refused."""

from pathlib import Path

import pytest

from factorypos_tui.cli.till_password import CREDENTIAL, VARIABLE, till_password
from factorypos_tui.core.errors import StorageError


def private(file: Path, text: str) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(text, "utf-8")
    return file


def test_the_file_counts_before_the_credential_and_that_before_the_variable(tmp_path: Path) -> None:
    private(tmp_path / "till-password", " of the file \n")
    given = private(tmp_path / "given" / CREDENTIAL, "of systemd\n")
    everything = {"CREDENTIALS_DIRECTORY": str(given.parent), VARIABLE: "of the variable"}
    assert till_password(tmp_path, "till-password", everything) == " of the file "
    assert till_password(tmp_path, "", everything) == "of systemd"
    given.unlink()
    assert till_password(tmp_path, "", everything) == "of the variable"
    assert till_password(tmp_path, "", {}) is None


def test_a_file_that_others_can_read_is_refused_with_the_command_that_mends_it(tmp_path: Path) -> None:
    file = private(tmp_path / "till-password", "secret\n")
    file.chmod(0o644)
    with pytest.raises(StorageError, match=f"chmod 600 {file}"):
        till_password(tmp_path, "till-password", {})


def test_a_file_that_is_missing_or_no_text_is_told_and_its_content_is_not(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No such file"):
        till_password(tmp_path, "none", {})
    private(tmp_path / "latin", "").write_bytes(b"hunter2\xff")
    with pytest.raises(StorageError, match="it is no text") as refused:
        till_password(tmp_path, "latin", {})
    assert "hunter2" not in str(refused.value)
