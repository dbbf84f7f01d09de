"""A period's receipts become a report: the document of interfaces §6, frozen to the bytes that are sent.

Every function is pure: the same facts of the till give the same report. So a lost queue is rebuilt with the
same ids and bytes."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from factorypos_tui.core.language.instants import NO_INSTANT, rfc3339
from factorypos_tui.core.models import Kind, Report
from factorypos_tui.core.reports.findings import Code, unreportable

if TYPE_CHECKING:  # the app's first frame does not need these modules
    from factorypos_tui.core.reports.adding_up import Sums
    from factorypos_tui.core.reports.sales import Period, Receipt

SCHEMA_VERSION = 1
_MOST_BYTES = 8 << 20
_LARGEST_NUMBER = 2**53 - 1
_CURRENCY = re.compile(r"[A-Z]{3}")
Document = dict[str, Any]


def report_id(terminal_id: str, kind: Kind, period_id: str) -> str:
    """The id of this period's report, always the same wherever it is built."""
    return str(uuid.uuid5(uuid.UUID(terminal_id), f"{kind}:{period_id}"))


def canonical_json(document: Mapping[str, Any]) -> bytes:
    """Keys sorted by code point, no white space, UTF-8; raises ValueError on a float."""
    _refuse_floats(document)
    return _canonical(document)


def _canonical(document: Mapping[str, Any]) -> bytes:
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")


def content_hash(document: Mapping[str, Any]) -> str:
    """SHA-256, hex, over the canonical JSON of the document without `content_hash`."""
    content = {key: value for key, value in document.items() if key != "content_hash"}
    return hashlib.sha256(canonical_json(content)).hexdigest()


def is_intact(body: bytes, digest: str) -> bool:
    """Whether frozen bytes still fit their content hash."""
    return hashlib.sha256(body.replace(f'"content_hash":"{digest}",'.encode(), b"", 1)).hexdigest() == digest


def thaw(body: bytes) -> Report | None:
    """The report in frozen bytes; None where they are damaged."""
    try:
        document = json.loads(body)
        if not is_intact(body, document["content_hash"]):
            return None
        return _report(document, body)
    except (ValueError, TypeError, KeyError):
        return None


def _report(document: Document, body: bytes) -> Report:
    return Report(
        id=document["report_id"],
        kind=Kind(document["kind"]),
        revision=document["revision"],
        terminal_id=document["terminal_id"],
        period_id=document["period_id"],
        z_number=document["z_number"],
        business_date=date.fromisoformat(document["business_date"]),
        currency=document["currency"],
        net=document["totals"]["net"],
        content_hash=document["content_hash"],
        body=body,
    )


@dataclass(frozen=True, slots=True)
class FrozenZ:
    """A Z report, and what the next Z is built on."""

    report: Report
    chain_hash: str
    """The hash that the next Z names as that of the one before. Mostly it is the report's own. A day from
    before today's rules has another if its rows did not add up: FactoryCLOUD refused the Z of then, and the
    next Z named the hash of that one."""
    closed_at: datetime


def freeze_z(period: Period, receipts: Iterable[Receipt], previous_hash: str | None) -> FrozenZ:
    """The Z report of a closed period. `previous_hash`: that of the Z before, None for the first.

    Raises `Unreportable` where the rows cannot become a report."""
    from factorypos_tui.core.reports.adding_up import add_up  # the app's first frame needs none

    sums = add_up(period, receipts)
    report = _z(period, sums, previous_hash)
    if period.rules > 1 or sums.adds_up:
        return FrozenZ(report, report.content_hash, period.closed_at or period.opened_at)
    as_it_was = _z(period, sums, previous_hash, as_written=True)
    return FrozenZ(report, as_it_was.content_hash, period.closed_at or period.opened_at)


def build_z(period: Period, receipts: Iterable[Receipt], previous_hash: str | None) -> Report:
    """The Z report alone."""
    return freeze_z(period, receipts, previous_hash).report


def _z(period: Period, sums: Sums, previous_hash: str | None, *, as_written: bool = False) -> Report:
    if period.z_number is None or period.closed_at is None or period.close_reason is None:
        raise ValueError(f"period {period.id} is not closed")
    if period.closed_at == NO_INSTANT:
        raise unreportable(Code.OUT_OF_RANGE)
    document = _document(period, sums, Kind.Z, revision=0, as_written=as_written) | {
        "z_number": period.z_number,
        "closed_at": rfc3339(period.closed_at),
        "close_reason": period.close_reason.value,
        "previous_hash": previous_hash,
    }
    return _freeze(document)


def build_x(period: Period, receipts: Iterable[Receipt], revision: int, taken_at: datetime) -> Report:
    """The X report of a running period as of `taken_at`; `revision` grows with each one.

    Raises `Unreportable` where the rows cannot become a report."""
    from factorypos_tui.core.reports.adding_up import add_up  # the app's first frame needs none

    document = _document(period, add_up(period, receipts), Kind.X, revision) | {
        "z_number": None,
        "taken_at": rfc3339(taken_at),
        "close_reason": None,
        "previous_hash": None,
    }
    return _freeze(document)


def _document(period: Period, sums: Sums, kind: Kind, revision: int, *, as_written: bool = False) -> Document:
    from factorypos_tui.core.reports.figures import figures_of  # the app's first frame needs none

    _refuse_what_no_cloud_takes(period)
    return {
        "schema_version": SCHEMA_VERSION,
        "report_id": report_id(period.terminal.id, kind, period.id),
        "kind": kind.value,
        "revision": revision,
        "terminal_id": period.terminal.id,
        "terminal_name": period.terminal.name,
        "period_id": period.id,
        "business_date": period.business_date.isoformat(),
        "timezone": period.timezone,
        "currency": period.currency,
        "opened_at": rfc3339(period.opened_at),
        "software": period.software,
    } | figures_of(period, sums, as_written=as_written)


def _refuse_what_no_cloud_takes(period: Period) -> None:
    if not (_is_uuid(period.id) and _is_uuid(period.terminal.id)):
        raise unreportable(Code.BAD_ID)
    if not _CURRENCY.fullmatch(period.currency):
        raise unreportable(Code.UNKNOWN_CURRENCY)
    if period.opened_at == NO_INSTANT or period.business_date == date.min:
        raise unreportable(Code.OUT_OF_RANGE)


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _freeze(document: Document) -> Report:
    if _largest_number(document) > _LARGEST_NUMBER:
        raise unreportable(Code.OUT_OF_RANGE)
    frozen = document | {"content_hash": content_hash(document)}
    body = _canonical(frozen)  # its hash has refused floats
    if len(body) > _MOST_BYTES:
        raise unreportable(Code.TOO_LARGE)
    return _report(frozen, body)


def _largest_number(value: object) -> int:
    if isinstance(value, int):
        return abs(value)
    if isinstance(value, dict):
        value = list(value.values())
    return max(map(_largest_number, value), default=0) if isinstance(value, list) else 0


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise ValueError("a report holds no floats")
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return
    for part in value:
        _refuse_floats(part)
