"""Reads what terminals send: one report, or many in one body. Pure."""

from itertools import chain
from typing import Any

import msgspec

from factorypos_tui.server import errors
from factorypos_tui.server.documents import canonical
from factorypos_tui.server.documents.report import (
    ReportDocument,
    checked_report,
    contradictions,
    wrong_for_call,
)
from factorypos_tui.server.documents.swift import Swift
from factorypos_tui.server.words import told

MAX_BATCH = 500
Arrived = tuple[ReportDocument, bytes]
"""A report and the bytes to keep."""

_REPORTS = Swift(ReportDocument)


class _Bodies(msgspec.Struct):
    """A batch whose reports are not looked into."""

    reports: list[msgspec.Raw]


_BODIES = msgspec.json.Decoder(_Bodies)


def read_report(raw: bytes, terminal_id: str, path_id: str | None = None) -> ReportDocument:
    """The report that a terminal sent, for the address with this id. Raises `Unreadable`, or `Invalid`
    naming each field at fault."""
    return _soundly_read(raw, terminal_id, path_id) or checked_report(_parsed(raw), terminal_id, path_id)


def read_batch(body: bytes, terminal_id: str) -> list[Arrived | errors.Invalid]:
    """Each report of a batch in canonical form, or why it is none. Raises `Unreadable`, `Invalid`, `TooMuch`.

    The bytes are canonical, so their hash holds whichever way they came."""
    bodies = _bodies(body)
    if bodies is None:
        return [_try(document, terminal_id) for document in _documents(_parsed(body))]
    _refuse_too_many(len(bodies))
    return [_read_one(raw, terminal_id) for raw in bodies]


def _read_one(raw: bytes, terminal_id: str) -> Arrived | errors.Invalid:
    report = _soundly_read(raw, terminal_id, None)
    return (report, raw) if report else _try(_parsed(raw), terminal_id)


def _try(document: Any, terminal_id: str) -> Arrived | errors.Invalid:
    try:
        return checked_report(document, terminal_id), canonical.encode(document)
    except errors.Invalid as refused:
        return refused


def _soundly_read(raw: bytes, terminal_id: str, path_id: str | None) -> ReportDocument | None:
    """The report, if it is canonical and nothing is wrong with it."""
    report = _REPORTS.read(raw)
    if report is None:
        return None
    digest = canonical.digest_of(raw, report.content_hash)
    wrong = chain(contradictions(report, digest), wrong_for_call(report, terminal_id, path_id))
    return None if any(wrong) else report


def _bodies(body: bytes) -> list[bytes] | None:
    """The bytes of each report, if the batch around them is canonical."""
    try:
        bodies = [bytes(raw) for raw in _BODIES.decode(body).reports]
    except (ValueError, RecursionError):
        return None
    return bodies if body == b'{"reports":[' + b",".join(bodies) + b"]}" else None


def _documents(body: Any) -> list[Any]:
    documents = body.get("reports") if isinstance(body, dict) else None
    if not isinstance(documents, list):
        needed = told("A list of reports is needed.")
        raise errors.Invalid([errors.FieldProblem("reports", "required", needed)])
    _refuse_too_many(len(documents))
    return documents


def _refuse_too_many(reports: int) -> None:
    if reports > MAX_BATCH:
        words = told("A batch holds at most {most} reports. Send it in parts.").format(most=MAX_BATCH)
        raise errors.TooMuch(words)


def _parsed(raw: bytes) -> Any:
    try:
        return canonical.parse(raw)
    except canonical.UnreadableJsonError as error:
        raise errors.Unreadable(told("The body cannot be read: {fault}.").format(fault=error)) from error
