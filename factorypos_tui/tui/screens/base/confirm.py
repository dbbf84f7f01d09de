"""A question with two answers."""

from collections.abc import Awaitable, Callable, Iterable

from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.screens.base.dialog import Dialog
from factorypos_tui.tui.waiting import GOES_ON
from factorypos_tui.tui.widgets.menu import Answers, Item, Menu


async def _nothing_more() -> None:
    """Do nothing: the caller does everything that follows."""


class ConfirmScreen(Dialog[bool]):
    """Ends with True once the operator has accepted and it is done. The cursor starts on the safe answer.

    It stays open where the action fails, and says why."""

    CSS_PATH = "confirm.tcss"
    HELP = N_("Read the question, then pick an answer. Esc is the same as the first one: nothing is changed.")

    def __init__(
        self,
        title: str,
        question: str,
        accept: str,
        act: Callable[[], Awaitable[None]] = _nothing_more,
        doing: str = "",
    ) -> None:
        """`accept` says in words what is done where the operator accepts, `doing` that it is under way;
        `act` does it, and raises `FactoryPosError`."""
        super().__init__(title)
        self._question = question
        self._accept = accept
        self._act = act
        self._doing = doing
        self._acting = False

    def content(self) -> Iterable[Widget]:
        """The question, a place for messages, and the answers."""
        yield Static(self._question, markup=False)
        yield Static("", id="problem", markup=False)
        yield Answers(Item("leave", _("Leave it as it is")), Item("accept", self._accept))

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """End with the answer, once what was accepted is done."""
        if message.item_id == "leave":
            self.action_back()
        elif not self._acting:
            self._acting = True
            # The app's own worker, so that it tells the result even if this dialog has closed.
            self.app.run_worker(self._do())

    async def _do(self) -> None:
        """Do what was accepted; where that fails, show why."""
        try:
            with self.waiting(self._doing, GOES_ON):
                await self._act()
        except FactoryPosError as error:
            if self.is_current:
                self.tell(str(error))
            else:
                self.app.complain(error)
        else:
            self.finish(True)
        finally:
            self._acting = False

    def action_back(self) -> None:
        """Leave. An action that was accepted goes on, and its result is told."""
        if self._acting:
            self.app.tell(_("It goes on; what comes of it will be said here."))
        self.finish(None if self._acting else False)
