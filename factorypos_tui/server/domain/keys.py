"""The keys with which the cloud signs: at most one at once; the public halves of all stay known."""

import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

from peewee import Database, InterfaceError, OperationalError
from playhouse.pool import MaxConnectionsExceeded

from factorypos_tui.server.documents import canonical
from factorypos_tui.server.security.signing import (
    ALGORITHM,
    Signer,
    UnreadableKeyError,
    new_signer,
    signer_of,
)
from factorypos_tui.server.storage.signing_tables import SigningKey

LOOK_SECONDS = 1.0
"""How long a process signs with a key without looking whether it is still the one that signs."""
NOT_SIGNED = frozenset({"signature", "missing_z_numbers"})
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What everybody may know of a key."""

    key_id: str
    algorithm: str
    public_key: str
    created_at: str
    retired_at: str | None
    lost_at: str | None


def public_keys(database: Database) -> list[PublicKey]:
    """All keys that ever signed, the oldest first."""
    known = SigningKey.select().order_by(SigningKey.created_at, SigningKey.key_id)
    return [
        PublicKey(row.key_id, ALGORITHM, row.public_key, row.created_at, row.retired_at, row.lost_at)
        for row in known.bind(database)
    ]


def current_signer(database: Database) -> Signer | None:
    """The key that signs; None where none does, or it cannot be read."""
    row = SigningKey.select().where(SigningKey.current == 1).get_or_none(database)
    return None if row is None else readable(row)


def readable(row: SigningKey) -> Signer | None:
    """The private key of a row; None where it is not there, or is not the one of the public key."""
    try:
        signer = signer_of(row.private_key or "")
    except UnreadableKeyError:
        return None
    return signer if (signer.key_id, signer.public_key) == (row.key_id, row.public_key) else None


def add_key(database: Database, signer: Signer, created_at: str) -> bool:
    """Let this key sign, in the caller's transaction; False where another one does already."""
    query = SigningKey.insert(
        key_id=signer.key_id,
        public_key=signer.public_key,
        private_key=signer.secret(),
        current=1,
        created_at=created_at,
        retired_at=None,
        lost_at=None,
    )
    return bool(query.on_conflict_ignore().as_rowcount().execute(database))


def retire(database: Database, now: str) -> str | None:
    """Let the key that signs sign no more, in the caller's transaction: its private half goes. Its id, if
    there was one."""
    row = SigningKey.select(SigningKey.key_id).where(SigningKey.current == 1).get_or_none(database)
    ended = SigningKey.update(current=None, private_key=None, retired_at=now)
    ended.where(SigningKey.current == 1).execute(database)
    return None if row is None else str(row.key_id)


class Signing:
    """Signs for one process, with the key that the database names."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._look_again_at = 0.0
        self._signer: Signer | None = None
        self._known: list[PublicKey] = []

    def begin(self, now: str) -> None:
        """Make the first key where there never was one, whichever process is the first; look which one
        signs."""
        try:
            with self._database.connection_context(), self._database.atomic():
                if not SigningKey.select(SigningKey.key_id).limit(1).exists(self._database):
                    add_key(self._database, new_signer(), now)
        except (OperationalError, InterfaceError, MaxConnectionsExceeded):
            logger.exception("no key could be made: reports are acknowledged without a signature")
        self._look()
        if self._signer is None:
            logger.error("no key signs: reports are acknowledged without a signature; see: cloud key list")

    def sign(self, document: dict[str, Any], left_out: frozenset[str] = NOT_SIGNED) -> dict[str, Any]:
        """The document with its signature; as it is where no key signs. The names that are `left_out` are not
        signed. The caller holds no connection."""
        self._look()
        if (signer := self._signer) is None:
            return document
        signed = {name: value for name, value in document.items() if name not in left_out}
        signature = {"key_id": signer.key_id, "value": signer.sign(canonical.encode(signed))}
        return {**document, "signature": signature}

    def public_keys(self) -> list[PublicKey]:
        """All keys that ever signed, the oldest first, as they were a second ago."""
        self._look()
        return self._known

    def _look(self) -> None:
        """A database that does not answer changes nothing: what was committed is acknowledged."""
        if time.monotonic() < self._look_again_at:
            return
        with self._lock:
            if time.monotonic() < self._look_again_at:
                return
            try:
                with self._database.connection_context():
                    signer, known = current_signer(self._database), public_keys(self._database)
            except (OperationalError, InterfaceError, MaxConnectionsExceeded):
                logger.warning("the keys could not be looked up", exc_info=True)
            else:
                self._signer, self._known = signer, known
            self._look_again_at = time.monotonic() + LOOK_SECONDS
