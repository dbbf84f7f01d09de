"""The tables of one database: our statements, spelled as that database spells its tables."""

from collections.abc import Mapping
from typing import Any

from factorypos_tui.tills.unicenta.naming import Names, Table, spell
from factorypos_tui.tills.unicenta.server import Server, TableGone

Row = tuple[Any, ...]


class Tables:
    """Runs our statements. Every method raises `TillError`."""

    def __init__(self, server: Server, names: Names) -> None:
        self.server = server
        self._names = names
        self._spelled: Mapping[str, Table] | None = None

    def spelled(self) -> Mapping[str, Table]:
        """The tables that are there, by our words; looked up once, and again after one of them is gone."""
        if self._spelled is None:
            self._spelled = spell(self._names, self.server.catalogue())
        return self._spelled

    def rows(self, statement: str, *parameters: object) -> list[Row]:
        """All rows of a statement of ours."""
        try:
            return self.server.rows(statement.format_map(self.spelled()), *parameters)
        except TableGone:
            self._spelled = None
            raise

    def has(self, word: str, *columns: str) -> bool:
        """Whether a table that may be missing is there, with these columns."""
        return word in self.spelled() and self.spelled()[word].has(*columns)

    def epoch(self, column: str) -> str:
        """An expression: the seconds since 1970 of a column that the server's own clock has filled."""
        return self.server.address.engine.epoch.format(column=column)
