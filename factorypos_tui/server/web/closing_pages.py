"""One closing: as it prints, as a PDF, and as it was signed."""

from uuid import UUID

from fastapi import APIRouter, Response

from factorypos_tui.server.domain.closings.listed import ShownClosing, closing_of_company, closing_of_store
from factorypos_tui.server.domain.closings.shown import Level
from factorypos_tui.server.domain.keys import public_keys
from factorypos_tui.server.domain.members import Role, store_for
from factorypos_tui.server.web.closing_papers import correction_words, paper_of_closing
from factorypos_tui.server.web.closings import AskedClosings, Place, place_of_company, place_of_store
from factorypos_tui.server.web.pdfs import pdf_answer
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit

router = APIRouter(include_in_schema=False)


@router.get("/stores/{store_id}/closings/{closing_id}.json")
def closing_of_a_store_as_it_was_signed(visit: LoggedIn, store_id: UUID, closing_id: UUID) -> Response:
    return _signed(_one_of_store(visit, store_id, closing_id)[1])


@router.get("/companies/{company_id}/closings/{closing_id}.json")
def closing_of_a_company_as_it_was_signed(visit: LoggedIn, company_id: UUID, closing_id: UUID) -> Response:
    return _signed(_one_of_company(visit, company_id, closing_id)[1])


@router.get("/stores/{store_id}/closings/{closing_id}.pdf")
def closing_of_a_store_as_a_pdf(visit: LoggedIn, store_id: UUID, closing_id: UUID) -> Response:
    return _pdf(*_one_of_store(visit, store_id, closing_id))


@router.get("/companies/{company_id}/closings/{closing_id}.pdf")
def closing_of_a_company_as_a_pdf(visit: LoggedIn, company_id: UUID, closing_id: UUID) -> Response:
    return _pdf(*_one_of_company(visit, company_id, closing_id))


@router.get("/stores/{store_id}/closings/{closing_id}")
def closing_of_a_store_as_it_prints(visit: LoggedIn, store_id: UUID, closing_id: UUID) -> Response:
    return _printed(visit, *_one_of_store(visit, store_id, closing_id))


@router.get("/companies/{company_id}/closings/{closing_id}")
def closing_of_a_company_as_it_prints(visit: LoggedIn, company_id: UUID, closing_id: UUID) -> Response:
    return _printed(visit, *_one_of_company(visit, company_id, closing_id))


_One = tuple[Place, ShownClosing]


def _one_of_store(visit: OwnersVisit, store_id: UUID, closing_id: UUID) -> _One:
    database = visit.database
    with database.connection_context():
        store = store_for(database, visit.account, str(store_id), Role.VIEWER)
        return place_of_store(visit, store), closing_of_store(database, visit.account, store, str(closing_id))


def _one_of_company(visit: OwnersVisit, company_id: UUID, closing_id: UUID) -> _One:
    database = visit.database
    with database.connection_context():
        place = place_of_company(visit, company_id)
        return place, closing_of_company(database, visit.account, place.company, str(closing_id))


def _signed(closing: ShownClosing) -> Response:
    return Response(closing.signed, media_type="application/json")


def _pdf(place: Place, closing: ShownClosing) -> Response:
    it = closing.document
    revision = f".{it.revision}" if it.revision else ""
    paper = paper_of_closing(closing, place.timezone)
    places = [name for name in dict.fromkeys((place.company.name, place.name)) if name != closing.of]
    return pdf_answer(paper, places, it.made_at, f"closing-{it.name}{revision}.pdf")


def _printed(visit: OwnersVisit, place: Place, closing: ShownClosing) -> Response:
    key_id = closing.document.signature.key_id
    with visit.database.connection_context():
        lost = [key.lost_at for key in public_keys(visit.database) if key.key_id == key_id]
    return visit.page(
        "closing.html",
        lost_at=lost[0] if lost else None,
        place=place,
        closing=closing,
        asked=AskedClosings(closing.document.period, _level(closing)),
        paper=paper_of_closing(closing, place.timezone),
        correction_words=correction_words,
    )


def _level(closing: ShownClosing) -> Level:
    return Level.TERMINAL if closing.document.scope == "terminal" else Level.STORE
