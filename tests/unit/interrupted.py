"""A process that ends at a chosen commit, and a cloud that notes which store each report came for."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from factorypos_tui.core.answers import Enrolment
from factorypos_tui.core.models import Acknowledgement, Report, Terminal
from factorypos_tui.core.storage.database import Database
from tests.support.fakes import FakeCloud


class Killed(BaseException):
    """The end of the process."""


class NotingCloud(FakeCloud):
    """Notes for which stores each report came; `meanwhile` happens before the next enrolment."""

    def __init__(self) -> None:
        super().__init__()
        self.came: dict[str, set[str]] = defaultdict(set)
        self.meanwhile: Callable[[], object] = lambda: None

    def send(self, terminal_token: str, report: Report, store_id: str | None = None) -> Acknowledgement:
        receipt = super().send(terminal_token, report, store_id)
        self.came[report.id].add(str(store_id))
        return receipt

    def enrol(
        self, user_token: str, store_id: str, terminal: Terminal, software: str, *, move: bool
    ) -> Enrolment:
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        return super().enrol(user_token, store_id, terminal, software, move=move)


@contextmanager
def killed_at(commit: int) -> Iterator[None]:
    """The process ends before or after its n-th commit."""
    left, transaction, execute = [commit], Database.transaction, Database.execute

    def point() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    @contextmanager
    def deadly(self: Database) -> Iterator[None]:
        inner = self.inside()
        with transaction(self):
            yield
            if not inner:
                point()
        if not inner:
            point()

    def deadly_execute(self: Database, sql: str, *parameters: object) -> int:
        changed = execute(self, sql, *parameters)
        if not self.inside():
            point()
        return changed

    with patch.object(Database, "transaction", deadly), patch.object(Database, "execute", deadly_execute):
        yield
