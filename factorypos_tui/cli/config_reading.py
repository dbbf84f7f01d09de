"""Reads `config.toml`, and says with the line what is wrong there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factorypos_tui.cli.config import Config
from factorypos_tui.cli.config_keys import TILLS, Bundled, CredentialsConfig, keys_of
from factorypos_tui.core.errors import StorageError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.system_words import system_words
from factorypos_tui.core.storage.files import read_small

if TYPE_CHECKING:
    from factorypos_tui.cli.tills import TillConfig

_LARGEST = 256 << 10
_AT_LINE = r"\(at (?:line (\d+), column \d+|end of document)\)"
_TABLE = r"\s*\[\s*([\w-]+)\s*\]"


def _section_of_till(kind: str) -> type[TillConfig]:
    """The keys of a kind of till; those of ours where there is no such kind."""
    if kind not in TILLS[1:]:
        return Bundled
    from factorypos_tui.cli.tills import KINDS  # most terminals have our till

    return KINDS[kind]


class ConfigFile:
    """A `config.toml`."""

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
