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
    return f"{program(_Current.home)} {words}"


def program(home: Path | None) -> str:
    """How the program is called for this home; None: it is found without being named."""
    named = ["--home", shlex.quote(str(home))] if home else []
    return " ".join(["factorypos-tui", *named])
