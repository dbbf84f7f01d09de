"""What a shop keeps: its Z reports as files, chosen and downloaded."""

from uuid import UUID

from fastapi import APIRouter, Response

from factorypos_tui.archive.export.inputs import Format
from factorypos_tui.server.domain.charts import accounts_in, chart_of
from factorypos_tui.server.domain.exported import download
from factorypos_tui.server.domain.members import Role, company_for, store_for
from factorypos_tui.server.http.downloads import AskedArchive, ChartName, zip_answer
from factorypos_tui.server.web.home import stores_by_name
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit
from factorypos_tui.server.words import marked, told

router = APIRouter(include_in_schema=False)

_FORMS = {
    Format.CSV: marked("Tables for a spreadsheet (CSV)"),
    Format.JSON: marked("The reports as they were frozen, with their proofs (JSON)"),
    Format.JOURNAL: marked("Rows for bookkeeping (journal)"),
    Format.SAFT_CASH_REGISTER: marked("Norwegian SAF-T Cash Register (XML)"),
}
EXAMPLES = {
    ChartName.NEUTRAL: marked("Neutral: words, no country's accounts"),
    ChartName.PGC: marked("Spain: PGC, an example"),
    ChartName.SKR03: marked("Germany: SKR03, an example"),
    ChartName.SKR04: marked("Germany: SKR04, an example"),
}


@router.get("/stores/{store_id}/archive")
def archive_of_store(visit: LoggedIn, store_id: UUID) -> Response:
    with visit.database.connection_context():
        store = store_for(visit.database, visit.account, str(store_id), Role.VIEWER)
        return _page(visit, store.name, f"/stores/{store.id}", store.company_id)


@router.get("/stores/{store_id}/archive.zip")
def files_of_store(visit: LoggedIn, store_id: UUID, asked: AskedArchive) -> Response:
    with visit.database.connection_context():
        store = store_for(visit.database, visit.account, str(store_id), Role.VIEWER)
        made = download(visit.database, visit.cloud.now(), asked, [store], store.company_id)
    return zip_answer(made)


@router.get("/companies/{company_id}/archive")
def archive_of_company(visit: LoggedIn, company_id: UUID) -> Response:
    with visit.database.connection_context():
        company = company_for(visit.database, visit.account, str(company_id), Role.VIEWER)
        return _page(visit, company.name, f"/companies/{company.id}", company.id)


@router.get("/companies/{company_id}/archive.zip")
def files_of_company(visit: LoggedIn, company_id: UUID, asked: AskedArchive) -> Response:
    with visit.database.connection_context():
        company = company_for(visit.database, visit.account, str(company_id), Role.VIEWER)
        stores = stores_by_name(visit, company)
        made = download(visit.database, visit.cloud.now(), asked, stores, company.id)
    return zip_answer(made)


def _page(visit: OwnersVisit, name: str, path: str, company_id: str) -> Response:
    forms = [(form.value, words) for form, words in _FORMS.items()]
    charts = [(chart.value, told(words)) for chart, words in EXAMPLES.items()]
    if kept := chart_of(visit.database, company_id):
        own = told("Accounts of this company: {name}").format(name=accounts_in(kept).name)
        charts.insert(0, (ChartName.OWN.value, own))
    return visit.page("archive.html", forms=forms, charts=charts, name=name, path=path, company_id=company_id)
