"""What the commands of the bundled till share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import print_json, tell
from factorypos_tui.core.language.text import one_line
from factorypos_tui.tills.bundled.till import BundledTill


@contextmanager
def opened(home: Home) -> Iterator[BundledTill]:
    """Open the till of this home during the block."""
    bundled = BundledTill(home.till_db)
    try:
        yield bundled
    finally:
        bundled.close()


def say_or_print(text: str, facts: dict[str, Any], as_json: bool) -> None:
    """A line for people, or its facts for scripts."""
    if as_json:
        print_json(facts)
    else:
        tell(one_line(text))
