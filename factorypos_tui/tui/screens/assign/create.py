"""What all forms share that create something in the account."""

from typing import Generic, TypeVar

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.models import Company, Store
from factorypos_tui.tui.screens.account.log_in_again import LogInAgain
from factorypos_tui.tui.screens.base.form import FormScreen

T = TypeVar("T", Company, Store)


class CreateScreen(FormScreen[T], LogInAgain[T], Generic[T]):
    """Where the log-in has ended, F3 logs in and sends the same answers again."""

    def explain(self, error: FactoryPosError) -> str:
        """The error's text; it also says where the log-in has ended."""
        words = self.noticed(error)
        return words if self.logged_out else super().explain(error)

    def logged_in(self) -> None:
        """Send the same answers again."""
        self.submit()
