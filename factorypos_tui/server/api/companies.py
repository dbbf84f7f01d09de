"""Companies and their stores."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from factorypos_tui.server.api.idempotency import create_once
from factorypos_tui.server.domain.companies import (
    CompanyChange,
    CompanyForm,
    StoreChange,
    StoreForm,
    add_company,
    add_store,
    change_store,
    stores_seen,
)
from factorypos_tui.server.domain.company_changes import change_company
from factorypos_tui.server.domain.members import (
    Membership,
    Role,
    companies_for,
    company_for,
    memberships_of,
    store_for,
)
from factorypos_tui.server.domain.seen import etag_of, require_seen
from factorypos_tui.server.http.calls import IdempotencyKey, IfMatch, Listing, Paging, UserCall
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.storage.tables import Company, Store

router = APIRouter(tags=["companies"])


class ShownCompany(BaseModel):
    id: str
    name: str
    tax_id: str | None
    country: str
    currency: str
    created_at: str
    second_factor_from: Literal["nobody", "owner", "manager", "viewer"] = "nobody"
    """From which role on members need a second factor."""


class YourCompany(ShownCompany):
    """A company as one of its members sees it."""

    role: Literal["owner", "manager", "viewer"]
    all_stores: bool
    """Whether you see all of its stores; else some."""


class ShownStore(BaseModel):
    id: str
    company_id: str
    name: str
    address: str | None
    timezone: str
    created_at: str
    closed_weekdays: str = ""
    """Digits of ISO weekdays, 1 for Monday to 7 for Sunday."""
    keep_years: int | None = None
    """Full years after that of its business date for which a document stays at least; null: for ever."""


def shown_company(company: Company) -> ShownCompany:
    return ShownCompany.model_validate(company.__data__)


def your_company(company: Company, membership: Membership) -> YourCompany:
    shown = shown_company(company)
    return YourCompany(**shown.model_dump(), role=membership.role.value, all_stores=membership.stores is None)


def shown_store(store: Store) -> ShownStore:
    return ShownStore.model_validate(store.__data__)


@router.get("/companies")
def list_companies(call: UserCall, page: Paging) -> Listing[YourCompany]:
    """Your companies by name, with your role in each."""
    with call.as_user() as account:
        query = companies_for(account.id, Role.VIEWER)
        rows, cursor = page.rows(call.database, query, Company.name, Company.id)
        yours = memberships_of(call.database, account.id)
    shown = [your_company(row, yours[row.id]) for row in rows if row.id in yours]
    return Listing(items=shown, next_cursor=cursor)


@router.post("/companies", status_code=201, responses=refusals(403))
def create_company(form: CompanyForm, call: UserCall, idempotency_key: IdempotencyKey = None) -> ShownCompany:
    """Make a company."""
    with call.as_user() as account:

        def add() -> ShownCompany:
            return shown_company(add_company(call.database, call.cloud.now(), account, form))

        return create_once(call.cloud, f"{account.id} companies", idempotency_key, form, ShownCompany, add)


@router.get("/companies/{company_id}")
def get_company(company_id: UUID, call: UserCall, response: Response) -> ShownCompany:
    """A company, with its ETag."""
    with call.as_user() as account:
        found = company_for(call.database, account, str(company_id), Role.VIEWER)
    response.headers["ETag"] = etag_of(found, CompanyChange)
    return shown_company(found)


@router.put("/companies/{company_id}", responses=refusals(403))
def put_company(
    company_id: UUID, form: CompanyChange, call: UserCall, response: Response, if_match: IfMatch = None
) -> ShownCompany:
    """Replace what may be changed of the company that was seen (`If-Match`).

    Without `second_factor_from` that stays as it is."""
    with call.as_user() as account, call.database.atomic():
        seen = company_for(call.database, account, str(company_id), Role.OWNER)
        require_seen(if_match, etag_of(seen, CompanyChange))
        change_company(call.database, call.cloud.now(), account, seen, form)
        changed = company_for(call.database, account, seen.id, Role.OWNER)
    call.cloud.postman.call()
    response.headers["ETag"] = etag_of(changed, CompanyChange)
    return shown_company(changed)


@router.get("/stores/{store_id}")
def get_store(store_id: UUID, call: UserCall, response: Response) -> ShownStore:
    """A store, with its ETag."""
    with call.as_user() as account:
        found = store_for(call.database, account, str(store_id), Role.VIEWER)
    response.headers["ETag"] = etag_of(found, StoreChange)
    return shown_store(found)


@router.put("/stores/{store_id}", responses=refusals(403))
def put_store(
    store_id: UUID, form: StoreChange, call: UserCall, response: Response, if_match: IfMatch = None
) -> ShownStore:
    """Replace what may be changed of the store that was seen (`If-Match`).

    Without `closed_weekdays` it is open on all days; without `keep_years` its documents stay for ever."""
    with call.as_user() as account, call.database.atomic():
        seen = store_for(call.database, account, str(store_id), Role.MANAGER)
        require_seen(if_match, etag_of(seen, StoreChange))
        change_store(call.database, call.cloud.now(), account, seen, form)
        changed = store_for(call.database, account, seen.id, Role.MANAGER)
    response.headers["ETag"] = etag_of(changed, StoreChange)
    return shown_store(changed)


@router.get("/companies/{company_id}/stores")
def list_stores(company_id: UUID, call: UserCall, page: Paging) -> Listing[ShownStore]:
    """The stores of a company that you see, by name."""
    with call.as_user() as account:
        company = company_for(call.database, account, str(company_id), Role.VIEWER)
        rows, cursor = page.rows(call.database, stores_seen(account, company), Store.name, Store.id)
    return Listing(items=[shown_store(row) for row in rows], next_cursor=cursor)


@router.post("/companies/{company_id}/stores", status_code=201, responses=refusals(403))
def create_store(
    company_id: UUID, form: StoreForm, call: UserCall, idempotency_key: IdempotencyKey = None
) -> ShownStore:
    """Make a store in a company. Its documents stay for ten full years at least."""
    with call.as_user() as account, call.database.atomic():
        company = company_for(call.database, account, str(company_id), Role.MANAGER)

        def add() -> ShownStore:
            return shown_store(add_store(call.database, call.cloud.now(), account, company, form))

        scope = f"{account.id} stores of {company.id}"
        return create_once(call.cloud, scope, idempotency_key, form, ShownStore, add)
