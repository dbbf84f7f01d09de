"""Companies and their stores."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from factorypos_tui.server.api.idempotency import create_once
from factorypos_tui.server.domain.companies import (
    CompanyForm,
    StoreForm,
    add_company,
    add_store,
    companies_of,
    owned_company,
    stores_in,
)
from factorypos_tui.server.http.calls import IdempotencyKey, Listing, Paging, UserCall
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


class ShownStore(BaseModel):
    id: str
    company_id: str
    name: str
    address: str | None
    timezone: str
    created_at: str


def shown_company(company: Company) -> ShownCompany:
    return ShownCompany.model_validate(company.__data__)


def shown_store(store: Store) -> ShownStore:
    return ShownStore.model_validate(store.__data__)


@router.get("/companies")
def list_companies(call: UserCall, page: Paging) -> Listing[ShownCompany]:
    """Your companies by name."""
    with call.as_user() as account:
        rows, cursor = page.rows(call.database, companies_of(account), Company.name, Company.id)
    return Listing(items=[shown_company(row) for row in rows], next_cursor=cursor)


@router.post("/companies", status_code=201, responses=refusals(403))
def create_company(form: CompanyForm, call: UserCall, idempotency_key: IdempotencyKey = None) -> ShownCompany:
    """Make a company."""
    with call.as_user() as account:

        def add() -> ShownCompany:
            return shown_company(add_company(call.database, call.cloud.now(), account, form))

        return create_once(call.cloud, f"{account.id} companies", idempotency_key, form, ShownCompany, add)


@router.get("/companies/{company_id}/stores")
def list_stores(company_id: UUID, call: UserCall, page: Paging) -> Listing[ShownStore]:
    """The stores of a company by name."""
    with call.as_user() as account:
        company = owned_company(call.database, account, str(company_id))
        rows, cursor = page.rows(call.database, stores_in(company), Store.name, Store.id)
    return Listing(items=[shown_store(row) for row in rows], next_cursor=cursor)


@router.post("/companies/{company_id}/stores", status_code=201, responses=refusals(403))
def create_store(
    company_id: UUID, form: StoreForm, call: UserCall, idempotency_key: IdempotencyKey = None
) -> ShownStore:
    """Make a store in a company."""
    with call.as_user() as account:
        company = owned_company(call.database, account, str(company_id))

        def add() -> ShownStore:
            return shown_store(add_store(call.database, call.cloud.now(), company, form))

        scope = f"{account.id} stores of {company.id}"
        return create_once(call.cloud, scope, idempotency_key, form, ShownStore, add)
