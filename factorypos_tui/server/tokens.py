"""Opaque tokens: the caller holds the token, the database only its hash."""

import hashlib
import secrets


def new_token() -> str:
    """192 random bits."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
