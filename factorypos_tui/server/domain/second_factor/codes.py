"""Codes that a person types: those of an authenticator app (TOTP, RFC 6238), and recovery codes. Pure."""

import hmac
import re
import secrets

import pyotp

from factorypos_tui.server.security.tokens import CODE_LETTERS, typed_code

STEP_SECONDS = 30
"""So long an app shows one code."""
EARLIER_OR_LATER = 1
"""Steps that the clock of a phone may be off."""
RECOVERY_CODES = 10
RECOVERY_LETTERS = 16
"""Of 20 letters: some 69 bits, so a fast hash of them gives nothing away."""
_OF_APP = re.compile("[0-9]{6}")
_SECRET = re.compile("[A-Z2-7]{32}")


def new_secret() -> str:
    """160 random bits in base 32."""
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Whether it is as `new_secret` makes them."""
    return bool(_SECRET.fullmatch(text))


def app_address(secret: str, email: str) -> str:
    """What an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="FactoryCLOUD")


def is_of_app(typed: str) -> bool:
    """Whether it looks like the code of an app, and not like a recovery code."""
    return bool(_OF_APP.fullmatch(typed_code(typed)))


def steps_of(secret: str, typed: str, seconds: int) -> list[int]:
    """The steps about this moment, in seconds since 1970, in which an app shows this code; none where it is
    wrong."""
    app, now, code = pyotp.TOTP(secret), seconds // STEP_SECONDS, typed_code(typed)
    near = range(now - EARLIER_OR_LATER, now + EARLIER_OR_LATER + 1)
    return [step for step in near if hmac.compare_digest(app.generate_otp(step).encode(), code.encode())]


def new_recovery_codes() -> list[str]:
    """In groups of four letters, as people write them down."""
    return [_recovery_code() for _ in range(RECOVERY_CODES)]


def _recovery_code() -> str:
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(RECOVERY_LETTERS))
    return "-".join(letters[at : at + 4] for at in range(0, RECOVERY_LETTERS, 4))
