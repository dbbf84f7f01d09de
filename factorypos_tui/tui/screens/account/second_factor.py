"""The code of a second factor, after a new password was chosen."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.accounts import LoggedIn
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.text import plain
from factorypos_tui.tui.screens.account.questions import code_question
from factorypos_tui.tui.screens.base.form import FormScreen, Question


class SecondFactorScreen(FormScreen[LoggedIn]):
    """Ends logged in; else goes back to the log-in."""

    HELP = N_(
        "A new password leaves the second factor as it is. Without the phone and the recovery codes, ask"
        " whoever runs FactoryCLOUD to take it away. Terminals go on sending."
    )
    ACCEPT = N_("Log in")
    BUSY = N_("Logging in...")
    LEFT = N_("The log-in may still go through: Account will show it.")
    BLAMED: ClassVar[Mapping[str, tuple[str, str]]] = {accounts.NEEDS_CODE: ("code", "")}

    def __init__(self, email: str, password: str) -> None:
        super().__init__(_("Log in to FactoryCLOUD"))
        self._email, self._password = email, password

    def introduction(self) -> str:
        """What was done, and what is left to do."""
        words = _("The password was changed. {email} has a second factor, too: type its code.")
        return words.format(email=plain(self._email, 40))

    def questions(self) -> Iterable[Question]:
        """The code alone."""
        yield code_question(_("Type the code, or go back with Esc."))

    def send(self, answers: Mapping[str, str]) -> LoggedIn:
        """Log in with the new password."""
        return self.app.engine.perform(accounts.log_in, self._email, self._password, answers["code"])
