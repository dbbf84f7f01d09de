"""Opens the server's database: begun or found, and brought up to date with a copy of what was there."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from peewee import Database

from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.storage import months, sequences, sqlite_file
from factorypos_tui.server.storage.backup import back_up
from factorypos_tui.server.storage.migrating import migrate, schema_version
from factorypos_tui.server.storage.migrations import MIGRATIONS
from factorypos_tui.server.words import told

REPORTS_A_MINUTE = 60_000
"""What a small machine copies and adds up again."""
_ROOM_TO_UPDATE = 3
"""Times the size of a SQLite database: its copy, and each row once more in the file and in its log."""


def file_of(home: Path) -> Path:
    """The file of a server on SQLite."""
    return home / "cloud.db"


@contextmanager
def opened(
    home: Path, url: str | None, say: Callable[[str], None], *, only_to_look: bool = False
) -> Iterator[Database]:
    """The database, `cloud.db` in a home or PostgreSQL, with this program's tables; closed afterwards. What
    takes long is said to the person who waits. `only_to_look`: its tables stay those of the program that
    wrote it, and its counters are not mended after a restore. Raises `DatabaseRefusedError`."""
    with ExitStack() as until_closed:
        if url:
            database = databases.postgresql_database(url)
            until_closed.callback(databases.close, database)
            if not only_to_look:
                _bring_up_to_date(database, say)
                months.make_ready(database, datetime.now(UTC).date())
        else:
            path = file_of(home)
            with sqlite_file.turn(path):
                sqlite_file.begin(path)
                use = until_closed.enter_context(sqlite_file.in_use(path))
                database = databases.sqlite_database(path)
                until_closed.callback(databases.close, database)
                if not only_to_look:
                    _bring_file_up_to_date(database, path, use, say)
                sqlite_file.remember(path)
        if not only_to_look:
            sequences.catch_up(database)
        yield database


def was_made(home: Path) -> bool:
    """Whether there is, or was, the file of a server on SQLite."""
    return sqlite_file.was_made(file_of(home))


def _bring_file_up_to_date(database: Database, path: Path, use: int, say: Callable[[str], None]) -> None:
    if not _is_older(database):
        migrate(database)
        return
    with sqlite_file.alone(use, path):
        copy = _copy(database, path)
        _bring_up_to_date(database, say)
        _keep(copy, say)


def _is_older(database: Database) -> bool:
    with database.connection_context():
        return 0 < (schema_version(database) or 0) < len(MIGRATIONS)


def _copy(database: Database, path: Path) -> Path:
    """A copy in the place of that of an update that did not end: each try makes one, and one is enough."""
    copy = path.with_name(f"{path.name}.before-update")
    copy.unlink(missing_ok=True)
    sqlite_file.find_room(_ROOM_TO_UPDATE * path.stat().st_size, path.parent)
    back_up(database, copy)
    return copy


def _keep(copy: Path, say: Callable[[str], None]) -> None:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    kept = copy.rename(copy.with_name(f"{copy.name}-{stamp}"))
    say(
        told("What it was before is in {file}. Keep that copy until you have seen that all is well.").format(
            file=kept
        )
    )


def _how_many_reports(database: Database) -> int:
    """In tables of any older version."""
    tables = {"report", "z_report", "x_report"}.intersection(database.get_tables())
    return sum(int(databases.run_sql(database, f"SELECT COUNT(*) FROM {name}")[0][0]) for name in tables)


def _bring_up_to_date(database: Database, say: Callable[[str], None]) -> None:
    """Run the migrations, all or none, and say of older tables how long that takes."""
    if is_older := _is_older(database):
        with database.connection_context():
            reports = _how_many_reports(database)
        say(
            told(
                "The database is brought up to date: {n} reports, about {minutes} min. If it is stopped "
                "meanwhile, nothing is changed and the next start begins again."
            ).format(n=reports, minutes=reports // REPORTS_A_MINUTE + 1)
        )
    migrate(database)
    if is_older:
        say(told("The database is up to date."))
