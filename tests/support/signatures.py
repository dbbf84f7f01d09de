"""A key of the clouds that tests play, and what it signs. The key is known to everybody."""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from factorypos_tui.core.answers import PublicKey
from factorypos_tui.core.models import Acknowledgement, SignedAnswer
from tests.support.misbehaving_http import Call, Json

_PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


FAKE_KEY = PublicKey(
    "fake-key", _text(_PRIVATE.public_key().public_bytes_raw()), "2026-01-01T00:00:00Z", None, None
)


def canonical(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def signature_of(document: Mapping[str, object]) -> dict[str, str]:
    """Of a document without `signature` and `missing_z_numbers`."""
    return {"key_id": FAKE_KEY.key_id, "value": _text(_PRIVATE.sign(canonical(document)))}


def fake_keys(call: Call) -> tuple[int, Json]:
    """The answer of GET /v1/keys."""
    assert "authorization" not in call.headers
    return 200, {"items": [asdict(FAKE_KEY) | {"algorithm": "Ed25519"}], "next_cursor": None}


def signed_by_fake(answer: Acknowledgement) -> SignedAnswer:
    """What a till keeps of an answer."""
    said: dict[str, object] = {
        "report_id": answer.report_id,
        "content_hash": answer.content_hash,
        "result": answer.result,
        "received_at": answer.received_at.isoformat().replace("+00:00", "Z"),
        "store_id": answer.store_id,
    }
    return SignedAnswer(FAKE_KEY.key_id, canonical(said | {"signature": signature_of(said)}))
