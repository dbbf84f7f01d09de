"""What a cloud signed: Ed25519 over canonical JSON. The library that checks it belongs to the extra
`archive`; without it all else is checked, and how many signatures were not is counted."""

import base64
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from factorypos_tui.archive.verify.faults import N_, Kind, found
from factorypos_tui.archive.verify.reading import Fields, Json, canonical, parse

_SIGNATURE = re.compile(r"[A-Za-z0-9_-]{86}")
_PUBLIC_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_KEY_ID = re.compile(r"[\x21-\x7e]{1,100}")
Check = Callable[[bytes, bytes], bool]
"""Whether a signature is that of some bytes."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key of a cloud. `public_key`: as it is written, base64url."""

    key_id: str
    public_key: str
    lost_at: str | None
    check: Check | None
    """None where this machine lacks the library."""


class Signatures:
    """Checks signatures with the keys of an export, and counts them."""

    def __init__(self, keys: dict[str, Key]) -> None:
        self._keys = keys
        self.checked: Counter[str] = Counter()
        """How many signatures of each key fit."""
        self.not_checked = 0

    def check(self, document: Json, fields: Fields, at: str, *without: str) -> None:
        """Check the signature of a document. `at`: when it was signed; `without`: the fields that it is not
        over. Raises `FaultFound` where nobody with that key signed it."""
        signature = fields.group("signature")
        key = self._keys.get(signature.shaped("key_id", _KEY_ID))
        if key is None:
            words = N_("It is signed with the key {key_id}, which is not in keys.json.")
            raise found(Kind.KEY_UNKNOWN, fields.path, words, key_id=signature.text("key_id"))
        value = decoded(signature.shaped("value", _SIGNATURE))
        if key.check is None:
            self.not_checked += 1
        elif value is None or not key.check(value, canonical(document, "signature", *without)):
            words = N_("It does not fit its signature with the key {key_id}.")
            raise found(Kind.FORGED, fields.path, words, key_id=key.key_id)
        else:
            self.checked[key.key_id] += 1
        if key.lost_at is not None and at[:19] >= key.lost_at[:19]:
            words = N_("It was signed on {at}, after the key {key_id} was lost on {lost_at}.")
            values = {"at": at, "key_id": key.key_id, "lost_at": key.lost_at}
            raise found(Kind.KEY_LOST, fields.path, words, **values)


def read_keys(raw: bytes, path: str) -> dict[str, Key]:
    """The public keys in keys.json, by id."""
    keys: dict[str, Key] = {}
    for row in Fields(parse(raw, path), path).rows("items"):
        row.one_of("algorithm", "Ed25519")
        row.instant("created_at")
        if not row.is_null("retired_at"):
            row.instant("retired_at")
        key_id, written = row.shaped("key_id", _KEY_ID), row.shaped("public_key", _PUBLIC_KEY)
        public_key = decoded(written)
        if public_key is None or key_id in keys:
            raise found(
                Kind.UNREADABLE, path, N_("The key {key_id} is no key, or there twice."), key_id=key_id
            )
        lost_at = None if row.is_null("lost_at") else row.instant("lost_at")
        keys[key_id] = Key(key_id, written, lost_at, _check_with(public_key))
    return keys


def decoded(text: str) -> bytes | None:
    """The bytes that base64url without padding stands for; None where others would be written like that."""
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return raw if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == text else None


def _check_with(public_key: bytes) -> Check | None:
    try:  # only where there is something to check, and only where it is installed
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return None
    key = Ed25519PublicKey.from_public_bytes(public_key)

    def fits(signature: bytes, signed: bytes) -> bool:
        try:
            key.verify(signature, signed)
        except InvalidSignature:
            return False
        return True

    return fits
