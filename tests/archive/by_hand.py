"""Exports made by hand: reports, acknowledgements, closings, keys, and the MANIFEST that closes them.

It shares no code with what writes exports, and none with what checks them."""

import base64
import hashlib
import json
import shutil
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

BAR, KIOSK = "0d1c9f5e-6d63-4f0a-9d6b-0e8a54f6a001", "2f6b8f1c-93a8-4f8e-8f0d-5d4f3a1b0002"
STORE, COMPANY = "7b0a1c2d-1111-4aaa-8bbb-000000000001", "7b0a1c2d-2222-4aaa-8bbb-000000000002"
OLD_KEY, NEW_KEY, FORGERS_KEY = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))
Files = dict[str, bytes]
Document = dict[str, Any]


def canonical(document: object) -> bytes:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def with_hash(document: Document) -> Document:
    rest = {name: value for name, value in document.items() if name not in ("content_hash", "signature")}
    return document | {"content_hash": sha256(canonical(rest))}


def signed(document: Document, key: Ed25519PrivateKey, key_id: str) -> Document:
    rest = {name: value for name, value in document.items() if name != "signature"}
    value = base64url(key.sign(canonical(rest)))
    return rest | {"signature": {"key_id": key_id, "value": value}}


def figures(sold: int) -> Document:
    """The figures of a day that sold so many cents of food at 10 and of drinks at 21 per cent each."""
    food, drinks, back, off = sold, sold, sold // 10, 5
    net = food + drinks - back - off
    taxes = [_tax("food", "10", food - back - off), _tax("drinks", "21", drinks)]
    card = net // 2
    return {
        "receipts": {"count": 3, "first": "1", "last": "3"},
        "totals": {
            "gross": food + drinks,
            "discounts": off,
            "refunds": back,
            "net": net,
            "tax": sum(row["tax"] for row in taxes),
            "rounding": 2,
            "tips": 30,
        },
        "taxes": taxes,
        "payments": [
            _payment("card", "card", card, 30, 0),
            _payment("cash", "cash", net - card + 2, 0, back),
        ],
        "departments": [
            {"code": "food", "name": "Comida ñ", "quantity": "2", "amount": food - back - off},
            {"code": "drinks", "name": "Drinks 🍺", "quantity": "2.5", "amount": drinks},
        ],
        "hours": [
            {"hour": 9, "receipts": 1, "amount": food},
            {"hour": 22, "receipts": 2, "amount": net - food},
        ],
    }


def _tax(code: str, rate: str, gross: int) -> Document:
    tax = round(gross * int(rate) / (100 + int(rate)))
    return {
        "code": code,
        "name": f"IVA {rate}",
        "rate": rate,
        "base": gross - tax,
        "tax": tax,
        "gross": gross,
    }


def _payment(code: str, type_: str, kept: int, tips: int, back: int) -> Document:
    return {
        "code": code,
        "name": code.title(),
        "type": type_,
        "sales_count": 2,
        "sales_amount": kept + back,
        "refund_count": 1 if back else 0,
        "refund_amount": back,
        "tips": tips,
        "amount": kept + tips,
    }


def report(
    terminal_id: str,
    z_number: int,
    date: str,
    sold: int,
    previous: str | None,
    before: tuple[int, int],
    reason: str = "manual",
) -> Document:
    """A Z; `before`: sales and refunds since the first sale, without its day."""
    period = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{terminal_id}{z_number}"))
    told = figures(sold)
    sales = before[0] + told["totals"]["gross"] - told["totals"]["discounts"]
    refunds = before[1] + told["totals"]["refunds"]
    zero = {"count": 0, "amount": 0}
    return with_hash(
        told
        | {
            "schema_version": 1,
            "report_id": str(uuid.uuid5(uuid.UUID(terminal_id), f"Z:{period}")),
            "kind": "Z",
            "revision": 0,
            "terminal_id": terminal_id,
            "terminal_name": 'Barra "1"\u2028\x7f',
            "z_number": z_number,
            "period_id": period,
            "business_date": date,
            "timezone": "Europe/Madrid",
            "currency": "EUR",
            "opened_at": f"{date}T07:00:00Z",
            "closed_at": f"{date}T22:00:00Z",
            "close_reason": reason,
            "software": "by hand",
            "cash": {
                "opening_float": 0,
                "paid_in": 0,
                "paid_out": 0,
                "expected": told["payments"][1]["amount"],
                "counted": None,
                "over_short": None,
            },
            "items": [],
            "users": [],
            "control": dict.fromkeys(("voided_lines", "cancelled_receipts", "comps", "open_tickets"), zero)
            | {"no_sale_opens": {"count": 0}, "reprints": {"count": 0}},
            "perpetual": {"sales": sales, "refunds": refunds, "net": sales - refunds},
            "previous_hash": previous,
        }
    )


