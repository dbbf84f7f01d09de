"""The last step of assigning: which closed days are sent. Then the store is assigned."""

from collections.abc import Awaitable, Callable, Iterable

from textual import work
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _, counted, format_date
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.operations.outlook import ClosedDays, Outlook
from factorypos_tui.core.operations.outlook_wording import choices, there_words
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.account.log_in_again import LogInAgain
from factorypos_tui.tui.screens.base.keyed import of_status
from factorypos_tui.tui.waiting import NOTHING_IS_CHANGED
from factorypos_tui.tui.widgets.menu import Item, Menu


class HistoryScreen(LogInAgain[bool]):
    """Ends once the terminal is assigned. Stays open where that fails, and says why."""

    CSS_PATH = "history.tcss"
    BINDINGS = [
        bind(
            "s",
            "stay",
            N_("Stay logged in"),
            N_("Whether your log-in here goes on after that."),
            is_there=of_status(lambda status: bool(status.account)),
        ),
    ]
    HELP = N_(
        "The last step: nothing is changed before you pick an answer. Days that were closed already can go up"
        " too; FactoryCLOUD keeps each of them once, however often it is sent. What you leave out is named"
        " from then on, and can be sent later. Reports that wait for another store still go there. Your"
        " log-in ends then, so that nobody at this till acts in your name."
    )

    def __init__(
        self, place: str, look: Callable[[], Awaitable[Outlook]], assign: Callable[[History], Awaitable[bool]]
    ) -> None:
        """`look` reads what there is so far. `assign` gives False where the operator
        changed their mind, and raises `FactoryPosError`."""
        super().__init__(_("Assign business"))
        self._place = place
        self._look = look
        self._assign = assign
        self._assigning = False
        self.stays = False
        """Whether the operator stays logged in."""

    def content(self) -> Iterable[Widget]:
        """What will happen, what is known so far, a place for messages, and the choices."""
        words = _("X and Z reports of this till will go to\n{place}.").format(place=self._place)
        yield Static(words, id="words", markup=False)
        yield Static(_("Counting the closed days of this till..."), id="outlook", markup=False)
        yield Static("", id="problem", markup=False)
        yield Menu()
        if self.app.snapshot.status.account:
            yield Static(self._session_words(), id="session", markup=False)

    def _session_words(self) -> str:
        if self.stays:
            return _("You stay logged in here. S: log out then.")
        return _("Then you are logged out; reports need no log-in. S: stay.")

    def action_stay(self) -> None:
        """Stay logged in, or not."""
        self.stays = not self.stays
        self.query_one("#session", Static).update(self._session_words())

    @work
    async def on_mount(self) -> None:
        """Read what is known, then offer the choices."""
        try:
            with self.waiting("", NOTHING_IS_CHANGED):
                outlook = await self._look()
        except FactoryPosError as error:
            self.query_one("#outlook", Static).update("")
            self.tell(str(error))
            return
        menu = self.query_one(Menu)
        menu.offer(*(Item(history, label) for history, label in choices(outlook).items()))
        menu.focus()
        self.query_one("#outlook", Static).update(_outlook_words(outlook))

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Assign, unless that is under way already."""
        if not self._assigning:
            self._assigning = True
            self.assign(History(message.item_id))

    @work(exclusive=True)
    async def assign(self, history: History) -> None:
        """Assign the store; where that fails, show why."""
        try:
            with self.waiting(_("Assigning...")):
                done = await self._assign(history)
        except FactoryPosError as error:
            self.tell(self.noticed(error))
        else:
            self.tell("")
            if done:
                self.finish(True)
        finally:
            self._assigning = False

    def logged_in(self) -> None:
        """Offer the same choices again."""
        self.tell("")

    def action_back(self) -> None:
        """Leave. FactoryCLOUD may have got the request already."""
        if self._assigning:
            self.app.tell(_("The store may still be assigned: the first line will show it."))
        super().action_back()


def _outlook_words(outlook: Outlook) -> str:
    found = there_words(outlook)
    closed = _closed_words(outlook.closed)
    return "\n\n".join([f"{closed}\n{found}" if found else closed, *_waiting_words(outlook)])


def _closed_words(closed: ClosedDays | None) -> str:
    if closed is None:
        return _("This till has closed no day yet.")
    return counted(
        "This till holds {n} closed Z report,\nof {first}.",
        "This till holds {n} closed Z reports,\nfrom {first} to {last}.",
        closed.count,
        first=format_date(closed.first),
        last=format_date(closed.last),
    )


def _waiting_words(outlook: Outlook) -> Iterable[str]:
    for waiting in outlook.waiting:
        yield counted(
            "{n} report waits for {store}. It was made for that store and goes only there.",
            "{n} reports wait for {store}. They were made for that store and go only there.",
            waiting.reports,
            store=plain(waiting.store.name, 60),
        )
