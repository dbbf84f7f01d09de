"""Many prices at once: asked for, looked at, saved."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter, Response

from factorypos_tui.server.catalogue.difference import compare
from factorypos_tui.server.catalogue.editing import Wrong
from factorypos_tui.server.catalogue.prices import LARGEST_STEP, LEAST, MOST, Repricing, reprice
from factorypos_tui.server.catalogue.wording import counts_words
from factorypos_tui.server.documents.faults import fault
from factorypos_tui.server.documents.money import decimal_text, read_decimal
from factorypos_tui.server.errors import Invalid, Refused
from factorypos_tui.server.web.catalogue.shelf import Shelf, carry_out, open_shelf, refusal_of
from factorypos_tui.server.web.visits import LoggedIn
from factorypos_tui.server.words import told

router = APIRouter(prefix="/stores/{store_id}/catalogue/prices", include_in_schema=False)


@router.get("")
def prices(visit: LoggedIn, store_id: UUID) -> Response:
    return _page(open_shelf(visit, store_id))


@router.post("")
def look(visit: LoggedIn, store_id: UUID) -> Response:
    """What would change; nothing is saved yet."""
    shelf = open_shelf(visit, store_id)
    try:
        changes = compare(shelf.document, reprice(shelf.document, _wanted(shelf)))
    except Wrong as wrong:
        return _page(shelf, refusal_of(wrong))
    except Refused as refused:
        return _page(shelf, refused)
    return _page(shelf, counted=counts_words(changes), lines=shelf.lines(changes))


@router.post("/save")
def save(visit: LoggedIn, store_id: UUID) -> Response:
    return carry_out(visit, store_id, lambda shelf: reprice(shelf.document, _wanted(shelf)), _page, "/items")


def _page(
    shelf: Shelf,
    refused: Refused | None = None,
    meanwhile: Sequence[str] = (),
    *,
    counted: str | None = None,
    lines: Sequence[str] = (),
) -> Response:
    return shelf.page(
        "prices.html",
        refused,
        meanwhile,
        counted=counted,
        lines=lines,
        smallest=decimal_text(1, shelf.currency),
        levels=[("", told("all")), *_named(shelf, "price_levels")],
        departments=[("", told("all")), *_named(shelf, "departments")],
    )


def _named(shelf: Shelf, section: str) -> list[tuple[str, str]]:
    return [(row["code"], f"{row['code']} {row.get('name') or ''}") for row in shelf.document[section]]


def _wanted(shelf: Shelf) -> Repricing:
    """Raises `Invalid`."""
    form = shelf.visit.form
    percent, step = _percent(form.get("percent", "")), read_decimal(form.get("step", ""), shelf.currency)
    faults = []
    if percent is None:
        words = told("It has to be a number from {least} to {most}, such as 5 or -2.5.")
        faults.append(fault("percent", words.format(least=LEAST, most=MOST)))
    if not step or step > LARGEST_STEP:
        words = told("It has to be an amount such as {example}.")
        faults.append(fault("step", words.format(example=decimal_text(5, shelf.currency))))
    if percent is None or not step or faults:
        raise Invalid(faults)
    return Repricing(percent, step, form.get("level") or None, form.get("department") or None)


def _percent(typed: str) -> Decimal | None:
    """Up to four digits behind the mark."""
    text = typed.strip().replace(",", ".").replace("−", "-").removesuffix("%").strip()
    whole, _, fraction = text.removeprefix("-").removeprefix("+").partition(".")
    is_number = whole.isascii() and whole.isdigit() and len(whole) <= 4
    if not is_number or len(fraction) > 4 or (fraction and not (fraction.isascii() and fraction.isdigit())):
        return None
    percent = Decimal(text)
    return percent if LEAST <= percent <= MOST else None
