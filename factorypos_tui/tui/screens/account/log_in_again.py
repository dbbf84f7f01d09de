"""Dialogs that need somebody logged in: where the log-in has ended, F3 mends it on the spot."""

from typing import Generic, TypeVar

from textual import work

from factorypos_tui.core.errors import FactoryPosError, NotConnected, TokenRefused
from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.account.log_in import LogInScreen
from factorypos_tui.tui.screens.base.dialog import Dialog

R = TypeVar("R")


class LogInAgain(Dialog[R], Generic[R]):
    """Subclasses pass their errors through `noticed`, and do in `logged_in` what they could not do."""

    logged_out = False

    def _is_logged_out(self) -> bool:
        return self.logged_out

    BINDINGS = [
        bind(
            "f3", "log_in", N_("Log in"), N_("The log-in has ended."), "again.log_in", is_there=_is_logged_out
        ),
    ]

    def logged_in(self) -> None:
        """Somebody is logged in again."""
        raise NotImplementedError

    def noticed(self, error: FactoryPosError | None) -> str:
        """The error's words and the key that mends it, if that is a log-in; None: all went well."""
        self.logged_out = isinstance(error, TokenRefused | NotConnected)
        self.refresh_bindings()
        return " ".join([str(error or ""), _("F3 logs in.")] if self.logged_out else [str(error or "")])

    @work(group="log_in")
    async def action_log_in(self) -> None:
        """Log in, then go on; an impatient second press opens no second log-in."""
        if not self.is_current:
            return
        if await self.app.push_screen_wait(LogInScreen()):
            self.noticed(None)
            self.logged_in()
