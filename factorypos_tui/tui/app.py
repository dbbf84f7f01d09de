"""The app: its keys, its first screen, and the snapshots that it gives to the screens.

A screen is imported when it is opened, so that the first frame waits for its own code only."""

import asyncio
import inspect
import signal
from functools import cached_property

from textual import work
from textual.binding import Binding
from textual.events import Event, Key, Paste, Resize
from textual.message import Message

from factorypos_tui.core.account.accounts import is_newcomer
from factorypos_tui.core.delivery.link import LinkState
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.core.status.judging import all_is_sent, nothing_waits
from factorypos_tui.core.status.status import Status
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.room import PANE_COLUMNS, is_too_small
from factorypos_tui.tui.screens.home.home import HomeScreen
from factorypos_tui.tui.station_app import StationApp
from factorypos_tui.tui.tty.bursts import Typed
from factorypos_tui.tui.typist import Typist

_LEAVING = ("f10", "ctrl+c")


class SnapshotTaken(Message):
    """The engine saw a change."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        super().__init__()


class FactoryPosApp(StationApp, inherit_bindings=False):
    """FactoryPOS/CLOUD synchronization, full screen, keyboard only."""

    CSS_PATH = ["app.tcss", "screens/home/home.tcss"]
    TITLE = "FactoryPOS » FactoryCLOUD"
    ENABLE_COMMAND_PALETTE = False
    SUSPENDED_SCREEN_CLASS = "-covered"
    BINDINGS = [
        bind("f1,question_mark", "help", N_("Help"), N_("What this is for, and its keys.")),
        bind("f2", "sync_now", N_("Sync now"), N_("Try to send at once.")),
        bind("f9,colon", "find", N_("Find"), N_("Every action, by its name.")),
        bind("f10,q,Q", "quit", N_("Quit"), N_("Leave; a service goes on sending.")),
        Binding("ctrl+c", "help_quit", show=False, system=True),
    ]

    def on_mount(self) -> None:
        """Listen to the engine."""
        self.engine.subscribe(lambda snapshot: self.post_message(SnapshotTaken(snapshot)))
        self.screen.call_after_refresh(self._go_on)

    def get_default_screen(self) -> HomeScreen:
        """The screen below all others."""
        return HomeScreen()

    def _go_on(self) -> None:
        """The first frame is shown: start what it did not need. From now on signals end the session at
        once."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self.exit)
        self._begin_behind()
        self._welcome_a_newcomer()

    @work(group="begin")
    async def _begin_behind(self) -> None:
        await in_background(self._begin)

    @work(group="welcome")
    async def _welcome_a_newcomer(self) -> None:
        """Welcome an operator who is here for the first time, once. An operator who has gone on meanwhile is
        not called back."""
        try:
            newcomer = await self.perform(is_newcomer)
        except FactoryPosError as error:
            self.complain(error)
            return
        if newcomer and len(self.screen_stack) == 1:
            from factorypos_tui.tui.screens.guide.welcome import show_welcome

            await show_welcome(self)

    def on_resize(self, event: Resize) -> None:
        """Cover the screens while there is no room for them; show second panes where there is room."""
        self.set_class(is_too_small(*event.size), "-too-small")
        self.set_class(event.size.width >= PANE_COLUMNS, "-wide")

    async def on_event(self, event: Event) -> None:
        """Keys wait for their turn."""
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            self.on_typed(Typed(event, of_burst=False))
        else:
            await super().on_event(event)

    @cached_property
    def _typist(self) -> Typist:
        return Typist(self)

    def on_typed(self, message: Typed) -> None:
        """The same for keys of which the driver knows more."""
        self._typist.take(message)

    async def on_typist_turn(self, message: Typist.Turn) -> None:
        """Handle a key. While the screens are covered, only the keys that leave work."""
        event = message.event
        if not self.has_class("-too-small") or (isinstance(event, Key) and event.key in _LEAVING):
            await super().on_event(event)

    def on_snapshot_taken(self, message: SnapshotTaken) -> None:
        """Give the new state to every screen that shows it."""
        self.snapshot = message.snapshot
        self.snapshots.publish(message.snapshot)

    def action_help(self) -> None:
        """Explain the screen in front and its keys."""
        from factorypos_tui.tui.explaining import explain
        from factorypos_tui.tui.screens.guide.help import HelpScreen

        self.push_screen(HelpScreen(explain(self.screen)))

    @work(exclusive=True, group="find")
    async def action_find(self) -> None:
        """Find an action by its name, and do it."""
        from factorypos_tui.tui.screens.guide.actions import actions_of
        from factorypos_tui.tui.screens.guide.find import FindScreen

        actions = actions_of(self, self.open_option)
        if action := await self.push_screen_wait(FindScreen(actions)):
            outcome = action.do()
            if inspect.isawaitable(outcome):
                await outcome

    def open_option(self, option_id: str) -> None:
        """Go home and open one of its options."""
        self.open_home().choose(option_id)

    def open_home(self) -> HomeScreen:
        """Close every screen above the home screen."""
        while not isinstance(self.screen, HomeScreen):
            self.pop_screen()
        return self.screen

    async def on_language_changed(self) -> None:
        """Build the screens again, in the new language."""
        from factorypos_tui.tui.screens.settings.settings import SettingsScreen

        if not self.screen_stack:
            return  # the app is ending
        await self.open_home().build_again()
        await self.push_screen(SettingsScreen("language"))

    @work(exclusive=True, group="sync")
    async def action_sync_now(self) -> None:
        """Forget the back-off and try at once, if there is something to send."""
        from factorypos_tui.core.delivery.drain import sync_now

        if why_not := _nothing_to_try(self.snapshot.status):
            self.tell(why_not)
            return
        try:
            await self.perform(sync_now)
        except FactoryPosError as error:
            self.complain(error)
        else:
            self.tell(_("Trying now."))

    def action_help_quit(self) -> None:
        """Answer Ctrl+C; Textual's own answer is in English only."""
        self.tell(_("F10 leaves the program. So does Q where you type no text."))


def _nothing_to_try(status: Status) -> str:
    if not status.assignment:  # its token sends, even if no person is logged in
        return _("Assign a business first.") if status.account else _("Log in first.")
    if nothing_waits(status) and status.link.state is LinkState.ONLINE:
        if all_is_sent(status):
            return _("All closed days are in FactoryCLOUD. This machine can be switched off.")
        return _("No closed day waits. This machine can be switched off.")
    return ""
