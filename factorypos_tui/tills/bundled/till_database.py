"""The till's file. Any program may write to it, so every text can be read, and triggers guard its rows.

The guards refuse new rows that no report can carry. They do not raise `user_version`: a program that knows
version 2 can still write, and older bad rows can still be read."""

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from factorypos_tui.core.errors import DamagedError, StorageError, TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.models import REPORT_RULES
from factorypos_tui.core.storage.database import Database, Row, statements

_HERE = Path(__file__).parent
MIGRATIONS = tuple((_HERE / name).read_text("utf-8") for name in ("schema.sql", "schema_2.sql"))
_GUARDS = (_HERE / "guards.sql").read_text("utf-8")
_RULES_TABLE = "report_rules"
RECEIPTS_SOLD = (
    "SELECT COUNT(*) FROM receipts WHERE period_id = ?"
    " AND EXISTS (SELECT 1 FROM receipt_lines WHERE receipt = seq)"
)
"""The receipts of a period as reports count them: those with lines."""
_FEWER_TYPES = "'tip', 'mobile')"
_EVERY_TYPE = "'tip', 'mobile', 'free', 'bank', 'other')"
_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table'"


class TillDatabase(Database):
    """A `Database` in which invalid text is no damage: bytes that are no UTF-8 are read as U+FFFD."""

    def __init__(self, path: Path) -> None:
        """Open `path` as a till; the file, its tables and its guards are made where they are missing."""
        super().__init__(path, MIGRATIONS)

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """All rows of a query."""
        try:
            return super().rows(sql, *parameters)
        except DamagedError as error:
            if not isinstance(error.__cause__, UnicodeDecodeError):
                raise
        names = [f"c{n}" for n in range(self._columns(f"SELECT * FROM ({sql}) LIMIT 0", parameters))]
        values = ", ".join(
            f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) ELSE {name} END" for name in names
        )
        rows = super().rows(f"WITH q ({', '.join(names)}) AS ({sql}) SELECT {values} FROM q", *parameters)
        return [tuple(map(_readable, row)) for row in rows]

    def rules(self) -> Sequence[tuple[int, int]]:
        """(first Z, version) of each version of the rules for reports up to `REPORT_RULES`, ascending; none
        where the file has no guards yet."""
        if not self.row("SELECT 1 FROM sqlite_schema WHERE name = ?", _RULES_TABLE):
            return ()
        return self.rows(
            f"SELECT first_z, version FROM {_RULES_TABLE} WHERE version <= ? ORDER BY version", REPORT_RULES
        )

    def _columns(self, sql: str, parameters: tuple[object, ...]) -> int:
        width: int = self._run(sql, parameters, lambda cursor: len(cursor.description))
        return width

    def _migrate(self) -> None:
        self._refuse_what_is_no_till()
        super()._migrate()
        with suppress(StorageError):  # full, or another program writes: the next connection tries again
            self._guard()
            self._take_every_payment_type()

    def _compare_tables(self) -> None:
        """Compare nothing: other programs may add tables of their own."""

    def _refuse_what_is_no_till(self) -> None:
        with self._in_words():
            tables = {name for (name,) in self._sqlite.execute_sql(_TABLES).fetchall()}
        if tables and "periods" not in tables:
            raise TillError(
                _(
                    "{file} is no till: it is another database. Nothing was changed. Name the till's file in"
                    " path under [till] in config.toml."
                ).format(file=self.path)
            )

    def _guard(self) -> None:
        names = re.findall(r"IF NOT EXISTS (\w+)", _GUARDS)
        there = f"SELECT count(*) FROM sqlite_schema WHERE name IN ({', '.join('?' * len(names))})"
        newest = f"SELECT MAX(version) FROM {_RULES_TABLE}"
        with self._in_words():
            if (
                self._sqlite.execute_sql(there, names).fetchone()[0] == len(names)
                and self._sqlite.execute_sql(newest).fetchone()[0] >= REPORT_RULES
            ):
                return
            with self._sqlite.atomic("IMMEDIATE"):
                for statement in statements(_GUARDS):
                    self._sqlite.execute_sql(statement)

    def _take_every_payment_type(self) -> None:
        """Let the tables hold the types that came later.

        It changes the words of a CHECK, as SQLite's manual shows for that (ALTER TABLE, 7), and not one row:
        so it takes no time in a large file, and triggers that other programs have added stay."""
        narrow = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND instr(sql, ?)"
        with self._in_words():
            if not self._sqlite.execute_sql(narrow, (_FEWER_TYPES,)).fetchone():
                return
            try:
                with self._sqlite.atomic("IMMEDIATE"):
                    version = self._sqlite.execute_sql("PRAGMA schema_version").fetchone()[0]
                    self._sqlite.execute_sql("PRAGMA writable_schema = ON")
                    self._sqlite.execute_sql(
                        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table'",
                        (_FEWER_TYPES, _EVERY_TYPE),
                    )
                    self._sqlite.execute_sql(f"PRAGMA schema_version = {version + 1}")
            finally:
                self._sqlite.execute_sql("PRAGMA writable_schema = RESET")


def _readable(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
