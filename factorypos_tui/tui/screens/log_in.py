"""Log in to FactoryCLOUD."""

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from factorypos_tui.core import accounts
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.station_app import StationApp
from factorypos_tui.tui.widgets.key_bar import KeyBar


class LogInScreen(ModalScreen[bool]):
    """E-mail and password; ends with True once logged in. What was typed survives an error."""

    CSS_PATH = "log_in.tcss"
    BINDINGS = [
        Binding("escape", "back", N_("Back"), id="log_in.back", tooltip=N_("Back; nothing is changed."))
    ]
    app: StationApp

    def compose(self) -> ComposeResult:
        """A small form in the middle of the screen."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = _("Log in to FactoryCLOUD")
            yield Label(_("E-mail"))
            yield Input(self.app.snapshot.status.account or "", id="email", max_length=254)
            yield Label(_("Password"))
            yield Input(password=True, id="password", max_length=256)
            yield Static("", id="problem", markup=False)
            yield Button(_("Log in"), id="accept")
            yield KeyBar()

    def on_mount(self) -> None:
        """Start at the first empty field."""
        self.query_one("#password" if self.query_one("#email", Input).value else "#email").focus()

    @on(Input.Submitted, "#email")
    def to_the_password(self) -> None:
        """Enter in the first field goes on to the second."""
        self.query_one("#password").focus()

    @on(Input.Submitted, "#password")
    @on(Button.Pressed, "#accept")
    def accept(self) -> None:
        """Try to log in, if there is something to try with and no try is under way."""
        email, password = (
            self.query_one("#email", Input).value.strip(),
            self.query_one("#password", Input).value,
        )
        missing = "email" if not email else "password" if not password else None
        if missing:
            self.tell(_("Type your e-mail address.") if missing == "email" else _("Type your password."))
            self.query_one(f"#{missing}").focus()
        elif not self.query_one("#accept", Button).disabled:
            self.log_in(email, password)

    @work(exclusive=True)
    async def log_in(self, email: str, password: str) -> None:
        """Ask the cloud; show what it says against it."""
        button = self.query_one("#accept", Button)
        button.disabled = True
        self.tell(_("Logging in..."))
        try:
            await in_background(lambda: self.app.engine.perform(accounts.log_in, email, password))
        except FactoryPosError as error:
            self.tell(str(error))
            self.query_one("#password").focus()
        else:
            self.dismiss(True)
        finally:
            button.disabled = False

    def tell(self, words: str) -> None:
        """Say something below the fields."""
        self.query_one("#problem", Static).update(words)

    def action_back(self) -> None:
        """Leave without logging in."""
        self.dismiss(False)
