"""The options of the FactoryPOS/CLOUD synchronization screen, in the documented order and with its rules.

A screen is imported when it is opened, so that the first frame waits for its own code only."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from factorypos_tui.core.language import N_, _, counted, format_number
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.core.status.first_steps import can_make_a_till
from factorypos_tui.core.status.status import Status
from factorypos_tui.tui.station_app import StationApp
from factorypos_tui.tui.widgets.menu import Item


@dataclass(frozen=True, slots=True)
class Option:
    """One option."""

    id: str
    label: str
    """Translated when it is shown, as is `explained`."""
    explained: str
    value: Callable[[Snapshot], str]
    """Its present value."""
    why_not: Callable[[Status], str]
    """Why it cannot be used now; empty where it can."""
    open: Callable[[StationApp], Awaitable[object]]

    def item(self, snapshot: Snapshot) -> Item:
        """Its line in the menu."""
        why_not = self.why_not(snapshot.status)
        return Item(self.id, _(self.label), self.value(snapshot), why_not, _(self.explained))


def _always(_status: Status) -> str:
    return ""


def _once_authenticated(status: Status) -> str:
    return "" if status.account else _("Log in first.")


def _once_there_is_a_till(status: Status) -> str:
    if why_not := _once_authenticated(status):
        return why_not
    return _("Make a till first: F6.") if can_make_a_till(status) else ""


def once_assigned(status: Status) -> str:
    """Why an option that needs an assigned store cannot be used; empty where it can. Its token serves these
    options, also while no person is logged in."""
    if status.assignment:
        return ""
    return _once_authenticated(status) or _("Assign a business first.")


def why_no_close(status: Status) -> str:
    """Why the day cannot be closed from here; empty where it can."""
    till = status.till_view
    return till.reason or till.can.why_no_close


def _account(snapshot: Snapshot) -> str:
    return snapshot.status.account or _("Log in")


def _store(snapshot: Snapshot) -> str:
    assignment = snapshot.status.assignment
    return assignment.store.name if assignment else ""


def _x_report(snapshot: Snapshot) -> str:
    status = snapshot.status
    minutes = format_number(int(status.x_interval.total_seconds()) // 60)
    return _("X: every {n} min").format(n=minutes) if status.send_x_report else _("X: off")


def _queue(snapshot: Snapshot) -> str:
    attention = snapshot.status.needing_a_person
    not_queued = len(snapshot.status.till_view.not_queued)
    waiting = format_number(snapshot.status.waiting + not_queued)
    return f"{waiting} ! {format_number(attention)}" if attention else waiting


def _resend(snapshot: Snapshot) -> str:
    left = snapshot.resend.left if snapshot.resend else 0
    return counted("{n} left", "{n} left", left) if left else ""


def _nothing(_snapshot: Snapshot) -> str:
    return ""


async def _log_in(app: StationApp) -> None:
    from factorypos_tui.tui.screens.account.log_in import log_in
    from factorypos_tui.tui.screens.assign.without_a_user import WAYS

    await log_in(app, WAYS)


async def _assign(app: StationApp) -> None:
    from factorypos_tui.tui.screens.assign.assigning import ask_for_store

    await ask_for_store(app)


async def _open_settings(app: StationApp) -> None:
    from factorypos_tui.tui.screens.settings.settings import SettingsScreen

    await app.push_screen(SettingsScreen())


async def _open_queue(app: StationApp) -> None:
    from factorypos_tui.tui.screens.queue.queue import QueueScreen

    await app.push_screen(QueueScreen())


async def _ask_to_resend(app: StationApp) -> None:
    from factorypos_tui.tui.screens.queue.resend import ResendScreen, answered_words
    from factorypos_tui.tui.screens.queue.verify import VerifyScreen

    if resend := await app.push_screen_wait(ResendScreen()):
        await app.push_screen_wait(VerifyScreen(answered_words(resend)))


async def _open_data(app: StationApp) -> None:
    from factorypos_tui.tui.screens.configuration_data.data import DataScreen

    await app.push_screen(DataScreen())


async def _disconnect(app: StationApp) -> None:
    from factorypos_tui.tui.screens.assign.disconnecting import ask_to_disconnect

    await ask_to_disconnect(app)


OPTIONS = (
    Option(
        "account",
        N_("Account"),
        N_("Log in to FactoryCLOUD, recover a password, or register."),
        _account,
        _always,
        _log_in,
    ),
    Option(
        "assign",
        N_("Assign business"),
        N_("Choose the company and the store that the X and Z reports of this till go to."),
        _store,
        _once_there_is_a_till,
        _assign,
    ),
    Option(
        "settings",
        N_("Configuration"),
        N_("Send X Report, language and colours."),
        _x_report,
        _always,
        _open_settings,
    ),
    Option(
        "queue",
        N_("Synchronization status"),
        N_("The queue: what waits, what has been delivered, and what needs a person."),
        _queue,
        _always,
        _open_queue,
    ),
    Option(
        "resend",
        N_("Resend all statistics"),
        N_("Send every Z report to FactoryCLOUD again. Nothing will be duplicated."),
        _resend,
        once_assigned,
        _ask_to_resend,
    ),
    Option(
        "data",
        N_("Synchronize configuration data"),
        N_("Departments, items and prices: download them from FactoryCLOUD, or upload this till's."),
        _nothing,
        once_assigned,
        _open_data,
    ),
    Option(
        "disconnect",
        N_("Disconnect"),
        N_("Disconnect this terminal from FactoryCLOUD. What waits stays here."),
        _nothing,
        once_assigned,
        _disconnect,
    ),
)
