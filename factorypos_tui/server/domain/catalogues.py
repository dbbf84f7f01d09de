"""The catalogue of a store: the configuration that its tills download, as a person edits it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peewee import Database

from factorypos_tui.server import errors
from factorypos_tui.server.catalogue.checking import Document
from factorypos_tui.server.catalogue.difference import EMPTY, RecordChange, compare
from factorypos_tui.server.documents import canonical
from factorypos_tui.server.documents.configuration import LARGEST
from factorypos_tui.server.domain.configurations import Seen, current_configuration, upload_from_owner
from factorypos_tui.server.domain.versions import version_of
from factorypos_tui.server.storage.tables import Account, Company, Configuration, Store
from factorypos_tui.server.words import told


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A version of a store's catalogue, read."""

    document: Document
    version: int | None
    """None where the store has none yet."""
    etag: str | None


def current_catalogue(database: Database, store: Store) -> Catalogue:
    """The catalogue that tills download now; one that is empty where there is none."""
    return _read(current_configuration(database, store.id))


def catalogue_at(database: Database, store: Store, version: int) -> Catalogue:
    """A version; raises `NotYours`."""
    return _read(version_of(database, store.id, version))


def catalogue_seen(database: Database, store: Store, etag: str) -> Catalogue | None:
    """The newest version that had this ETag: what an editor saw."""
    versions = Configuration.select().where(Configuration.store_id == store.id, Configuration.etag == etag)
    seen = versions.order_by(Configuration.version.desc()).limit(1).get_or_none(database)
    return _read(seen) if seen else None


def _read(version: Configuration | None) -> Catalogue:
    if version is None:
        return Catalogue(EMPTY, None, None)
    return Catalogue(canonical.parse_stored(bytes(version.document)), version.version, version.etag)


def company_fields(company: Company) -> Mapping[str, Any]:
    """What the catalogue of a new store says of its company."""
    known = {name: getattr(company, name) for name in ("name", "tax_id", "country", "currency")}
    return {name: value for name, value in known.items() if value}


def currency_of(document: Document, company: Company) -> str:
    """The currency of the prices."""
    said = document["company"].get("currency")
    return said if isinstance(said, str) and said else company.currency


def save(
    database: Database, now: str, account: Account, store: Store, seen: Catalogue, edited: Document
) -> list[RecordChange]:
    """Keep an edited catalogue as the newest version, if it differs from the one that was `seen`; returns
    what has changed. Raises `Changed` where another version is there now, `OverQuota`, and `TooMuch`."""
    changes = compare(seen.document, edited)
    if changes or seen.etag is None:
        document = canonical.encode(edited)
        if len(document) > LARGEST:
            raise errors.TooMuch(told("The catalogue would be larger than 8 MiB. Nothing was saved."))
        condition = Seen(seen.etag) if seen.etag else Seen(None, "*")
        upload_from_owner(database, now, account, store, document, condition)
    return changes
