"""Everything that the operator can do from here, by name: for Find."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from textual.app import App
from textual.screen import Screen

from factorypos_tui.core.language import _
from factorypos_tui.core.settings import SETTINGS, Setting
from factorypos_tui.core.status.first_steps import can_make_a_till, why_no_connection
from factorypos_tui.tui.keys import is_explained, key_name, why_not
from factorypos_tui.tui.screens.account.log_in import recover, register
from factorypos_tui.tui.screens.assign.enrolling import enrol_with_code
from factorypos_tui.tui.screens.assign.phoning import assign_with_phone
from factorypos_tui.tui.screens.closing.close_day import ask_to_close_the_day
from factorypos_tui.tui.screens.examining.examination import ExaminationScreen
from factorypos_tui.tui.screens.figures.figures import FiguresScreen
from factorypos_tui.tui.screens.guide.welcome import show_welcome
from factorypos_tui.tui.screens.home.options import OPTIONS, once_assigned, why_no_close
from factorypos_tui.tui.screens.queue.verify import VerifyScreen
from factorypos_tui.tui.screens.till.connect_till import ask_to_connect_a_till
from factorypos_tui.tui.screens.till.new_till import ask_to_make_a_till
from factorypos_tui.tui.station_app import StationApp


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do."""

    name: str
    """In the operator's language, as is `explained`."""
    explained: str
    why_not: str
    """Empty where it can be done now."""
    do: Callable[[], object]
    """If it returns an awaitable, that is awaited."""


def actions_of(app: StationApp, open_option: Callable[[str], None]) -> list[Action]:
    """What fits the screen in front first: its keys. Then the options of the home screen, the actions of its
    dialogs, the keys of every screen, and each choice of each setting."""
    options = [
        Action(
            _(option.label),
            _(option.explained),
            option.why_not(app.snapshot.status),
            partial(open_option, option.id),
        )
        for option in OPTIONS
    ]
    choices = [
        _change(app, setting, value, name)
        for setting in SETTINGS.values()
        for value, name in setting.choices.items()
    ]
    here, everywhere = _keys(app)
    by_key = {active.binding.action for active in app.screen.active_bindings.values()}
    others = {
        "close_day": _closing(app),
        "make_a_till": _making(app),
        "connect_a_till": _connecting(app),
    }
    elsewhere = [action for name, action in others.items() if name not in by_key]
    return [
        *here,
        *options,
        *_dialogs(app),
        _enrolling(app),
        _phoning(app),
        *elsewhere,
        *everywhere,
        *choices,
    ]


def _dialogs(app: StationApp) -> list[Action]:
    """The actions of other dialogs."""
    return [
        Action(_("Register"), _("Create a user."), "", lambda: register(app)),
        Action(
            _("Recover Password"),
            _("A mail says how to choose a new one."),
            "",
            lambda: recover(app),
        ),
        Action(
            _("Welcome"),
            _("What FactoryCLOUD gives, and what leaves this till."),
            "",
            lambda: show_welcome(app),
        ),
        Action(
            _("Figures"),
            _("What was taken by day, week and month."),
            "",
            lambda: app.push_screen(FiguresScreen()),
        ),
        Action(
            _("Examine this terminal"),
            _("Every check that a supporter asks for, and what to do next."),
            "",
            lambda: app.push_screen(ExaminationScreen()),
        ),
        Action(
            _("Compare with FactoryCLOUD"),
            _("Whether FactoryCLOUD has every closed day as it was closed here."),
            once_assigned(app.snapshot.status),
            lambda: app.push_screen(VerifyScreen()),
        ),
    ]


def _enrolling(app: StationApp) -> Action:
    """A code in place of a log-in and a store."""
    return Action(
        _("Enrol with a code"),
        _("Assign this terminal with a code of the store's owner, without a user."),
        _("Make a till first: the line Make a till of this list.")
        if can_make_a_till(app.snapshot.status)
        else "",
        lambda: enrol_with_code(app),
    )


def _phoning(app: StationApp) -> Action:
    """A person with a phone in place of a log-in and a store."""
    return Action(
        _("Log in with a phone"),
        _("Show a code; a person with a phone approves this terminal."),
        _("Make a till first: the line Make a till of this list.")
        if can_make_a_till(app.snapshot.status)
        else "",
        lambda: assign_with_phone(app),
    )


def _closing(app: StationApp) -> Action:
    """The close of the day, where no key of the screen in front does it."""
    return Action(
        _("Close the day"),
        _("Today's figures, the cash counted, and the Z report."),
        why_no_close(app.snapshot.status),
        lambda: ask_to_close_the_day(app),
    )


def _making(app: StationApp) -> Action:
    """A new till, where no key of the screen in front makes it."""
    status = app.snapshot.status
    there_is = "" if can_make_a_till(status) else status.till_view.can.why_not_made or _("There is a till.")
    return Action(
        _("Make a till"),
        _("A till on this machine: shop, country, currency, time zone, catalogue."),
        there_is,
        lambda: ask_to_make_a_till(app),
    )


def _connecting(app: StationApp) -> Action:
    """Another program's till, where no key of the screen in front connects it."""
    return Action(
        _("Connect a till"),
        _("A till of another program, such as uniCenta."),
        why_no_connection(app.snapshot.status),
        lambda: ask_to_connect_a_till(app),
    )


def _change(app: StationApp, setting: Setting, value: str, name: str) -> Action:
    title, choice = _(setting.title), _(name)
    do = partial(app.change_setting, setting.name, value)
    return Action(f"{title}: {choice}", _(setting.purpose) + ".", "", do)


def _keys(app: StationApp) -> tuple[list[Action], list[Action]]:
    """What the keys of the screen in front do, but for moving in it, and those of every screen, but for Find
    itself."""
    here: dict[str, Action] = {}
    everywhere: dict[str, Action] = {}
    for active in app.screen.active_bindings.values():
        binding = active.binding
        if is_explained(active) and isinstance(active.node, App | Screen) and binding.action != "find":
            name = f"{_(binding.description)} ({key_name(binding.key)})"
            explained = _(binding.tooltip or binding.description)
            do = partial(app.simulate_key, binding.key)
            keys = everywhere if isinstance(active.node, App) else here
            keys[binding.action] = Action(name, explained, why_not(active.node, binding.action), do)
    return list(here.values()), list(everywhere.values())
