"""What an administrator does with the keys that sign, while the server may be running."""

import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from peewee import Database, IntegrityError

from factorypos_tui.server.domain.cloud import instant, utc_now
from factorypos_tui.server.domain.keys import (
    LOOK_SECONDS,
    PublicKey,
    add_key,
    current_signer,
    public_keys,
    readable,
    retire,
)
from factorypos_tui.server.ops.administration import ACTOR, AdministrationError
from factorypos_tui.server.security.signing import Signer, UnreadableKeyError, new_signer, signer_of_pem
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.signing_tables import SigningKey
from factorypos_tui.server.words import system_words, told

_LARGEST_FILE = 10_000


@dataclass(frozen=True, slots=True)
class ListedKey(PublicKey):
    """A key and what it does."""

    state: str
    """`signs`, `unreadable` where it should, `retired` or `lost`."""


def list_keys(database: Database) -> list[ListedKey]:
    """All keys, the oldest first."""
    with database.connection_context():
        row = SigningKey.select().where(SigningKey.current == 1).get_or_none(database)
        current = (row.key_id, "signs" if readable(row) else "unreadable") if row else None
        return [ListedKey(**asdict(key), state=_state(key, current)) for key in public_keys(database)]


def _state(key: PublicKey, current: tuple[str, str] | None) -> str:
    if current and current[0] == key.key_id:
        return current[1]
    return "lost" if key.lost_at else "retired"


def rotate(database: Database) -> str:
    """Let a new key sign from now on; returns its id. Raises `AdministrationError`."""
    return _replace(database, new_signer(), "key.rotated")


def lose(database: Database, key_id: str) -> tuple[str, str | None]:
    """Mark a key as one that others may have; returns when, and the id of the new key where it was the one
    that signed. Raises `AdministrationError`.

    The time is taken once every server has seen that this key signs no more: else what it signed meanwhile
    would prove nothing."""
    with database.connection_context():
        row = _row(database, key_id)
    if row.lost_at:
        raise AdministrationError(told("The key {key} is marked as lost already.").format(key=key_id))
    new_id = rotate(database) if row.current else None
    if new_id:
        time.sleep(2 * LOOK_SECONDS)
    now = instant(utc_now())
    with database.connection_context(), database.atomic():
        SigningKey.update(lost_at=now).where(SigningKey.key_id == key_id).execute(database)
        audit(database, now, ACTOR, "key.lost", key_id)
    return now, new_id


def back_up_key(database: Database, target: Path) -> str:
    """Write the key that signs to a new file that only its owner may read; returns its id. Raises
    `AdministrationError`."""
    with database.connection_context():
        signer = current_signer(database)
    if signer is None:
        raise AdministrationError(told("No key signs here that could be backed up. Run: cloud key list"))
    try:
        with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(signer.pem())
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        words = told("{file} is there already; a backup never overwrites. Name a new file.")
        raise AdministrationError(words.format(file=target)) from error
    except OSError as error:
        words = told("{file} cannot be written: {detail}.")
        raise AdministrationError(words.format(file=target, detail=system_words(error))) from error
    with database.connection_context(), database.atomic():
        audit(database, instant(utc_now()), ACTOR, "key.backed_up", signer.key_id)
    return signer.key_id


def restore_key(database: Database, source: Path) -> str:
    """Let the key of a backup sign again; returns its id. Raises `AdministrationError`, and changes nothing
    then."""
    signer = _read(source)
    with database.connection_context():
        row = SigningKey.select().where(SigningKey.key_id == signer.key_id).get_or_none(database)
    if row is None:
        return _replace(database, signer, "key.restored")
    if not row.current:
        words = told(
            "The key {key} signs no more: it was retired or lost. What it has signed stays valid without its "
            "private half. Nothing was changed. For a new key, run: cloud key rotate"
        )
        raise AdministrationError(words.format(key=signer.key_id))
    with database.connection_context(), database.atomic():
        its = SigningKey.update(private_key=signer.secret(), public_key=signer.public_key)
        its.where(SigningKey.key_id == signer.key_id).execute(database)
        audit(database, instant(utc_now()), ACTOR, "key.restored", signer.key_id)
    return signer.key_id


def _read(source: Path) -> Signer:
    try:
        with source.open("rb") as file:
            return signer_of_pem(file.read(_LARGEST_FILE))
    except OSError as error:
        words = told("{file} cannot be read: {detail}.")
        raise AdministrationError(words.format(file=source, detail=system_words(error))) from error
    except UnreadableKeyError as error:
        words = told("{file} is no backup of a key, or it is damaged. Nothing was changed.")
        raise AdministrationError(words.format(file=source)) from error


def _row(database: Database, key_id: str) -> SigningKey:
    row = SigningKey.select().where(SigningKey.key_id == key_id).get_or_none(database)
    if row is None:
        words = told("There is no key {key}. Run: cloud key list")
        raise AdministrationError(words.format(key=key_id))
    return row


def _replace(database: Database, signer: Signer, action: str) -> str:
    now = instant(utc_now())
    try:
        with database.connection_context(), database.atomic():
            before = retire(database, now)
            if not add_key(database, signer, now):
                raise IntegrityError
            audit(database, now, ACTOR, action, f"{signer.key_id} instead of {before or '-'}")
    except IntegrityError as error:
        words = told("Another command has changed the keys meanwhile. Nothing was changed. Try again.")
        raise AdministrationError(words) from error
    return signer.key_id
