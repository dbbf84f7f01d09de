"""Writes the reports that the queue shows to a file."""

from functools import partial
from pathlib import Path

from factorypos_tui.core.language import _, counted, on_the_wall
from factorypos_tui.core.operations.exporting import export_queue, format_of
from factorypos_tui.core.queue.pages import Query
from factorypos_tui.core.storage.files import free_name
from factorypos_tui.tui.screens.base.doing import save
from factorypos_tui.tui.screens.base.save import SaveScreen
from factorypos_tui.tui.station_app import StationApp


async def export(app: StationApp, query: Query) -> None:
    """Ask for a file, write the reports of the query to it, and say what was written."""
    day = on_the_wall(app.now()).date()
    proposed = free_name(Path.home(), f"factorypos-queue-{day}", ".jsonl").name
    words = _(
        "The reports that the list shows, for other programs: a JSON object a line. A name that ends in .csv"
        " makes a table of where they stand."
    )
    await save(app, SaveScreen(_("Export"), words, proposed, partial(_write, app, query)))


def _write(app: StationApp, query: Query, path: Path) -> str:
    count = app.engine.perform(export_queue, path, query, format_of(path))
    return counted(
        "{n} report was written to {file}.", "{n} reports were written to {file}.", count, file=path
    )
