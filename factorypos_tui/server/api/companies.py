"""Companies and their stores; each belongs to the account that made it."""

import uuid
from uuid import UUID

from fastapi import APIRouter
from peewee import Database, ModelSelect
from pydantic import BaseModel

from factorypos_tui.server.api.calls import Cloud, IdempotencyKey, Listing, Paging, UserCall
from factorypos_tui.server.api.problems import Problem, refusals
from factorypos_tui.server.domain.forms import Country, Currency, Form, LongText, Name, ShortText, Timezone
from factorypos_tui.server.domain.idempotency import create_once
from factorypos_tui.server.storage.tables import Account, Company, Store
from factorypos_tui.server.words import told

router = APIRouter(tags=["companies"])


class CompanyForm(Form):
    name: Name
    tax_id: ShortText | None = None
    country: Country
    currency: Currency


class StoreForm(Form):
    name: Name
    address: LongText | None = None
    timezone: Timezone


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


def owned_company(database: Database, account: Account, company_id: str) -> Company:
    """The company, if it is this account's; raises 404 alike for none and for another's."""
    query = Company.select().where(Company.id == company_id, Company.account_id == account.id)
    company = query.get_or_none(database)
    if company is None:
        raise Problem(404, told("There is no such company in your account."))
    return company


def owned_store(database: Database, account: Account, store_id: str) -> Store:
    """The store, if it is this account's; raises 404 alike for none and for another's."""
    query = Store.select().join(Company, on=(Store.company_id == Company.id))
    store = query.where(Store.id == store_id, Company.account_id == account.id).get_or_none(database)
    if store is None:
        raise Problem(404, told("There is no such store in your account."))
    return store


def stores_of(account_id: str) -> "ModelSelect[Store]":
    """The ids of all stores of an account, for `in_`."""
    return (
        Store.select(Store.id)
        .join(Company, on=(Store.company_id == Company.id))
        .where(Company.account_id == account_id)
    )


@router.get("/companies", responses=refusals(401))
def list_companies(call: UserCall, page: Paging) -> Listing[ShownCompany]:
    """Your companies by name."""
    with call.as_user() as account:
        query = Company.select().where(Company.account_id == account.id)
        rows, cursor = page.rows(call.database, query, Company.name, Company.id)
    return Listing(items=[shown_company(row) for row in rows], next_cursor=cursor)


@router.post("/companies", status_code=201, responses=refusals(401))
def create_company(form: CompanyForm, call: UserCall, idempotency_key: IdempotencyKey = None) -> ShownCompany:
    """Make a company."""
    with call.as_user() as account:
        scope = f"{account.id} companies"
        return create_once(
            call.cloud,
            scope,
            idempotency_key,
            form,
            ShownCompany,
            lambda: _add_company(call.cloud, account, form),
        )


def _add_company(cloud: Cloud, account: Account, form: CompanyForm) -> ShownCompany:
    company = ShownCompany(id=str(uuid.uuid4()), created_at=cloud.now(), **form.model_dump())
    Company.insert(account_id=account.id, **company.model_dump()).execute(cloud.database)
    return company


@router.get("/companies/{company_id}/stores", responses=refusals(401, 404))
def list_stores(company_id: UUID, call: UserCall, page: Paging) -> Listing[ShownStore]:
    """The stores of a company by name."""
    with call.as_user() as account:
        company = owned_company(call.database, account, str(company_id))
        query = Store.select().where(Store.company_id == company.id)
        rows, cursor = page.rows(call.database, query, Store.name, Store.id)
    return Listing(items=[shown_store(row) for row in rows], next_cursor=cursor)


@router.post("/companies/{company_id}/stores", status_code=201, responses=refusals(401, 404))
def create_store(
    company_id: UUID, form: StoreForm, call: UserCall, idempotency_key: IdempotencyKey = None
) -> ShownStore:
    """Make a store in a company."""
    with call.as_user() as account:
        company = owned_company(call.database, account, str(company_id))
        scope = f"{account.id} stores of {company.id}"
        return create_once(
            call.cloud,
            scope,
            idempotency_key,
            form,
            ShownStore,
            lambda: _add_store(call.cloud, company, form),
        )


def _add_store(cloud: Cloud, company: Company, form: StoreForm) -> ShownStore:
    store = ShownStore(
        id=str(uuid.uuid4()), company_id=company.id, created_at=cloud.now(), **form.model_dump()
    )
    Store.insert(**store.model_dump()).execute(cloud.database)
    return store
