"""Dialogs that need a log-in: where it has ended, F3 logs in again on the spot."""

from typing import Generic, TypeVar

from textual import work

from factorypos_tui.core.errors import FactoryPosError, NotConnected, TokenRefused
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.operations.wording import not_ended_words
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.account.log_in import LogInScreen
from factorypos_tui.tui.screens.base.dialog import Dialog

R = TypeVar("R")


class LogInAgain(Dialog[R], Generic[R]):
    """Subclasses pass their errors to `noticed`, and repeat in `logged_in` what failed."""

    logged_out = False

    def _is_logged_out(self) -> bool:
        return self.logged_out

    BINDINGS = [
        bind("f3", "log_in", N_("Log in"), N_("The log-in has ended."), is_there=_is_logged_out),
    ]

    def logged_in(self) -> None:
        """An operator is logged in again: repeat what failed."""
        raise NotImplementedError

    def noticed(self, error: FactoryPosError | None) -> str:
        """The error's text, with the key that logs in if that helps. None: there was no error."""
        self.logged_out = isinstance(error, TokenRefused | NotConnected)
        self.refresh_bindings()
        return " ".join([str(error or ""), _("F3 logs in.")] if self.logged_out else [str(error or "")])

    @work(group="log_in")
    async def action_log_in(self) -> None:
        """Log in, then go on. A second press of the key opens no second log-in."""
        if not self.is_current:
            return
        if done := await self.app.push_screen_wait(LogInScreen()):
            if not done.ended_before:
                self.app.tell(not_ended_words())
            self.noticed(None)
            self.logged_in()
