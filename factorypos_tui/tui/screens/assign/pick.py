"""Pick one of a list that comes from the cloud: a company, a store."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Generic, TypeVar

from textual import work
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _, format_number
from factorypos_tui.core.models import Company, Store
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.account.log_in_again import LogInAgain
from factorypos_tui.tui.waiting import NOTHING_IS_CHANGED
from factorypos_tui.tui.widgets.chooser import Chooser

T = TypeVar("T", Company, Store)


class PickScreen(LogInAgain[T], Generic[T]):
    """Ends with the item that the operator picked. Typing filters, arrows move, Enter picks: the focus stays
    in the filter."""

    CSS_PATH = "pick.tcss"
    NEWS = "#news"

    def _can_create(self) -> bool:
        return not self.logged_out

    BINDINGS = [
        bind("enter", "pick", N_("Choose"), N_("Take the one the arrows point at."), priority=True),
        bind("f4", "load", N_("Load again"), N_("Ask FactoryCLOUD again.")),
        bind(
            "f6",
            "create",
            N_("Create new"),
            N_("Create one that is not there yet, and take it."),
            is_there=_can_create,
        ),
    ]
    HELP = N_(
        "Type a part of the name: only what contains it stays. The arrows, PgUp and PgDn move, Enter takes"
        " the one they point at. F6 creates one that is not there yet."
    )

    def __init__(
        self,
        title: str,
        none_yet: str,
        does_f6: str,
        load: Callable[[], Awaitable[Sequence[T]]],
        create: Callable[[], Awaitable[T | None]],
    ) -> None:
        """`none_yet` is shown where the list is empty, `does_f6` on the frame. `load` asks the cloud;
        `create` asks the operator, and gives None where they go back."""
        super().__init__(title)
        self._none_yet = none_yet
        self._does_f6 = does_f6
        self._load: Callable[[], Awaitable[Sequence[T]]] = load
        self._create: Callable[[], Awaitable[T | None]] = create
        self._all: Sequence[T] | None = None

    def content(self) -> Iterable[Widget]:
        """The list, and what there is to say."""
        yield Chooser()
        yield Static("", id="news", markup=False)

    def on_mount(self) -> None:
        """Ask for the list."""
        self.query_one("#filter").focus()
        self.action_load()

    @work(exclusive=True)
    async def action_load(self) -> None:
        """Ask the cloud; say so while it works, and if it fails. The list stays meanwhile."""
        try:
            with self.waiting(_("Asking FactoryCLOUD..."), NOTHING_IS_CHANGED):
                self._all = await self._load()
        except FactoryPosError as error:
            words = self.noticed(error)
            self.tell(words if self.logged_out else words + " " + _("F4 asks again."))
        else:
            self.noticed(None)
            self.query_one(Chooser).offer([item.name for item in self._all])
        self.query_one("#dialog").border_subtitle = "" if self.logged_out else self._does_f6

    def on_chooser_pointed(self) -> None:
        """Say how many items there are."""
        if self._all is not None:
            self.tell(self._count(self._all))

    def action_pick(self) -> None:
        """End with the highlighted item; where the list is empty, create the first."""
        chooser = self.query_one(Chooser)
        if self._all and chooser.chosen is not None:
            self.finish(self._all[chooser.chosen])
        elif self._all is not None and not self._all:
            self.action_create()

    @work(exclusive=True, group="create")
    async def action_create(self) -> None:
        """Ask for the new item's details; end with it once it is created."""
        if created := await self._create():
            self.finish(created)

    def logged_in(self) -> None:
        """Ask again."""
        self.action_load()

    def _count(self, everyone: Sequence[T]) -> str:
        shown = self.query_one(Chooser).shown
        if not everyone:
            return self._none_yet
        if not shown:
            return _("None of the {n} contains this.").format(n=format_number(len(everyone)))
        return _("{n} of {all}").format(n=format_number(shown), all=format_number(len(everyone)))
