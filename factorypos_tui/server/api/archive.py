"""What a shop keeps of its Z reports, as one file."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from factorypos_tui.server.domain.companies import stores_seen
from factorypos_tui.server.domain.exported import download
from factorypos_tui.server.domain.members import Role, company_for, store_for
from factorypos_tui.server.http.calls import UserCall
from factorypos_tui.server.http.downloads import AskedArchive, zip_answer
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.storage.tables import Store

router = APIRouter(tags=["archive"])

_A_ZIP: dict[int | str, dict[str, Any]] = {200: {"content": {"application/zip": {}}}, **refusals(410)}


@router.get("/stores/{store_id}/archive", response_class=Response, responses=_A_ZIP)
def archive_of_store(store_id: UUID, call: UserCall, asked: AskedArchive) -> Response:
    """The reports of a store from `from` to `to`, both included, as the directory of an export in a zip.

    A journal goes by `chart`; `own` is the one that the company keeps."""
    with call.as_user() as account:
        store = store_for(call.database, account, str(store_id), Role.VIEWER)
        made = download(call.database, call.cloud.now(), asked, [store], store.company_id)
    return zip_answer(made)


@router.get("/companies/{company_id}/archive", response_class=Response, responses=_A_ZIP)
def archive_of_company(company_id: UUID, call: UserCall, asked: AskedArchive) -> Response:
    """The same of all stores of a company."""
    with call.as_user() as account:
        company = company_for(call.database, account, str(company_id), Role.VIEWER)
        stores = list(stores_seen(account, company).order_by(Store.name, Store.id).bind(call.database))
        made = download(call.database, call.cloud.now(), asked, stores, company.id)
    return zip_answer(made)
