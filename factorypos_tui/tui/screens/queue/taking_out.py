"""Copies text out of the app: to the terminal's clipboard, or to a file."""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.wording import reason_words, state_name
from factorypos_tui.core.storage.files import free_name, new_private_file
from factorypos_tui.tui.screens.base.doing import save
from factorypos_tui.tui.screens.base.save import SaveScreen
from factorypos_tui.tui.screens.queue.rows import name_of
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


def facts_of(shipment: Shipment) -> list[str]:
    """The facts that a supporter asks for first: which report, its state, why, and its id."""
    state = state_name(shipment.state)
    reason = plain(reason_words(shipment.last_error)) if shipment.last_error else ""
    report_id, content_hash = _("Report id"), _("Hash")
    return [
        f"{name_of(shipment)}, {state}" + (f": {reason}" if reason else ""),
        f"{report_id}: {plain(shipment.report_id)}",
        f"{content_hash}: {plain(shipment.content_hash)}",
    ]


def file_name(shipment: Shipment) -> str:
    """The name of a file for a report, without an ending."""
    number = f"-{shipment.z_number}" if shipment.z_number is not None else ""
    return f"{shipment.kind.value}{number}-{shipment.business_date}"


def _write(text: str, path: Path) -> str:
    with new_private_file(path) as file:
        file.write(text + "\n")
    return _("It was written to {file}.").format(file=path)
