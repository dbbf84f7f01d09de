"""Assign business, step by step: company, store, history, done."""

from contextlib import suppress

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.account.place import place_of
from factorypos_tui.core.errors import CloudRefused, FactoryPosError, OfAnotherAccount
from factorypos_tui.core.language import _, format_numbers
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.models import Company, Store
from factorypos_tui.core.operations.enrolment import assign
from factorypos_tui.core.operations.outlook import look_ahead
from factorypos_tui.core.operations.sending_left_out import left_out_here
from factorypos_tui.core.operations.wording import log_in_ended_words
from factorypos_tui.tui.screens.assign.history import HistoryScreen
from factorypos_tui.tui.screens.assign.new_company import NewCompanyScreen
from factorypos_tui.tui.screens.assign.new_store import NewStoreScreen
from factorypos_tui.tui.screens.assign.pick import PickScreen
from factorypos_tui.tui.screens.base.confirm import ConfirmScreen
from factorypos_tui.tui.station_app import StationApp

_LONGEST_NAME = 60


async def ask_for_store(app: StationApp) -> None:
    """Lead the operator through the steps until the terminal is assigned. Esc goes one step back."""
    while company := await app.push_screen_wait(_company_screen(app)):
        while store := await app.push_screen_wait(_store_screen(app, company)):
            last = _history_screen(app, company, store)
            if await app.push_screen_wait(last):
                app.tell(await what_became_of_it(app, store, stays=last.stays))
                return


def _company_screen(app: StationApp) -> PickScreen[Company]:
    async def create() -> Company | None:
        place = await app.perform(place_of)
        return await app.push_screen_wait(NewCompanyScreen(place))

    return PickScreen(
        _("Assign business: company"),
        _("This account has no company yet. Enter or F6 creates the first one."),
        _("F6 Create new company"),
        lambda: app.perform(accounts.companies),
        create,
    )


def _store_screen(app: StationApp, company: Company) -> PickScreen[Store]:
    async def create() -> Store | None:
        place = await app.perform(place_of)
        return await app.push_screen_wait(NewStoreScreen(company, place))

    return PickScreen(
        _("Assign business: store"),
        _("This company has no store yet. Enter or F6 creates the first one."),
        _("F6 Create new store"),
        lambda: app.perform(accounts.stores, company.id),
        create,
    )


def _history_screen(app: StationApp, company: Company, store: Store) -> HistoryScreen:
    place = f"{plain(store.name, _LONGEST_NAME)} ({plain(company.name, _LONGEST_NAME)})"
    return HistoryScreen(
        place,
        lambda: app.perform(look_ahead, store.id),
        lambda history: _assign(app, company, store, history, move=False),
    )


async def _assign(app: StationApp, company: Company, store: Store, history: History, *, move: bool) -> bool:
    """Assign the terminal. Ask where that takes it away from another store; False if the operator says no."""
    try:
        await app.perform(assign, company.id, store.id, history, move=move)
    except CloudRefused as refusal:
        if refusal.code != "terminal_elsewhere" or move or isinstance(refusal, OfAnotherAccount):
            raise
        if not await app.push_screen_wait(_move_screen(store)):
            return False
        return await _assign(app, company, store, history, move=True)
    return True


async def what_became_of_it(app: StationApp, store: Store, *, stays: bool) -> str:
    """End the log-in, if there is one that is not to stay. Which store reports go to now, which days were
    left out, and what became of the log-in."""
    left_out: frozenset[int] = frozenset()
    with suppress(FactoryPosError):  # the comparison and `status` name these days, too
        left_out = await app.perform(left_out_here)
    words = [_("Reports now go to {store}.").format(store=plain(store.name, _LONGEST_NAME))]
    if left_out:
        said = _("Left out: Z {numbers}. V in Synchronization status sends them after all.")
        words.append(said.format(numbers=format_numbers(left_out)))
    if app.snapshot.status.account and not stays:
        words.append(await _end_the_log_in(app))
    return " ".join(words)


async def _end_the_log_in(app: StationApp) -> str:
    try:
        return log_in_ended_words(await app.perform(accounts.log_out))
    except FactoryPosError as error:
        return str(error)


def _move_screen(store: Store) -> ConfirmScreen:
    name = plain(store.name, _LONGEST_NAME)
    return ConfirmScreen(
        _("Assign business"),
        _("FactoryCLOUD knows this terminal in another store. Take it away from there, to {store}?").format(
            store=name
        ),
        _("Move it here"),
    )
