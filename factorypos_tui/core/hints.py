"""Commands that a person is told to type: for the home in use, where that was named on the command line."""

import shlex
from pathlib import Path


class _Current:
    home: Path | None = None


def use_home(named: Path | None) -> None:
    """Name this home in every hint from now on; None: it is found without being named."""
    _Current.home = named


def command(words: str) -> str:
    """The whole command, to be typed as it is."""
    home = f"--home {shlex.quote(str(_Current.home))} " if _Current.home else ""
    return f"factorypos-tui {home}{words}"
