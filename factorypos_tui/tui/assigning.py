"""Assign business, step by step: company, store, history, done."""

from factorypos_tui.core import accounts
from factorypos_tui.core.assignment import History
from factorypos_tui.core.enrolment import assign
from factorypos_tui.core.errors import CloudRefused, FactoryPosError
from factorypos_tui.core.language import _
from factorypos_tui.core.models import Company, Store
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.screens.confirm import ConfirmScreen
from factorypos_tui.tui.screens.history import HistoryScreen
from factorypos_tui.tui.screens.pick import PickScreen
from factorypos_tui.tui.station_app import StationApp


async def ask_for_store(app: StationApp) -> bool:
    """Lead the operator through the steps; True once the terminal is assigned. Esc goes one step back."""
    while company := await app.push_screen_wait(_company_screen(app)):
        while store := await app.push_screen_wait(_store_screen(app, company)):
            till = app.snapshot.status.till
            closed = (till.last_z_number or 0) if till else 0
            history = await app.push_screen_wait(HistoryScreen(company.name, store.name, closed))
            if history and await _assign(app, company, store, history):
                return True
    return False


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


async def _assign(
    app: StationApp, company: Company, store: Store, history: History, *, move: bool = False
) -> bool:
    try:
        await in_background(lambda: app.engine.perform(assign, company.id, store.id, history, move=move))
    except CloudRefused as refusal:
        if refusal.code == "terminal_elsewhere" and not move and await _may_move(app, store):
            return await _assign(app, company, store, history, move=True)
        app.complain(refusal)
        return False
    except FactoryPosError as error:
        app.complain(error)
        return False
    app.notify(_("Reports now go to {store}.").format(store=store.name), timeout=4, markup=False)
    return True


async def _may_move(app: StationApp, store: Store) -> bool:
    question = _("FactoryCLOUD knows this terminal in another store. Take it away from there, to {store}?")
    return await app.push_screen_wait(ConfirmScreen(question.format(store=store.name)))
