"""The way from the mail to a new password."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.accounts import LoggedIn
from factorypos_tui.core.errors import LogInFailed
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.text import plain
from factorypos_tui.tui.screens.account.questions import new_password_questions
from factorypos_tui.tui.screens.base.form import FormScreen, Question


@dataclass(frozen=True, slots=True)
class ChangedOnly:
    """The password was changed, and the log-in with it needs the code of a second factor, too."""

    password: str


class NewPasswordScreen(FormScreen[LoggedIn | ChangedOnly]):
    """Ends with the new password, logged in where that is enough; else goes back to the log-in.

    Its texts do not tell whether the account exists."""

    HELP = N_(
        "No mail after some minutes: look among unwanted mail, check the address, and ask again. FactoryCLOUD"
        " never says whether an address has a user, so that nobody can find that out. Changing the password"
        " ends every log-in of the user; terminals go on sending."
    )
    ACCEPT = N_("Change password")
    BUSY = N_("Changing the password...")
    LEFT = N_("The password may still be changed: then log in with the new one.")
    BLAMED: ClassVar[Mapping[str, tuple[str, str]]] = {
        "reset_token_invalid": ("code", N_("This is not, or no longer, the code."))
    }

    def __init__(self, email: str) -> None:
        """`email`: where the mail went."""
        super().__init__(_("Recover Password"))
        self._email = email

    def introduction(self) -> str:
        """Where the mail is, and the two ways on."""
        sent = _("If {email} has a user, a mail is on its way there.")
        ways = _(
            "It holds a code, good for ten minutes and five tries. Type it here; or open the link in the mail"
            " on any device, choose a new password there, come back with Esc and log in."
        )
        return sent.format(email=plain(self._email, 40)) + "\n" + ways

    def questions(self) -> Iterable[Question]:
        """The code and a new password."""
        yield Question(
            "code",
            _("Code from the mail"),
            _("8 letters and digits, in capitals or not; blanks and hyphens do not matter."),
            missing=_("Type the code, or go back with Esc."),
            wrong=_("8 characters, as in the mail"),
            fits=accounts.recovery_code,
        )
        yield from new_password_questions()

    def send(self, answers: Mapping[str, str]) -> LoggedIn | ChangedOnly:
        """Change it, and log in."""
        password = answers["password"]
        try:
            return self.app.engine.perform(accounts.choose_password, self._email, answers["code"], password)
        except LogInFailed as failed:
            if accounts.needs_code(failed):
                return ChangedOnly(password)
            raise
