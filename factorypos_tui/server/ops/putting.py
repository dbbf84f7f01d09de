"""A configuration that the administrator puts in place of a store's."""

from dataclasses import dataclass

from peewee import Database

from factorypos_tui.server.catalogue.checking import faults_of
from factorypos_tui.server.catalogue.difference import EMPTY, compare
from factorypos_tui.server.catalogue.wording import counts_words, fault_words
from factorypos_tui.server.documents import canonical
from factorypos_tui.server.documents.configuration import LARGEST, check_configuration
from factorypos_tui.server.domain.cloud import instant, utc_now
from factorypos_tui.server.domain.configurations import add_version, locked
from factorypos_tui.server.errors import Invalid, Refused
from factorypos_tui.server.ops.administration import ACTOR, AdministrationError
from factorypos_tui.server.storage.audit import audit, company_of
from factorypos_tui.server.storage.tables import Store
from factorypos_tui.server.words import told

_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a document."""

    version: int
    changes: str
    """Against the version before, in sentences."""


def put_configuration(database: Database, store_id: str, document: bytes) -> Put:
    """Keep a document byte for byte as the newest version of a store's configuration.

    Raises `AdministrationError` where it is no configuration, a till would refuse it, or there is no such
    store."""
    _require_sound(document)
    with database.connection_context(), database.atomic():
        if not Store.select().where(Store.id == store_id).exists(database):
            words = told("There is no store {store}. Nothing was stored.")
            raise AdministrationError(words.format(store=store_id))
        current = locked(database, store_id)
        now = instant(utc_now())
        add_version(database, now, store_id, current, document)
        company = company_of(database, store_id)
        audit(database, now, ACTOR, "configuration.uploaded", store_id, company_id=company)
        before = canonical.parse_stored(bytes(current.document)) if current else EMPTY
        changes = counts_words(compare(before, canonical.parse_stored(document)))
        return Put((current.version if current else 0) + 1, changes)


def _require_sound(document: bytes) -> None:
    try:
        if len(document) > LARGEST:
            raise AdministrationError(told("The file is larger than {n} MiB.").format(n=LARGEST >> 20))
        check_configuration(document)
        faults = [fault_words(fault) for fault in faults_of(canonical.parse(document))]
    except Invalid as invalid:
        faults = [f"{problem.field}: {problem.message}" for problem in invalid.fields]
    except Refused as refused:
        raise AdministrationError(str(refused)) from refused
    if faults:
        words = told("Tills would refuse this configuration, so nothing was stored:")
        raise AdministrationError("\n".join([words, *faults[:_MOST_TOLD]]))
