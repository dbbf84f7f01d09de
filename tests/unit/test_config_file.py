"""`till connect` changes `[till]` of `config.toml`; what an administrator wrote stays."""

import stat
import tomllib
from pathlib import Path

import pytest

from factorypos_tui.cli.config_file import name_till
from factorypos_tui.core.errors import StorageError, UsageError

KEYS = {"kind": "unicenta", "url": "mysql://reader@db/kriol", "company": 'Bar "Marítim" \\ SL'}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "config.toml"


def written(file: Path, text: str) -> Path:
    file.parent.mkdir()
    file.write_text(text, "utf-8")
    return file


def test_without_a_file_there_is_one_for_its_owner_only(file: Path) -> None:
    name_till(file, KEYS)
    assert tomllib.loads(file.read_text("utf-8")) == {"till": KEYS}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert list(file.parent.iterdir()) == [file]


def test_what_an_administrator_wrote_stays_with_its_comments(file: Path) -> None:
    written(
        file,
        "# Of the bar.\n"
        'cloud_url = "https://cloud.example.com" # ours\n'
        "\n"
        "[till] # behind the bar\n"
        "# The old one.\n"
        'kind   = "bundled"\n'
        'path = "till.db"\n'
        "\n"
        "[credentials]\n"
        'backend = "file" # no keyring there\n',
    )
    name_till(file, KEYS)
    assert file.read_text("utf-8") == (
        "# Of the bar.\n"
        'cloud_url = "https://cloud.example.com" # ours\n'
        "\n"
        "[till] # behind the bar\n"
        "# The old one.\n"
        'kind = "unicenta"\n'
        'url = "mysql://reader@db/kriol"\n'
        'company = "Bar \\"Marítim\\" \\\\ SL"\n'
        "\n"
        "[credentials]\n"
        'backend = "file" # no keyring there\n'
    )


def test_a_line_that_says_the_same_is_left_as_it_is(file: Path) -> None:
    name_till(file, KEYS)
    text = file.read_text("utf-8").replace('kind = "unicenta"', "kind='unicenta'   # KriolOS")
    file.write_text(text, "utf-8")
    name_till(file, KEYS | {"host": "CAJA-1"})
    assert "kind='unicenta'   # KriolOS\n" in file.read_text("utf-8")
    assert tomllib.loads(file.read_text("utf-8")) == {"till": KEYS | {"host": "CAJA-1"}}


@pytest.mark.parametrize(
    "text",
    [
        'till = {kind = "bundled"}\n',
        'till.kind = "bundled"\n',
        '[till]\nkind = """\nbundled"""\n',
        '["till"]\nkind = "bundled"\n',
        "[till\n",
    ],
)
def test_what_only_a_person_can_change_safely_is_left_and_the_lines_are_told(file: Path, text: str) -> None:
    written(file, text)
    with pytest.raises(UsageError, match=r"Write there:\n\[till\]\nkind = \"unicenta\"\n"):
        name_till(file, KEYS)
    assert file.read_text("utf-8") == text


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    managed = tmp_path / "managed.toml"
    managed.write_text("x_interval_minutes = 15\n")
    file.parent.mkdir()
    file.symlink_to(managed)
    name_till(file, KEYS)
    assert file.is_symlink()
    assert tomllib.loads(managed.read_text("utf-8")) == {"x_interval_minutes": 15, "till": KEYS}


def test_a_disk_that_says_no_leaves_what_there_was(file: Path) -> None:
    written(file, "x_interval_minutes = 15\n")
    (file.parent / "in the way").mkdir()
    with pytest.raises(StorageError, match="cannot be written"):
        name_till(file.parent / "in the way", KEYS)
    assert file.read_text("utf-8") == "x_interval_minutes = 15\n"
