"""Reports arrive, singly or in batches, and are answered with receipts once they are durable."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from peewee import Expression
from pydantic import BaseModel

from factorypos_tui.server.api.calls import (
    Body,
    Caller,
    Cloud,
    Listing,
    Paging,
    StoreName,
    TerminalCall,
    audit,
)
from factorypos_tui.server.api.companies import stores_of
from factorypos_tui.server.api.problems import FieldProblem, Problem, ProblemDocument, invalid, refusals
from factorypos_tui.server.api.settlements import State, states
from factorypos_tui.server.documents import canonical
from factorypos_tui.server.documents.report import ReportDocument, read_report
from factorypos_tui.server.domain.placements import named_store
from factorypos_tui.server.domain.received import MISSING_SHOWN, Outcome, missing_z_numbers, queue_up, receive
from factorypos_tui.server.mail import letters
from factorypos_tui.server.storage.tables import Account, Report, Store, Terminal
from factorypos_tui.server.words import told

router = APIRouter(tags=["reports"])

MAX_BATCH = 500
LEAST_MISSING_SHOWN = 20


class Receipt(BaseModel):
    """The report is durable here; `missing_z_numbers` are gaps worth sending, the first of them."""

    report_id: str
    content_hash: str
    result: Literal["created", "unchanged", "replaced", "stale"]
    received_at: str
    missing_z_numbers: list[int]
    store_id: str
    """Where it is: the store that it first arrived for."""


class Receipts(BaseModel):
    results: list[Receipt | ProblemDocument]


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


def _parsed(body: bytes) -> Any:
    try:
        return canonical.parse(body)
    except canonical.UnreadableJsonError as error:
        raise Problem(400, told("The body cannot be read: {fault}.").format(fault=error)) from error


@router.post(
    "/reports/batch",
    openapi_extra=_json_body(_BATCH_SCHEMA),
    responses={200: {"model": Receipts}, **refusals(401, 403, 413)},
)
def put_batch(body: Body, call: TerminalCall, store: StoreName = None) -> Response:
    """Up to 500 reports in one commit; the results are in order, each a receipt or a problem of its own.

    The reports are kept in canonical form, so their `content_hash` holds whichever way they came.
    """
    with call.as_terminal() as terminal:
        documents = _batch(_parsed(body))
        reports = [_try_to_read(document, terminal.id) for document in documents]
        sound = [
            (report, canonical.encode(document))
            for report, document in zip(reports, documents, strict=True)
            if isinstance(report, ReportDocument)
        ]
        now = call.cloud.now()
        with call.database.atomic():
            terminal = queue_up(call.database, terminal, now)
            store_id = named_store(call.database, terminal, store)
            outcomes = iter(receive(call.database, terminal, store_id, sound, now))
            most = max(LEAST_MISSING_SHOWN, MISSING_SHOWN // max(1, len(documents)))
            missing = missing_z_numbers(call.database, terminal.id, terminal.account_id, most)
        answers = [
            report
            if isinstance(report, Problem)
            else _settled(call, terminal, report, next(outcomes), missing)
            for report in reports
        ]
    results = [answer.content() if isinstance(answer, Problem) else answer.model_dump() for answer in answers]
    return Response(canonical.encode({"results": results}), media_type="application/json")


def _batch(body: Any) -> list[Any]:
    documents = body.get("reports") if isinstance(body, dict) else None
    if not isinstance(documents, list):
        raise invalid(
            [FieldProblem(field="reports", code="required", message=told("A list of reports is needed."))]
        )
    if len(documents) > MAX_BATCH:
        raise Problem(
            413, told("A batch holds at most {most} reports. Send it in parts.").format(most=MAX_BATCH)
        )
    return documents


def _try_to_read(document: Any, terminal_id: str) -> ReportDocument | Problem:
    try:
        return read_report(document, terminal_id)
    except Problem as problem:
        return problem


@router.put(
    "/reports/{report_id}",
    openapi_extra=_json_body(_REPORT_SCHEMA),
    responses={201: {"model": Receipt, "description": "Created"}, **refusals(401, 403, 409)},
)
def put_report(
    report_id: UUID, body: Body, call: TerminalCall, response: Response, store: StoreName = None
) -> Receipt:
    """One report, kept byte for byte. The receipt is sent after it is durable."""
    with call.as_terminal() as terminal:
        report, now = read_report(_parsed(body), terminal.id, str(report_id)), call.cloud.now()
        with call.database.atomic():
            terminal = queue_up(call.database, terminal, now)
            store_id = named_store(call.database, terminal, store)
            (outcome,) = receive(call.database, terminal, store_id, [(report, body)], now)
            missing = missing_z_numbers(call.database, terminal.id, terminal.account_id)
        answer = _settled(call, terminal, report, outcome, missing)
    if isinstance(answer, Problem):
        raise answer
    response.status_code = 201 if answer.result == "created" else 200
    return answer


def _settled(
    call: Caller, terminal: Terminal, report: ReportDocument, outcome: Outcome, missing: list[int]
) -> Receipt | Problem:
    """The answer for one report, after its outcome is durable."""
    if outcome.result == "elsewhere":
        detail = told(
            "This report arrived while the terminal belonged to another account, and stays with that one. "
            "Nothing was changed."
        )
        return Problem(403, detail, "report_elsewhere")
    if outcome.result == "conflict":
        if outcome.news:
            _tell_owner(call.cloud, terminal, report, outcome)
        detail = told(
            "Another report with other content holds this place. Both are kept and the owner was told."
        )
        return Problem(409, detail, "report_conflict")
    return Receipt(
        report_id=report.report_id,
        content_hash=report.content_hash,
        result=outcome.result,
        received_at=outcome.received_at,
        missing_z_numbers=missing,
        store_id=outcome.store_id,
    )


def _tell_owner(cloud: Cloud, terminal: Terminal, report: ReportDocument, outcome: Outcome) -> None:
    account = Account.select().where(Account.id == terminal.account_id).get(cloud.database)
    store = Store.select().where(Store.id == outcome.store_id).get(cloud.database)
    audit(cloud.database, outcome.received_at, terminal.id, "report.refused", report.report_id)
    values = {
        "name": account.name,
        "terminal": terminal.name,
        "store": store.name,
        "report": f"Z {report.z_number}" if report.kind == "Z" else "X",
        "date": report.business_date,
        "report_id": report.report_id,
        "content_hash": report.content_hash,
    }
    cloud.postman.post(letters.report_conflict(account.email, account.language, values))


def _of(terminal: Terminal) -> Expression:
    """What the terminal sent for the account that it belongs to now."""
    return (Report.terminal_id == terminal.id) & Report.store_id.in_(stores_of(terminal.account_id))


@router.get("/reports", responses=refusals(401, 403))
def list_reports(
    call: TerminalCall,
    page: Paging,
    kind: Annotated[Literal["X", "Z"], Query()] = "Z",
    store: StoreName = None,
) -> Listing[HeldReport]:
    """What the cloud holds of this terminal, in all stores or in one: Zs by number, Xs by id."""
    with call.as_terminal() as terminal:
        query = Report.select(Report.id, Report.z_number, Report.content_hash, Report.received_at)
        query = query.where(_of(terminal), Report.kind == kind)
        if store is not None:
            store_id = named_store(call.database, terminal, store)
            query = query.where(Report.store_id == store_id)
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
        query = Report.select().where(Report.id == str(report_id), _of(terminal))
        report = query.get_or_none(call.database)
    if report is None:
        raise Problem(404, told("The cloud holds no such report of this terminal."))
    return Response(bytes(report.document), media_type="application/json")
