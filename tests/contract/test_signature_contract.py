"""Each cloud signs what it answers to a report, and tells the keys that check it."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from factorypos_tui.cloud.problems import Unusable
from factorypos_tui.cloud.signatures import public_keys, signed_answer
from factorypos_tui.core.ports import Cloud
from tests.contract.documents import z_report
from tests.contract.shop import Shop

KEY = {
    "key_id": "k", "algorithm": "Ed25519", "public_key": "A" * 43,
    "created_at": "2026-01-01T00:00:00Z", "retired_at": None, "lost_at": None,
}  # fmt: skip
SAID = {
    "report_id": "r", "content_hash": "h", "received_at": "2026-03-02T12:00:00.000Z", "store_id": "s",
    "signature": {"key_id": "k", "value": "A" * 86},
}  # fmt: skip


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_what_is_answered_can_be_checked_with_a_key_of_the_cloud(cloud: Cloud, shop: Shop) -> None:
    one, two, three = (z_report(shop.terminal.id, number) for number in (1, 2, 3))
    answers = [cloud.send(shop.token, one), *cloud.send_batch(shop.token, [two, three, one])]
    keys = {key.key_id: key for key in cloud.public_keys()}
    for report, answer in zip((one, two, three, one), answers, strict=True):
        signed = answer.signed  # type: ignore[union-attr]
        assert signed is not None
        said = json.loads(signed.document)
        assert (said["report_id"], said["content_hash"]) == (report.id, report.content_hash)
        signature = said.pop("signature")
        assert "missing_z_numbers" not in said
        rest = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        key = Ed25519PublicKey.from_public_bytes(decoded(keys[signed.key_id].public_key))
        key.verify(decoded(signature["value"]), rest)


@pytest.mark.parametrize(
    "signature",
    [
        None, "text", [], {}, {"key_id": "k"}, {"key_id": "k", "value": "short"},
        {"key_id": "\x1b[2J", "value": "A" * 86}, {"key_id": "k" * 65, "value": "A" * 86},
        {"key_id": "k", "value": "A" * 86, "more": 1}, {"key_id": 1, "value": "A" * 86},
    ],
)  # fmt: skip
def test_a_signature_that_makes_no_sense_is_not_kept(signature: object) -> None:
    assert signed_answer({**SAID, "signature": signature}) is None


@pytest.mark.parametrize(
    "more",
    [
        {"received_at": "2026-03-02T12:00:00+00:00"},
        {"store_id": None},
        {"x": 1.5},
        {"x": []},
        {"x": "\ud800"},
        {"x": "y" * 5000},
    ],
)
def test_what_would_not_verify_or_is_too_long_is_not_kept(more: dict[str, object]) -> None:
    assert signed_answer(SAID) is not None
    assert signed_answer({**SAID, **more}) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"key_id": ""},
        {"key_id": 1},
        {"public_key": "A"},
        {"algorithm": "none"},
        {"created_at": None},
        {"lost_at": "soon"},
    ],
)
def test_keys_that_make_no_sense_are_refused(changes: dict[str, object]) -> None:
    assert [key.key_id for key in public_keys({"items": [KEY]})] == ["k"]
    for answer in ({"items": [KEY, {**KEY, **changes}]}, {"items": [None]}, {}, {"items": [KEY] * 1001}):
        with pytest.raises(Unusable):
            public_keys(answer)
