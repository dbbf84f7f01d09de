"""Reports arrive, one or many, and are answered with receipts once they are durable."""

import re
from asyncio import get_running_loop
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from factorypos_tui.server.documents import canonical
from factorypos_tui.server.documents.reading import MAX_BATCH, read_batch, read_report
from factorypos_tui.server.documents.report import ReportDocument
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.numbers import MISSING_SHOWN
from factorypos_tui.server.domain.received import Delivery, Outcome, put_to_rest
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.http.calls import Body, Caller, StoreName, TerminalCall, token_hash_of
from factorypos_tui.server.http.gate import DOCUMENTS_AT_ONCE
from factorypos_tui.server.http.problems import (
    NO_DATABASE,
    ProblemDocument,
    problem_for,
    problem_of,
    refusals,
)

LEAST_MISSING_SHOWN = 20


_PUT = re.compile("/v1/reports/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


class Puts:
    """Takes the one call that most calls are straight to its function. FastAPI's way there and back takes as
    long as all of the work; it takes whatever is not as usual."""

    def __init__(self, app: ASGIApp, cloud: Cloud) -> None:
        self.app = app
        self._cloud = cloud
        self._threads = ThreadPoolExecutor(DOCUMENTS_AT_ONCE, "put")  # as the gate lets in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        its = _PUT.fullmatch(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if its is None:
            await self.app(scope, receive, send)
            return
        headers, body = Headers(scope=scope), scope["state"]["body"]
        caller = Caller(self._cloud, token_hash_of(headers.get("authorization")))
        work = partial(put_report, UUID(its[1]), body, caller, headers.get("factorypos-store"))
        try:
            work_in_its_language = partial(copy_context().run, work)
            response = await get_running_loop().run_in_executor(self._threads, work_in_its_language)
        except (Refused, *NO_DATABASE) as refusal:
            response = problem_for(refusal).response()
        await response(scope, receive, send)


router = APIRouter(tags=["reports"])


class Signature(BaseModel):
    """An Ed25519 signature by one of the keys that `GET /v1/keys` lists."""

    key_id: str
    value: str
    """64 bytes in base64url, without padding."""


class Acknowledgement(BaseModel):
    """The report is durable here; `missing_z_numbers` are gaps worth sending, the first of them."""

    report_id: str
    content_hash: str
    result: Literal["created", "unchanged", "replaced", "stale"]
    received_at: str
    missing_z_numbers: list[int]
    store_id: str
    """Where it is: the store that it first arrived for."""
    signature: Signature | None = None
    """Of the canonical form of all of this but `missing_z_numbers` and itself; missing where no key signs."""


class Acknowledgements(BaseModel):
    results: list[Acknowledgement | ProblemDocument]


_REPORT_SCHEMA = {"$ref": "#/components/schemas/ReportDocument"}


def _json_body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


_BATCH_SCHEMA = {
    "type": "object",
    "required": ["reports"],
    "properties": {"reports": {"type": "array", "maxItems": MAX_BATCH, "items": _REPORT_SCHEMA}},
}


@router.post(
    "/reports/batch",
    openapi_extra=_json_body(_BATCH_SCHEMA),
    responses={200: {"model": Acknowledgements}},
)
def put_batch(body: Body, call: TerminalCall, store: StoreName = None) -> Response:
    """Up to 500 reports in one commit; the results are in order, each a receipt or a problem of its own.

    The reports are kept in canonical form, so their `content_hash` holds whichever way they came."""
    terminal = call.terminal()
    reports = read_batch(body.unpacked(), terminal.id)
    sound = [report for report in reports if not isinstance(report, Refused)]
    kept = put_to_rest(call.cloud, Delivery(terminal, store, sound))
    missing = kept.missing[: max(LEAST_MISSING_SHOWN, MISSING_SHOWN // max(1, len(reports)))]
    outcomes = iter(kept.outcomes)
    results = [
        problem_of(it).content()
        if isinstance(it, Refused)
        else _result(call.cloud, it[0], next(outcomes), missing)
        for it in reports
    ]
    return _json({"results": results})


def _result(cloud: Cloud, report: ReportDocument, outcome: Outcome, missing: list[int]) -> dict[str, Any]:
    refused = outcome.refusal()
    return problem_of(refused).content() if refused else _acknowledged(cloud, report, outcome, missing)


def _acknowledged(
    cloud: Cloud, report: ReportDocument, outcome: Outcome, missing: list[int]
) -> dict[str, Any]:
    """An `Acknowledgement`, signed; all that it says is durable, and no connection is held meanwhile."""
    said = {
        "report_id": report.report_id,
        "content_hash": report.content_hash,
        "result": outcome.result,
        "received_at": outcome.received_at,
        "missing_z_numbers": missing,
        "store_id": outcome.store_id,
    }
    return cloud.signing.sign(said)


def _json(answer: dict[str, Any], status: int = 200) -> Response:
    """An answer of our own making, which needs no check."""
    return Response(canonical.encode(answer), status, media_type="application/json")


@router.put(
    "/reports/{report_id}",
    openapi_extra=_json_body(_REPORT_SCHEMA),
    response_class=Response,
    responses={
        200: {"model": Acknowledgement},
        201: {"model": Acknowledgement, "description": "Created"},
        **refusals(409),
    },
)
def put_report(report_id: UUID, body: Body, call: TerminalCall, store: StoreName = None) -> Response:
    """One report, kept byte for byte. The receipt is sent after it is durable."""
    terminal, raw = call.terminal(), body.unpacked()
    report = read_report(raw, terminal.id, str(report_id))
    kept = put_to_rest(call.cloud, Delivery(terminal, store, [(report, raw)]))
    (outcome,) = kept.outcomes
    if refused := outcome.refusal():
        raise refused
    said = _acknowledged(call.cloud, report, outcome, kept.missing)
    return _json(said, 201 if outcome.result == "created" else 200)
