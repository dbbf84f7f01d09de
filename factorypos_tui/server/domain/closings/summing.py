"""What the Zs of a period add up to, and the document that tells it. Pure.

Amounts are minor units of one currency."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from factorypos_tui.server.documents import canonical
from factorypos_tui.server.domain.closings.periods import Period

SCHEMA_VERSION = 1
TOTALS = ("gross", "discounts", "refunds", "net", "tax", "rounding", "tips")
_NAMED = ("terminal_id", "z_number", "business_date", "report_id", "content_hash")
_TAX = (("code", "name", "rate"), ("base", "tax", "gross"))
_PAYMENT = (
    ("code", "name", "type"),
    ("sales_count", "sales_amount", "refund_count", "refund_amount", "tips", "amount"),
)
Json = dict[str, Any]
_Rows = dict[tuple[str, ...], list[int]]


@dataclass(slots=True)
class Sums:
    """Adds Zs of one currency up; each is let go once it is added."""

    zs: list[Json] = field(default_factory=list)
    receipts: int = 0
    totals: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TOTALS, 0))
    _taxes: _Rows = field(default_factory=dict)
    _payments: _Rows = field(default_factory=dict)

    def add(self, z: Mapping[str, Any]) -> None:
        """Take in the document of a Z."""
        self.zs.append({name: z[name] for name in _NAMED})
        self.receipts += z["receipts"]["count"]
        for name in TOTALS:
            self.totals[name] += z["totals"][name]
        _add_rows(self._taxes, z["taxes"], *_TAX)
        _add_rows(self._payments, z["payments"], *_PAYMENT)

    def figures(self) -> Json:
        """What a closing tells of its Zs."""
        return {
            "zs": sorted(self.zs, key=lambda it: (it["terminal_id"], it["z_number"])),
            "receipts": self.receipts,
            "totals": self.totals,
            "taxes": _rows(self._taxes, *_TAX),
            "payments": _rows(self._payments, *_PAYMENT),
        }


@dataclass(frozen=True, slots=True)
class Link:
    """What a closing stands on."""

    revision: int
    corrects: str | None
    """The hash of the closing that it corrects."""
    previous_hash: str | None
    """That of the newest closing of the period before."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is closed."""

    scope: str
    scope_id: str
    currency: str
    period: Period


def closing_of(
    subject: Subject, sums: Sums, perpetual: Json, link: Link, closing_id: str, made_at: str
) -> Json:
    """The document of a closing, without a signature."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "closing_id": closing_id,
        "scope": subject.scope,
        "scope_id": subject.scope_id,
        "currency": subject.currency,
        "period": subject.period.kind.value,
        "name": subject.period.name,
        "first_date": subject.period.first_date,
        "last_date": subject.period.last_date,
        "revision": link.revision,
        "corrects": link.corrects,
        "previous_hash": link.previous_hash,
        "made_at": made_at,
        "perpetual": perpetual,
        **sums.figures(),
    }
    return {**document, "content_hash": canonical.digest(document)}


def perpetual_of(newest: Iterable[Mapping[str, Any]]) -> Json:
    """The totals since the first sale of several terminals, out of the newest Z of each."""
    sums = {"sales": 0, "refunds": 0, "net": 0}
    for z in newest:
        for name in sums:
            sums[name] += z["perpetual"][name]
    return sums


def seen_of(zs: Iterable[tuple[str, str]]) -> str:
    """A hash over the ids and content hashes of Zs, in whatever order they come."""
    hasher = hashlib.sha256()
    for report_id, content_hash in sorted(zs):
        hasher.update(f"{report_id} {content_hash}\n".encode())
    return hasher.hexdigest()


def _add_rows(
    sums: _Rows, rows: Iterable[Mapping[str, Any]], keys: Iterable[str], names: Iterable[str]
) -> None:
    for row in rows:
        key, more = tuple(row[it] for it in keys), [row[it] for it in names]
        sums[key] = [a + b for a, b in zip(sums.get(key, [0] * len(more)), more, strict=True)]


def _rows(sums: _Rows, keys: Iterable[str], names: Iterable[str]) -> list[Json]:
    return [
        dict(zip(keys, key, strict=True)) | dict(zip(names, sums[key], strict=True)) for key in sorted(sums)
    ]
