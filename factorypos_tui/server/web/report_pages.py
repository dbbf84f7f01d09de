"""A report as it prints, and as it arrived."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import ValidationError

from factorypos_tui.server import errors
from factorypos_tui.server.documents.headings import heading_if_any
from factorypos_tui.server.documents.report import ReportDocument
from factorypos_tui.server.domain.held import document_of_store
from factorypos_tui.server.domain.ladders import chain_of
from factorypos_tui.server.domain.members import Role, store_for
from factorypos_tui.server.domain.settlements import states
from factorypos_tui.server.web.legend import VALUES
from factorypos_tui.server.web.papers import paper_of
from factorypos_tui.server.web.pdfs import report_answer
from factorypos_tui.server.web.visits import LoggedIn
from factorypos_tui.server.words import told

router = APIRouter(include_in_schema=False)


@router.get("/stores/{store_id}/reports/{report_id}.json")
def report_as_it_arrived(visit: LoggedIn, store_id: UUID, report_id: UUID) -> Response:
    database = visit.database
    with database.connection_context():
        store = store_for(database, visit.account, str(store_id), Role.VIEWER)
        document, _ = document_of_store(database, store, str(report_id))
    return Response(document, media_type="application/json")


@router.get("/stores/{store_id}/reports/{report_id}.pdf")
def report_as_a_pdf(visit: LoggedIn, store_id: UUID, report_id: UUID) -> Response:
    database = visit.database
    with database.connection_context():
        store = store_for(database, visit.account, str(store_id), Role.VIEWER)
        document, _ = document_of_store(database, store, str(report_id))
    return report_answer(_shown(document), store.name)


@router.get("/stores/{store_id}/reports/{report_id}")
def report_as_it_prints(visit: LoggedIn, store_id: UUID, report_id: UUID) -> Response:
    database = visit.database
    with database.connection_context():
        store = store_for(database, visit.account, str(store_id), Role.VIEWER)
        document, received_at = document_of_store(database, store, str(report_id))
        heading = heading_if_any(document)
        chain = chain_of(database, heading) if heading and heading.kind == "Z" else None
        conflict = states(database, [str(report_id)]).get(str(report_id))
    report = _shown(document)
    return visit.page(
        "report.html",
        **VALUES,
        store=store,
        paper=paper_of(report),
        day=date.fromisoformat(report.business_date),
        chain=chain,
        conflict=conflict,
        received_at=received_at,
        report_id=str(report_id),
    )


def _shown(document: bytes) -> ReportDocument:
    try:
        return ReportDocument.model_validate_json(document)
    except ValidationError as error:
        words = told(
            "This report is damaged in the database, so it cannot be shown. Its figures of the day are kept "
            "apart and count. Ask the person who runs this FactoryCLOUD to run cloud check."
        )
        raise errors.Conflict(words) from error
