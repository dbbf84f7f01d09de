"""The list of a field: pick one by typing a part of its name, or with the arrows."""

from collections.abc import Iterable, Mapping

from textual.widget import Widget
from textual.widgets import Input, Static

from factorypos_tui.core.language import N_, _, format_number
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.dialog import Dialog
from factorypos_tui.tui.widgets.chooser import Chooser


class ChooseScreen(Dialog[str]):
    """Ends with the answer that the operator picked."""

    CSS_PATH = "choose.tcss"
    BINDINGS = [
        bind("enter", "pick", N_("Choose"), N_("Take the one the arrows point at."), priority=True),
    ]
    HELP = N_(
        "Type a part of the name, or the code: only what contains it stays, the best match first. The arrows,"
        " PgUp and PgDn move, Enter takes the one they point at, Esc leaves the answer as it was."
    )

    def __init__(self, title: str, choices: Mapping[str, str], chosen: str, typed: str) -> None:
        """`choices`: each answer and its label. The list begins at `chosen`, filtered by what was `typed`."""
        super().__init__(title)
        self._choices = choices
        self._chosen = chosen
        self._typed = typed

    def content(self) -> Iterable[Widget]:
        """The list, and how many are in it."""
        yield Chooser()
        yield Static("", id="news", markup=False)

    def on_mount(self) -> None:
        """Offer every choice that fits what was typed so far."""
        self._filter.select_on_focus = False
        self._filter.focus()
        self._filter.insert_text_at_cursor(self._typed)
        chooser = self.query_one(Chooser)
        chooser.offer(list(self._choices.values()))
        if not self._typed and self._chosen in self._choices:
            chooser.point_at(list(self._choices).index(self._chosen))

    def type(self, text: str) -> None:
        """Add to the filter what was typed before the list had the focus."""
        if self.is_mounted:
            self._filter.insert_text_at_cursor(text)
        else:
            self._typed += text

    def on_chooser_pointed(self) -> None:
        """Say how many fit."""
        shown, every = self.query_one(Chooser).shown, format_number(len(self._choices))
        if shown:
            words = _("{n} of {all}").format(n=format_number(shown), all=every)
        else:
            words = _("None of the {n} contains this.").format(n=every)
        self.query_one("#news", Static).update(words)

    def action_pick(self) -> None:
        """End with the answer that the arrows point at."""
        chosen = self.query_one(Chooser).chosen
        if chosen is not None:
            self.finish(list(self._choices)[chosen])

    @property
    def _filter(self) -> Input:
        return self.query_one("#filter", Input)
