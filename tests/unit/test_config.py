"""`config.toml`: whatever an administrator leaves there is read, or named with its line and what to do."""

import json
import os
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import jsonschema_rs
import pytest

from factorypos_tui.cli.config import Config, read_config, sources_of
from factorypos_tui.cli.config_writing import schema, template
from factorypos_tui.core.errors import FactoryPosError, StorageError, UsageError
from factorypos_tui.core.language import use_language

SCHEMA = Path(__file__).parents[2] / "docs" / "config.schema.json"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def read(file: Path, **environment: str) -> Config:
    return read_config(file.parent, environment)


def refusal(file: Path) -> str:
    with pytest.raises(FactoryPosError) as refused:
        read(file)
    return str(refused.value)


def test_without_a_file_all_is_as_it_comes(file: Path) -> None:
    assert read(file) == Config()


def test_the_template_sets_nothing(file: Path) -> None:
    file.write_text(template())
    assert read(file) == Config()


@pytest.mark.parametrize("kind", ["bundled", "flocafe", "unicenta"])
def test_each_line_of_the_template_can_be_used_once_its_mark_is_gone(file: Path, kind: str) -> None:
    before, _, rest = template().partition("[till]\n")
    kinds, _, after = rest.partition("[credentials]\n")
    parts = re.split(r"(?m)^# Or what .*\n", kinds)
    chosen = next(part for part in parts if f'#kind = "{kind}"' in part)
    text = re.sub(r"(?m)^#(?=\w)", "", f"{before}[till]\n{chosen}[credentials]\n{after}")
    file.write_text(text)
    config = read(file)
    assert config.till.kind == kind
    assert len(tomllib.loads(text)["till"]) == len(fields(config.till))
    assert len(tomllib.loads(text)) == len(fields(Config))
    assert jsonschema_rs.is_valid(schema(), tomllib.loads(text))


def test_the_schema_in_the_documentation_is_that_of_the_keys() -> None:
    assert json.loads(SCHEMA.read_text("utf-8")) == schema(), "make schema"


@pytest.mark.parametrize(
    ("text", "line", "named"),
    [
        ('\ncloud_ulr = "https://x"', 2, "cloud_url"),
        ('[till]\n[credentials]\n# ours\nbackand = "file"', 4, "credentials.backend"),
        ('cloud_url = "https://x"\n[credentials]\nbackend = "stone"', 3, "auto, keyring, file, systemd"),
        ("\n\nx_interval_minutes = 0", 3, "1440"),
        ("x_interval_minutes = true", 1, "1440"),
        ("cloud_url = 5", 1, "a text"),
        ('till = "bundled"', 1, "[till]"),
        ('[till]\n"kind" = "abacus"', 2, "bundled, flocafe, unicenta"),
        ('[till]\nkind = "bundled"\nscope = "day"', 3, "till.path"),
        ('[till]\nkind = "flocafe"\nscope = "week"', 3, "day, session"),
    ],
)
def test_parser_and_schema_refuse_the_same_and_the_line_is_told(
    file: Path, text: str, line: int, named: str
) -> None:
    file.write_text(text)
    said = refusal(file)
    assert said.startswith(f"{file}, line {line}: ")
    assert named in said
    assert not jsonschema_rs.is_valid(schema(), tomllib.loads(text))


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"a = 1\ncloud_url = [", 2),
        (b"cloud_url = https://x\n", 1),
        (b"# ours\n[till\n", 2),
        (b'# ours\ncloud_url = "caf\xe9"\n', 2),
        ('cloud_url = "https://x"'.encode("utf-16"), 1),
        (b"a = " + b"[" * 100_000, 1),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(file: Path, data: bytes, line: int) -> None:
    file.write_bytes(data)
    said = refusal(file)
    assert said.startswith(f"{file}, line {line}: ")
    assert "Nothing was changed" in said


def test_no_message_repeats_what_a_line_has(file: Path) -> None:
    file.write_text('proxy = http://ana:s3cret@proxy:3128\n[credentials]\nbackend = ["s3cret"]\n')
    assert "s3cret" not in refusal(file)
    file.write_text('[credentials]\nbackend = ["s3cret"]\n')
    assert "s3cret" not in refusal(file)


def test_a_file_that_an_editor_of_windows_saved_is_read(file: Path) -> None:
    file.write_bytes('\ufeffterminal_name = "Bar Marítim"\r\n'.encode())
    assert read(file).terminal_name == "Bar Marítim"


def a_pipe(file: Path) -> None:
    os.mkfifo(file)


def a_folder(file: Path) -> None:
    file.mkdir()


def a_device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def a_circle(file: Path) -> None:
    file.symlink_to(file)


def a_film(file: Path) -> None:
    with file.open("wb") as film:
        film.truncate(8 << 30)


@pytest.mark.parametrize(
    ("make", "english", "spanish"),
    [
        (a_pipe, "it is no file, but a pipe or a device", "no es un archivo"),
        (a_device, "it is no file, but a pipe or a device", "no es un archivo"),
        (a_folder, "Is a directory", "es una carpeta"),
        (a_film, "File too large", "es demasiado grande"),
        (a_circle, "Too many levels of symbolic links", ""),
    ],
)
def test_what_is_no_text_file_is_told_at_once(
    tmp_path: Path, make: object, english: str, spanish: str
) -> None:
    file = tmp_path / "config.toml"
    assert callable(make)
    make(file)
    assert english in refusal(file)
    with pytest.raises(StorageError, match="Nothing was changed"):
        read(file)
    use_language("es")
    assert spanish in refusal(file)


def test_a_relative_path_starts_at_the_home_and_one_of_a_variable_where_one_works(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text('ca_file = "our-ca.pem"\n')
    monkeypatch.chdir("/usr")
    assert read(file).ca_file == str(file.parent / "our-ca.pem")
    assert read(file, FACTORYPOS_CA_FILE="ca.pem").ca_file == "/usr/ca.pem"
    file.write_text('ca_file = "/etc/our-ca.pem"\n')
    assert read(file).ca_file == "/etc/our-ca.pem"


def test_the_source_of_each_value_is_known(file: Path) -> None:
    file.write_text('ca_file = "our-ca.pem"\nproxy = ""\n[till]\npath = "till.db"\n')
    environment = {"FACTORYPOS_CLOUD_URL": "https://x", "FACTORYPOS_CA_FILE": "", "HTTPS_PROXY": "http://p"}
    assert sources_of(file.parent, environment) == {
        "cloud_url": "FACTORYPOS_CLOUD_URL",
        "ca_file": "config.toml",
        "proxy": "config.toml",
        "terminal_name": "default",
        "x_interval_minutes": "default",
        "log_level": "default",
        "till.kind": "default",
        "till.path": "config.toml",
        "credentials.backend": "default",
    }
    assert read_config(file.parent, environment).proxy == ""
    file.write_text("")
    assert sources_of(file.parent, environment)["proxy"] == "HTTPS_PROXY"
    assert read_config(file.parent, environment).proxy == "http://p"


def test_a_wrong_kind_of_configuration_is_wrong_usage(file: Path) -> None:
    file.write_text("nonsense = 1")
    with pytest.raises(UsageError):
        read(file)
