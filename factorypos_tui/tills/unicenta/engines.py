"""The two kinds of server that hold a till's data, as far as they differ. A driver is imported when the first
connection of its kind is opened."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

from factorypos_tui.core.errors import TillError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.installed import how_to_add
from factorypos_tui.core.language.text import plain

CONNECT_S = 3
STATEMENT_S = 10
"""As long as a statement may take; a till that is slower is told, and its days wait."""
LOCK_S = 3


class Cause(StrEnum):
    """Why a server gives no answer."""

    REFUSED = "refused"
    NO_DATABASE = "no_database"
    NO_RIGHT = "no_right"
    NO_TABLE = "no_table"
    """A table or column that was there is not there any more."""
    TOO_OLD = "too_old"
    """It knows no transaction that cannot write."""
    BUSY = "busy"
    """It is locked, or slow."""
    AWAY = "away"
    """The connection is broken, or none can be made."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the till's data are."""

    engine: Engine
    user: str
    host: str
    port: int
    database: str

    @property
    def server(self) -> str:
        """The server in a word."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Engine:
    """A kind of server."""

    driver: str
    port: int
    begin: str
    """Begins a transaction that sees one moment and cannot write."""
    catalogue: str
    """All tables and columns that the account may read, with their types."""
    epoch: str
    """Seconds since 1970 of a column that the server's own clock has filled."""
    open: Callable[[Address, str | None, str], Any]
    """Takes the time zone of the till, too."""
    cause_of: Callable[[Exception], Cause]
    causes: Mapping[object, Cause] = field(repr=False)

    def errors(self) -> tuple[type[Exception], ...]:
        """What its driver raises."""
        driver = load(self.driver)
        return (driver.Error, OSError)


def address_of(url: str) -> Address:
    """Where `mysql://USER@HOST[:PORT]/DB` or `postgresql://…` is.

    Raises `UsageError` for any other text, also for one with a password: it would be in a file that others
    read."""
    try:
        parts = urlsplit(url)
        engine, port = ENGINES[parts.scheme], parts.port
    except (ValueError, KeyError):
        raise _no_address() from None
    database = unquote(parts.path[1:])
    if not (parts.username and parts.hostname and database) or "/" in database or parts.query:
        raise _no_address()
    if parts.password is not None:
        raise UsageError(
            _(
                "The password must not be in the url of the till. Put it into a file, and name it in"
                " password_file."
            )
        )
    return Address(engine, unquote(parts.username), parts.hostname, port or engine.port, database)


def _no_address() -> UsageError:
    return UsageError(
        _(
            "The url of the till must be written like mysql://USER@HOST/DATABASE or postgresql://USER@HOST/DATABASE."
        )
    )


def load(driver: str) -> Any:
    """The driver's module. Commands that need none hide both drivers from peewee, which would load them."""
    if sys.modules.get(driver, driver) is None:
        del sys.modules[driver]
    try:
        return importlib.import_module(driver)
    except ModuleNotFoundError as error:
        raise TillError(
            _("The extra unicenta is not installed: {package} is missing. Run: {command}").format(
                package=driver, command=how_to_add("unicenta")
            )
        ) from error
    except ImportError as error:  # a 32-bit machine gets psycopg without its own libpq
        raise TillError(
            _("PostgreSQL's library libpq is missing. Run: {command}").format(
                command="sudo apt install libpq5"
            )
        ) from error


def told_by(error: Exception) -> str:
    """What the server itself says, harmless and short."""
    said = " ".join(str(error.args[-1] if error.args else "").split())
    said = said.rpartition(" failed: ")[2].partition(" LINE ")[0]  # without where libpq connects, and our SQL
    return plain(said, 300)


def _open_mysql(address: Address, password: str | None, _zone: str) -> Any:
    driver = load("pymysql")
    connection = driver.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        password=password or "",
        database=address.database,
        charset="utf8mb4",
        autocommit=True,
        connect_timeout=CONNECT_S,
        read_timeout=STATEMENT_S,
        write_timeout=STATEMENT_S,
    )
    # The comment of each kind of server is code for it, from the version on that knows the limit.
    limit = (
        f"/*!50708 , max_execution_time = {STATEMENT_S * 1000} */"
        f"/*M!100101 , max_statement_time = {STATEMENT_S} */"
    )
    with connection.cursor() as cursor:
        # A TIMESTAMP is what the till's program wrote only in the zone in which that program is connected.
        cursor.execute(f"SET time_zone = @@global.time_zone, lock_wait_timeout = {LOCK_S} {limit}")
        cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        try:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
        except driver.err.ProgrammingError as error:  # it does not know these words
            connection.close()
            version = connection.get_server_info().removeprefix("5.5.5-")  # MariaDB, for old clients
            raise driver.err.NotSupportedError(Cause.TOO_OLD, version) from error
    return connection


