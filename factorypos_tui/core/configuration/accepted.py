"""The configuration that a person accepted for after the close of the day, as `sync.db` keeps it until the
till has it. Functions raise `StorageError`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from factorypos_tui.core.language.instants import instant_of, rfc3339
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.packing import packed, unpacked

_COLUMNS = {
    "store_id": str,
    "etag": str,
    "seen_digest": str,
    "changes": int,
    "accepted_at": str,
    "after_z": int,
    "refusal": str | None,
}
"""The columns beside the document, and what they hold: SQLite itself takes a text for a number."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A version that is taken after the close of the day in which it was accepted."""

    store_id: str
    etag: str
    seen_digest: str
    """Of what the till held when the person looked."""
    changes: int
    """How many the person saw."""
    at: datetime
    after_z: int
    """It is taken once the till has closed a higher Z number."""
    refusal: str | None = None
    """Why the till did not take it, in words; None while it waits."""


def load_accepted(database: Database, store_id: str) -> Accepted | None:
    """What was accepted for this store; None where nothing was."""
    row = database.row(
        f"SELECT {', '.join(_COLUMNS)} FROM accepted_configuration WHERE store_id = ?", store_id
    )
    if row is None:
        return None
    with database.trusted():
        return accepted_of(dict(zip(_COLUMNS, row, strict=True)))


def accepted_of(row: Mapping[str, Any]) -> Accepted:
    """What a row says; raises `ValueError` or `TypeError` where it makes no sense."""
    if not all(isinstance(row.get(name), kind) for name, kind in _COLUMNS.items()):
        raise TypeError(row)
    return Accepted(
        store_id=row["store_id"],
        etag=row["etag"],
        seen_digest=row["seen_digest"],
        changes=row["changes"],
        at=instant_of(row["accepted_at"]),
        after_z=row["after_z"],
        refusal=row["refusal"],
    )


def accepted_document(database: Database) -> bytes:
    """The bytes of what was accepted, as FactoryCLOUD held them."""
    stored = database.value("SELECT document FROM accepted_configuration")
    document = unpacked(stored) if stored else b""
    if document == stored:
        raise database.damaged()
    return document


def keep_accepted(database: Database, accepted: Accepted, document: bytes) -> None:
    """Keep it until the day is closed, in place of what was accepted before."""
    database.execute(
        "INSERT OR REPLACE INTO accepted_configuration VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)",
        accepted.store_id,
        accepted.etag,
        packed(document),
        accepted.seen_digest,
        accepted.changes,
        rfc3339(accepted.at),
        accepted.after_z,
        accepted.refusal,
    )


def note_refusal(database: Database, accepted: Accepted, words: str) -> None:
    """Note why the till did not take it, unless another one was accepted since. It is not tried again."""
    database.execute(
        "UPDATE accepted_configuration SET refusal = ? WHERE etag = ? AND accepted_at = ?",
        words,
        accepted.etag,
        rfc3339(accepted.at),
    )


def drop_refused(database: Database) -> None:
    """Forget what the till did not take: a person has decided again."""
    database.execute("DELETE FROM accepted_configuration WHERE refusal IS NOT NULL")


def drop_accepted(database: Database) -> bool:
    """Forget what was accepted; whether there was anything."""
    return database.execute("DELETE FROM accepted_configuration") > 0


def drop_this(database: Database, accepted: Accepted | None) -> None:
    """Forget this one; another one that was accepted since stays."""
    if accepted:
        database.execute(
            "DELETE FROM accepted_configuration WHERE etag = ? AND accepted_at = ?",
            accepted.etag,
            rfc3339(accepted.at),
        )
