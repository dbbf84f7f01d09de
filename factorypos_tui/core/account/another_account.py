"""A terminal that FactoryCLOUD knows in another account: what to say, whoever finds it out."""

from factorypos_tui.core.errors import OfAnotherAccount
from factorypos_tui.core.language import _


def of_another_account(terminal_id: str) -> OfAnotherAccount:
    """The error that says so, whom to ask, and what that one does."""
    words = _(
        "This terminal belongs to another account of FactoryCLOUD, and cannot be moved out of it from here."
        " Nothing was changed. Ask the owner of that account, or whoever runs FactoryCLOUD, to release it:"
        " cloud terminal release {id}. Then assign it again. What it has sent stays with that account."
    )
    return OfAnotherAccount(words.format(id=terminal_id), 409, "terminal_elsewhere")
