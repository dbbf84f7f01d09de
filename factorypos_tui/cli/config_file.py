"""Changes `[till]` of `config.toml`, and nothing else there: what an administrator wrote stays, with its
comments."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.storage.files import disk_errors_in_words, replace_private_file

_TILL = re.compile(r"\s*\[\s*till\s*\]\s*(#.*)?")
_TABLE = re.compile(r"\s*\[")
_KEY = re.compile(r"\s*\"?([A-Za-z0-9_-]+)\"?\s*=")


def name_till(file: Path, keys: Mapping[str, str]) -> None:
    """Let `[till]` of this file have these keys and no others; without a file, make it.

    Raises `UsageError` with the lines to write by hand where the file is written in a way that only a person
    can change safely, and `StorageError`. Then it is as it was."""
    with disk_errors_in_words(file):
        before = file.read_text("utf-8-sig") if file.exists() else ""
    replace_private_file(file, with_till(before, keys, file))


def with_till(text: str, keys: Mapping[str, str], file: Path) -> str:
    """The text of a `config.toml` with these keys under `[till]`. Raises as `name_till`."""
    lines = text.splitlines()
    begin = next((at for at, line in enumerate(lines) if _TILL.fullmatch(line)), None)
    if begin is None:
        lines += ["", "[till]"] if lines else ["[till]"]
        begin = len(lines) - 1
    end = next((at for at in range(begin + 1, len(lines)) if _TABLE.match(lines[at])), len(lines))
    lines[begin + 1 : end] = _section(lines[begin + 1 : end], keys)
    changed = "\n".join(lines) + "\n"
    if not _is_what_was_meant(text, changed, keys):
        by_hand = "\n".join(["[till]", *(_line(key, value) for key, value in keys.items())])
        raise UsageError(
            _("{file} was not changed: its section [till] is written in another way. Write there:").format(
                file=file
            )
            + "\n"
            + by_hand
        )
    return changed


def _section(lines: list[str], keys: Mapping[str, str]) -> list[str]:
    """The lines of `[till]`: comments stay where they are, and so does a line that says the same."""
    left = dict(keys)
    kept: list[str] = []
    last = 0  # after the last key
    for line in lines:
        key = _KEY.match(line)
        if key is None:
            kept.append(line)
        elif key[1] in left:
            value = left.pop(key[1])
            kept.append(line if _says(line, key[1], value) else _line(key[1], value))
            last = len(kept)
    return [*kept[:last], *(_line(key, value) for key, value in left.items()), *kept[last:]]


def _line(key: str, value: str) -> str:
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"


def _says(line: str, key: str, value: str) -> bool:
    try:
        return tomllib.loads(line) == {key: value}
    except tomllib.TOMLDecodeError:
        return False


def _is_what_was_meant(before: str, after: str, keys: Mapping[str, str]) -> bool:
    try:
        return tomllib.loads(after) == {**tomllib.loads(before), "till": dict(keys)}
    except tomllib.TOMLDecodeError:
        return False