def _open_postgresql(address: Address, password: str | None, zone: str) -> Any:
    load("psycopg")
    from factorypos_tui.tills.unicenta.silence import PatientConnection

    connection = PatientConnection.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        password=password or None,
        dbname=address.database,
        autocommit=True,
        connect_timeout=CONNECT_S,
        client_encoding="utf-8",
        application_name="factorypos-tui",
        tcp_user_timeout=STATEMENT_S * 1000,
        keepalives_idle=LOCK_S,  # misses a machine that goes away before it answers
        keepalives_interval=LOCK_S,
        keepalives_count=2,
        prepare_threshold=None,  # a prepared statement fails once its table was changed
    )
    for setting in (
        f"statement_timeout = {STATEMENT_S * 1000}",
        f"lock_timeout = {LOCK_S * 1000}",
        f"idle_in_transaction_session_timeout = {STATEMENT_S * 6000}",
        "default_transaction_read_only = on",
        "extra_float_digits = 3",  # else servers before 12 cut a DOUBLE off
    ):
        connection.execute(f"SET {setting}")
    connection.execute("SELECT set_config('TimeZone', %s, false)", (zone,))
    return connection


def _cause_by_code(error: Exception) -> Cause:
    return _MYSQL.causes.get(
        error.args[0] if error.args else None, Cause.AWAY if _is_broken(error) else Cause.OTHER
    )


def _is_broken(error: Exception) -> bool:
    return isinstance(error, OSError) or type(error).__name__ == "InterfaceError"


def _cause_by_state(error: Exception) -> Cause:
    state = getattr(error, "sqlstate", None)
    if state is None:  # libpq tells why it does not connect in words only
        said = str(error)
        if re.search("password|autenti[fc]", said, re.IGNORECASE):
            return Cause.REFUSED
        if "FATAL" in said and re.search("database|base de datos", said):
            return Cause.NO_DATABASE
        return Cause.REFUSED if "FATAL" in said and re.search("pg_hba|role?", said) else Cause.AWAY
    return _POSTGRESQL.causes.get(state, _POSTGRESQL.causes.get(state[:2], Cause.OTHER))


_MYSQL = Engine(
    driver="pymysql",
    port=3306,
    begin="START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    catalogue="SELECT table_name, column_name, data_type FROM information_schema.columns"
    " WHERE table_schema = DATABASE()",
    epoch="UNIX_TIMESTAMP({column})",
    open=_open_mysql,
    cause_of=_cause_by_code,
    causes={
        Cause.TOO_OLD: Cause.TOO_OLD,
        **dict.fromkeys((1045, 1698, 1130, 1251, 2059, 2061, 3118, 3159), Cause.REFUSED),
        **dict.fromkeys((1044, 1049), Cause.NO_DATABASE),
        **dict.fromkeys((1142, 1143, 1370), Cause.NO_RIGHT),
        **dict.fromkeys((1051, 1054, 1109, 1146), Cause.NO_TABLE),
        **dict.fromkeys((1205, 1213, 1040, 1203, 1317, 1969, 3024), Cause.BUSY),
        **dict.fromkeys(
            (0, 1053, 1077, 1079, 1152, 1927, 2002, 2003, 2006, 2013, 2014, 2055, 4031), Cause.AWAY
        ),
    },
)
_POSTGRESQL = Engine(
    driver="psycopg",
    port=5432,
    begin="BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    catalogue="SELECT table_name, column_name, data_type FROM information_schema.columns"
    " WHERE table_schema = ANY (current_schemas(false))",
    epoch="EXTRACT(EPOCH FROM {column}::timestamptz)",
    open=_open_postgresql,
    cause_of=_cause_by_state,
    causes={
        "28": Cause.REFUSED,
        "3D": Cause.NO_DATABASE,
        "42501": Cause.NO_RIGHT,
        **dict.fromkeys(("42P01", "42703", "3F000"), Cause.NO_TABLE),
        **dict.fromkeys(("55P03", "57014", "53300", "40P01", "40001"), Cause.BUSY),
        **dict.fromkeys(("08", "57P01", "57P02", "57P03", "57P05", "25P03"), Cause.AWAY),
    },
)
ENGINES = {"mysql": _MYSQL, "postgresql": _POSTGRESQL}
