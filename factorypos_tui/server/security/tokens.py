"""Opaque tokens: the caller holds the token, the database only its hash."""

import hashlib
import hmac
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


def enrolment_code(secret: str, code_id: str) -> str:
    """Some 86 bits that a person can type, in groups of four. They follow from the secret, so that whoever
    has it can work them out again."""
    number = int.from_bytes(hmac.digest(secret.encode(), code_id.encode(), "sha256"))
    letters = "".join(
        CODE_LETTERS[number // len(CODE_LETTERS) ** place % len(CODE_LETTERS)] for place in range(20)
    )
    return in_groups(letters)


def in_groups(code: str) -> str:
    """A code as it is shown: four letters and a dash, again and again."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def invitation_token(secret: str, invitation_id: str) -> str:
    """256 bits for a link, which follow from the secret as an enrolment code does."""
    return hmac.digest(secret.encode(), f"invitation {invitation_id}".encode(), "sha256").hex()


def typed_code(text: str) -> str:
    """A code as it was made, from what a person typed."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
