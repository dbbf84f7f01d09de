"""Assigning a store and disconnecting from it; no closed day is left behind by either.

A report goes to the store that it was made for. So before the terminal is bound to another store, what
still waits is sent while it can be: the token of a terminal serves one store only.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress

from factorypos_tui.core.account.accounts import USER, account, user_token
from factorypos_tui.core.account.assignment import (
    DISCONNECTED,
    TERMINAL,
    Assignment,
    History,
    Kept,
    drop_assignment,
    kept_of,
    known_store,
    load_assignment,
    save_assignment,
)
from factorypos_tui.core.answers import Enrolment
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import send_what_waits
from factorypos_tui.core.delivery.link import Link, save_link
from factorypos_tui.core.errors import (
    CloudRefused,
    CloudUnreachable,
    FactoryPosError,
    KeyringLocked,
    TillError,
    TokenMissing,
    TokenRefused,
    UsageError,
)
from factorypos_tui.core.language import _, format_number, ngettext
from factorypos_tui.core.models import Terminal, TillStatus
from factorypos_tui.core.queue import shipments
from factorypos_tui.core.queue.comparison import compare_soon
from factorypos_tui.core.queue.left_out import Choice, choose, days_left_out, leave_out, spans
from factorypos_tui.core.queue.moving import hand_over, let_go, offer_history
from factorypos_tui.core.queue.wording import reason_words
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.facts import drop_fact, keep_fact
from factorypos_tui.core.storage.lock import DrainLock

_FIRST = 1
"""Of all Z numbers."""


def assign(station: Station, company_id: str, store_id: str, history: History, *, move: bool) -> Assignment:
    """Bind this terminal to a store and keep the terminal token.

    Reports that wait for another store are sent there first; those of a store that this account does not
    have stay, and go when that store is assigned again. `move` takes the terminal away from another store
    that the cloud knows it in. Raises `UsageError` for a store that is not the company's, `FactoryPosError`
    where what waits cannot be sent now, `TillError` where there is no till, and what the cloud says."""
    with _alone(station):
        return _assign(station, company_id, store_id, history, move=move)


def _assign(station: Station, company_id: str, store_id: str, history: History, *, move: bool) -> Assignment:
    token, till = user_token(station), station.till.status()
    if store_id not in {store.id for store in station.cloud().stores(token, company_id)}:
        raise UsageError(_("That company has no store {id}. Nothing was changed.").format(id=store_id))
    current = _current(station, till.terminal)
    if current:
        collect(station)  # what was closed so far was made for the store in force
    newest = shipments.last_row(station.database)
    try:
        _send_what_waits_elsewhere(station, till, store_id)
    except FactoryPosError as error:
        raise _with_words(error, _go_back(station, till, current)) from error
    move = move or bool(_current(station, till.terminal))
    enrolment = _enrol(station, till.terminal, store_id, _FIRST, move=move)
    choice = _choice(station, history, till, enrolment.terminal_token)
    if choice.left_out != days_left_out(station.database, till.terminal.id):
        _keep(station, enrolment, _FIRST, choice.left_out)
    assignment = _assignment(station, till.terminal, enrolment, _FIRST, choice.offered_z)
    with station.database.transaction():
        _put_in_force(station, assignment)
        leave_out(station.database, till.terminal.id, choice.left_out)
        hand_over(station.database, till.terminal.id, store_id, newest)
        if choice.offered_z == _FIRST:
            offer_history(station.database, till.terminal.id, store_id, assignment.assigned_at)
        let_go(station.database, assignment.assigned_at)
    return assignment


def _choice(station: Station, history: History, till: TillStatus, token: str) -> Choice:
    """What the history comes to, now that the cloud says what it has of this terminal; where it cannot, what
    is not known as delivered counts as missing there. A day closed since the person decided is none of it."""
    held: set[int] | None = None
    with suppress(CloudUnreachable, CloudRefused):
        held = {z.z_number for z in station.cloud().held_zs(token)}
    closed = {close.z_number for close in station.till.closes(0)}
    before = {z_number for z_number in closed if z_number <= (till.last_z_number or 0)}
    return choose(history, before, held, shipments.z_numbers(station.database, till.terminal.id))


def disconnect(station: Station) -> bool:
    """Log out, end this terminal's token and forget the store; reports stay, settings too.

    Returns whether FactoryCLOUD was told: without a line to it, the tokens are only forgotten here.
    Raises `StorageError`."""
    with _alone(station):
        with suppress(TillError):  # another till stands here now, or none: its days were made for no store
            collect(station)
        told = _end_tokens(station)
        for name in (TERMINAL, USER):
            station.credentials().delete(name)
        with station.database.transaction():
            drop_assignment(station.database)
            keep_fact(station.database, DISCONNECTED, "yes")
            drop_fact(station.database, "account")
            save_link(station.database, Link())
        return told


@contextmanager
def _alone(station: Station) -> Iterator[None]:
    """One change of the assignment at a time, whoever asks for it: two would leave the store of one in force
    with the token of the other. Raises `FactoryPosError` where one is under way."""
    lock = DrainLock(station.worker_lock.with_name("assign.lock"))
    if not lock.acquire("assign", station.clock.now()):
        raise FactoryPosError(
            _("Another change of the store is still under way. Nothing was changed. Try again in a minute.")
        )
    try:
        yield
    finally:
        lock.release()


def _current(station: Station, terminal: Terminal) -> Assignment | None:
    """The assignment in force, if it is this terminal's."""
    found = load_assignment(station.database)
    return found if found and found.terminal.id == terminal.id else None


