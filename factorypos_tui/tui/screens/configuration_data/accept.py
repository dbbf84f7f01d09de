"""Accepts changes that the operator looked at: asks with counts, shows the progress, then the result."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.configuration.change import Watch
from factorypos_tui.core.configuration.upload import ConfigurationChanged
from factorypos_tui.core.configuration.wording import counts_lines
from factorypos_tui.core.errors import FactoryPosError, TillError
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.station import Station
from factorypos_tui.tui.screens.account.log_in_again import LogInAgain
from factorypos_tui.tui.screens.configuration_data.proposals import (
    Look,
    Proposal,
    propose_again,
    propose_restoration,
)
from factorypos_tui.tui.waiting import PLEASE_WAIT
from factorypos_tui.tui.widgets.bar import bar_of
from factorypos_tui.tui.widgets.menu import Answers, Item, Menu


@dataclass(frozen=True, slots=True)
class Ending:
    """What follows."""

    look: Look | None = None
    """What the operator looks at next; None where all is done."""


class AcceptScreen(LogInAgain[Ending]):
    """Ends with what follows; None leaves everything as it is. The cursor starts on the safe answer."""

    CSS_PATH = "accept.tcss"
    HELP = N_(
        "Read what would change, then pick an answer. It is done whole or not at all. What this till had"
        " before is kept, and can be brought back. A download can also be accepted for after today's close:"
        " then no price changes during the day. Of a download that you leave, the home screen says no more."
    )

    class Written(Message):
        """How many of all rows are written."""

        def __init__(self, done: int, total: int) -> None:
            self.done = done
            self.total = total
            super().__init__()

    class Ended(Message):
        """An upload that went on without its dialog has ended."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(_("Synchronize configuration data"))
        self._proposal = proposal
        self._working = False
        self._goes_on = False
        self._left: Ending | None = None
        self._enough = threading.Event()

    def content(self) -> Iterable[Widget]:
        """Texts, the bar, a place for messages, and the answers before and after."""
        yield Static("", id="words", markup=False)
        yield Static("", id="bar", markup=False)
        yield Static("", id="problem", markup=False)
        yield Answers(*self._answers())
        yield Menu(Item("good", _("All right")))

    def on_mount(self) -> None:
        """Ask."""
        self._ask("")

    def on_unmount(self) -> None:
        """The dialog is closed: stop what is not committed yet."""
        self._enough.set()

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Leave, do it once, keep it for later, or look at what the till had before. While one answer is
        carried out, no other is taken."""
        if self._working:
            return
        if message.item_id == "undo":
            self.finish(Ending(propose_restoration))
        elif message.item_id == "accept":
            self._begin()
        elif message.item_id == "after_close":
            self._keep()
        elif message.item_id == "leave":
            self._decline()
        else:
            self.finish(self._left)

    def on_menu_moved(self) -> None:
        """Say why the answer under the cursor cannot be given."""
        if self._proposal.held and not self._working:
            self.tell(self._proposal.held if self.query_one(Answers).at == "accept" else "")

    def action_back(self) -> None:
        """Stop a change of the till. A change that is being sent to FactoryCLOUD goes on; what is only noted
        takes a moment, and is waited for."""
        if not self._working:
            self.finish(self._left)
        elif not self.query_one("#bar").display:
            return
        elif self._proposal.on_till:
            self._enough.set()
            self.query_one("#words", Static).update(_("Stopping..."))
        else:
            self._goes_on = True
            self.app.tell(_("The upload goes on; what comes of it will be said here."))
            self.finish(Ending())

    def logged_in(self) -> None:
        """Repeat what failed."""
        self._begin()

    def _keep(self) -> None:
        """Keep it until the day is closed."""
        if keep := self._proposal.accept_after_close:
            self._working = True
            self.run_worker(self._kept(keep))

    async def _kept(self, keep: Callable[[Station], Sequence[str]]) -> None:
        try:
            done = await self.app.perform(keep)
        except FactoryPosError as error:
            self._working = False
            self._failed(error)
        else:
            self._working = False
            self._done(done, can_be_undone=False)

    def _decline(self) -> None:
        """Leave it as it is, and note that."""
        if decline := self._proposal.decline:
            self._working = True
            self.run_worker(self._declined(decline))
        else:
            self.finish(self._left)

    async def _declined(self, decline: Callable[[Station], None]) -> None:
        try:
            await self.app.perform(decline)
        except FactoryPosError as error:
            self.app.complain(error)
        self.finish(self._left)

    async def _accept(self) -> None:
        """Do it; tell the result, or why it failed."""
        try:
            with self.waiting("", PLEASE_WAIT):
                done = await self.app.perform(self._proposal.accept, self._watch())
        except ConfigurationChanged as changed:
            self._lost(propose_again(changed))
        except FactoryPosError as error:
            self._failed(error)
        else:
            self._done(done, can_be_undone=self._proposal.leaves_a_backup)
        finally:
            self._working = False
        if self._goes_on:
            for screen in self.app.screen_stack:
                screen.post_message(self.Ended())

    def on_accept_screen_written(self, message: Written) -> None:
        """Show how many rows are written."""
        if self._working:
            self.query_one("#bar", Static).update(bar_of(message.done, message.total))

    def _begin(self) -> None:
        """Do it, once."""
        if not self._working:
            self._working = True
            self._enough.clear()
            self._show_work()
            # The app's own worker, so that it tells the result of an upload even if this dialog has closed.
            self.app.run_worker(self._accept())

    def _watch(self) -> Watch:
        return Watch(
            tell=lambda done, total: self.post_message(self.Written(done, total)), stopped=self._enough.is_set
        )

    def _ask(self, problem: str) -> None:
        proposal = self._proposal
        counts = counts_lines(proposal.difference) or [proposal.same]
        self._arrange("\n".join([proposal.question, "", *counts]), at="leave")
        self.tell(problem)

    def _show_work(self) -> None:
        self._arrange(self._proposal.doing, at=None)
        self.query_one("#bar", Static).update(bar_of(0, 0) if self._proposal.on_till else "")
        self.tell("")

    def _answers(self) -> Iterable[Item]:
        proposal = self._proposal
        yield Item("leave", _("Leave it as it is"))
        why_not = _("Close the day first.") if proposal.held else ""
        yield Item("accept", proposal.accept_label or _("Accept"), why_not=why_not)
        if proposal.accept_after_close:
            yield Item("after_close", _("Accept for after today's close"))

    def _done(self, sentences: Sequence[str], *, can_be_undone: bool) -> None:
        if self._goes_on:
            self.app.tell(sentences[0])
            return
        first, *others = sentences
        self._left = Ending()
        undo = Item("undo", _("Bring back what was here before"))
        self.query(Menu).last().offer(Item("good", _("All right")), *([undo] if can_be_undone else []))
        self._arrange("\n".join([first, "", *others]), at="good")
        self.tell("")

    def _lost(self, again: Proposal) -> None:
        if self._goes_on:
            words = _("The upload was not done. {why} Look at it with Data Upload.")
            self.app.tell(words.format(why=again.notice))
        else:
            self.finish(Ending(lambda _station: again))

    def _failed(self, error: FactoryPosError) -> None:
        if self._goes_on:
            words = _("The upload was not confirmed. {problem} Data Upload shows how it stands.")
            self.app.complain(FactoryPosError(words.format(problem=error)))
            return
        if isinstance(error, TillError):
            self._left = Ending(self._proposal.look)
        self._ask(self.noticed(error) if self._proposal.needs_user else str(error))

    def _arrange(self, words: str, at: str | None) -> None:
        """Words, and below them the menu with the item `at`, or the bar."""
        self.query_one("#words", Static).update(words)
        self.query_one("#bar").display = at is None
        self.set_focus(None)  # a widget that hides while it has the focus takes the focus away later
        for menu, first in zip(self.query(Menu), ("leave", "good"), strict=True):
            menu.display = first == at
            if first == at:
                menu.go_to(first)
                self.set_focus(menu)
