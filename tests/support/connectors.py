"""Tills of another program that exist in memory only, and what `config.toml` would name."""

from collections.abc import Callable, Sequence
from datetime import datetime

from factorypos_tui.core.connecting.facts import TillFacts
from factorypos_tui.core.connecting.found import Access, FoundHost, PaperClose
from factorypos_tui.core.errors import TillError
from factorypos_tui.core.ports import Connector

FIRST = datetime.fromisoformat("2026-11-02T22:10:00")
LAST = datetime.fromisoformat("2026-11-03T23:59:30")
CAJA_1 = FoundHost("CAJA-1", "5a0c36f0-8b1e-4a1a-9f52-0d1c7f9f2b11", 2, 3, LAST)
CAJA_2 = FoundHost("CAJA-2", "9e1f7a54-2c55-4e7b-8a77-6f0a4c3d5e22", 0, None, None)
CLOSES = (
    PaperClose(3, LAST, 7, 4671, 739, 5409, (("cash", 3319), ("ccard", 840))),
    PaperClose(2, FIRST, 5, 4158, 552, 4711, (("cash", 1300), ("ccard", 2901))),
)
FACTS = TillFacts(
    "unicenta",
    "mysql://reader@db/kriol",
    "CAJA-1",
    "Bar Marítim SL",
    "ES",
    "EUR",
    "Europe/Madrid",
    "04:00",
    "5a0c36f0-8b1e-4a1a-9f52-0d1c7f9f2b11",
)
PASSWORD = "the password of the till"
GRANTS = ("CREATE USER reader;", "GRANT SELECT ON receipts TO reader;")


class MemoryConnector(Connector):
    """A server with two tills behind a password; both are in order."""

    def __init__(self) -> None:
        self.found: Sequence[FoundHost] = (CAJA_1, CAJA_2)
        self.facts: TillFacts | None = None
        self.password: str | None = None
        self.is_afresh = False
        self.asked: list[Access] = []
        self.before_answering: Callable[[], object] = lambda: None
        """What a slow server does first."""

    def named(self) -> TillFacts | None:
        return self.facts

    def hosts(self, access: Access) -> Sequence[FoundHost]:
        self._answer(access)
        return self.found

    def last_closes(self, access: Access, host: str, currency: str) -> Sequence[PaperClose]:  # noqa: ARG002
        self._answer(access)
        return () if host == CAJA_2.host else CLOSES

    def grants(self, access: Access) -> Sequence[str]:
        self._answer(access)
        return GRANTS

    def name(self, facts: TillFacts, password: str | None, *, afresh: bool = False) -> None:
        self.facts, self.is_afresh = facts, afresh
        self.password = password if password is not None else self.password

    def _answer(self, access: Access) -> None:
        self.before_answering()
        self.asked.append(access)
        if (access.password or self.password) != PASSWORD:
            raise TillError("The server refuses this password. Nothing was changed.")
