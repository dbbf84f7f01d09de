"""Reports built by hand from interfaces section 6, small but valid in every invariant."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from factorypos_tui.core.models import Kind, Report

Json = dict[str, Any]
_FIRST_DAY = date(2026, 11, 1)


def z_report(
    terminal_id: str, number: int, *, net: int = 1210, previous: Report | None = None, period_id: str = ""
) -> Report:
    """The Z of a day with one sale of `net` (21 % tax included); `previous` is the Z before it."""
    before = json.loads(previous.body)["perpetual"]["sales"] if previous else 0
    document = _document(terminal_id, "Z", 0, net, period_id or str(uuid4()), number, before)
    document |= {"closed_at": f"{document['business_date']}T22:01:00Z", "close_reason": "manual"}
    document |= {"previous_hash": previous.content_hash if previous else None}
    return freeze(document)


def x_report(terminal_id: str, revision: int, *, net: int = 1210, period_id: str) -> Report:
    """An X of the running day, which `period_id` names."""
    document = _document(terminal_id, "X", revision, net, period_id, None, 0)
    return freeze(document | {"taken_at": f"{document['business_date']}T12:00:00Z"})


def freeze(document: Json) -> Report:
    """The report with its content hash, as the bytes that travel."""
    content_hash = hashlib.sha256(_canonical(document)).hexdigest()
    return Report(
        id=document["report_id"],
        kind=Kind(document["kind"]),
        revision=document["revision"],
        terminal_id=document["terminal_id"],
        period_id=document["period_id"],
        z_number=document["z_number"],
        business_date=date.fromisoformat(document["business_date"]),
        currency=document["currency"],
        net=document["totals"]["net"] if "totals" in document else 0,
        content_hash=content_hash,
        body=_canonical(document | {"content_hash": content_hash}),
    )


def without(report: Report, name: str) -> Report:
    """`report` with one field left out, its hash right again: no cloud may take it."""
    document = json.loads(report.body)
    del document[name], document["content_hash"]
    return freeze(document)


def _canonical(document: Json) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _document(
    terminal_id: str, kind: str, revision: int, net: int, period_id: str, number: int | None, before: int
) -> Json:
    day = _FIRST_DAY + timedelta(days=number or 0)
    base = net * 100 // 121
    none, nothing = {"count": 0}, {"count": 0, "amount": 0}
    sold = {"quantity": "1", "amount": net}
    return {
        "schema_version": 1,
        "report_id": str(uuid5(UUID(terminal_id), f"{kind}:{period_id}")),
        "kind": kind,
        "revision": revision,
        "terminal_id": terminal_id,
        "terminal_name": "Café, till 1",
        "z_number": number,
        "period_id": period_id,
        "business_date": day.isoformat(),
        "timezone": "Europe/Madrid",
        "currency": "EUR",
        "opened_at": f"{day}T08:00:00Z",
        "close_reason": None,
        "software": "factorypos-tui test",
        "receipts": {"count": 1, "first": "T-1", "last": "T-1"},
        "totals": {
            "gross": net,
            "discounts": 0,
            "refunds": 0,
            "net": net,
            "tax": net - base,
            "rounding": 0,
            "tips": 0,
        },
        "taxes": [{"code": "G", "name": "IVA", "rate": "21", "base": base, "tax": net - base, "gross": net}],
        "payments": [
            {
                "code": "CASH",
                "name": "Cash",
                "type": "cash",
                "sales_count": 1,
                "sales_amount": net,
                "refund_count": 0,
                "refund_amount": 0,
                "tips": 0,
                "amount": net,
            }
        ],
        "cash": {
            "opening_float": 0,
            "paid_in": 0,
            "paid_out": 0,
            "expected": net,
            "counted": None,
            "over_short": None,
        },
        "departments": [{"code": "D", "name": "Drinks", **sold}],
        "items": [{"code": "I", "name": "Café con leche", **sold}],
        "users": [{"code": "1", "name": "Ana", **sold}],
        "hours": [{"hour": 9, "receipts": 1, "amount": net}],
        "control": {
            "voided_lines": nothing,
            "cancelled_receipts": nothing,
            "comps": nothing,
            "no_sale_opens": none,
            "reprints": none,
            "open_tickets": nothing,
        },
        "perpetual": {"sales": before + net, "refunds": 0, "net": before + net},
        "previous_hash": None,
    }
