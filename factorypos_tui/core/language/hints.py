"""Commands that a person is told to type. They name the home if the command line named it."""

import shlex
from pathlib import Path


class _Current:
    home: Path | None = None


def use_home(named: Path | None) -> None:
    """Name this home in every hint from now on; None: the program finds its home without a name."""
    _Current.home = named


def command(words: str) -> str:
    """The whole command, to be typed as it is."""
    return f"{program(_Current.home)} {words}"


def program(home: Path | None) -> str:
    """How to call the program for this home; None: the program finds its home without a name."""
    named = ["--home", shlex.quote(str(home))] if home else []
    return " ".join(["factorypos-tui", *named])
