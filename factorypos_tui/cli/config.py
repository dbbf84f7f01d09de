"""`config.toml`: what an administrator sets for this machine."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factorypos_tui.cli.config_keys import (
    FROM_ENVIRONMENT,
    TILLS,
    WHERE_NOT_SET,
    Bundled,
    CredentialsConfig,
    key,
    keys_of,
)
from factorypos_tui.core.errors import StorageError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.system_words import system_words
from factorypos_tui.core.storage.files import read_small

if TYPE_CHECKING:
    from factorypos_tui.cli.tills import TillConfig

_LARGEST = 256 << 10
_AT_LINE = r"\(at (?:line (\d+), column \d+|end of document)\)"
_TABLE = r"\s*\[\s*([\w-]+)\s*\]"


@dataclass(frozen=True, slots=True)
class Config:
    """What `config.toml` says; the parser, the template and the JSON Schema follow these lines."""

    cloud_url: str | None = key(
        None, "the address of FactoryCLOUD, without /v1", example="https://cloud.example.com"
    )
    ca_file: str | None = key(
        None, "a private certificate authority (PEM), trusted beside the system's", example="our-ca.pem"
    )
    proxy: str | None = key(
        None, "an HTTP proxy, perhaps http://USER:PASSWORD@HOST:PORT", example="http://proxy:3128"
    )
    terminal_name: str | None = key(
        None, "the name of this terminal in reports, in place of the till's", example="Bar 1"
    )
    x_interval_minutes: int = key(
        30, "every how many minutes the running day is sent, where X reports are on", most=1440
    )
    log_level: str = key(
        "info",
        "the least that the log keeps; the journal of the service has warnings and errors, with debug all",
        choices=("error", "warning", "info", "debug"),
    )
    till: TillConfig = field(default_factory=Bundled)
    credentials: CredentialsConfig = field(default_factory=CredentialsConfig)


def read_config(home: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """What `config.toml` of this home and the environment say. A relative path in the file starts at the
    home, one in a variable at the working directory.

    Raises `UsageError` naming the file, the line, the key and the nearest known key, and `StorageError`."""
    config = _File(home / "config.toml").config()
    chosen: dict[str, Any] = {
        name: environment[variable] for name, variable in _variables(config, environment).items()
    }
    if "://" not in chosen.get("proxy", "://"):
        chosen["proxy"] = f"http://{chosen['proxy']}"  # in a variable it is usual without
    config, folder = replace(config, **chosen), Path.cwd() if "ca_file" in chosen else home.absolute()
    return replace(config, ca_file=str(folder / config.ca_file)) if config.ca_file else config


def sources_of(home: Path, environment: Mapping[str, str] = os.environ) -> Mapping[str, str]:
    """Where the value of each key comes from: `default`, `config.toml`, or the name of a variable. Raises as
    `read_config`."""
    file = _File(home / "config.toml")
    config = file.config()
    sources = {}
    for section, name in ((Config, ""), (type(config.till), "till"), (CredentialsConfig, "credentials")):
        written = file.values.get(name, {}) if name else file.values
        for entry in keys_of(section):
            full = f"{name}.{entry.name}" if name else entry.name
            sources[full] = "config.toml" if entry.name in written else "default"
    return sources | _variables(config, environment)


def _variables(config: Config, environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that count, by the key in whose place they do."""
    not_set = {name: variables for name, variables in WHERE_NOT_SET.items() if getattr(config, name) is None}
    first = {
        name: next(filter(environment.get, variables), None)
        for name, variables in {**FROM_ENVIRONMENT, **not_set}.items()
    }
    return {name: variable for name, variable in first.items() if variable}


def _section_of_till(kind: str) -> type[TillConfig]:
    """The keys of a kind of till; those of ours where there is no such kind."""
    if kind not in TILLS[1:]:
        return Bundled
    from factorypos_tui.cli.tills import KINDS  # most terminals have our till

    return KINDS[kind]


