"""A process that opens a new file at the same moment as its neighbours, for the tests of the database."""

from multiprocessing.synchronize import Barrier
from pathlib import Path

from factorypos_tui.core.storage.database import Database


def open_with_the_others(path: Path, start: Barrier) -> None:
    """Wait until all are there, then open `path`."""
    start.wait()
    Database(path, ["CREATE TABLE a (n INTEGER PRIMARY KEY);"]).close()
