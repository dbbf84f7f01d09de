"""The lists of a catalogue, and their records: search, pages, change in place, add, remove."""

import unicodedata
from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from factorypos_tui.server import errors
from factorypos_tui.server.catalogue import editing
from factorypos_tui.server.catalogue.checking import Document, RecordFault, faults_of
from factorypos_tui.server.catalogue.fields import COMPANY, SECTIONS, TYPE_NAMES, Field
from factorypos_tui.server.catalogue.wording import fault_words
from factorypos_tui.server.documents.money import decimal_text, read_decimal
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.web.catalogue.shelf import Shelf, carry_out, open_shelf
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit
from factorypos_tui.server.words import told

router = APIRouter(prefix="/stores/{store_id}/catalogue", include_in_schema=False)

ON_A_PAGE = 50
PRICE = "prices."
Section = Literal["items", "departments", "price_levels", "taxes", "payment_methods", "users"]


@router.get("/company")
def company(visit: LoggedIn, store_id: UUID) -> Response:
    return _company_page(open_shelf(visit, store_id))


@router.post("/company")
def change_company(visit: LoggedIn, store_id: UUID) -> Response:
    """What receipts say of the company at tills of this store."""
    return carry_out(
        visit,
        store_id,
        lambda shelf: editing.change_company(shelf.document, _values(shelf, COMPANY)),
        _company_page,
        "/company",
    )


def _company_page(shelf: Shelf, refused: Refused | None = None, meanwhile: Sequence[str] = ()) -> Response:
    return shelf.page(
        "company.html", refused, meanwhile, fields=COMPANY, record=shelf.document["company"], value=_shown
    )


@router.get("/{section}")
def records(
    visit: LoggedIn, store_id: UUID, section: Section, q: str = "", page: int = 1, code: str | None = None
) -> Response:
    """A page of a list, of what fits `q`; with a `code`, one record with all its fields."""
    shelf = open_shelf(visit, store_id)
    if code is not None:
        record = editing.record_of(shelf.document, section, code)
        if record is None:
            raise errors.NotYours(told("There is no such record any more."))
        return _record_page(shelf, section, record)
    found = [record for record in shelf.document[section] if fits(record, q)]
    pages = max(1, -(-len(found) // ON_A_PAGE))
    page = min(max(1, page), pages)
    return shelf.page(
        "records.html",
        None,
        (),
        section=section,
        q=q,
        number=page,
        pages=pages,
        found=len(found),
        records=found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        fields=SECTIONS[section],
        value=_shown,
        price=_shown_price,
        **_choices(shelf),
    )


@router.post("/{section}/add")
def add(visit: LoggedIn, store_id: UUID, section: Section) -> Response:
    def edit(shelf: Shelf) -> Document:
        values = _values(shelf, SECTIONS[section], section)
        code = str(values.get("code") or "")
        if editing.record_of(shelf.document, section, code):
            words = told("Another record of this section has the same code.")
            raise editing.Wrong(RecordFault(section, code, "code", words))
        return editing.add_record(shelf.document, section, values)

    return carry_out(visit, store_id, edit, _again(section, {}), f"/{section}")


@router.post("/{section}/change")
def change(visit: LoggedIn, store_id: UUID, section: Section) -> Response:
    code = visit.form.get("code", "")
    return carry_out(
        visit,
        store_id,
        lambda shelf: editing.change_record(
            shelf.document, section, code, _values(shelf, SECTIONS[section], section)
        ),
        _again(section, {"code": code}),
        f"/{section}",
    )


@router.post("/{section}/remove")
def remove(visit: LoggedIn, store_id: UUID, section: Section) -> Response:
    """Take a record away: tills use it no longer once they have downloaded that."""
    code = visit.form.get("code", "")
    return carry_out(
        visit,
        store_id,
        lambda shelf: editing.remove_record(shelf.document, section, code),
        _again(section, {"code": code}),
        f"/{section}",
    )


@router.post("/price_levels/first")
def move_up(visit: LoggedIn, store_id: UUID) -> Response:
    """A price level one place up."""
    code = visit.form.get("code", "")
    return carry_out(
        visit,
        store_id,
        lambda shelf: editing.move_level_up(shelf.document, code),
        _again("price_levels", {"code": code}),
        "/price_levels",
    )


def fits(record: Document, wanted: str) -> bool:
    """Whether code, name or barcode hold each word that is wanted, without case and accents."""
    text = _folded(" ".join(str(record.get(name) or "") for name in ("code", "name", "barcode")))
    return all(word in text for word in _folded(wanted).split())


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _again(section: Section, record: Document) -> Any:
    """The record's own page, with what was typed."""

    def page(shelf: Shelf, refused: Refused, meanwhile: Sequence[str]) -> Response:
        known = editing.record_of(shelf.document, section, record.get("code", "")) or {}
        return _record_page(shelf, section, known, refused, meanwhile)

    return page


def _record_page(
    shelf: Shelf,
    section: Section,
    record: Document,
    refused: Refused | None = None,
    meanwhile: Sequence[str] = (),
) -> Response:
    return shelf.page(
        "record.html",
        refused,
        meanwhile,
        section=section,
        record=record,
        fields=SECTIONS[section],
        value=_shown,
        price=_shown_price,
        troubles=[fault_words(f) for f in faults_of(shelf.document) if f.code == record.get("code")],
        **_choices(shelf),
    )


def _choices(shelf: Shelf) -> dict[str, object]:
    """What a field may name, by the section that it refers to."""
    return {
        "levels": shelf.document["price_levels"],
        "choices": {
            section: [
                (row["code"], f"{row['code']} {row.get('name') or ''}") for row in shelf.document[section]
            ]
            for section in ("departments", "taxes")
        },
        "types": [(name, told(label)) for name, label in TYPE_NAMES.items()],
    }


def _values(shelf: Shelf, fields: Sequence[Field], section: str = "") -> dict[str, Any]:
    """What was typed, as the document holds it; a field that the form lacks stays as it is. Raises
    `Wrong`."""
    form: OwnersVisit = shelf.visit
    values: dict[str, Any] = {}
    for field in fields:
        if field.is_flag and form.form.get(f"has.{field.name}"):
            values[field.name] = True if form.form.get(field.name) else None
        elif field.name in form.form and not field.is_flag:
            typed = form.form[field.name].strip()
            values[field.name] = (typed.replace(",", ".") if field.name == "rate" else typed) or None
    prices = {
        name.removeprefix(PRICE): _price(shelf, section, name, typed.strip())
        for name, typed in form.form.items()
        if name.startswith(PRICE)
    }
    return values | ({"prices": prices} if prices else {})


def _price(shelf: Shelf, section: str, name: str, typed: str) -> int | None:
    price = read_decimal(typed, shelf.currency) if typed else None
    if typed and price is None:
        words = told("This is no price. Write it as in {example}.")
        example = decimal_text(1250, shelf.currency)
        code = shelf.visit.form.get("code", "")
        raise editing.Wrong(RecordFault(section, code, name, words.format(example=example)))
    return price


def _shown(record: Document, field: Field) -> str:
    """A value as a form holds it."""
    value = record.get(field.name)
    return "" if value is None else str(value)


def _shown_price(record: Document, level: str, currency: str) -> str:
    price = (record.get("prices") or {}).get(level)
    return decimal_text(price, currency) if type(price) is int else ""
