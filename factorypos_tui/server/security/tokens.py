"""Opaque tokens: the caller holds the token, the database only its hash."""

import hashlib
import secrets

CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""Without vowels, so that no word appears, and without letters that look like digits (RFC 8628, 6.1)."""
CODE_LENGTH = 8


def new_token() -> str:
    """192 random bits."""
    return secrets.token_urlsafe(24)


def new_code() -> str:
    """Some 35 random bits that a person can type. It allows few tries and ends soon."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def typed_code(text: str) -> str:
    """A code as it was made, from what a person typed."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
