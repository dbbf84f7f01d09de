"""Opaque tokens: the caller holds the token, the database only its hash."""

import hashlib
import secrets

CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so no words; nothing that looks like a digit (RFC 8628, 6.1)."""
CODE_LENGTH = 8


def new_token() -> str:
    """192 random bits."""
    return secrets.token_urlsafe(24)


def new_code() -> str:
    """Some 35 random bits that a person can type: worth only few tries in a short life."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def typed_code(text: str) -> str:
    """A code as it was made, however it was typed."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
