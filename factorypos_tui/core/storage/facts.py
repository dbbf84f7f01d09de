"""What the program remembers beside the settings, such as the account's e-mail: one text per name."""

from datetime import datetime

from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.storage.database import Database


def fact(database: Database, name: str) -> str | None:
    """The text that is kept under a name; None where there is none."""
    found: str | None = database.value("SELECT value FROM setting WHERE name = ?", name)
    return found


def fact_at(database: Database, name: str) -> datetime | None:
    """The instant that is kept under a name; None where there is none."""
    kept = fact(database, name)
    with database.trusted():
        return None if kept is None else instant_of(kept)


def keep_fact(database: Database, name: str, value: str) -> None:
    """Keep a text under a name."""
    database.execute(
        "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
        name,
        value,
    )


def drop_fact(database: Database, name: str) -> None:
    """Forget the text under a name."""
    database.execute("DELETE FROM setting WHERE name = ?", name)
