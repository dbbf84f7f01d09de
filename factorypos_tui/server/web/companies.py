"""Companies and stores: made and changed."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from factorypos_tui.server.documents.money import CURRENCIES
from factorypos_tui.server.domain.companies import (
    FACTOR_RULES,
    CompanyChange,
    CompanyForm,
    StoreChange,
    add_company,
    add_store,
    change_store,
    timezones,
)
from factorypos_tui.server.domain.company_changes import change_company
from factorypos_tui.server.domain.forms import Form
from factorypos_tui.server.domain.members import Role, company_for, store_for
from factorypos_tui.server.errors import NotYours, Outdated, Refused, RoleTooLow
from factorypos_tui.server.storage.tables import Company, Store
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit
from factorypos_tui.server.words import marked, told

router = APIRouter(include_in_schema=False)

WEEKDAYS = (
    marked("Monday"),
    marked("Tuesday"),
    marked("Wednesday"),
    marked("Thursday"),
    marked("Friday"),
    marked("Saturday"),
    marked("Sunday"),
)
LABELS = {
    "name": marked("Name"),
    "tax_id": marked("Tax number"),
    "country": marked("Country"),
    "currency": marked("Currency"),
    "address": marked("Address"),
    "timezone": marked("Time zone"),
    "closed_weekdays": marked("Closed on"),
    "keep_years": marked("Full years for which whole reports are kept"),
}
SEEN = "seen."
"""Begins the names of the fields that bring along what their page has shown."""


@router.get("/companies/new")
def new_company(visit: LoggedIn) -> Response:
    return _company_page(visit, None)


@router.post("/companies/new")
def make_company(visit: LoggedIn) -> Response:
    def make() -> str:
        company = add_company(visit.database, visit.cloud.now(), visit.account, visit.read(CompanyForm))
        return told("{name} is made. Now make its first store.").format(name=company.name)

    return _done(visit, make, lambda refused: _company_page(visit, None, refused))


@router.get("/companies/{company_id}")
def company(visit: LoggedIn, company_id: UUID) -> Response:
    return _company_page(visit, _company(visit, company_id, Role.VIEWER))


@router.post("/companies/{company_id}")
def save_company(visit: LoggedIn, company_id: UUID) -> Response:
    def save() -> str:
        known = company_for(visit.database, visit.account, str(company_id), Role.OWNER)
        form = visit.read(CompanyForm)
        _refuse_unseen(visit, known, CompanyForm)
        change = CompanyChange(**form.model_dump())
        change_company(visit.database, visit.cloud.now(), visit.account, known, change)
        return told("Saved.")

    return _done(visit, save, lambda it: _company_page(visit, _company(visit, company_id, Role.OWNER), it))


@router.get("/companies/{company_id}/stores/new")
def new_store(visit: LoggedIn, company_id: UUID) -> Response:
    return _store_page(visit, _company(visit, company_id, Role.MANAGER), None)


@router.post("/companies/{company_id}/stores/new")
def make_store(visit: LoggedIn, company_id: UUID) -> Response:
    def make() -> str:
        known = company_for(visit.database, visit.account, str(company_id), Role.MANAGER)
        form = _store_form(visit)
        store = add_store(visit.database, visit.cloud.now(), visit.account, known, form)
        return told("{name} is made. At its till, choose Assign business.").format(name=store.name)

    def again(refused: Refused) -> Response:
        return _store_page(visit, _company(visit, company_id, Role.MANAGER), None, refused)

    return _done(visit, make, again)


@router.get("/stores/{store_id}/settings")
def store(visit: LoggedIn, store_id: UUID) -> Response:
    return _store_page(visit, *_store(visit, store_id))


@router.post("/stores/{store_id}/settings")
def save_store(visit: LoggedIn, store_id: UUID) -> Response:
    def save() -> str:
        known = store_for(visit.database, visit.account, str(store_id), Role.MANAGER)
        form = _store_form(visit)
        _refuse_unseen(visit, known, StoreChange)
        change_store(visit.database, visit.cloud.now(), visit.account, known, form)
        return told("Saved.")

    return _done(visit, save, lambda refused: _store_page(visit, *_store(visit, store_id), refused))


def _done(visit: OwnersVisit, do: Callable[[], str], again: Callable[[Refused], Response]) -> Response:
    """Carry it out and lead to the stores, or show the form again."""
    try:
        with visit.database.connection_context(), visit.database.atomic():
            words = do()
    except (NotYours, RoleTooLow):
        raise
    except Refused as refused:
        return again(refused)
    return visit.go("/", words)


def _seen(row: Company | Store | None, kind: type[Form]) -> dict[str, str]:
    """What a page shows of a row, for its form to bring along."""
    return {name: _text(getattr(row, name)) for name in kind.model_fields} if row else {}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _refuse_unseen(visit: OwnersVisit, row: Company | Store, kind: type[Form]) -> None:
    """Raises `Outdated` where the form was made of other values than the row has now."""
    if _meanwhile(visit, _seen(row, kind)):
        words = told(
            "Somebody else has changed this meanwhile, so yours was not saved yet. What they changed stands "
            "below; what you typed is still here. Send it again to save it on top."
        )
        raise Outdated(None, words)


def _meanwhile(visit: OwnersVisit, present: Mapping[str, str]) -> list[str]:
    """What somebody else has changed since a form was made."""
    if not visit.form:
        return []
    before = {name: visit.form.get(SEEN + name, "") for name in present}
    return [
        f"{told(LABELS[name])}: {_value(name, before[name])} → {_value(name, text)}"
        for name, text in present.items()
        if before[name] != text
    ]


def _value(name: str, text: str) -> str:
    if name == "closed_weekdays":
        return ", ".join(told(day) for n, day in enumerate(WEEKDAYS, 1) if str(n) in text) or told("none")
    return text or told("none")


def _store_form(visit: OwnersVisit) -> StoreChange:
    """Days come as a box each: those that are not ticked are closed."""
    opened = set(visit.form.getlist("open"))
    closed = "".join(str(day) for day in range(1, 8) if str(day) not in opened)
    return visit.read(StoreChange).model_copy(update={"closed_weekdays": closed})


def _company(visit: OwnersVisit, company_id: UUID, least: Role) -> Company:
    with visit.database.connection_context():
        return company_for(visit.database, visit.account, str(company_id), least)


def _store(visit: OwnersVisit, store_id: UUID) -> tuple[Company, Store]:
    with visit.database.connection_context():
        found = store_for(visit.database, visit.account, str(store_id), Role.MANAGER)
        return company_for(visit.database, visit.account, found.company_id, Role.VIEWER), found


def _company_page(visit: OwnersVisit, known: Company | None, refused: Refused | None = None) -> Response:
    currencies = [(code, code) for code in sorted(CURRENCIES)]
    seen = _seen(known, CompanyForm)
    meanwhile = _meanwhile(visit, seen)
    return visit.page(
        "company.html",
        refused,
        company=known,
        currencies=currencies,
        factor_rules=FACTOR_RULES,
        seen=seen,
        meanwhile=meanwhile,
    )


def _store_page(
    visit: OwnersVisit, its_company: Company, known: Store | None, refused: Refused | None = None
) -> Response:
    closed = known.closed_weekdays if known else ""
    opened = visit.form.getlist("open") if visit.form else [day for day in "1234567" if day not in closed]
    days: list[Any] = [(str(n), told(name), str(n) in opened) for n, name in enumerate(WEEKDAYS, 1)]
    zones = [(zone, zone.replace("_", " ")) for zone in timezones()]
    seen = _seen(known, StoreChange)
    return visit.page(
        "store.html",
        refused,
        company=its_company,
        store=known,
        days=days,
        zones=zones,
        seen=seen,
        meanwhile=_meanwhile(visit, seen),
    )
