"""Connect a till of another program: where it is, whose it is, and whether its closes are those on paper."""

from collections.abc import Mapping
from pathlib import Path

from textual import work

from factorypos_tui.core.account.place import place_of_machine
from factorypos_tui.core.connecting.wording import (
    close_lines,
    compare_words,
    grant_words,
)
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.operations.connecting import connect_till
from factorypos_tui.core.storage.files import free_name, new_private_file
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.confirm import ConfirmScreen
from factorypos_tui.tui.screens.base.doing import save
from factorypos_tui.tui.screens.base.save import SaveScreen
from factorypos_tui.tui.screens.till.where_it_is import Reached, WhereItIsScreen, typed_before
from factorypos_tui.tui.screens.till.whose_it_is import Look, WhoseItIsScreen
from factorypos_tui.tui.station_app import StationApp

_COLUMNS = 64
_BESIDE_THE_CLOSES = 14
"""Rows of the screen that hold the frame, the words and the answers."""


async def ask_to_connect_a_till(app: StationApp) -> None:
    """Go through the three steps, back and forth, with what was typed; then begin again with that till."""
    try:
        named = await app.perform(lambda station: station.connector().named())
    except FactoryPosError as error:
        app.complain(error)
        return
    where = typed_before(named)
    whose: Mapping[str, str] = {}
    while reached := await app.push_screen_wait(WhereItIsScreen(where)):
        where = reached.typed
        while look := await app.push_screen_wait(WhoseItIsScreen(reached, place_of_machine(), named, whose)):
            whose = look.typed
            if await app.push_screen_wait(PapersScreen(app, reached, look)):
                app.begin_again()
                return


class PapersScreen(ConfirmScreen):
    """The third step: the newest closes, to lay beside their papers."""

    CSS_PATH = "papers.tcss"
    HELP = N_(
        "Take the papers that the till printed at these closes, and compare them. Where they agree, connect"
        " the till: config.toml names it then, and this program begins again with it. Where they do not,"
        " leave it and call support. Nothing is sent before you have assigned a store, and there you say"
        " which closed days go."
    )
    BINDINGS = [
        bind(
            "f8",
            "account",
            N_("Account"),
            N_("Save the statements that make an account of the database for reading only."),
            is_there=lambda screen: bool(screen.grants),
        )
    ]

    def __init__(self, app: StationApp, reached: Reached, look: Look) -> None:
        async def connect() -> None:
            await app.perform(connect_till, look.facts, reached.access.password)

        currency = look.facts.currency
        lines: list[str] = []
        for close in look.closes:
            more = close_lines(close, currency, _COLUMNS)
            if lines and len(lines) + len(more) > app.size.height - _BESIDE_THE_CLOSES:
                break
            lines += more
        terminal = _("Terminal {id}.").format(id=look.facts.terminal_id)
        words = [*lines, "", compare_words(look.closes), terminal]
        words += [_("F8 saves how an account is made that can only read.")] if look.grants else []
        super().__init__(
            _("Connect a till"),
            "\n".join(words).strip(),
            _("They agree: connect this till") if look.closes else _("Connect this till"),
            connect,
            _("Connecting..."),
        )
        self.grants = look.grants

    @work
    async def action_account(self) -> None:
        """Ask where the statements are to be written."""
        proposed = free_name(Path.home(), "factorypos-account", ".sql").name
        await save(self.app, SaveScreen(_("Read-only account"), grant_words(), proposed, self._write))

    def _write(self, path: Path) -> str:
        with new_private_file(path) as file:
            file.write("\n".join(self.grants) + "\n")
        return _("The statements were written to {file}.").format(file=path)
