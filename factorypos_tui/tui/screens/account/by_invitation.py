"""Dialogs that lead to a new user: where FactoryCLOUD makes users by invitation, they say so before anything
is typed."""

from typing import Generic, TypeVar

from textual import on, work
from textual.events import Mount

from factorypos_tui.core.account import accounts
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.screens.base.dialog import Dialog

R = TypeVar("R")


class ByInvitation(Dialog[R], Generic[R]):
    """Asks FactoryCLOUD when it opens. Subclasses show in `show_why_not` what it answers."""

    why_no_registration = ""
    """Why nobody can register from here, and whom to ask; empty where anybody can, or where no answer has
    come: then the form says what is wrong with the line."""

    def show_why_not(self) -> None:
        """Show that nobody can register from here."""
        raise NotImplementedError

    @on(Mount)
    @work(group="who may register")
    async def ask_who_may_register(self) -> None:
        """Ask; nobody waits for the answer."""
        try:
            words = await in_background(lambda: self.app.engine.perform(accounts.why_no_registration))
        except FactoryPosError:
            return
        if words:
            self.why_no_registration = words
            self.refresh_bindings()
            self.show_why_not()
