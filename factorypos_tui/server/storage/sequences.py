"""PostgreSQL's counters of columns that number themselves. A restore without their values leaves them behind
the tables. Then every new row is refused until they have caught up."""

from dataclasses import dataclass

from peewee import Database, SqliteDatabase

from factorypos_tui.server.storage.database import run_sql

_COUNTED = """
    SELECT relname, attname, sequence::text
    FROM (
        SELECT c.oid, c.relname, a.attname,
               pg_get_serial_sequence(quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname)
                   AS sequence
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE n.nspname = current_schema() AND c.relkind = 'r'
    ) AS columns
    WHERE sequence IS NOT NULL
    ORDER BY relname, attname
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column and the counter that numbers it, each as SQL names it."""

    table: str
    column: str
    sequence: str

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"


def behind(database: Database) -> list[Column]:
    """The columns whose counter would give a number that a row has already; none on SQLite, which looks."""
    if isinstance(database, SqliteDatabase):
        return []
    columns = [Column(*row) for row in run_sql(database, _COUNTED)]
    return [column for column in columns if _is_behind(database, column)]


def catch_up(database: Database) -> None:
    """Set each counter that is behind to the highest number of its table."""
    with database.connection_context():
        for column in behind(database):
            with database.atomic():  # no other connection takes a number meanwhile
                run_sql(database, f'LOCK TABLE "{column.table}" IN SHARE ROW EXCLUSIVE MODE')
                if _is_behind(database, column):
                    highest = f'SELECT MAX("{column.column}") FROM "{column.table}"'
                    run_sql(database, f"SELECT setval(%s::regclass, ({highest}))", column.sequence)


def _is_behind(database: Database, column: Column) -> bool:
    ((highest,),) = run_sql(database, f'SELECT MAX("{column.column}") FROM "{column.table}"')
    ((last, is_taken),) = run_sql(database, f"SELECT last_value, is_called FROM {column.sequence}")
    return highest is not None and highest > (last if is_taken else last - 1)
