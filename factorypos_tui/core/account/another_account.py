"""The error for a terminal that FactoryCLOUD knows in another account: one text for all who meet it."""

from factorypos_tui.core.errors import OfAnotherAccount
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command


def of_another_account(terminal_id: str) -> OfAnotherAccount:
    """The error. It says whom to ask, and what that person has to do."""
    message = _(
        "This terminal belongs to another account of FactoryCLOUD. Nothing was changed. If it has sent "
        "nothing there yet, disconnect it here: {command}. If it has, ask the owner of that account, or the "
        "person who runs FactoryCLOUD, to release it: cloud terminal release {id}. Then assign it again. "
        "What it has sent stays with that account."
    )
    return OfAnotherAccount(
        message.format(id=terminal_id, command=command("disconnect")), 409, "terminal_elsewhere"
    )
