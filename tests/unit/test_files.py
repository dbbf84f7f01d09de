"""Files for people: private, never over another one, and gone again where writing them fails."""

from pathlib import Path

import pytest

from factorypos_tui.core.errors import StorageError, UsageError
from factorypos_tui.core.storage.files import free_name, new_private_file


def test_a_new_file_is_for_its_owner_only(tmp_path: Path) -> None:
    with new_private_file(tmp_path / "new") as file:
        file.write("añadido\n")
    assert (tmp_path / "new").read_text("utf-8") == "añadido\n"
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


def test_a_file_or_a_link_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("old", "link"):
        with pytest.raises(UsageError, match="exists already"), new_private_file(tmp_path / name):
            raise AssertionError("it was opened")
    assert (tmp_path / "old").read_text() == "old"
    assert not (tmp_path / "nowhere").exists()


def fail_halfway(path: Path, error: Exception) -> None:
    """Write half of a file, then fail."""
    with new_private_file(path) as file:
        file.write("half")
        raise error


def test_what_could_not_be_written_to_its_end_is_taken_away(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="in the middle"):
        fail_halfway(tmp_path / "half", ValueError("in the middle"))
    assert not (tmp_path / "half").exists()


def test_a_full_disk_is_said_in_words_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written: No space left"):
        fail_halfway(tmp_path / "half", OSError(28, "No space left on device"))
    assert not (tmp_path / "half").exists()


def test_a_folder_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"), new_private_file(tmp_path / "no" / "file"):
        raise AssertionError("it was opened")


def test_a_free_name_is_one_that_no_file_has(tmp_path: Path) -> None:
    assert free_name(tmp_path, "Z-1", ".txt").name == "Z-1.txt"
    (tmp_path / "Z-1.txt").touch()
    (tmp_path / "Z-1-2.txt").touch()
    assert free_name(tmp_path, "Z-1", ".txt").name == "Z-1-3.txt"
