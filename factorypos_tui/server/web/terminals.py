"""The terminals that somebody sees: where each is, what it said last; it is renamed there, or taken away."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response

from factorypos_tui.server.domain import enrolments, terminals
from factorypos_tui.server.domain.companies import stores_by_company
from factorypos_tui.server.domain.forms import Form, Name
from factorypos_tui.server.domain.members import Role, store_for, stores_for, terminal_for
from factorypos_tui.server.domain.numbers import last_z_numbers
from factorypos_tui.server.domain.states import last_states
from factorypos_tui.server.errors import Refused, RoleTooLow, SecondFactorMissing
from factorypos_tui.server.storage.tables import Company, Store, Terminal, TerminalState
from factorypos_tui.server.web import wording as w
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit, Proved
from factorypos_tui.server.words import told

router = APIRouter(prefix="/terminals", include_in_schema=False)

CLOCK_IS_OFF_S = 120
"""So many seconds a clock may differ before the page says so."""


class NewName(Form):
    name: Name


@dataclass(frozen=True, slots=True)
class Line:
    """One terminal as the page shows it."""

    terminal: Terminal
    store: Store
    company: Company
    state: TerminalState | None
    last_z: int | None

    @property
    def software(self) -> str:
        """As it said itself, else as it was when it was assigned."""
        return str((self.state and self.state.software) or self.terminal.software)

    @property
    def contact(self) -> str:
        """When it was heard of last, by the store's clock; empty if never."""
        heard = [self.terminal.reported_at, self.state.told_at if self.state else None]
        last = max((instant for instant in heard if instant), default=None)
        return w.moment(last, self.store.timezone) if last else ""

    @property
    def queue_words(self) -> str:
        """How many reports wait, and how many need a person."""
        waits = (self.state.pending or 0) + (self.state.sending or 0) if self.state else 0
        words = told("waiting: {n}").format(n=waits) if waits else told("nothing waits")
        if self.state and self.state.attention:
            words += ", " + told("need a person: {n}").format(n=self.state.attention)
        return words

    @property
    def clock_words(self) -> str:
        """By how much its clock is off; empty where it is right or nobody knows."""
        offset = self.state.clock_offset_s if self.state else None
        if offset is None or abs(offset) < CLOCK_IS_OFF_S:
            return ""
        words = told("{n} minutes fast") if offset > 0 else told("{n} minutes slow")
        return words.format(n=round(abs(offset) / 60))


@router.get("")
def list_terminals(visit: LoggedIn) -> Response:
    """All at the stores that somebody sees, those that were revoked after the others."""
    return _page(visit)


@router.post("/{terminal_id}/name")
def rename(visit: LoggedIn, terminal_id: UUID) -> Response:
    try:
        name = visit.read(NewName).name
        with visit.database.connection_context(), visit.database.atomic():
            terminals.rename(visit.database, visit.cloud.now(), visit.account, str(terminal_id), name)
    except (RoleTooLow, SecondFactorMissing):
        raise
    except Refused as refused:
        return _page(visit, refused, str(terminal_id))
    return visit.go("/terminals", told("The terminal is called {name} now.").format(name=name))


def _page(visit: OwnersVisit, refused: Refused | None = None, at_fault: str = "") -> Response:
    with visit.database.connection_context():
        companies = stores_by_company(visit.database, visit.account, Role.VIEWER)
        lines = _lines(visit, {store.id: (store, company) for company, its in companies for store in its})
    places = [
        (store, company.name)
        for company, stores in companies
        for store in stores
        if visit.may("manager", company.id, store.id)
    ]
    return visit.page("terminals.html", refused, lines=lines, at_fault=at_fault, stores=places)


def _lines(visit: OwnersVisit, places: Mapping[str, tuple[Store, Company]]) -> list[Line]:
    """`places`: the stores that are seen, by id."""
    database, account = visit.database, visit.account
    seen = Terminal.store_id.in_(stores_for(account.id, Role.VIEWER))
    rows = Terminal.select().where(seen, Terminal.released_at.is_null())
    found: list[Terminal] = [row for row in rows.bind(database) if row.store_id in places]
    states, last_z = last_states(database, found), last_z_numbers(database, account.id)
    lines = [
        Line(
            terminal=row,
            store=places[row.store_id][0],
            company=places[row.store_id][1],
            state=states.get(row.id),
            last_z=last_z.get(row.id),
        )
        for row in found
    ]
    return sorted(lines, key=_place)


def _place(line: Line) -> tuple[bool, str, str, str]:
    is_gone = line.terminal.revoked_at is not None
    return is_gone, line.company.name, line.store.name, line.terminal.name


@router.get("/{terminal_id}/end")
def end(visit: Proved, terminal_id: UUID) -> Response:
    """What can be taken away from a terminal."""
    with visit.database.connection_context():
        terminal = terminal_for(
            visit.database, visit.account, str(terminal_id), Role.MANAGER, also_revoked=True
        )
        codes = enrolments.codes_that_brought(visit.database, visit.cloud.now(), terminal)
        store = store_for(visit.database, visit.account, terminal.store_id, Role.MANAGER)
    may_release = visit.may("owner", store.company_id, store.id)
    return visit.page("end_terminal.html", terminal=terminal, codes=codes, may_release=may_release)


@router.post("/{terminal_id}/end")
def end_it(visit: Proved, terminal_id: UUID) -> Response:
    """Revoke a terminal, or release it for another account; and the codes that brought it, if wished."""
    releases = visit.form.get("what") == "release"
    with visit.database.connection_context(), visit.database.atomic():
        least = Role.OWNER if releases else Role.MANAGER
        terminal = terminal_for(visit.database, visit.account, str(terminal_id), least, also_revoked=True)
        take = terminals.release_terminal if releases else terminals.revoke_terminal
        now = visit.cloud.now()
        take(visit.database, terminal, visit.account.id, now)
        if visit.form.get("codes"):
            enrolments.end_codes_of(visit.database, now, visit.account.id, terminal)
    words = (
        told("{name} is released: any account may assign it now.")
        if releases
        else told("{name} may send no more. Its screen says so within 5 minutes.")
    )
    return visit.go("/terminals", words.format(name=terminal.name))
