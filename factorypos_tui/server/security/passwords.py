"""Passwords: Argon2id, and none that attackers try first. The gate lets few be hashed at once."""

import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

MIN_LENGTH, MAX_LENGTH = 12, 256
"""Of a new password. Those of before have 8 or more, and still log in."""
LONGEST_PATTERN = 4
"""A piece of this length, repeated to the end, makes no password."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _hasher.hash("nobody has this password")
_ROWS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def is_common(password: str) -> bool:
    """Whether the whole password is in the list of those that are tried first, or one piece that is
    repeated, or a part of a row of keys. A phrase that contains such a thing is none."""
    plain = _one_form(password).casefold()
    in_row = any(plain in row or plain in row[::-1] for row in _ROWS)
    return in_row or plain in _common() or _is_one_piece(plain)


def _is_one_piece(plain: str) -> bool:
    return any(
        plain == (plain[:length] * len(plain))[: len(plain)]
        for length in range(1, min(LONGEST_PATTERN, len(plain) // 2) + 1)
    )


@cache
def _common() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text("utf-8").split())


def hash_password(password: str) -> str:
    return _hasher.hash(_one_form(password))


def is_outgrown(password_hash: str) -> bool:
    """Whether the hash was made at less cost than one is made now."""
    return _hasher.check_needs_rehash(password_hash)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; without a hash it is not, after the same time."""
    try:
        return _hasher.verify(password_hash or _NOBODY, _one_form(password)) and password_hash is not None
    except VerifyMismatchError:
        return False


def _one_form(password: str) -> str:
    """The password in one Unicode form: keyboards write one accented letter in several ways."""
    return unicodedata.normalize("NFKC", password)
