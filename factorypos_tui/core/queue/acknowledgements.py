"""What FactoryCLOUD signed of delivered Zs, kept beside them, and the public keys that check it.

Functions raise `StorageError`."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from factorypos_tui.core.answers import PublicKey
from factorypos_tui.core.models import SignedAnswer
from factorypos_tui.core.storage.database import Database

ALGORITHM = "Ed25519"


def keep_signed(database: Database, row_id: int, signed: SignedAnswer) -> None:
    """Keep what was signed of a Z, in the place of what was kept before, in the caller's transaction."""
    database.execute(
        "INSERT OR REPLACE INTO acknowledgement (shipment_id, key_id, document)"
        " SELECT id, ?, ? FROM shipment WHERE id = ? AND kind = 'Z'",
        signed.key_id,
        signed.document,
        row_id,
    )
    database.execute("INSERT OR IGNORE INTO cloud_key (key_id) VALUES (?)", signed.key_id)


def acknowledgement(database: Database, row_id: int) -> SignedAnswer | None:
    """What is kept of a report, as canonical JSON; None where nothing signed is."""
    row = database.row("SELECT key_id, document FROM acknowledgement WHERE shipment_id = ?", row_id)
    return SignedAnswer(row[0], row[1]) if row else None


def lacks_keys(database: Database) -> bool:
    """Whether a signature names a key that is not here."""
    return database.row("SELECT 1 FROM cloud_key WHERE document IS NULL LIMIT 1") is not None


def keep_keys(database: Database, keys: Sequence[PublicKey]) -> None:
    """Keep public keys, each in the place of what was known of it. One that the cloud names no more stays."""
    with database.transaction():
        for key in keys:
            document = json.dumps(asdict(key) | {"algorithm": ALGORITHM}, sort_keys=True)
            database.execute(
                "INSERT INTO cloud_key (key_id, document) VALUES (?, ?)"
                " ON CONFLICT (key_id) DO UPDATE SET document = excluded.document",
                key.key_id,
                document,
            )


def signed_of(document: bytes) -> tuple[str, str, SignedAnswer] | None:
    """The report's id, its hash and what was signed, of a document that was kept; None where it makes no
    sense."""
    try:
        said = json.loads(document)
        names = said["report_id"], said["content_hash"], said["signature"]["key_id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not all(isinstance(name, str) for name in names):
        return None
    return names[0], names[1], SignedAnswer(names[2], document)


def key_of(document: str) -> PublicKey | None:
    """The key of a document that was kept; None where it makes no sense."""
    try:
        fields = json.loads(document)
        del fields["algorithm"]
        key = PublicKey(**fields)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    texts, ended = (key.key_id, key.public_key, key.created_at), (key.retired_at, key.lost_at)
    is_sound = all(isinstance(it, str) for it in texts) and all(isinstance(it, str | None) for it in ended)
    return key if is_sound else None


def known_keys(database: Database) -> list[dict[str, str | None]]:
    """The public keys that are here, as `GET /v1/keys` names their fields, the oldest first."""
    rows = database.rows("SELECT document FROM cloud_key WHERE document IS NOT NULL")
    found = filter(None, (key_of(row[0]) for row in rows))
    keys = sorted(found, key=lambda key: (key.created_at, key.key_id))
    return [asdict(key) | {"algorithm": ALGORITHM} for key in keys]
