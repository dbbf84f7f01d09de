"""Pick one of a list that comes from the cloud: a company, a store."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.models import Company, Store
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.widgets.key_bar import KeyBar

T = TypeVar("T", Company, Store)


class PickScreen(ModalScreen[T | None], Generic[T]):
    """Ends with the picked one, or None. Typing filters, arrows move, Enter picks."""

    CSS_PATH = "pick.tcss"
    BINDINGS = [
        Binding("escape", "back", N_("Back"), id="pick.back", tooltip=N_("Back; nothing is changed.")),
        Binding("down", "into_list", N_("To the list"), id="pick.list", show=False),
        Binding("f4", "load", N_("Load again"), id="pick.load", tooltip=N_("Ask FactoryCLOUD once more.")),
    ]

    def __init__(self, title: str, none_yet: str, load: Callable[[], Sequence[T]]) -> None:
        """`none_yet` is shown where the list is empty; `load` asks the cloud and may take its time."""
        super().__init__()
        self._title = title
        self._none_yet = none_yet
        self._load: Callable[[], Sequence[T]] = load
        self._all: Sequence[T] = ()
        self._shown: list[T] = []

    def compose(self) -> ComposeResult:
        """Filter, list, what there is to say, keys."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = self._title
            yield Input(placeholder=_("Type to filter"), id="filter", max_length=60)
            yield OptionList(id="found")
            yield Static("", id="news", markup=False)
            yield KeyBar()

    def on_mount(self) -> None:
        """Ask for the list."""
        self.query_one("#filter").focus()
        self.action_load()

    @work(exclusive=True)
    async def action_load(self) -> None:
        """Ask the cloud; say so while it takes, and if it fails."""
        self._say(_("Asking FactoryCLOUD..."))
        try:
            self._all = await in_background(self._load)
        except FactoryPosError as error:
            self._say(f"{error} {_('F4 asks again.')}")
        else:
            self._say("" if self._all else self._none_yet)
            self._fill()

    @on(Input.Changed, "#filter")
    def _fill(self) -> None:
        wanted = self.query_one("#filter", Input).value.casefold()
        self._shown = [item for item in self._all if wanted in item.name.casefold()]
        found = self.query_one("#found", OptionList)
        found.clear_options()
        found.add_options([Option(Text(item.name)) for item in self._shown])
        if self._shown:
            found.highlighted = 0

    @on(Input.Submitted, "#filter")
    def _pick_highlighted(self) -> None:
        highlighted = self.query_one("#found", OptionList).highlighted
        if highlighted is not None:
            self.dismiss(self._shown[highlighted])

    @on(OptionList.OptionSelected, "#found")
    def _pick(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._shown[event.option_index])

    def action_into_list(self) -> None:
        """From the filter to the list."""
        self.query_one("#found").focus()

    def action_back(self) -> None:
        """Leave without picking."""
        self.dismiss(None)

    def _say(self, words: str) -> None:
        self.query_one("#news", Static).update(words)
