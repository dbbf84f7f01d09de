"""The chart of accounts of a company: shown, edited in a form, or exchanged for a file.

Without one there is a form with an example in it; nothing is kept before it is saved."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Response

from factorypos_tui.archive.export.charts import PACKAGED, Chart, packaged
from factorypos_tui.server import errors
from factorypos_tui.server.domain.audit_trail import timezone_of
from factorypos_tui.server.domain.charts import (
    MOST_ENTRIES,
    accounts_in,
    chart_of,
    checked,
    etag_of_chart,
    kept_chart,
    save_chart,
)
from factorypos_tui.server.domain.configurations import Seen
from factorypos_tui.server.domain.members import Role, company_for
from factorypos_tui.server.http.calls import BY_COOKIE, Body
from factorypos_tui.server.http.downloads import ChartName
from factorypos_tui.server.storage.chart_tables import CompanyChart
from factorypos_tui.server.storage.tables import Account, Company
from factorypos_tui.server.web import chart_fields
from factorypos_tui.server.web import wording as w
from factorypos_tui.server.web.archive import EXAMPLES
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit
from factorypos_tui.server.words import marked, told

router = APIRouter(include_in_schema=False)

ROLES = {
    "cash": marked("Cash in the drawer"),
    "paid_in": marked("Paid into the drawer"),
    "paid_out": marked("Paid out of the drawer"),
    "over_short": marked("Drawer over or short"),
    "rounding": marked("Rounding"),
    "tips": marked("Tips"),
    "clearing": marked("To be cleared: what has no account"),
}
KINDS = {
    "payments": (
        ("type", marked("of the type")),
        ("code", marked("with the code")),
        ("other", marked("every other one")),
    ),
    "taxes": (
        ("rate", marked("at the rate (%)")),
        ("code", marked("with the code")),
        ("other", marked("every other one")),
    ),
}
_FIRST = {"ES": "pgc", "DE": "skr03"}
"""Which example a company of a country begins with; others with the neutral one."""
FILE = "document"
"""The field of a form that brings a file."""


@router.get("/companies/{company_id}/chart")
def chart(visit: LoggedIn, company_id: UUID, example: str = "") -> Response:
    with visit.database.connection_context():
        return _page(visit, company_for(visit.database, visit.account, str(company_id), Role.VIEWER), example)


@router.get("/companies/{company_id}/chart.toml")
def file(visit: LoggedIn, company_id: UUID) -> Response:
    """What a till takes with `archive export --chart`."""
    with visit.database.connection_context():
        company = company_for(visit.database, visit.account, str(company_id), Role.VIEWER)
        document = kept_chart(visit.database, company.id).document
    headers = {"Content-Disposition": 'attachment; filename="chart.toml"'}
    return Response(document, media_type="application/toml; charset=utf-8", headers=headers)


@router.post("/companies/{company_id}/chart", dependencies=[BY_COOKIE])
def save(visit: LoggedIn, company_id: UUID, _large: Body) -> Response:
    database, seen = visit.database, visit.form.get("seen")
    with database.connection_context():
        company = company_for(database, visit.account, str(company_id), Role.MANAGER)
        try:
            document = visit.form.get(FILE)
            if document is None:
                document = chart_fields.document_of(visit.form)
            checked(document)
            with database.atomic():
                company = company_for(database, visit.account, str(company_id), Role.MANAGER)
                as_seen = Seen(seen) if seen else Seen(None, "*")
                save_chart(database, visit.cloud.now(), visit.account, company, document, as_seen)
        except errors.RoleTooLow:
            raise
        except errors.Outdated as outdated:
            return _page(visit, company, refused=errors.Outdated(outdated.etag, _outdated_words()))
        except errors.Refused as refused:
            return _page(visit, company, refused=refused)
    return visit.go(f"/companies/{company.id}/chart", told("Saved."))


def _outdated_words() -> str:
    return told(
        "Somebody else has changed this meanwhile, so yours was not saved yet. What they changed stands "
        "below; what you typed is still here. Send it again to save it on top."
    )


def _page(
    visit: OwnersVisit, company: Company, example: str = "", refused: errors.Refused | None = None
) -> Response:
    kept = chart_of(visit.database, company.id)
    is_edited = visit.may(Role.MANAGER.value, company.id)
    is_typed = bool(visit.form) and FILE not in visit.form
    values = dict(visit.form) if is_typed else _values(company, kept, example)
    return visit.page(
        "chart.html",
        refused,
        company=company,
        kept=kept,
        saved=_saved_words(visit, company, kept) if kept else "",
        table=lines_of(accounts_in(kept)) if kept else (),
        is_outdated=isinstance(refused, errors.Outdated),
        is_edited=is_edited,
        seen=etag_of_chart(kept) if kept else "",
        examples=[(it, EXAMPLES[ChartName(it)]) for it in PACKAGED],
        roles=ROLES,
        kinds={name: [(it, told(words)) for it, words in its] for name, its in KINDS.items()},
        rows={name: _rows(values, name) for name in chart_fields.LISTS},
        values=values,
        choices=_choices(),
    )


def _values(company: Company, kept: CompanyChart | None, example: str) -> Mapping[str, str]:
    if example not in PACKAGED and kept:
        return chart_fields.fields_of(kept.document)
    name = example if example in PACKAGED else _FIRST.get(company.country, "neutral")
    return {**chart_fields.fields_of(packaged(name).decode()), "name": company.name}


def _rows(values: Mapping[str, str], name: str) -> list[int]:
    """The places of the rows that are filled in, and of some after them."""
    places = [it for it in chart_fields.rows_in(values, name) if chart_fields.is_filled(values, name, it)]
    last = max(places, default=0)
    return [*places, *range(last + 1, min(last + chart_fields.BLANK_ROWS, MOST_ENTRIES) + 1)]


def _choices() -> Mapping[str, list[tuple[str, str]]]:
    """What a bookkeeping program reads: the choices of each field."""
    words = {"\t": told("tab"), ";": told("semicolon (;)"), ",": told("comma (,)"), ".": told("point (.)")}
    return {
        name: [(chart_fields.TAB if it == "\t" else it, words.get(it, it)) for it in choices]
        for name, choices in chart_fields.CHOICES.items()
    }


def _saved_words(visit: OwnersVisit, company: Company, kept: CompanyChart) -> str:
    who = Account.select(Account.name).where(Account.id == kept.saved_by).scalar(visit.database)
    when = w.moment(kept.saved_at, timezone_of(visit.database, company))
    return told("Saved {when} by {who}.").format(when=when, who=who or kept.saved_by)


def lines_of(chart: Chart) -> list[tuple[str, str, str, str]]:
    """What is booked, on which account, its name, and the code of its tax."""
    lines = [(told(words), chart.single[role], "") for role, words in ROLES.items()]
    for place, account in chart.payments.items():
        lines.append((_payment_words(*place.partition(" ")[::2]), account, ""))
    for place, accounts in chart.taxes.items():
        sales, tax = _tax_words(*place.partition(" ")[::2])
        lines += [(sales, accounts.revenue, accounts.vat_code), (tax, accounts.tax, accounts.vat_code)]
    return [(words, account.number, account.name, code) for words, account, code in lines]


def _payment_words(kind: str, which: str) -> str:
    words = {
        "type": told("Payments of the type {which}"),
        "code": told("Payments with the code {which}"),
        "": told("Every other payment"),
    }
    return words[kind].format(which=which)


def _tax_words(kind: str, which: str) -> tuple[str, str]:
    sales = {
        "rate": told("Sales at {which} %"),
        "code": told("Sales with the tax code {which}"),
        "": told("Sales at every other rate"),
    }
    tax = {
        "rate": told("Tax at {which} %"),
        "code": told("Tax with the code {which}"),
        "": told("Tax at every other rate"),
    }
    return sales[kind].format(which=which), tax[kind].format(which=which)
