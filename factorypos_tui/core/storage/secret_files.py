"""Secrets in files that a person or another program wrote."""

import stat
from dataclasses import dataclass, field
from pathlib import Path

from factorypos_tui.core.storage.files import read_small

_LONGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class SecretFile:
    """What such a file has."""

    text: str = field(repr=False)
    """The secret. One newline at the end is no part of it: editors and `echo` write it."""
    is_private: bool
    """Whether only the file's owner may read it."""


def read_secret(file: Path) -> SecretFile:
    """Read a secret. Raises `OSError`, and `UnicodeDecodeError` for what is no text."""
    text = read_small(file, _LONGEST).decode("utf-8")
    is_private = not stat.S_IMODE(file.stat().st_mode) & 0o077
    return SecretFile(text.removesuffix("\n").removesuffix("\r"), is_private)
