"""The settings: each with its value, a line about what it does, and when the next X Report is sent."""

import asyncio
from collections.abc import Iterable

from textual import work
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.settings import SETTINGS, Setting, get_setting
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.core.station import Station
from factorypos_tui.core.status.settings_wording import next_x_words, place_words
from factorypos_tui.core.status.status import Status
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.station import StationScreen
from factorypos_tui.tui.widgets.explanation import Explanation
from factorypos_tui.tui.widgets.menu import Item, Menu


class SettingsScreen(StationScreen):
    """A menu of the settings; Enter takes the next choice at once, the arrows go forward and back."""

    CSS_PATH = "settings.tcss"
    BINDINGS = [
        bind("escape", "back", N_("Back"), N_("Back to the home screen.")),
        bind(
            "right",
            "change(1)",
            N_("Next value"),
            N_("The next choice of the setting in focus, at once."),
            is_shown=False,
        ),
        bind("left", "change(-1)", N_("Value before"), N_("The choice before, at once."), is_shown=False),
    ]
    HELP = N_(
        "Each line is a setting of this terminal. Enter takes the next choice, and so do the arrows right and"
        " left, to and fro. What you change is in force at once and stays; it never travels to FactoryCLOUD."
    )

    def __init__(self, start: str = "send_x_report") -> None:
        """`start`: the setting that has the focus at first."""
        super().__init__()
        self._start = start
        self._values: dict[str, str] = {}
        self._one_by_one = asyncio.Lock()

    def content(self) -> Iterable[Widget]:
        """The settings, what the one under the cursor does, and what only an administrator changes."""
        yield Menu(*(Item(setting.name, _(setting.title)) for setting in SETTINGS.values()))
        yield Explanation("purpose")
        yield Static("", id="deployment", markup=False)

    def on_mount(self) -> None:
        """Read the settings; what is shared by all screens follows."""
        self.query_one(Menu).border_title = _("Configuration")
        self.query_one("#purpose").border_title = _("What it does")
        self.query_one("#deployment").border_title = _("Set by the administrator")
        self.query_one(Menu).go_to(self._start)

    def show(self, snapshot: Snapshot) -> None:
        """Show when the next X is sent, among other things."""
        super().show(snapshot)
        if not self._values:
            self.read()
        self._explain()
        self.query_one("#deployment", Static).update(_deployment(snapshot.status))

    def on_menu_moved(self) -> None:
        """Explain the setting under the cursor."""
        self._explain()

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Take the next choice."""
        self.change(message.item_id, 1)

    def action_change(self, step: int) -> None:
        """Take another choice of the setting in focus."""
        self.change(self.query_one(Menu).at, step)

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Show the present values."""
        try:
            self._values = await self.app.perform(_values)
        except FactoryPosError as error:
            self.query_one(Explanation).say(str(error))
        else:
            self._show_values()

    @work
    async def change(self, name: str, step: int) -> None:
        """Set another choice; presses of keys are handled one after the other."""
        async with self._one_by_one:
            if name not in self._values:
                return  # not read yet
            choices = list(SETTINGS[name].choices)
            value = choices[(choices.index(self._values[name]) + step) % len(choices)]
            if await self.app.change_setting(name, value):
                self._values[name] = value
                self._show_values()

    def _show_values(self) -> None:
        self.query_one(Menu).offer(*(_item(SETTINGS[name], value) for name, value in self._values.items()))

    def _explain(self) -> None:
        setting = SETTINGS[self.query_one(Menu).at]
        lines = [_(setting.purpose) + "."]
        if setting.name == "send_x_report":
            lines.append(next_x_words(self.app.snapshot.status, self.app.now()))
        lines.append(_("Choices: {choices}.").format(choices=", ".join(map(_, setting.choices.values()))))
        self.query_one(Explanation).follow("\n".join(lines))


def _item(setting: Setting, value: str) -> Item:
    choice = _(setting.choices[value])
    return Item(setting.name, _(setting.title), f"< {choice} >", explained=_(setting.purpose) + ".")


def _values(station: Station) -> dict[str, str]:
    return {name: get_setting(station.database, name) for name in SETTINGS}


def _deployment(status: Status) -> str:
    facts = {
        _("FactoryCLOUD"): plain(status.cloud_url or _("no address yet: set cloud_url in config.toml")),
        _("Terminal"): plain(status.till.terminal.name) if status.till else "",
        _("Its token"): place_words(status.token_place),
    }
    width = max(map(len, facts))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in facts.items() if value)
