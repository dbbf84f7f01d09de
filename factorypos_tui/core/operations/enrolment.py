"""Assigns a store and disconnects from it; neither leaves a closed day behind.

All closed days are collected first: a report goes to the store that it was queued for, whichever store is
assigned later."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress

from factorypos_tui.core.account.accounts import account, user_token
from factorypos_tui.core.account.assignment import (
    DISCONNECTED,
    EARLIER_STORES,
    TERMINAL,
    Assignment,
    History,
    Kept,
    drop_assignment,
    earlier_stores,
    load_assignment,
    save_assignment,
    terminal_token,
)
from factorypos_tui.core.account.earlier_stores import EarlierStores, settled
from factorypos_tui.core.account.ending import USER, end_kept
from factorypos_tui.core.account.stores import note_open_stores, stores_of_account
from factorypos_tui.core.answers import Enrolment, PhoneCode
from factorypos_tui.core.configuration.accepted import drop_accepted
from factorypos_tui.core.delivery.collector import Progress, collect
from factorypos_tui.core.delivery.link import Link, save_link
from factorypos_tui.core.errors import (
    CloudRefused,
    CloudUnreachable,
    FactoryPosError,
    TillError,
    UsageError,
)
from factorypos_tui.core.language import _, counted
from factorypos_tui.core.models import Store, Terminal, TillStatus
from factorypos_tui.core.operations.choosing import enrolled_already, note_code
from factorypos_tui.core.queue import counting, shipments
from factorypos_tui.core.queue.comparison import compare_soon
from factorypos_tui.core.queue.left_out import days_left_out, leave_out, left_out_by, spans
from factorypos_tui.core.queue.requeueing import resend_all
from factorypos_tui.core.recovery.recovery import recall_assignment
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.facts import drop_fact, keep_fact
from factorypos_tui.core.storage.lock import DrainLock

_FIRST = 1
"""The first of all Z numbers."""


def assign(
    station: Station,
    company_id: str,
    store_id: str,
    history: History,
    *,
    move: bool,
    progress: Progress = lambda _reading: None,
) -> Assignment:
    """Bind this terminal to a store and keep the terminal token.

    Reports that wait for another store of the account still go there; those of another account's store wait
    until that one is assigned again. `move` takes the terminal away from another store that the cloud knows
    it in. Where a store is assigned already, its closed days are collected first; `progress` is told how far
    that is.

    Raises `UsageError` for a store that is not the company's, `FactoryPosError` where reports of the till
    that stood here before wait, `TillError` where there is no till, and what the cloud says."""
    with _alone(station):
        token, till, user = user_token(station), station.till.status(), account(station)
        if store_id not in {store.id for store in station.cloud().stores(token, company_id)}:
            raise UsageError(_("That company has no store {id}. Nothing was changed.").format(id=store_id))

        def ask(terminal: Terminal, is_assigned: bool) -> Enrolment:
            may_move = move or is_assigned
            return station.cloud().enrol(token, store_id, terminal, station.software, move=may_move)

        return _assign(station, till, history, user, ask, progress)


def enrol(
    station: Station, code: str, history: History, *, progress: Progress = lambda _reading: None
) -> Assignment:
    """Bind this terminal as `assign` does, with a code that the owner of a store made: no account is needed,
    and none is known then. A code that has brought it to its present store already is not used again.

    Raises `FactoryPosError` where reports of the till that stood here before wait, `TillError` where there is
    no till, and what the cloud says."""
    with _alone(station):
        till, known = station.till.status(), enrolled_already(station, code)

        def ask(terminal: Terminal, _is_assigned: bool) -> Enrolment:
            if known:
                return Enrolment(terminal_token(station, known), known.company, known.store, None)
            return station.cloud().enrol_with_code(code, terminal, station.software)

        user = known.assigned_by if known else None
        assignment = _assign(station, till, history, user, ask, progress)
        note_code(station, assignment.store, code)
        return assignment


def ask_for_approval(station: Station) -> PhoneCode:
    """Ask FactoryCLOUD that a person binds this terminal with a phone: what to show that person.

    Raises `FactoryPosError` where reports of the till that stood here before wait, `TillError` where there is
    no till, and what the cloud says."""
    terminal, current = station.till.terminal(), load_assignment(station.database)
    if current and current.terminal.id != terminal.id:
        _refuse_while_waiting(station, current.terminal)
    shown = Terminal(terminal.id, station.terminal_name or terminal.name)
    return station.cloud().ask_approval(shown, station.software)


def enrol_approved(
    station: Station, code: PhoneCode, *, progress: Progress = lambda _reading: None
) -> Assignment:
    """Bind this terminal as `enrol` does, once a person has approved it, who also chose the history. Raises
    what `enrol` does; until then what the cloud says (`core.operations.phone` knows what that means)."""
    with _alone(station):
        till, approved = station.till.status(), station.cloud().fetch_approved(code.device_code)

        def bound(_terminal: Terminal, _is_assigned: bool) -> Enrolment:
            return approved.enrolment

        return _assign(station, till, History(approved.history), None, bound, progress)


def _assign(
    station: Station,
    till: TillStatus,
    history: History,
    user: str | None,
    ask: Callable[[Terminal, bool], Enrolment],
    progress: Progress,
) -> Assignment:
    """`ask` binds the terminal; it is told whether this till is assigned already. `user`: who assigns it."""
    recall_assignment(station)  # where `sync.db` was lost, its store has closed days, too
    current = load_assignment(station.database)
    is_this_till = current is not None and current.terminal.id == till.terminal.id
    if is_this_till:
        collect(station, progress)  # days closed so far go to the store that is assigned now
    elif current:
        _refuse_while_waiting(station, current.terminal)
    ours = stores_of_account(station.database, user)
    earlier = _settle(station, till.terminal.id, ours)
    terminal = Terminal(till.terminal.id, station.terminal_name or till.terminal.name)
    enrolment = ask(terminal, is_this_till)
    left_out = days_left_out(station.database, terminal.id)
    kept = _keep(station, enrolment, left_out, earlier)
    stores, held = _known_there(station, enrolment.terminal_token)
    earlier = _settle(station, terminal.id, ours.union(store.id for store in stores))
    left_out = _left_out(station, history, till, held, earlier)
    _keep(station, enrolment, left_out, earlier, kept)
    now = station.clock.now()
    assignment = Assignment(enrolment.company, enrolment.store, terminal, _FIRST, 0, now, user)
    with station.database.transaction():
        if not (is_this_till and current and current.store.id == assignment.store.id):
            drop_accepted(station.database)  # it was accepted for another store, or at another till
        _put_in_force(station, assignment, stores)
        leave_out(station.database, terminal.id, left_out)
        keep_fact(station.database, EARLIER_STORES, earlier.text())
    if history is History.ALL:
        resend_all(station.database, assignment.assigned_at)
    return assignment


def _settle(station: Station, terminal_id: str, ours: Collection[str]) -> EarlierStores:
    """Which store each day belongs to that a till has closed so far, as its store changes. Days of the store
    in force have been collected. `ours`: the stores that are known to be of the account that assigns the
    next one."""
    database, current = station.database, load_assignment(station.database)
    left = current.store.id if current and current.terminal.id == terminal_id else None
    not_wanted = set(days_left_out(database, terminal_id)).union(range(1, current.first_z if current else 1))
    queued_for = shipments.stores_of_periods(database, terminal_id, ours)
    before = earlier_stores(station, terminal_id)
    return settled(before, terminal_id, station.till.closes(0), queued_for, left, not_wanted)


def _known_there(station: Station, token: str) -> tuple[Sequence[Store], set[int] | None]:
    """The stores that the cloud takes reports for with a token, and the Z numbers that it holds of this
    terminal; None for the numbers where it cannot say."""
    with suppress(CloudUnreachable, CloudRefused):
        stores = station.cloud().binding(token).stores
        return stores, {z.z_number for z in station.cloud().held_zs(token)}
    return (), None


def _left_out(
    station: Station, history: History, till: TillStatus, held: set[int] | None, earlier: EarlierStores
) -> frozenset[int]:
    """The Z numbers that the chosen history leaves out. Where the cloud cannot say what it has, every day not
    known as delivered counts as missing there. A day that belongs to an earlier store, or was closed after
    the person chose, is never left out."""
    closed = {close.z_number for close in station.till.closes(0)}
    before = {z_number for z_number in closed if z_number <= (till.last_z_number or 0)}
    queued = shipments.z_numbers(station.database, till.terminal.id) | {z for z in before if earlier.has(z)}
    return left_out_by(history, before, held, queued)


def disconnect(station: Station) -> bool:
    """Log out, end this terminal's token and forget the store; reports and settings stay.

    Returns whether FactoryCLOUD was told. Without a line to FactoryCLOUD the tokens are only deleted here.
    Raises `StorageError`."""
    with _alone(station):
        with suppress(TillError):  # another till is here now, or none: its days were made for no store
            collect(station)
            earlier = _settle(station, station.till.terminal().id, ())
            keep_fact(station.database, EARLIER_STORES, earlier.text())
        expected = {TERMINAL: load_assignment(station.database), USER: account(station)}
        told = [end_kept(station, name, is_expected=bool(here)) for name, here in expected.items()]
        for name in expected:
            station.credentials().delete(name)
        with station.database.transaction():
            drop_assignment(station.database)
            drop_accepted(station.database)
            keep_fact(station.database, DISCONNECTED, "yes")
            drop_fact(station.database, "account")
            save_link(station.database, Link())
        return all(told)


@contextmanager
def _alone(station: Station) -> Iterator[None]:
    """Allow one change of the assignment at a time. Two at once could leave one store with the other's token.
    Raises `FactoryPosError` where one is under way."""
    lock = DrainLock(station.worker_lock.with_name("assign.lock"))
    if not lock.acquire("assign", station.clock.now()):
        raise FactoryPosError(
            _("Another change of the store is still under way. Nothing was changed. Try again in a minute.")
        )
    try:
        yield
    finally:
        lock.release()


def _put_in_force(station: Station, assignment: Assignment, stores: Sequence[Store]) -> None:
    save_assignment(station.database, assignment)
    note_open_stores(station.database, stores)
    save_link(station.database, Link())
    drop_fact(station.database, DISCONNECTED)
    compare_soon(station.database)  # the cloud may have lost what it was sent


def _keep(
    station: Station,
    enrolment: Enrolment,
    left_out: Collection[int],
    earlier: EarlierStores,
    before: Kept | None = None,
) -> Kept:
    """Keep the token, and beside it what `sync.db` may lose; `before`: what is kept already."""
    kept = Kept(enrolment.terminal_token, enrolment.store.id, _FIRST, spans(left_out), earlier)
    if kept != before:
        station.credentials().set(TERMINAL, kept.text())
    return kept


def _refuse_while_waiting(station: Station, before: Terminal) -> None:
    """Raise an error while reports of another terminal wait: only that terminal's token can send them."""
    waiting = counting.waiting(station.database, before.id)
    if not waiting:
        return
    sentence = counted(
        "{n} report of the till that stood here before ({terminal}) still waits. Nothing was changed. Let it"
        " be sent first, or disconnect: then it stays here.",
        "{n} reports of the till that stood here before ({terminal}) still wait. Nothing was changed. Let"
        " them be sent first, or disconnect: then they stay here.",
        waiting,
        terminal=before.name,
    )
    raise FactoryPosError(sentence)
