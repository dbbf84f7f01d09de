"""A person orders the closing of a period of a store, without waiting for the round that would make it."""

from datetime import datetime
from typing import Annotated

from peewee import Database
from pydantic import AfterValidator, Field

from factorypos_tui.server import errors
from factorypos_tui.server.domain.closings.making import NotHereError, Scope, close_up_to
from factorypos_tui.server.domain.closings.periods import Kind, Period, is_over, newest_over
from factorypos_tui.server.domain.cloud import Cloud, instant
from factorypos_tui.server.domain.forms import Form
from factorypos_tui.server.domain.held import not_here
from factorypos_tui.server.domain.keys import current_signer
from factorypos_tui.server.domain.quotas import note_change
from factorypos_tui.server.errors import FieldProblem
from factorypos_tui.server.security.signing import Signer
from factorypos_tui.server.storage.closing_tables import Closing
from factorypos_tui.server.storage.report_tables import ZReport
from factorypos_tui.server.storage.tables import Account, Store
from factorypos_tui.server.words import told


def _real_year(name: str) -> str:
    if name.startswith("0000"):
        raise ValueError("there is no year 0")
    return name


PeriodName = Annotated[
    str, Field(pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2]))?$", max_length=7), AfterValidator(_real_year)
]


class OrderForm(Form):
    """Which period is to be closed."""

    period: Annotated[Kind, Field(strict=False)]
    name: PeriodName
    """`2026-01` of a month, `2026` of a year."""


def order_closing(
    cloud: Cloud, account: Account, store: Store, form: OrderForm
) -> tuple[list[Closing], bool]:
    """Close the period of a store, and those before it that are open. Its newest closings, one of each
    currency, and whether any was made. Raises `Invalid` where the name is none of such a period, `Conflict`
    where it is not over, has no Z or no key signs, and `Gone` where a document of it is not here."""
    database, now = cloud.database, cloud.clock()
    period = _period_over(form, now)
    signer = _signer(database)
    scope = Scope("store", store.id)
    with database.atomic():
        note_change(
            database,
            instant(now),
            account.id,
            "closing.ordered",
            f"{store.id} {period.name}",
            company_id=store.company_id,
        )
    try:
        made = close_up_to(database, now, signer, scope, period)
    except NotHereError as error:
        raise not_here(database, error.store_id, error.business_date) from error
    found = newest_of(database, scope, period)
    if not found:
        raise errors.Conflict(told("This period has no Z report. Nothing was closed."), "nothing_to_close")
    return found, made


def closable(database: Database, store: Store, kind: Kind, now: datetime) -> Period | None:
    """The newest period that is over, where the store has days in it and it is not closed yet."""
    period = newest_over(kind, now)
    days = ZReport.business_date.between(period.first_date, period.last_date)
    query = ZReport.select(ZReport.id).where(ZReport.store_id == store.id, days)
    if query.limit(1).scalar(database) is None or newest_of(database, Scope("store", store.id), period):
        return None
    return period


def _period_over(form: OrderForm, now: datetime) -> Period:
    period = Period(form.period, form.name)
    if (len(form.name) == len("2026-01")) != (form.period is Kind.MONTH):
        words = told("A month is named like 2026-01, a year like 2026.")
        raise errors.Invalid([FieldProblem("name", "invalid", words)], words)
    if not is_over(period, now):
        raise errors.Conflict(
            told("This period is not over yet everywhere on earth. Nothing was closed; try again after it."),
            "period_not_over",
        )
    return period


def _signer(database: Database) -> Signer:
    signer = current_signer(database)
    if signer is None:
        words = told(
            "No key of this FactoryCLOUD signs, so nothing was closed. Tell the person who runs it: "
            "cloud key list."
        )
        raise errors.Conflict(words, "no_key")
    return signer


def newest_of(database: Database, scope: Scope, period: Period) -> list[Closing]:
    """The newest closing of a period in each currency."""
    own = (Closing.scope == scope.kind, Closing.scope_id == scope.id)
    query = Closing.select().where(*own, Closing.period == period.kind.value, Closing.name == period.name)
    newest = {row.currency: row for row in query.order_by(Closing.revision).bind(database)}
    return [newest[currency] for currency in sorted(newest)]
