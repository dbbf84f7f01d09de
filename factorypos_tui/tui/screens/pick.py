"""Pick one of a list that comes from the cloud: a company, a store."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual import on, work
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _, format_number
from factorypos_tui.core.models import Company, Store
from factorypos_tui.core.text import plain
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.screens.log_in_again import LogInAgain
from factorypos_tui.tui.widgets.field import Field

T = TypeVar("T", Company, Store)


@dataclass(frozen=True, slots=True)
class PickWords:
    """`none_yet` is shown where the list is empty, `create` names F6."""

    none_yet: str
    create: str


class PickScreen(LogInAgain[T], Generic[T]):
    """Ends with the picked one. Typing filters, arrows move, Enter picks: the focus stays in the filter."""

    CSS_PATH = "pick.tcss"
    BINDINGS = [
        Binding(
            "enter",
            "pick",
            N_("Choose"),
            id="pick.pick",
            tooltip=N_("Take the one the arrows point at."),
            priority=True,
        ),
        *(
            Binding(key, f"move('{key}')", show=False, priority=True)
            for key in ("up", "down", "pageup", "pagedown")
        ),
        Binding("f4", "load", N_("Load again"), id="pick.load", tooltip=N_("Ask FactoryCLOUD once more.")),
        Binding(
            "f6",
            "create",
            N_("Create new"),
            id="pick.create",
            tooltip=N_("Create one that is not there yet, and take it."),
        ),
    ]
    HELP = N_(
        "Type a part of the name: only what contains it stays. The arrows, PgUp and PgDn move, Enter takes"
        " the one they point at. F6 creates one that is not there yet."
    )

    def __init__(
        self,
        title: str,
        words: PickWords,
        load: Callable[[], Sequence[T]],
        create: Callable[[], Awaitable[T | None]],
    ) -> None:
        """`load` asks the cloud and may take its time; `create` asks the operator, and gives None where
        they go back."""
        super().__init__(title)
        self._words = words
        self._load: Callable[[], Sequence[T]] = load
        self._create: Callable[[], Awaitable[T | None]] = create
        self._all: Sequence[T] | None = None
        self._shown: list[T] = []
        self._filtered_by = ""

    def content(self) -> Iterable[Widget]:
        """Filter, list, what there is to say."""
        yield Field(placeholder=_("Type to filter"), id="filter", max_length=60)
        found = OptionList(id="found")
        found.can_focus = False
        yield found
        yield Static("", id="news", markup=False)

    def on_mount(self) -> None:
        """Ask for the list."""
        self.query_one("#filter").focus()
        self.action_load()

    @work(exclusive=True)
    async def action_load(self) -> None:
        """Ask the cloud; say so while it takes, and if it fails. What was there before stays meanwhile."""
        self._say(_("Asking FactoryCLOUD..."))
        try:
            self._all = await in_background(self._load)
        except FactoryPosError as error:
            words = self.noticed(error)
            self._say(words if self.logged_out else words + " " + _("F4 asks again."))
        else:
            self.noticed(None)
            self._fill()
        self.query_one("#dialog").border_subtitle = "" if self.logged_out else self._words.create

    async def _settle(self) -> None:
        """Have the list follow all that was typed: keys on a slow line come in one piece."""
        await self.query_one("#filter", Field).settle()
        self.follow_the_filter()

    @on(Input.Changed, "#filter")
    def follow_the_filter(self) -> None:
        """Only what contains it stays; a filter that has been followed already moves nothing."""
        if self.query_one("#filter", Input).value != self._filtered_by:
            self._fill()

    def _fill(self) -> None:
        if self._all is None:
            return
        self._filtered_by = self.query_one("#filter", Input).value
        wanted = self._filtered_by.casefold()
        self._shown = [item for item in self._all if wanted in item.name.casefold()]
        found = self.query_one("#found", OptionList)
        found.clear_options()
        found.add_options([Option(Content(plain(item.name))) for item in self._shown])
        if self._shown:
            found.highlighted = 0
        self._say(self._count())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a log-in nothing can be created."""
        if action == "create" and self.logged_out:
            return False
        return super().check_action(action, parameters)

    async def action_pick(self) -> None:
        """End with the highlighted one; where there is none at all, create the first."""
        await self._settle()
        highlighted = self.query_one("#found", OptionList).highlighted
        if highlighted is not None:
            self.finish(self._shown[highlighted])
        elif self._all is not None and not self._all:
            self.action_create()

    async def action_move(self, key: str) -> None:
        """Move in the list."""
        await self._settle()
        found = self.query_one("#found", OptionList)
        moves: dict[str, Callable[[], None]] = {
            "up": found.action_cursor_up,
            "down": found.action_cursor_down,
            "pageup": found.action_page_up,
            "pagedown": found.action_page_down,
        }
        moves[key]()

    @work(exclusive=True, group="create")
    async def action_create(self) -> None:
        """Ask what it is to be; end with it once it is there."""
        if created := await self._create():
            self.finish(created)

    def logged_in(self) -> None:
        """Ask again."""
        self.action_load()

    def _count(self) -> str:
        if not self._all:
            return self._words.none_yet
        if not self._shown:
            return _("None of the {n} contains this.").format(n=format_number(len(self._all)))
        return _("{n} of {all}").format(n=format_number(len(self._shown)), all=format_number(len(self._all)))

    def _say(self, words: str) -> None:
        self.query_one("#news", Static).update(words)
