"""A section as a table in CSV: out, and in with a look at what would change."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Response

from factorypos_tui.server.catalogue import tables
from factorypos_tui.server.catalogue.checking import Document
from factorypos_tui.server.catalogue.difference import compare
from factorypos_tui.server.catalogue.tables import CellFault, FileWrong
from factorypos_tui.server.catalogue.wording import counts_words
from factorypos_tui.server.errors import Invalid, Refused
from factorypos_tui.server.http.calls import BY_COOKIE, Body
from factorypos_tui.server.web.catalogue.records import Section
from factorypos_tui.server.web.catalogue.shelf import Shelf, carry_out, open_shelf
from factorypos_tui.server.web.visits import LoggedIn
from factorypos_tui.server.words import told

router = APIRouter(prefix="/stores/{store_id}/catalogue", include_in_schema=False)


@router.get("/{section}/table.csv")
def written(visit: LoggedIn, store_id: UUID, section: Section) -> Response:
    shelf = open_shelf(visit, store_id)
    name = f"{section.replace('_', '-')}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    text = tables.written(shelf.document, section, shelf.currency)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/{section}/table")
def table(visit: LoggedIn, store_id: UUID, section: Section) -> Response:
    return _page(open_shelf(visit, store_id), section)


@router.post("/{section}/table", dependencies=[BY_COOKIE])
def look(visit: LoggedIn, store_id: UUID, section: Section, _large: Body) -> Response:
    """What would change; nothing is saved yet."""
    shelf = open_shelf(visit, store_id)
    try:
        changes = compare(shelf.document, _taken(shelf, section))
    except FileWrong as wrong:
        return _page(shelf, section, _refusal(), faults_of_file=wrong.faults)
    return _page(shelf, section, counted=counts_words(changes), lines=shelf.lines(changes))


@router.post("/{section}/table/save", dependencies=[BY_COOKIE])
def save(visit: LoggedIn, store_id: UUID, section: Section, _large: Body) -> Response:
    def edit(shelf: Shelf) -> Document:
        try:
            return _taken(shelf, section)
        except FileWrong as wrong:
            words = _place(wrong.faults[0])
            raise Invalid(words=" ".join([str(_refusal()), words])) from wrong

    def again(shelf: Shelf, refused: Refused, meanwhile: Sequence[str]) -> Response:
        return _page(shelf, section, refused, meanwhile)

    return carry_out(visit, store_id, edit, again, f"/{section}")


def _taken(shelf: Shelf, section: str) -> Document:
    """Raises `FileWrong`."""
    form = shelf.visit.form
    raw = (form.get("file") or form.get("table") or "").encode("utf-8", "surrogateescape")
    whole = bool(form.get("whole"))
    return tables.taken(shelf.document, section, raw, shelf.currency, whole=whole)


def _page(
    shelf: Shelf,
    section: str,
    refused: Refused | None = None,
    meanwhile: Sequence[str] = (),
    *,
    faults_of_file: Sequence[CellFault] = (),
    counted: str | None = None,
    lines: Sequence[str] = (),
) -> Response:
    form = shelf.visit.form
    text = (form.get("file") or form.get("table") or "").encode("utf-8", "replace").decode()
    return shelf.page(
        "table.html",
        refused,
        meanwhile,
        section=section,
        cells=[_place(wrong) for wrong in faults_of_file],
        counted=counted,
        lines=lines,
        text=text,
        whole=bool(form.get("whole")),
    )


def _refusal() -> Invalid:
    return Invalid(words=told("The file has faults. Nothing of it was taken."))


def _place(wrong: CellFault) -> str:
    if not wrong.line:
        return wrong.message
    if not wrong.column:
        return told("Line {line}: {words}").format(line=wrong.line, words=wrong.message)
    return told("Line {line}, column “{column}”: {words}").format(
        line=wrong.line, column=wrong.column, words=wrong.message
    )
