"""Recover Password: FactoryCLOUD sends instructions by mail."""

from collections.abc import Iterable, Mapping

from factorypos_tui.core.account import accounts
from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.screens.account.questions import email_question
from factorypos_tui.tui.screens.base.form import FormScreen, Question


class RecoverScreen(FormScreen[str]):
    """Ends with the e-mail that a mail was asked for, whether or not the account exists."""

    HELP = N_(
        "FactoryCLOUD sends a mail to the address of your user. It says how to choose a new password; that"
        " works for a few minutes only, so have the mailbox at hand. Terminals go on sending meanwhile."
    )
    ACCEPT = N_("Send instructions")
    BUSY = N_("Asking FactoryCLOUD...")
    LEFT = N_("The mail may still be sent.")

    def __init__(self, email: str) -> None:
        """`email`: what was typed so far."""
        super().__init__(_("Recover Password"))
        self._email = email

    def introduction(self) -> str:
        """What it does."""
        return _("Enter the e-mail of your user, and FactoryCLOUD sends you instructions.")

    def questions(self) -> Iterable[Question]:
        """The e-mail."""
        yield email_question(self._email)

    def send(self, answers: Mapping[str, str]) -> str:
        """Ask for the mail."""
        self.app.engine.perform(accounts.recover, answers["email"])
        return answers["email"]
