"""Changes the till's time zone. Each closed period keeps the zone that it was closed under."""

from contextlib import suppress

from factorypos_tui.core.account.till_time import known_timezone
from factorypos_tui.core.errors import DayOpen, TillError, UsageError
from factorypos_tui.core.language import _, counted
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.storage.database import Database
from factorypos_tui.tills.bundled.setup import read_setup, time_zone


def change_zone(database: Database, name: str) -> tuple[str, str]:
    """Let the running day and those after it be dated by a zone; gives the zones before and after.

    Raises `UsageError` for a name that is no zone, and `DayOpen` while the open period has receipts: they
    were shown, and may have been dated, by the zone before. A zone that nobody knows may be replaced at any
    time, since no day can be closed under it."""
    zone = known_timezone(name)
    if zone is None:
        raise UsageError(_("{name} is not a time zone. Write it like Europe/Madrid.").format(name=name[:40]))
    with database.transaction():
        before = read_setup(database).timezone
        if before != zone:
            if _is_known(before):
                _refuse_with_receipts(database)
            database.execute("UPDATE terminal SET timezone = ?", zone)
    return before, zone


def _refuse_with_receipts(database: Database) -> None:
    receipts = database.value(
        "SELECT COUNT(*) FROM receipts JOIN periods ON period_id = id WHERE z_number IS NULL"
    )
    if receipts:
        raise DayOpen(
            counted(
                "The running day has {n} receipt. Nothing was changed. Close the day first: {command}",
                "The running day has {n} receipts. Nothing was changed. Close the day first: {command}",
                receipts,
                command=command("till close"),
            )
        )


def _is_known(zone: str) -> bool:
    with suppress(TillError):
        time_zone(zone)
        return True
    return False
