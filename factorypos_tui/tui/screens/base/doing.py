"""Doing what was asked for, away from the screen, and saying what came of it."""

from collections.abc import Callable
from typing import TypeVar

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.station import Station
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.screens.base.save import SaveScreen
from factorypos_tui.tui.station_app import StationApp

T = TypeVar("T")


async def do(app: StationApp, verb: Callable[[Station], T], done: Callable[[T], str]) -> None:
    """Perform `verb`, then say what `done` makes of its result, or what stood against it."""
    try:
        result = await in_background(lambda: app.engine.perform(verb))
    except FactoryPosError as error:
        app.complain(error)
    else:
        app.tell(done(result))


async def save(app: StationApp, dialog: SaveScreen) -> None:
    """Ask where to write to, and say what was written."""
    if words := await app.push_screen_wait(dialog):
        app.tell(words)