@dataclass
class ByHand:
    """What an export is made of; `files` writes it down, and the tests change it before or after."""

    reports: list[Document] = field(default_factory=list)
    acknowledgements: list[Document] = field(default_factory=list)
    """In the order of the reports."""
    closings: list[Document] = field(default_factory=list)
    keys: list[Document] = field(default_factory=list)
    not_here: list[Document] = field(default_factory=list)
    """Zs that export.json names, since nobody asked for them."""

    def files(self) -> Files:
        files = {path_of(it): canonical(it) for it in self.reports}
        for it, answer in zip(self.reports, self.acknowledgements, strict=False):
            files[path_of(it).replace("reports", "acknowledgements")] = canonical(answer)
        files |= {path_of_closing(it): canonical(it) for it in self.closings}
        if self.keys:
            files["keys.json"] = canonical({"items": self.keys})
        return files | {"export.json": canonical(self.announcement())}

    def announcement(self) -> Document:
        company = {"id": COMPANY, "name": "Marítim SL", "tax_id": "B1", "country": "ES", "currency": "EUR"}
        return {
            "schema_version": 1,
            "format": "json",
            "made_at": "2026-03-01T00:00:00Z",
            "made_by": "by hand",
            "from": None,
            "to": None,
            "stores": [{"id": STORE, "name": "Bar", "timezone": "Europe/Madrid", "company": company}],
            "terminals": [self._terminal(it) for it in sorted({it["terminal_id"] for it in self.reports})],
        }

    def _terminal(self, terminal_id: str) -> Document:
        numbers = [it["z_number"] for it in self.reports if it["terminal_id"] == terminal_id]
        return {
            "id": terminal_id,
            "name": "Barra",
            "store_ids": [STORE],
            "first_z_number": min(numbers),
            "last_z_number": max(numbers),
            "count": len(numbers),
            "not_here": [
                {"z_number": it["z_number"], "content_hash": it["content_hash"], "why": "store"}
                for it in self.not_here
                if it["terminal_id"] == terminal_id
            ],
        }


def path_of(z: Document) -> str:
    return f"reports/{z['terminal_id']}/Z{z['z_number']:08}.json"


def path_of_closing(it: Document) -> str:
    name = f"{it['name']}.{it['revision']}" if it["revision"] else it["name"]
    return f"closings/{it['scope']}/{it['scope_id']}/{it['currency']}/{name}.json"


def acknowledgement(z: Document, key: Ed25519PrivateKey | None = None, key_id: str = "") -> Document:
    answer = {
        "report_id": z["report_id"],
        "content_hash": z["content_hash"],
        "result": "created",
        "received_at": z["closed_at"],
        "store_id": STORE,
    }
    return signed(answer, key, key_id) if key else answer


def key_document(key: Ed25519PrivateKey, key_id: str, retired_at: str | None = None) -> Document:
    return {
        "key_id": key_id,
        "algorithm": "Ed25519",
        "public_key": base64url(key.public_key().public_bytes_raw()),
        "created_at": "2025-01-01T00:00:00Z",
        "retired_at": retired_at,
        "lost_at": None,
    }


def written(folder: Path, files: Files) -> Path:
    """The files in a folder, with a MANIFEST that fits them."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, raw in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(raw)
    seal(folder)
    return folder


def seal(folder: Path) -> None:
    """Make MANIFEST and its hash again, as a forger would, too."""
    files = (it for it in folder.rglob("*") if it.is_file())
    listed = sorted((it.relative_to(folder).as_posix().encode(), it.read_bytes()) for it in files)
    lines = [
        f"{sha256(raw)}  {path.decode()}\n"
        for path, raw in listed
        if path not in (b"MANIFEST", b"MANIFEST.sha256")
    ]
    manifest = "".join(lines).encode()
    (folder / "MANIFEST").write_bytes(manifest)
    (folder / "MANIFEST.sha256").write_text(f"{sha256(manifest)}  MANIFEST\n")
