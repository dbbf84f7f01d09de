"""Register: create a FactoryCLOUD user and log in with it."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual.widgets import Static

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.accounts import LoggedIn
from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.screens.account.by_invitation import ByInvitation
from factorypos_tui.tui.screens.account.questions import email_question, new_password_questions
from factorypos_tui.tui.screens.base.form import FormScreen, Question


class RegisterScreen(FormScreen[LoggedIn], ByInvitation[LoggedIn]):
    """Ends with the user that was created, logged in."""

    HELP = N_(
        "A FactoryCLOUD user is who looks at the figures: companies and stores belong to it. Create user logs"
        " you in at once. The password needs 12 characters or more and is never stored on this machine."
    )
    ACCEPT = N_("Create user")
    BUSY = N_("Creating the user...")
    LEFT = N_("The user may still be created: then log in with it.")
    BLAMED: ClassVar[Mapping[str, tuple[str, str]]] = {
        "email_taken": ("email", N_("There is a user with this e-mail already."))
    }

    def __init__(self, email: str) -> None:
        """`email`: what was typed so far."""
        super().__init__(_("Register a new user"))
        self._email = email

    def introduction(self) -> str:
        """What it does, or why that cannot be done."""
        return self.why_no_registration or _("A new FactoryCLOUD user; you are logged in with it at once.")

    def show_why_not(self) -> None:
        """Say so above the fields."""
        self.query_one("#introduction", Static).update(self.introduction())

    def questions(self) -> Iterable[Question]:
        """E-mail, name, and a password that is seen or typed twice."""
        yield email_question(self._email)
        yield Question(
            "name",
            _("Your name"),
            _("FactoryCLOUD calls you so in its mails."),
            missing=_("Type your name."),
        )
        yield from new_password_questions()

    def send(self, answers: Mapping[str, str]) -> LoggedIn:
        """Create the user."""
        return self.app.engine.perform(
            accounts.register, answers["email"], answers["password"], answers["name"]
        )