def _bind(station: Station, terminal: Terminal, store_id: str, first_z: int, offered_z: int) -> None:
    """Put a store in force that was it before: for what waits there, or for good."""
    enrolment = _enrol(station, terminal, store_id, first_z, move=True)
    with station.database.transaction():
        _put_in_force(station, _assignment(station, terminal, enrolment, first_z, offered_z))


def _put_in_force(station: Station, assignment: Assignment) -> None:
    save_assignment(station.database, assignment)
    save_link(station.database, Link())
    drop_fact(station.database, DISCONNECTED)
    compare_soon(station.database)  # it may be a cloud that has lost what it was sent


def _enrol(station: Station, terminal: Terminal, store_id: str, first_z: int, *, move: bool) -> Enrolment:
    """Have FactoryCLOUD bind the terminal, and keep its token; the store is not in force here yet."""
    named = _named(station, terminal)
    enrolment = station.cloud().enrol(user_token(station), store_id, named, station.software, move=move)
    _keep(station, enrolment, first_z, days_left_out(station.database, terminal.id))
    return enrolment


def _keep(station: Station, enrolment: Enrolment, first_z: int, left_out: Collection[int]) -> None:
    kept = Kept(enrolment.terminal_token, enrolment.store.id, first_z, spans(left_out))
    station.credentials().set(TERMINAL, kept.text())


def _assignment(
    station: Station, terminal: Terminal, enrolment: Enrolment, first_z: int, offered_z: int
) -> Assignment:
    return Assignment(
        company=enrolment.company,
        store=enrolment.store,
        terminal=_named(station, terminal),
        first_z=first_z,
        offered_z=offered_z,
        collected_z=0,
        assigned_at=station.clock.now(),
        assigned_by=account(station),
    )


def _named(station: Station, terminal: Terminal) -> Terminal:
    return Terminal(terminal.id, station.terminal_name or terminal.name)


def _send_what_waits_elsewhere(station: Station, till: TillStatus, store_id: str) -> None:
    """What waits for other stores, or was made by the till that stood here before, leaves now if it can."""
    current = load_assignment(station.database)
    if current and (current.store.id, current.terminal.id) != (store_id, till.terminal.id):
        link = send_what_waits(station, current.store.id)  # with the token in force
        if current.terminal.id != till.terminal.id:
            _refuse_while_waiting(station, current.store.id, link)
    for other in shipments.stores_waited_for(station.database, till.terminal.id):
        if other != store_id and _bind_again(station, till, other):
            _refuse_while_waiting(station, other, send_what_waits(station, other))


def _bind_again(station: Station, till: TillStatus, store_id: str) -> bool:
    """Whether the terminal could be bound once more to a store that reports were made for."""
    current = _current(station, till.terminal)
    first_z = offered_z = (till.last_z_number or 0) + 1  # nothing more than what waits
    if current and current.store.id == store_id:
        first_z, offered_z = current.first_z, current.offered_z
    try:
        _bind(station, till.terminal, store_id, first_z, offered_z)
    except TokenRefused:
        raise
    except CloudRefused:
        return False  # it is another account's, or gone: its reports wait for it to be assigned again
    return True


def _go_back(station: Station, till: TillStatus, before: Assignment | None) -> str:
    """Put the store back in force that was it before what waits could not be sent; gives what there is to
    say where that fails: then the terminal is at the store that the reports wait for."""
    now = _current(station, till.terminal)
    if now is None or (before and before.store.id == now.store.id):
        return ""
    if before is None:
        with station.database.transaction():
            drop_assignment(station.database)
            keep_fact(station.database, DISCONNECTED, "yes")
        station.credentials().delete(TERMINAL)
        return ""
    try:
        _bind(station, till.terminal, before.store.id, before.first_z, before.offered_z)
    except FactoryPosError:
        return _("Until then this terminal sends to {store}.").format(store=now.store.name)
    return ""


def _with_words(error: FactoryPosError, words: str) -> FactoryPosError:
    return FactoryPosError(f"{error} {words}") if words else error


def _refuse_while_waiting(station: Station, store_id: str, link: Link) -> None:
    waiting = shipments.waiting(station.database, store_id)
    if not waiting:
        return
    words = ngettext(
        "{n} report still waits for {store} and could not be sent there: {why}. Let it be sent first; then"
        " assign the other store.",
        "{n} reports still wait for {store} and could not be sent there: {why}. Let them be sent first; then"
        " assign the other store.",
        waiting,
    )
    raise FactoryPosError(
        words.format(
            n=format_number(waiting),
            store=known_store(station.database, store_id).name,
            why=reason_words(link.cause or link.reason or "unfinished"),
        )
    )


def _end_tokens(station: Station) -> bool:
    """Have FactoryCLOUD end both tokens; False where it could not be told."""
    try:
        terminal = kept_of(station.credentials().get(TERMINAL))
        user = station.credentials().get(USER)
        if terminal:
            _end(station.cloud().disconnect, terminal.token)
        if user:
            _end(station.cloud().log_out, user)
    except (CloudUnreachable, CloudRefused, UsageError, KeyringLocked, TokenMissing):
        return False
    return True


def _end(call: Callable[[str], None], token: str) -> None:
    """One that FactoryCLOUD does not know any more has ended already."""
    with suppress(TokenRefused):
        call(token)
