"""What the program itself remembers beside the settings, such as the account's e-mail: texts under a name."""

from datetime import datetime

from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.storage.database import Database


def fact(database: Database, name: str) -> str | None:
    """What it remembers under a name; None where that is nothing."""
    found: str | None = database.value("SELECT value FROM setting WHERE name = ?", name)
    return found


def fact_at(database: Database, name: str) -> datetime | None:
    """An instant that it remembers; None where there is none, or what the disk has of it is none."""
    try:
        return instant_of(fact(database, name) or "")
    except (ValueError, TypeError):
        return None


def keep_fact(database: Database, name: str, value: str) -> None:
    """Remember it."""
    database.execute(
        "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
        name,
        value,
    )


def drop_fact(database: Database, name: str) -> None:
    """Forget it."""
    database.execute("DELETE FROM setting WHERE name = ?", name)
