"""Assign business, step by step: company, store, history, done."""

from factorypos_tui.core import accounts
from factorypos_tui.core.assignment import History
from factorypos_tui.core.enrolment import assign
from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.language import _
from factorypos_tui.core.models import Company, Store
from factorypos_tui.core.text import plain
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.screens.confirm import ConfirmScreen
from factorypos_tui.tui.screens.history import HistoryScreen
from factorypos_tui.tui.screens.pick import PickScreen
from factorypos_tui.tui.station_app import StationApp

_LONGEST_NAME = 60


async def ask_for_store(app: StationApp) -> None:
    """Lead the operator through the steps until the terminal is assigned. Esc goes one step back."""
    while company := await app.push_screen_wait(_company_screen(app)):
        while store := await app.push_screen_wait(_store_screen(app, company)):
            if await app.push_screen_wait(_history_screen(app, company, store)):
                name = plain(store.name, _LONGEST_NAME)
                app.tell(_("Reports now go to {store}.").format(store=name))
                return


def _company_screen(app: StationApp) -> PickScreen[Company]:
    return PickScreen(
        _("Assign business: company"),
        _("This account has no company yet. Create one: companies create --name NAME"),
        lambda: app.engine.perform(accounts.companies),
    )


def _store_screen(app: StationApp, company: Company) -> PickScreen[Store]:
    return PickScreen(
        _("Assign business: store"),
        _("This company has no store yet. Create one: stores create --company {id} --name NAME").format(
            id=company.id
        ),
        lambda: app.engine.perform(accounts.stores, company.id),
    )


def _history_screen(app: StationApp, company: Company, store: Store) -> HistoryScreen:
    till = app.snapshot.status.till
    closed = (till.last_z_number or 0) if till else 0
    place = f"{plain(store.name, _LONGEST_NAME)} ({plain(company.name, _LONGEST_NAME)})"
    return HistoryScreen(place, closed, lambda history: _assign(app, company, store, history, move=False))


async def _assign(app: StationApp, company: Company, store: Store, history: History, *, move: bool) -> bool:
    """Assign; asks where the terminal would be taken away from another store, and gives False for a no."""
    try:
        await in_background(lambda: app.engine.perform(assign, company.id, store.id, history, move=move))
    except CloudRefused as refusal:
        if refusal.code != "terminal_elsewhere" or move:
            raise
        if not await app.push_screen_wait(_move_screen(store)):
            return False
        return await _assign(app, company, store, history, move=True)
    return True


def _move_screen(store: Store) -> ConfirmScreen:
    name = plain(store.name, _LONGEST_NAME)
    return ConfirmScreen(
        _("Assign business"),
        _("FactoryCLOUD knows this terminal in another store. Take it away from there, to {store}?").format(
            store=name
        ),
        _("Move it here"),
    )
