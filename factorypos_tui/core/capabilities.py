"""What the program can do to a till, and the texts for what it cannot do. Every till can be read."""

from dataclasses import dataclass

from factorypos_tui.core.errors import TillError
from factorypos_tui.core.language import _


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What can be done to a till besides reading it."""

    take_configuration: bool
    """Data Download, and bringing back a configuration that was replaced."""
    close_the_day: bool
    """Close the running day when an operator asks for it here."""
    be_made: bool = False
    """Make the till where there is none."""

    @property
    def why_no_configuration(self) -> str:
        """Why the till takes no configuration; empty where it does."""
        return "" if self.take_configuration else _("This till's configuration is changed at the till only.")

    @property
    def why_no_close(self) -> str:
        """Why its day cannot be closed from here; empty where it can."""
        return "" if self.close_the_day else _("This till's day is closed at the till only.")

    @property
    def why_not_made(self) -> str:
        """Why a till that is not there cannot be made from here; empty where it can."""
        return "" if self.be_made else _("This till is set up by its own program.")


READ_ONLY = Capabilities(take_configuration=False, close_the_day=False)


def refuse(why_not: str) -> None:
    """Raise `TillError` if there is a reason why not."""
    if why_not:
        raise TillError(why_not + " " + _("Nothing was changed."))
