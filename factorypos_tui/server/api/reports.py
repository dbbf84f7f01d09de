"""Reports arrive, one or many, and are answered with receipts once they are durable."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from factorypos_tui.server import errors
from factorypos_tui.server.api.calls import Body, Listing, Paging, StoreName, TerminalCall
from factorypos_tui.server.api.problems import ProblemDocument, problem_of, refusals
from factorypos_tui.server.documents import canonical
from factorypos_tui.server.documents.report import ReportDocument, read_report
from factorypos_tui.server.domain.held import held_report, held_reports
from factorypos_tui.server.domain.numbers import MISSING_SHOWN
from factorypos_tui.server.domain.received import Outcome, put_to_rest
from factorypos_tui.server.domain.settlements import State, states
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.storage.tables import Report
from factorypos_tui.server.words import told

router = APIRouter(tags=["reports"])

MAX_BATCH = 500
LEAST_MISSING_SHOWN = 20


class Acknowledgement(BaseModel):
    """The report is durable here; `missing_z_numbers` are gaps worth sending, the first of them."""

    report_id: str
    content_hash: str
    result: Literal["created", "unchanged", "replaced", "stale"]
    received_at: str
    missing_z_numbers: list[int]
    store_id: str
    """Where it is: the store that it first arrived for."""


class Acknowledgements(BaseModel):
    results: list[Acknowledgement | ProblemDocument]


class HeldReport(BaseModel):
    report_id: str
    z_number: int | None
    content_hash: str
    received_at: str
    conflict: State | None


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
    responses={200: {"model": Acknowledgements}, **refusals(401, 403, 413)},
)
def put_batch(body: Body, call: TerminalCall, store: StoreName = None) -> Response:
    """Up to 500 reports in one commit; the results are in order, each a receipt or a problem of its own.

    The reports are kept in canonical form, so their `content_hash` holds whichever way they came."""
    with call.as_terminal() as terminal:
        documents = _batch(_parsed(body))
        reports = [_try_to_read(document, terminal.id) for document in documents]
        sound = [
            (report, canonical.encode(document))
            for report, document in zip(reports, documents, strict=True)
            if isinstance(report, ReportDocument)
        ]
        most = max(LEAST_MISSING_SHOWN, MISSING_SHOWN // max(1, len(documents)))
        outcomes, missing = put_to_rest(call.cloud, terminal, store, sound, most)
    rest = iter(outcomes)
    results = [
        problem_of(report).content() if isinstance(report, Refused) else _result(report, next(rest), missing)
        for report in reports
    ]
    return Response(canonical.encode({"results": results}), media_type="application/json")


def _parsed(body: bytes) -> Any:
    try:
        return canonical.parse(body)
    except canonical.UnreadableJsonError as error:
        raise errors.Unreadable(told("The body cannot be read: {fault}.").format(fault=error)) from error


def _batch(body: Any) -> list[Any]:
    documents = body.get("reports") if isinstance(body, dict) else None
    if not isinstance(documents, list):
        needed = told("A list of reports is needed.")
        raise errors.Invalid([errors.FieldProblem("reports", "required", needed)])
    if len(documents) > MAX_BATCH:
        words = told("A batch holds at most {most} reports. Send it in parts.").format(most=MAX_BATCH)
        raise errors.TooMuch(words)
    return documents


def _try_to_read(document: Any, terminal_id: str) -> ReportDocument | errors.Invalid:
    try:
        return read_report(document, terminal_id)
    except errors.Invalid as refused:
        return refused


def _result(report: ReportDocument, outcome: Outcome, missing: list[int]) -> dict[str, Any]:
    refused = outcome.refusal()
    return problem_of(refused).content() if refused else _acknowledged(report, outcome, missing).model_dump()


def _acknowledged(report: ReportDocument, outcome: Outcome, missing: list[int]) -> Acknowledgement:
    return Acknowledgement(
        report_id=report.report_id,
        content_hash=report.content_hash,
        result=outcome.result,  # type: ignore[arg-type]  # any other one is a refusal
        received_at=outcome.received_at,
        missing_z_numbers=missing,
        store_id=outcome.store_id,
    )


@router.put(
    "/reports/{report_id}",
    openapi_extra=_json_body(_REPORT_SCHEMA),
    responses={201: {"model": Acknowledgement, "description": "Created"}, **refusals(401, 403, 409)},
)
def put_report(
    report_id: UUID, body: Body, call: TerminalCall, response: Response, store: StoreName = None
) -> Acknowledgement:
    """One report, kept byte for byte. The receipt is sent after it is durable."""
    with call.as_terminal() as terminal:
        report = read_report(_parsed(body), terminal.id, str(report_id))
        (outcome,), missing = put_to_rest(call.cloud, terminal, store, [(report, body)], MISSING_SHOWN)
    if refused := outcome.refusal():
        raise refused
    response.status_code = 201 if outcome.result == "created" else 200
    return _acknowledged(report, outcome, missing)


@router.get("/reports", responses=refusals(401, 403))
def list_reports(
    call: TerminalCall,
    page: Paging,
    kind: Annotated[Literal["X", "Z"], Query()] = "Z",
    store: StoreName = None,
) -> Listing[HeldReport]:
    """What the cloud holds of this terminal, in all stores or in one: Zs by number, Xs by id."""
    with call.as_terminal() as terminal:
        query = held_reports(call.database, terminal, kind, store)
        rows, cursor = page.rows(call.database, query, Report.z_number if kind == "Z" else Report.id)
        conflicts = states(call.database, [row.id for row in rows])
    items = [
        HeldReport(
            report_id=row.id,
            z_number=row.z_number,
            content_hash=row.content_hash,
            received_at=row.received_at,
            conflict=conflicts.get(row.id),
        )
        for row in rows
    ]
    return Listing(items=items, next_cursor=cursor)


@router.get(
    "/reports/{report_id}",
    response_class=Response,
    responses={200: {"model": ReportDocument}, **refusals(401, 404)},
)
def get_report(report_id: UUID, call: TerminalCall) -> Response:
    """A report as it arrived."""
    with call.as_terminal() as terminal:
        report = held_report(call.database, terminal, str(report_id))
    return Response(bytes(report.document), media_type="application/json")
