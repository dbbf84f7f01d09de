"""What the forms share that create something in the account."""

from typing import Generic, TypeVar

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.models import Company, Store
from factorypos_tui.tui.screens.account.log_in_again import LogInAgain
from factorypos_tui.tui.screens.base.form import FormScreen

T = TypeVar("T", Company, Store)


class CreateScreen(FormScreen[T], LogInAgain[T], Generic[T]):
    """Where the log-in has ended, F3 logs in and what was typed is sent again."""

    def explain(self, error: FactoryPosError) -> str:
        """Also that the log-in has ended."""
        words = self.noticed(error)
        return words if self.logged_out else super().explain(error)

    def logged_in(self) -> None:
        """Try again with what was typed."""
        self.submit()
