"""Secrets in files that a person or another program wrote."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

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
    # O_NONBLOCK: if somebody put a pipe here, opening it must not wait for its other end.
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, encoding="utf-8", newline="") as opened:
        is_private = not stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077
        text = opened.read(_LONGEST)
    return SecretFile(text.removesuffix("\n").removesuffix("\r"), is_private)
