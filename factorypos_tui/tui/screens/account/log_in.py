"""Log in to FactoryCLOUD; from here also to a new user and to a new password."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import work
from textual.widgets import Input, Static

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.accounts import LoggedIn
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.operations.wording import logged_in_words, logged_out_words
from factorypos_tui.core.status.first_steps import can_make_a_till, next_words
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.account.by_invitation import ByInvitation
from factorypos_tui.tui.screens.account.new_password import ChangedOnly, NewPasswordScreen
from factorypos_tui.tui.screens.account.questions import code_question, email_question
from factorypos_tui.tui.screens.account.recover import RecoverScreen
from factorypos_tui.tui.screens.account.register import RegisterScreen
from factorypos_tui.tui.screens.account.second_factor import SecondFactorScreen
from factorypos_tui.tui.screens.base.form import FormScreen, Question
from factorypos_tui.tui.screens.base.keyed import of_status
from factorypos_tui.tui.station_app import StationApp
from factorypos_tui.tui.waiting import GOES_ON

CODE = "code"
"""The field of the second factor."""
Way = Callable[[StationApp], Awaitable[bool]]
"""Assigns the terminal without a log-in here; gives whether it did."""


@dataclass(frozen=True, slots=True)
class OtherWays:
    """What takes the place of a log-in."""

    by_code: Way
    by_phone: Way


def _why_no_registration(screen: "LogInScreen") -> str:
    return screen.why_no_registration


def _is_for_a_store(screen: "LogInScreen") -> bool:
    return screen.ways is not None


def _why_no_code(screen: "LogInScreen") -> str:
    return _("Make a till first: Esc, then F6.") if can_make_a_till(screen.app.snapshot.status) else ""


class LogInScreen(FormScreen[LoggedIn], ByInvitation[LoggedIn]):
    """E-mail and password; ends once logged in."""

    BINDINGS = [
        bind("f6", "register", N_("Register"), N_("Create a user."), why_not=_why_no_registration),
        bind("f8", "recover", N_("Recover"), N_("A mail says how to choose a new one.")),
        bind(
            "f3",
            "enrol",
            N_("Code"),
            N_("By a code of the owner."),
            is_there=_is_for_a_store,
            why_not=_why_no_code,
        ),
        bind(
            "f12",
            "phone",
            N_("Phone"),
            N_("By your phone."),
            is_there=_is_for_a_store,
            why_not=_why_no_code,
        ),
        bind(
            "f4",
            "log_out",
            N_("Log out"),
            N_("End the log-in; reports go on."),
            is_there=of_status(lambda status: bool(status.account)),
        ),
    ]
    HELP = N_(
        "E-mail address and password of your FactoryCLOUD user. The password is never stored: the log-in"
        " gives this terminal a token, and that is what it keeps."
    )
    ACCEPT = N_("Log in")
    BUSY = N_("Logging in...")
    LEFT = N_("The log-in may still go through: Account will show it.")
    BLAMED: ClassVar[Mapping[str, tuple[str, str]]] = {"invalid_credentials": ("password", "")}

    def __init__(self, ways: OtherWays | None = None) -> None:
        """`ways` assign the terminal in place of a log-in, where that is all that is wanted."""
        super().__init__(_("Log in to FactoryCLOUD"))
        self.ways = ways
        self._logs_out = False

    def introduction(self) -> str:
        """Who is logged in, how that changes, and the two other ways to log in."""
        account = self.app.snapshot.status.account
        other_ways = _("No user yet? F6 Register. Password lost? F8 Recover Password.")
        if why_not := self.why_no_registration:
            other_ways = "\n".join([why_not, _("Password lost? F8 Recover Password.")])
        if self.ways:
            other_ways += "\n" + _("No user here? F3 takes a code of the owner, F12 your phone.")
        if not account:
            return other_ways
        logged_in = _("Logged in as {account}. F4 logs out.").format(account=plain(account, 40))
        return "\n".join([logged_in, _("To change the user, log in as another one."), other_ways])

    def show_why_not(self) -> None:
        """Say so in place of the way to register."""
        self.query_one("#introduction", Static).update(self.introduction())

    def questions(self) -> Iterable[Question]:
        """E-mail and password."""
        yield email_question(self.app.snapshot.status.account or "")
        yield Question(
            "password",
            _("Password"),
            _("The password of that user. F7 shows what you type."),
            missing=_("Type your password."),
            longest=256,
            secret=True,
        )
        yield code_question()

    def on_mount(self) -> None:
        """The code is asked for where FactoryCLOUD asks for it."""
        self.query_one(f"#{CODE}").display = False

    def explain(self, error: FactoryPosError) -> str:
        """Where a second factor is needed, ask for its code."""
        if accounts.needs_code(error):
            field = self.query_one(f"#{CODE}", Input)
            field.display = True
            self.set_focus(field)
            field.select_all()
        return super().explain(error)

    def send(self, answers: Mapping[str, str]) -> LoggedIn:
        """Log in."""
        code = answers.get(CODE) or None
        return self.app.engine.perform(accounts.log_in, answers["email"], answers["password"], code)

    def action_back(self) -> None:
        """Leave at once; what comes of a log-out is told anyway."""
        if self._logs_out:
            self.finish(None)
        else:
            super().action_back()

    @work(exclusive=True, group="other_ways")
    async def action_register(self) -> None:
        """Create a user instead; that user is then logged in."""
        if self._logs_out:
            return
        if done := await self.app.push_screen_wait(RegisterScreen(self.typed("email"))):
            self.finish(done)

    @work(exclusive=True, group="other_ways")
    async def action_enrol(self) -> None:
        """Assign the terminal with a code instead; then nobody needs to log in."""
        if self.ways and not self._logs_out and await self.ways.by_code(self.app):
            self.finish(None)

    @work(exclusive=True, group="other_ways")
    async def action_phone(self) -> None:
        """Have the terminal approved with a phone instead; then nobody needs to log in."""
        if self.ways and not self._logs_out and await self.ways.by_phone(self.app):
            self.finish(None)

    def action_log_out(self) -> None:
        """End the log-in, once. It is the app's own work, so it goes on if the operator leaves."""
        if not self._trying:
            self._trying = self._logs_out = True
            self.app.run_worker(self._log_out())

    async def _log_out(self) -> None:
        """Say what goes on; where it failed, why, also to an operator who has left."""
        try:
            with self.waiting(_("Logging out..."), GOES_ON):
                told = await self.app.perform(accounts.log_out)
        except FactoryPosError as error:
            self.tell(str(error))
            if not self.is_current:
                self.app.complain(error)
        else:
            self.app.tell(logged_out_words(told, sends=self.app.snapshot.status.assignment is not None))
            if self in self.app.screen_stack:
                self.finish(None)
        finally:
            self._trying = self._logs_out = False

    @work(exclusive=True, group="other_ways")
    async def action_recover(self) -> None:
        """Have a mail sent and choose a new password with it, here or from the mail."""
        if self._logs_out:
            return
        email, done = await recover_password(self.app, self.typed("email"))
        if done:
            self.finish(done)
        elif email:
            self.query_one("#email", Input).value = email
            self.query_one("#password", Input).clear()
            self.query_one("#password").focus()


