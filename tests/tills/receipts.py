"""A receipt as another program writes it, and its import."""

import io
import json
from typing import Any

from factorypos_tui.tills.bundled.importing import Imported, import_receipts
from tests.tills.bar import Bar


def a_receipt(n: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "receipt_uid": f"00000000-0000-4000-8000-{n:012d}",
        "sold_at": "2026-06-12T13:05:00+02:00",
        "lines": [{"item": "CAFE", "quantity": 1}, {"item": "GAMBAS", "quantity": "0.250"}],
        "payments": [{"code": "CASH", "amount": 1000}, {"code": "CARD", "amount": 840, "tip": 60}],
        **changes,
    }


def take_up(bar: Bar, *receipts: dict[str, Any] | str) -> Imported:
    lines = [text if isinstance(text, str) else json.dumps(text) for text in receipts]
    return import_receipts(bar.database, io.BytesIO("\n".join(lines).encode("utf-8", "surrogateescape")))


def a_line(**changes: Any) -> list[dict[str, Any]]:
    return [{"item": "CAFE", "quantity": 1, **changes}]


def paid_with(**changes: Any) -> list[dict[str, Any]]:
    return [{"code": "CASH", "amount": 140, **changes}]
