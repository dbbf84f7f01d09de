"""The versions of a store's configuration. All of them are kept, and any can be brought back."""

from collections.abc import Mapping, Sequence
from typing import Any

from peewee import Database, ModelSelect, fn
from pydantic import BaseModel

from factorypos_tui.server import errors
from factorypos_tui.server.domain.configurations import (
    Seen,
    add_version,
    locked,
    require,
    require_room_for_version,
)
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.tables import Account, Configuration, Store, Terminal
from factorypos_tui.server.words import told


class Uploader(BaseModel):
    id: str
    name: str


class ShownVersion(BaseModel):
    """Who uploaded a version: a terminal, a person, or neither: the server's administrator."""

    version: int
    etag: str
    bytes: int
    uploaded_at: str
    terminal: Uploader | None
    account: Uploader | None


def versions_of(store_id: str) -> "ModelSelect[Configuration]":
    """The versions of a store without their documents, which may be large."""
    columns = [field for field in Configuration._meta.sorted_fields if field is not Configuration.document]
    size = fn.LENGTH(Configuration.document).alias("bytes")
    return Configuration.select(*columns, size).where(Configuration.store_id == store_id)


def shown_versions(database: Database, rows: Sequence[Configuration]) -> list[ShownVersion]:
    terminals = _names(database, Terminal, {row.terminal_id for row in rows})
    accounts = _names(database, Account, {row.account_id for row in rows})
    return [
        ShownVersion(
            version=row.version,
            etag=row.etag,
            bytes=row.bytes,  # type: ignore[attr-defined]  # a selected expression
            uploaded_at=row.uploaded_at,
            terminal=terminals.get(row.terminal_id),
            account=accounts.get(row.account_id),
        )
        for row in rows
    ]


def _names(database: Database, table: Any, ids: set[str | None]) -> Mapping[str | None, Uploader]:
    rows = table.select(table.id, table.name).where(table.id.in_(ids - {None})).bind(database)
    return {row.id: Uploader(id=row.id, name=row.name) for row in rows}


def version_of(database: Database, store_id: str, version: int) -> Configuration:
    """One version with its document; raises `NotYours`."""
    query = Configuration.select().where(Configuration.store_id == store_id, Configuration.version == version)
    found = query.get_or_none(database)
    if found is None:
        raise errors.NotYours(told("This store has no such version of its configuration."))
    return found


def restore(database: Database, now: str, account: Account, store: Store, version: int, seen: Seen) -> str:
    """Bring a version back, as the newest one: its ETag. Raises `NotYours`, `OverQuota`, and what
    `require` raises."""
    with database.atomic():
        current = locked(database, store.id)
        document = bytes(version_of(database, store.id, version).document)
        require(seen, current)
        require_room_for_version(database, store.id, len(document))
        etag = add_version(database, now, store.id, current, document, account_id=account.id)
        subject = f"{store.id} from version {version}"
        audit(database, now, account.id, "configuration.restored", subject, company_id=store.company_id)
        return etag
