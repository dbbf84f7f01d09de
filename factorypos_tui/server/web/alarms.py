"""What is wrong at the terminals that somebody sees, what to do about it, and who is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response

from factorypos_tui.server.documents.faults import fault
from factorypos_tui.server.documents.money import decimal_text, read_decimal
from factorypos_tui.server.domain import settlements
from factorypos_tui.server.domain.alarms import reading, settings
from factorypos_tui.server.domain.alarms.facts import Watched
from factorypos_tui.server.domain.alarms.looking import look_again
from factorypos_tui.server.domain.alarms.shown import (
    COLUMNS,
    Shown,
    alarm_for,
    flat,
    late_terminals,
    open_alarms,
    past_alarms,
)
from factorypos_tui.server.domain.alarms.sides import Side, sides_of
from factorypos_tui.server.domain.alarms.silence import USUAL_GRACE, USUAL_PERIOD, Patience
from factorypos_tui.server.domain.alarms.turns import Kind
from factorypos_tui.server.domain.companies import stores_by_company
from factorypos_tui.server.domain.members import Role, company_for, store_for, terminal_for
from factorypos_tui.server.domain.ranges import today_in
from factorypos_tui.server.errors import Invalid, Refused, RoleTooLow
from factorypos_tui.server.storage.tables import Company
from factorypos_tui.server.web import wording as w
from factorypos_tui.server.web.tables import Form, table
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit
from factorypos_tui.server.words import told

router = APIRouter(include_in_schema=False)

MOST_CONFLICTS = 20
"""Shown with all their sides on one page."""


@router.get("/alarms")
def alarms_page(visit: LoggedIn) -> Response:
    """Those that are open first, then those of 30 days."""
    return _page(visit)


@router.get("/alarms.{form}")
def alarms_table(visit: LoggedIn, form: Form) -> Response:
    """The same as a file."""
    with visit.database.connection_context():
        now = visit.cloud.clock()
        found = [
            *open_alarms(visit.database, visit.account),
            *past_alarms(visit.database, visit.account, now),
        ]
        rows = [it.row() for it in found]
    return table(form, COLUMNS, map(flat, rows) if form == "csv" else rows)


def _page(visit: OwnersVisit, refused: Refused | None = None) -> Response:
    with visit.database.connection_context():
        found = open_alarms(visit.database, visit.account)
        now = visit.cloud.clock()
        past = past_alarms(visit.database, visit.account, now)
        late = late_terminals(visit.database, visit.account, now)
        conflicts = [it for it in found if it.kind is Kind.CONFLICT][:MOST_CONFLICTS]
        sides = {it.alarm.id: sides_of(visit.database, it.facts.report_id or "") for it in conflicts}
    return visit.page(
        "alarms.html",
        refused,
        found=found,
        late=late,
        past=past,
        sides=sides,
        now=visit.cloud.now(),
        facts_of=facts_of,
        may_set=visit.may_somewhere("manager"),
    )


def facts_of(side: Side, shown: Shown) -> Iterator[tuple[str, str]]:
    """What tells one side of a conflict from another: names and values."""
    heading, totals = side.heading, side.brief.totals
    money = heading.currency
    ended = heading.closed_at or heading.taken_at
    yield told("Opened"), w.moment(heading.opened_at, shown.timezone)
    yield told("Closed"), w.moment(ended, shown.timezone) if ended else w.NOTHING
    yield told("Receipts"), w.number(side.brief.receipts.count)
    yield told("Net"), w.money(totals.net, money)
    yield told("Cash counted"), w.money(heading.cash.counted, money)
    yield told("Hash"), heading.content_hash[:16]


@router.post("/alarms/{alarm_id}/accept")
def accept_alarm(visit: LoggedIn, alarm_id: UUID) -> Response:
    with visit.database.connection_context(), visit.database.atomic():
        alarm = alarm_for(visit.database, visit.account, str(alarm_id), Role.MANAGER)
        settings.accept(visit.database, visit.cloud.now(), visit.account.id, alarm)
    return visit.go("/alarms", told("The alarm is accepted. It is not told any more, and ends by itself."))


@router.post("/alarms/{alarm_id}/settlement")
def settle(visit: LoggedIn, alarm_id: UUID) -> Response:
    """One report of a conflict counts, or the choice is taken back."""
    chosen, database, account = visit.form.get("content_hash", ""), visit.database, visit.account
    with database.connection_context():
        alarm = alarm_for(database, account, str(alarm_id), Role.OWNER)
        contested = reading.read_facts(alarm.facts).report_id or ""
        try:
            with database.atomic():
                held = settlements.locked_for(database, account, contested)
                if chosen:
                    settlements.settle(database, held, chosen, account.id, visit.cloud.now())
                else:
                    settlements.reopen(database, held, account.id, visit.cloud.now())
        except RoleTooLow:
            raise
        except Refused as refused:
            words = str(refused)
        else:
            _look(visit, held.terminal_id)
            words = told("That report counts now. The other one is kept.")
            if not chosen:
                words = told("The choice is taken back: the report that came first counts.")
    return visit.go("/alarms", words)


def _look(visit: OwnersVisit, terminal_id: str) -> None:
    """Judge a terminal anew at once, so that the page shows what was done."""
    look_again(visit.database, terminal_id, visit.cloud.clock())


@dataclass(frozen=True, slots=True)
class Line:
    """A terminal with how it is watched."""

    watched: Watched
    proposed: Patience | None

    @property
    def hint(self) -> str:
        """What holds where nothing is typed."""
        if self.proposed is None:
            words = told("Empty: {period} and {grace} hours, until its closes show a habit.")
            return words.format(period=USUAL_PERIOD, grace=USUAL_GRACE)
        words = told("Empty: {period} and {grace} hours, as its last 28 days propose.")
        return words.format(period=self.proposed.period, grace=self.proposed.grace)


@router.get("/alarms/settings")
def settings_page(visit: LoggedIn) -> Response:
    """The stores, each with a link to how it is watched."""
    database = visit.database
    with database.connection_context():
        companies = stores_by_company(database, visit.account, Role.MANAGER)
    return visit.page("alarm_settings.html", companies=companies)


@router.get("/alarms/settings/stores/{store_id}")
def store_settings_page(visit: LoggedIn, store_id: UUID) -> Response:
    """How the terminals and the cash of a store are watched."""
    return _store_page(visit, str(store_id))


def _store_page(
    visit: OwnersVisit, store_id: str, refused: Refused | None = None, at_fault: str = ""
) -> Response:
    database = visit.database
    with database.connection_context():
        store = store_for(database, visit.account, store_id, Role.MANAGER)
        company = company_for(database, visit.account, store.company_id, Role.VIEWER)
        limit = decimal_text(reading.cash_limit(database, store, company), company.currency)
        watched = reading.watched_in(database, store)
        proposed = reading.proposals(database, watched, today_in(store, visit.cloud.clock()))
    return visit.page(
        "store_alarm_settings.html",
        refused,
        store=store,
        company=company,
        limit=limit,
        lines=[Line(it, proposed[it.terminal.id]) for it in watched],
        at_fault=at_fault,
    )


@router.post("/alarms/settings/stores/{store_id}")
def save_cash_limit(visit: LoggedIn, store_id: UUID) -> Response:
    database = visit.database
    with database.connection_context():
        store = store_for(database, visit.account, str(store_id), Role.MANAGER)
        currency = Company.select(Company.currency).where(Company.id == store.company_id).scalar(database)
    limit = read_decimal(visit.form.get("limit", ""), currency)
    if limit is None:
        words = told("This is no amount of {currency}, such as {example}.")
        example = decimal_text(1000, currency)
        refused = Invalid([fault("limit", words.format(currency=currency, example=example))])
        return _store_page(visit, store.id, refused, store.id)
    with database.connection_context(), database.atomic():
        store_for(database, visit.account, store.id, Role.MANAGER)
        settings.set_cash_limit(database, visit.cloud.now(), visit.account.id, store, limit)
    return visit.go(f"/alarms/settings/stores/{store.id}", told("Saved."))


@router.post("/alarms/settings/terminals/{terminal_id}")
def save_watch(visit: LoggedIn, terminal_id: UUID) -> Response:
    with visit.database.connection_context():
        terminal = terminal_for(visit.database, visit.account, str(terminal_id), Role.MANAGER)
    try:
        form = visit.read(settings.WatchForm)
    except Refused as refused:
        return _store_page(visit, terminal.store_id, refused, terminal.id)
    with visit.database.connection_context():
        with visit.database.atomic():
            terminal_for(visit.database, visit.account, terminal.id, Role.MANAGER)
            settings.set_watch(visit.database, visit.cloud.now(), visit.account.id, terminal, form)
        _look(visit, terminal.id)
    return visit.go(f"/alarms/settings/stores/{terminal.store_id}", told("Saved."))
