"""Ed25519 keys: made, written and read, and the signatures that they make. Pure but for chance."""

import base64
import binascii
import hashlib
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

ALGORITHM = "Ed25519"
_BYTES = 32


class UnreadableKeyError(ValueError):
    """What should be a private key is none."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key that is ready to sign."""

    key_id: str
    public_key: str
    """32 bytes in base64url without padding."""
    private: Ed25519PrivateKey = field(repr=False)

    def sign(self, signed: bytes) -> str:
        """The signature of these bytes, in base64url without padding."""
        return _text(self.private.sign(signed))

    def secret(self) -> str:
        """The private key as the database keeps it."""
        return _text(self.private.private_bytes_raw())

    def pem(self) -> bytes:
        """The private key as other programs read it: PKCS #8 in PEM."""
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def new_signer() -> Signer:
    """A key that nobody had before."""
    return _signer(Ed25519PrivateKey.generate())


def signer_of(secret: str) -> Signer:
    """The key that `Signer.secret` wrote; raises `UnreadableKeyError`."""
    try:
        raw = base64.b64decode(secret + "=" * (-len(secret) % 4), altchars=b"-_", validate=True)
        if len(raw) == _BYTES:
            return _signer(Ed25519PrivateKey.from_private_bytes(raw))
    except (binascii.Error, ValueError):
        pass
    raise UnreadableKeyError


def signer_of_pem(text: bytes) -> Signer:
    """The key of a PEM file; raises `UnreadableKeyError`."""
    try:
        private = load_pem_private_key(text, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnreadableKeyError from error
    if not isinstance(private, Ed25519PrivateKey):
        raise UnreadableKeyError
    return _signer(private)


def _signer(private: Ed25519PrivateKey) -> Signer:
    public = private.public_key().public_bytes_raw()
    return Signer(hashlib.sha256(public).hexdigest()[:16], _text(public), private)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
