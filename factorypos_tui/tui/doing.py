"""Doing what was asked for, away from the screen, and saying what came of it."""

from collections.abc import Callable

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.station import Station
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.screens.save import SaveScreen
from factorypos_tui.tui.station_app import StationApp


async def do(app: StationApp, verb: Callable[[Station], object], done: str) -> None:
    """Perform `verb`, then say `done`, or what stood against it."""
    try:
        await in_background(lambda: app.engine.perform(verb))
    except FactoryPosError as error:
        app.complain(error)
    else:
        app.tell(done)


async def save(app: StationApp, dialog: SaveScreen) -> None:
    """Ask where to write to, and say what was written."""
    if words := await app.push_screen_wait(dialog):
        app.tell(words)
