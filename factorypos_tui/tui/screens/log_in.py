"""Log in to FactoryCLOUD."""

from collections.abc import Iterable

from textual import on, work
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from factorypos_tui.core import accounts
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.screens.dialog import Dialog
from factorypos_tui.tui.widgets.field import Field


class LogInScreen(Dialog[bool]):
    """E-mail and password; ends with True once logged in. What was typed survives an error."""

    CSS_PATH = "log_in.tcss"
    BINDINGS = [
        Binding(
            "enter",
            "accept",
            N_("Log in"),
            id="log_in.accept",
            tooltip=N_("From the e-mail on to the password, from there to FactoryCLOUD."),
            priority=True,
        ),
    ]
    HELP = N_(
        "E-mail address and password of your FactoryCLOUD account. The password is never stored: the log-in"
        " gives this terminal a token, and that is what it keeps."
    )

    def __init__(self) -> None:
        super().__init__(_("Log in to FactoryCLOUD"))
        self._trying = False

    def content(self) -> Iterable[Widget]:
        """Two fields, and what there is to say."""
        yield Label(_("E-mail"))
        yield Field(self.app.snapshot.status.account or "", id="email", max_length=254)
        yield Label(_("Password"))
        yield Field(password=True, id="password", max_length=256)
        yield Static("", id="problem", markup=False)

    def on_mount(self) -> None:
        """Start at the first empty field."""
        self.query_one("#password" if self._typed("email") else "#email").focus()

    def action_accept(self) -> None:
        """Try to log in, if there is something to try with and no try is under way."""
        if self._trying:
            return
        if not self._typed("email").strip():
            self._ask_for("email", _("Type your e-mail address."))
        elif not self._typed("password"):
            at_the_email = self.query_one("#email").has_focus
            self._ask_for("password", "" if at_the_email else _("Type your password."))
        else:
            self._trying = True
            self.log_in(self._typed("email").strip(), self._typed("password"))

    @work(exclusive=True)
    async def log_in(self, email: str, password: str) -> None:
        """Ask the cloud; show what it says against it."""
        self.tell(_("Logging in..."))
        try:
            await in_background(lambda: self.app.engine.perform(accounts.log_in, email, password))
        except FactoryPosError as error:
            self._ask_for("password", str(error))
            self.query_one("#password", Input).select_all()
        else:
            self.finish(True)
        finally:
            self._trying = False

    @on(Input.Changed)
    def typing(self) -> None:
        """What was said about the last try does not stand over the next one."""
        if not self._trying:
            self.tell("")

    def tell(self, words: str) -> None:
        """Say something below the fields."""
        self.query_one("#problem", Static).update(words)

    def _ask_for(self, field: str, words: str) -> None:
        self.tell(words)
        self.query_one(f"#{field}").focus()

    def _typed(self, field: str) -> str:
        return self.query_one(f"#{field}", Input).value