async def log_in(app: StationApp, ways: OtherWays | None = None) -> None:
    """Lead the operator through the log-in, and say what comes next."""
    if done := await app.push_screen_wait(LogInScreen(ways)):
        _say_what_comes_next(app, done)


async def register(app: StationApp) -> None:
    """Create a user with the operator, and say what comes next."""
    if done := await app.push_screen_wait(RegisterScreen("")):
        _say_what_comes_next(app, done)


async def recover(app: StationApp) -> None:
    """Lead the operator to a new password. Where it was chosen here, say what comes next."""
    _email, done = await recover_password(app, app.snapshot.status.account or "")
    if done:
        _say_what_comes_next(app, done)


def _say_what_comes_next(app: StationApp, done: LoggedIn) -> None:
    following = next_words(replace(app.snapshot.status, account=done.account))
    app.tell(f"{logged_in_words(done)} {following}".strip())


async def recover_password(app: StationApp, email: str) -> tuple[str | None, LoggedIn | None]:
    """Lead the operator through it. Returns the e-mail that instructions were sent to; if the new password
    was chosen here, also who is now logged in."""
    sent_to = await app.push_screen_wait(RecoverScreen(email))
    done = await app.push_screen_wait(NewPasswordScreen(sent_to)) if sent_to else None
    if sent_to and isinstance(done, ChangedOnly):
        return sent_to, await app.push_screen_wait(SecondFactorScreen(sent_to, done.password))
    return sent_to, done if isinstance(done, LoggedIn) else None
