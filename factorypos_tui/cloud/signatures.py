"""What FactoryCLOUD signs, and its public keys. Nothing is checked here but its shape: a till needs no
library for signatures."""

import json
import re
from collections.abc import Mapping
from typing import Any

from factorypos_tui.cloud.problems import Unusable
from factorypos_tui.core.answers import PublicKey
from factorypos_tui.core.language import _
from factorypos_tui.core.models import SignedAnswer

_KEY_ID = re.compile(r"[0-9A-Za-z_.:-]{1,64}")
_SIGNATURE, _PUBLIC_KEY = re.compile(r"[0-9A-Za-z_-]{86}"), re.compile(r"[0-9A-Za-z_-]{43}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
_LONGEST = 4096
_MOST_KEYS = 1000


def signed_answer(document: Mapping[str, Any]) -> SignedAnswer | None:
    """What is kept of an answer to a report: its canonical form with the signature, without the numbers that
    are missing. None where it has no signature, or one that makes no sense: the report is delivered all the
    same."""
    signature = document.get("signature")
    if not isinstance(signature, dict) or set(signature) != {"key_id", "value"}:
        return None
    if not _fits(_KEY_ID, signature["key_id"]) or not _fits(_SIGNATURE, signature["value"]):
        return None
    if not _fits(_INSTANT, document.get("received_at")) or not isinstance(document.get("store_id"), str):
        return None  # an export with it would not verify
    kept = {name: value for name, value in document.items() if name != "missing_z_numbers"}
    if not all(isinstance(value, str | int | None) for value in kept.values() if value is not signature):
        return None
    try:
        text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # half of a character
        return None
    return SignedAnswer(signature["key_id"], text) if len(text) <= _LONGEST else None


def public_keys(document: Mapping[str, Any]) -> list[PublicKey]:
    """The keys that a cloud tells of."""
    items = document.get("items")
    if not isinstance(items, list) or len(items) > _MOST_KEYS:
        raise Unusable("not_factorycloud", _("its answer has no proper {name}").format(name="items"))
    return [_public_key(item) for item in items]


def _public_key(item: Any) -> PublicKey:
    names = ("key_id", "algorithm", "public_key", "created_at", "retired_at", "lost_at")
    key_id, algorithm, public_key, *instants = map(item.get, names) if isinstance(item, dict) else [None] * 6
    sound = _fits(_KEY_ID, key_id) and algorithm == "Ed25519" and _fits(_PUBLIC_KEY, public_key)
    ended = all(instant is None or _fits(_INSTANT, instant) for instant in instants[1:])
    if not (sound and ended and _fits(_INSTANT, instants[0])):
        raise Unusable("not_factorycloud", _("its answer has no proper {name}").format(name="key"))
    return PublicKey(str(key_id), str(public_key), str(instants[0]), *instants[1:])


def _fits(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
