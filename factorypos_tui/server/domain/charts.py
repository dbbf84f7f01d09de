"""The chart of accounts of a company: it has none, or one, which is replaced as a whole by whoever has seen
it. It is the document that a shop keeps in a file, read by the same code."""

import hashlib

from peewee import Database

from factorypos_tui.archive.export.charts import Chart, ChartFault, ChartRefusedError, read_chart
from factorypos_tui.server import errors
from factorypos_tui.server.domain.companies import hold_company
from factorypos_tui.server.domain.configurations import Seen
from factorypos_tui.server.domain.quotas import note_change
from factorypos_tui.server.domain.seen import is_named
from factorypos_tui.server.errors import FieldProblem
from factorypos_tui.server.storage.chart_tables import CompanyChart
from factorypos_tui.server.storage.tables import Account, Company
from factorypos_tui.server.words import told

OWN = "own"
"""What a download calls the chart of its company."""
MOST_BYTES = 12 << 10
"""Of the document, so that a call with it is no larger than a form may be."""
MOST_ENTRIES = 50
"""Of its payments, and of its taxes."""


def chart_of(database: Database, company_id: str) -> CompanyChart | None:
    """What a company keeps."""
    return CompanyChart.select().where(CompanyChart.company_id == company_id).get_or_none(database)


def kept_chart(database: Database, company_id: str) -> CompanyChart:
    """What a company keeps; raises `NotYours` where that is none."""
    kept = chart_of(database, company_id)
    if kept is None:
        raise errors.NotYours(told("This company has no chart of accounts of its own yet."), "no_chart")
    return kept


def accounts_of(database: Database, company_id: str) -> Chart:
    """The chart of a company, to make a journal by; raises `Invalid` where it has none."""
    kept = chart_of(database, company_id)
    if kept is None:
        words = told("This company has no chart of accounts of its own yet.")
        raise errors.Invalid([FieldProblem("chart", "invalid", words)], words)
    return accounts_in(kept)


def accounts_in(kept: CompanyChart) -> Chart:
    """The chart that a company keeps, read."""
    return read_chart(kept.document.encode())


def etag_of_chart(kept: CompanyChart) -> str:
    """The same document has the same one."""
    return f'"{hashlib.sha256(kept.document.encode()).hexdigest()}"'


def checked(document: str) -> Chart:
    """The chart that a document is; bytes that were no UTF-8 come as `surrogateescape` has them. Raises
    `Invalid`."""
    raw = document.encode("utf-8", "surrogateescape")
    if len(raw) > MOST_BYTES:
        raise _invalid(told("It is larger than {n} KiB.").format(n=MOST_BYTES >> 10))
    try:
        chart = read_chart(raw)
    except ChartRefusedError as refused:
        raise _invalid(_why_refused(refused)) from refused
    if max(len(chart.payments), len(chart.taxes)) > MOST_ENTRIES:
        raise _invalid(told("It has more than {n} payments or taxes.").format(n=MOST_ENTRIES))
    return chart


def save_chart(
    database: Database, now: str, account: Account, company: Company, document: str, seen: Seen
) -> tuple[CompanyChart, bool]:
    """Replace the chart of a company by a document that was checked: what it keeps now, and whether it is the
    first one; in the caller's transaction. Raises `NoCondition`, `Outdated` and `CompanyClosed`."""
    hold_company(database, company.id)
    present = chart_of(database, company.id)
    _require(seen, present)
    values = {"document": document, "saved_at": now, "saved_by": account.id}
    if present is None:
        CompanyChart.insert(company_id=company.id, **values).execute(database)
    else:
        CompanyChart.update(**values).where(CompanyChart.company_id == company.id).execute(database)
    note_change(database, now, account.id, "company.chart_saved", company.id, company_id=company.id)
    return CompanyChart(company_id=company.id, **values), present is None


def _require(seen: Seen, present: CompanyChart | None) -> None:
    if seen.match is None and seen.none_match != "*":
        words = told(
            "Say which version this replaces: If-Match with its ETag, or If-None-Match: * for the first."
        )
        raise errors.NoCondition(words)
    etag = etag_of_chart(present) if present else None
    is_there = seen.none_match == "*" and etag is not None
    is_another = seen.match is not None and not (etag and is_named(etag, seen.match))
    if is_there or is_another:
        raise errors.Outdated(etag)


def _invalid(why: str) -> errors.Invalid:
    words = told("This is no chart of accounts that can be used. {why}").format(why=why)
    return errors.Invalid([FieldProblem("document", "invalid", why)], words)


def _why_refused(refused: ChartRefusedError) -> str:
    words = {
        ChartFault.NO_TOML: told("It is no TOML file: {detail}"),
        ChartFault.NO_TEXT: told(
            '{where}: {detail} must be a text between quotation marks, such as "4300", of 200 characters at '
            "most."
        ),
        ChartFault.NO_CHOICE: told("{where} must be one of {detail}."),
        ChartFault.NO_GROUP: told("The account for [{where}] is missing."),
        ChartFault.NO_LIST: told("{where}: write each one under [[{where}]]."),
        ChartFault.TOO_LARGE: told("It is larger than {n} KiB.").format(n=MOST_BYTES >> 10),
        ChartFault.TWICE: told("{where} is about the same as one before it."),
    }
    return words[refused.fault].format(where=refused.where, detail=refused.detail)
