"""Log in to FactoryCLOUD; from here also to a new user and to a new password."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import work
from textual.widgets import Input

from factorypos_tui.core.account import accounts
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.text import plain
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.account.new_password import NewPasswordScreen
from factorypos_tui.tui.screens.account.questions import email_question
from factorypos_tui.tui.screens.account.recover import RecoverScreen
from factorypos_tui.tui.screens.account.register import RegisterScreen
from factorypos_tui.tui.screens.base.form import FormScreen, Question
from factorypos_tui.tui.station_app import StationApp


class LogInScreen(FormScreen[str]):
    """E-mail and password; ends with the account's e-mail once logged in."""

    BINDINGS = [
        bind("f6", "register", N_("Register"), N_("Create a user.")),
        bind("f8", "recover", N_("Recover"), N_("A mail says how to choose a new one.")),
    ]
    HELP = N_(
        "E-mail address and password of your FactoryCLOUD user. The password is never stored: the log-in"
        " gives this terminal a token, and that is what it keeps. No user yet: F6. Password lost: F8."
    )
    ACCEPT = N_("Log in")
    BUSY = N_("Logging in...")
    LEFT = N_("The log-in may still go through: Account will show it.")
    BLAMED: ClassVar[Mapping[str, tuple[str, str]]] = {"invalid_credentials": ("password", "")}

    def __init__(self) -> None:
        super().__init__(_("Log in to FactoryCLOUD"))

    def introduction(self) -> str:
        """Who is logged in, and the two other ways to log in."""
        account = self.app.snapshot.status.account
        other_ways = _("No user yet? F6 Register. Password lost? F8 Recover Password.")
        if not account:
            return other_ways
        return _("Logged in as {account}.").format(account=plain(account, 40)) + "\n" + other_ways

    def questions(self) -> Iterable[Question]:
        """E-mail and password."""
        yield email_question(self.app.snapshot.status.account or "")
        yield Question("password", _("Password"), missing=_("Type your password."), longest=256, secret=True)

    def send(self, answers: Mapping[str, str]) -> str:
        """Log in."""
        return self.app.engine.perform(accounts.log_in, answers["email"], answers["password"])

    @work(exclusive=True, group="other_ways")
    async def action_register(self) -> None:
        """Create a user instead; that user is then logged in."""
        if account := await self.app.push_screen_wait(RegisterScreen(self.typed("email"))):
            self.finish(account)

    @work(exclusive=True, group="other_ways")
    async def action_recover(self) -> None:
        """Have a mail sent and choose a new password with it, here or from the mail."""
        email, account = await recover_password(self.app, self.typed("email"))
        if account:
            self.finish(account)
        elif email:
            self.query_one("#email", Input).value = email
            self.query_one("#password", Input).clear()
            self.query_one("#password").focus()


async def log_in(app: StationApp) -> None:
    """Lead the operator through the log-in, and say what comes next."""
    if account := await app.push_screen_wait(LogInScreen()):
        next_step = "" if app.snapshot.status.assignment else _("Next: 2 Assign business.")
        words = _("Logged in as {account}.").format(account=plain(account, 40))
        app.tell(f"{words} {next_step}".strip())


async def recover_password(app: StationApp, email: str) -> tuple[str | None, str | None]:
    """Lead the operator through it. Returns the e-mail that instructions were sent to; if the new password
    was chosen here, also the account that is now logged in."""
    sent_to = await app.push_screen_wait(RecoverScreen(email))
    return sent_to, await app.push_screen_wait(NewPasswordScreen(sent_to)) if sent_to else None
