"""The error for a terminal that FactoryCLOUD knows in another account: one text for all who meet it."""

from factorypos_tui.core.errors import OfAnotherAccount
from factorypos_tui.core.language import _


def of_another_account(terminal_id: str) -> OfAnotherAccount:
    """The error. It says whom to ask, and what that person has to do."""
    message = _(
        "This terminal belongs to another account of FactoryCLOUD, and cannot be moved out of it from here."
        " Nothing was changed. Ask the owner of that account, or the person who runs FactoryCLOUD, to release"
        " it: cloud terminal release {id}. Then assign it again. What it has sent stays with that account."
    )
    return OfAnotherAccount(message.format(id=terminal_id), 409, "terminal_elsewhere")
