"""The configuration of a store. Every version is kept, and no upload overwrites a version that it has not
seen."""

import hashlib
from dataclasses import dataclass

from peewee import Database, ModelSelect

from factorypos_tui.server import errors
from factorypos_tui.server.domain import limits
from factorypos_tui.server.domain.quotas import require_bytes, require_room
from factorypos_tui.server.domain.seen import is_named
from factorypos_tui.server.storage.audit import audit, company_of
from factorypos_tui.server.storage.tables import Account, Company, Configuration, Store, Terminal
from factorypos_tui.server.words import told


@dataclass(frozen=True, slots=True)
class Seen:
    """What an uploader says of the version to replace: `If-Match`, and `If-None-Match`."""

    match: str | None
    none_match: str | None = None


def current_configuration(database: Database, store_id: str) -> Configuration | None:
    query = Configuration.select().where(Configuration.store_id == store_id)
    return query.order_by(Configuration.version.desc()).limit(1).get_or_none(database)


def uploaded_configuration(database: Database, store_id: str) -> Configuration:
    """The current version; raises `NotYours` where there is none."""
    current = current_configuration(database, store_id)
    if current is None:
        words = told("Nothing to download: no configuration was uploaded for this store yet.")
        raise errors.NotYours(words, "no_configuration")
    return current


def upload_allowed(terminal: Terminal, current: Configuration | None) -> bool:
    """Whether a terminal may upload. The first terminal to upload may do so again; others need their owner's
    permission."""
    return current is None or terminal.may_upload


def upload_from_terminal(
    database: Database, now: str, terminal: Terminal, document: bytes, seen: Seen
) -> tuple[str, bool]:
    """Replace the configuration of a terminal's store by a sound one: the new ETag, and whether it is the
    first one. Raises `NotAllowed`, and what `require` raises."""
    with database.atomic():
        current = locked(database, terminal.store_id)
        if not upload_allowed(terminal, current):
            words = told("This terminal may not replace the store's configuration. Its owner can allow it.")
            raise errors.NotAllowed(words, "upload_not_allowed")
        etag = _replace(database, now, terminal.store_id, current, document, seen, terminal_id=terminal.id)
        Terminal.update(may_upload=True).where(Terminal.id == terminal.id).execute(database)
        return etag, current is None


def upload_from_owner(
    database: Database, now: str, account: Account, store: Store, document: bytes, seen: Seen
) -> tuple[str, bool]:
    """Replace the configuration of a store by a sound one: the new ETag, and whether it is the first one.
    Raises what `require` raises."""
    with database.atomic():
        current = locked(database, store.id)
        etag = _replace(database, now, store.id, current, document, seen, account_id=account.id)
        return etag, current is None


def _replace(
    database: Database,
    now: str,
    store_id: str,
    current: Configuration | None,
    document: bytes,
    seen: Seen,
    **uploader: str,
) -> str:
    require(seen, current)
    require_room_for_version(database, store_id, len(document))
    etag = add_version(database, now, store_id, current, document, **uploader)
    (actor,) = uploader.values()
    company = company_of(database, store_id)
    audit(database, now, actor, "configuration.uploaded", store_id, company_id=company)
    return etag


def require_room_for_version(database: Database, store_id: str, size: int) -> None:
    """Raises `OverQuota` where the store has as many versions, or its account as many bytes, as one may;
    `size`: the bytes of one more."""
    versions = Configuration.select().where(Configuration.store_id == store_id)
    words = told("The store has {most} versions of its configuration; one store may have no more.")
    require_room(database, versions, limits.CONFIGURATION_VERSIONS, words)
    require_bytes(database, _owner(store_id).get(database).account_id, size)


def _owner(store_id: str) -> "ModelSelect[Company]":
    """Selects the id of the account that has the store."""
    companies = Company.select(Company.account_id).join(Store, on=(Store.company_id == Company.id))
    return companies.where(Store.id == store_id)


def locked(database: Database, store_id: str) -> Configuration | None:
    """The current version, locked against other uploads for the store."""
    Store.update(id=store_id).where(Store.id == store_id).execute(database)
    return current_configuration(database, store_id)


def add_version(
    database: Database,
    now: str,
    store_id: str,
    current: Configuration | None,
    document: bytes,
    terminal_id: str | None = None,
    account_id: str | None = None,
) -> str:
    """Keep `document` as the version after `current`, which the caller has locked; returns its ETag."""
    etag = f'"{hashlib.sha256(document).hexdigest()}"'
    Configuration.insert(
        store_id=store_id,
        version=current.version + 1 if current else 1,
        etag=etag,
        document=document,
        uploaded_at=now,
        account_id=account_id,
        terminal_id=terminal_id,
    ).execute(database)
    more = Account.update(kept_bytes=Account.kept_bytes + len(document))
    more.where(Account.id.in_(_owner(store_id))).execute(database)
    return etag


def require(seen: Seen, current: Configuration | None) -> None:
    """Raises `NoCondition` where the call does not say what it replaces, `Changed` where another version is
    there."""
    if seen.match is None and seen.none_match != "*":
        raise errors.NoCondition(
            told(
                "Say which version this replaces: If-Match with its ETag, or If-None-Match: * for the first."
            )
        )
    if (seen.none_match == "*" and current) or (
        seen.match is not None and not (current and is_named(current.etag, seen.match))
    ):
        words = told(
            "The store's configuration has changed since it was read. Nothing was replaced; read it again."
        )
        raise errors.Changed(words, current.etag if current else None)