class _File:
    """A `config.toml`, or none."""

    def __init__(self, path: Path) -> None:
        """Raises `UsageError` where it is no TOML, `StorageError` where it cannot be read."""
        self._path = path
        self._text = ""
        self.values: Mapping[str, Any] = {}
        try:
            data = read_small(path, _LARGEST)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            words = _("{file} cannot be read: {detail}. Nothing was changed. Put a text file there.")
            raise StorageError(words.format(file=path, detail=system_words(error.strerror))) from error
        self._text = self._decoded(data)
        self.values = self._parsed()

    def config(self) -> Config:
        """What it says. Raises `UsageError`."""
        values = dict(self.values)
        till = {"kind": "bundled"} | self._section(values, "till")  # its kind decides which other keys it has
        credentials = self._section(values, "credentials")
        kind = _section_of_till(str(till["kind"]))
        self._check(till, kind, "till")
        self._check(credentials, CredentialsConfig, "credentials")
        self._check(values, Config, "")
        return Config(**values, till=kind(**till), credentials=CredentialsConfig(**credentials))

    def _section(self, values: dict[str, Any], name: str) -> dict[str, Any]:
        table = values.pop(name, {})
        if not isinstance(table, dict):
            raise self._wrong(_("{file}: {key} must be a section: [{key}]"), "", name)
        return table

    def _decoded(self, data: bytes) -> str:
        try:
            return data.decode("utf-8-sig")  # Windows' editors write a mark at the beginning
        except UnicodeDecodeError as error:
            words = _("{file}: this is no UTF-8. Nothing was changed. Save the file as UTF-8.")
            raise UsageError(words.format(file=self._at(data.count(b"\n", 0, error.start) + 1))) from error

    def _parsed(self) -> dict[str, Any]:
        import tomllib  # most terminals have no such file

        try:
            return tomllib.loads(self._text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            found = re.search(_AT_LINE, str(error))
            line = int(found[1]) if found and found[1] else len(self._text.splitlines())
            words = _("{file}: this is no TOML ({detail}). Nothing was changed. Correct that line.")
            detail = re.sub(_AT_LINE, "", str(error)).strip()
            raise UsageError(words.format(file=self._at(line), detail=detail)) from None

    def _check(self, values: Mapping[str, Any], section: type, place: str) -> None:
        known = {entry.name: entry for entry in keys_of(section)}
        for name, value in values.items():
            if name not in known:
                import difflib

                nearest = difflib.get_close_matches(name, known, n=1, cutoff=0)[0]
                words = _("{file}: there is no setting {key}. The nearest one is {nearest}.")
                raise self._wrong(words, place, name, nearest=f"{place}.{nearest}" if place else nearest)
            most, choices = known[name].metadata["most"], known[name].metadata["choices"]
            if most and not (type(value) is int and 1 <= value <= most):
                wanted = _("a number from 1 to {most}").format(most=most)
            elif not most and not isinstance(value, str):
                wanted = _("a text")
            elif choices and value not in choices:
                wanted = _("one of: {choices}").format(choices=", ".join(choices))
            else:
                continue
            raise self._wrong(_("{file}: {key} must be {wanted}."), place, name, wanted=wanted)

    def _wrong(self, words: str, place: str, name: str, **more: str) -> UsageError:
        full = f"{place}.{name}" if place else name
        return UsageError(words.format(file=self._at(self._line_of(place, name)), key=full, **more))

    def _at(self, line: int | None) -> str:
        return _("{file}, line {line}").format(file=self._path, line=line) if line else str(self._path)

    def _line_of(self, place: str, name: str) -> int | None:
        """The line of a key, where it is written as usual."""
        table = ""
        for number, line in enumerate(self._text.splitlines(), 1):
            if found := re.match(_TABLE, line):
                table = found[1]
            elif table == place and re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=", line):
                return number
        return None
