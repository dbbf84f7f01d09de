"""Does what the operator asked for, away from the screen, and tells the result."""

from collections.abc import Callable
from typing import TypeVar

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.station import Station
from factorypos_tui.tui.screens.base.save import SaveScreen
from factorypos_tui.tui.station_app import StationApp

T = TypeVar("T")


async def do(app: StationApp, verb: Callable[[Station], T], done: Callable[[T], str]) -> None:
    """Perform `verb`, then tell what `done` says of its result, or why it failed."""
    try:
        result = await app.perform(verb)
    except FactoryPosError as error:
        app.complain(error)
    else:
        app.tell(done(result))


async def save(app: StationApp, dialog: SaveScreen) -> None:
    """Ask for a file, and say what was written."""
    if words := await app.push_screen_wait(dialog):
        app.tell(words)
