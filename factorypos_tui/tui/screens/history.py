"""The last step of assigning: which of the days closed so far go up; then it is done."""

from collections.abc import Awaitable, Callable, Iterable

from textual import work
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.assignment import History
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _, format_number, ngettext
from factorypos_tui.tui.screens.dialog import Dialog
from factorypos_tui.tui.widgets.menu import Menu


class HistoryScreen(Dialog[bool]):
    """Ends with True once the terminal is assigned. Stays open where that fails, and says why."""

    CSS_PATH = "history.tcss"
    HELP = N_(
        "The last step: nothing is changed before you pick an answer. Days that were closed already can go up"
        " too; FactoryCLOUD keeps each of them once, however often it is sent."
    )

    def __init__(self, place: str, closed: int, assign: Callable[[History], Awaitable[bool]]) -> None:
        """`closed`: how many days this till has closed so far. `assign` gives False where the operator
        changed their mind, and raises `FactoryPosError`."""
        super().__init__(_("Assign business"))
        self._place = place
        self._closed_days = closed
        self._assign = assign
        self._assigning = False

    def content(self) -> Iterable[Widget]:
        """What will happen, the ways to do it, and what there is to say."""
        words = _("X and Z reports of this till will go to {place}.").format(place=self._place)
        yield Static(words, id="words", markup=False)
        yield Menu(*([History.ALL, History.NONE] if self._closed_days else [History.ALL]))
        yield Static("", id="problem", markup=False)

    def on_mount(self) -> None:
        """Name the choices."""
        menu = self.query_one(Menu)
        menu.item(History.ALL).focus()
        if not self._closed_days:
            menu.item(History.ALL).show(_("Send every day from the first close on"))
            return
        all_of_them = ngettext(
            "Send the {n} closed day too", "Send all {n} closed days too", self._closed_days
        )
        menu.item(History.ALL).show(all_of_them.format(n=format_number(self._closed_days)))
        menu.item(History.NONE).show(_("Send only what is closed from now on"))

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Assign, unless that is under way already."""
        if not self._assigning:
            self._assigning = True
            self.assign(History(message.item_id))

    @work(exclusive=True)
    async def assign(self, history: History) -> None:
        """Have it done; show what stands against it."""
        self.tell(_("Assigning..."))
        try:
            done = await self._assign(history)
        except FactoryPosError as error:
            self.tell(str(error))
        else:
            self.tell("")
            if done:
                self.finish(True)
        finally:
            self._assigning = False

    def action_back(self) -> None:
        """Leave; FactoryCLOUD may have heard the question already."""
        if self._assigning:
            self.app.tell(_("The store may still be assigned: the first line will show it."))
        super().action_back()

    def tell(self, words: str) -> None:
        """Say something below the choices."""
        self.query_one("#problem", Static).update(words)
