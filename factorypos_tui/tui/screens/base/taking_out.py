"""Copies text out of the app: to the terminal's clipboard, or to a file."""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from factorypos_tui.core.language import _
from factorypos_tui.core.storage.files import free_name, new_private_file
from factorypos_tui.tui.screens.base.doing import save
from factorypos_tui.tui.screens.base.save import SaveScreen
from factorypos_tui.tui.station_app import StationApp

# Text consoles and serial terminals have no clipboard.
_WITHOUT_CLIPBOARD = ("linux", "vt", "ansi", "cons")


def copy(app: StationApp, text: str) -> None:
    """Send a text to the terminal's clipboard. The app cannot know whether it arrives: some multiplexers and
    terminals ignore it. So say so, and name the file as another way."""
    if not has_clipboard(os.environ):
        app.tell(_("This terminal has no clipboard. E saves to a file."))
        return
    app.copy_to_clipboard(text)
    app.tell(_("Sent to the terminal's clipboard. If it does not arrive there, E saves to a file."))


def has_clipboard(environment: Mapping[str, str]) -> bool:
    """Whether the terminal may have a clipboard."""
    return not environment.get("TERM", "").startswith(_WITHOUT_CLIPBOARD)


async def save_text(app: StationApp, dialog_title: str, words: str, name: str, text: str) -> None:
    """Ask for a file, with `name` proposed, write the text to it, and say so."""
    proposed = free_name(Path.home(), name, ".txt").name
    await save(app, SaveScreen(dialog_title, words, proposed, partial(_write, text)))


def _write(text: str, path: Path) -> str:
    with new_private_file(path) as file:
        file.write(text + "\n")
    return _("It was written to {file}.").format(file=path)
