"""A new till as a person wants it."""

from datetime import datetime
from pathlib import Path

from factorypos_tui.core.account.place import place_of_machine
from factorypos_tui.core.configuration.configuration import Configuration
from factorypos_tui.core.configuration.new_till import Catalogue, NewTill, catalogue_in, completed
from factorypos_tui.tills.bundled.demo_bar import DEMO_BAR, OPENING_FLOAT
from factorypos_tui.tills.bundled.opening import open_till


def make_till(path: Path, new: NewTill, now: datetime) -> None:
    """Make `path` the till that a person wants; raises as `open_till` does."""
    is_demo = new.catalogue is Catalogue.DEMO
    configuration, timezone = completed(new, _first_configuration(new.catalogue), place_of_machine())
    open_till(
        path,
        configuration,
        now=now,
        name=new.terminal_name,
        timezone=timezone,
        opening_float=OPENING_FLOAT if is_demo else 0,
    )


def _first_configuration(catalogue: Catalogue | Path) -> Configuration:
    if isinstance(catalogue, Path):
        return catalogue_in(catalogue)
    return DEMO_BAR if catalogue is Catalogue.DEMO else Configuration()
