"""What an administrator does while the server may be running."""

from dataclasses import asdict, dataclass
from typing import Any

from peewee import Database, Model

from factorypos_tui.server.domain.cloud import instant, utc_now
from factorypos_tui.server.domain.configurations import add_version, locked
from factorypos_tui.server.domain.versions import ShownVersion, shown_versions, version_of, versions_of
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.ops.checking import NOTES, Finding, findings
from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.storage.audit import audit, company_of
from factorypos_tui.server.storage.migrating import refuse_another_version, schema_version
from factorypos_tui.server.storage.report_tables import XReport, ZReport
from factorypos_tui.server.storage.tables import Account, Company, Configuration, Conflict, Store, Terminal
from factorypos_tui.server.words import told

ACTOR = "administrator"
MOST_FINDINGS = 50


class AdministrationError(Exception):
    """The task failed; the message says why in a sentence for people."""


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version of a store's configuration, uploaded by a terminal, a person, or the administrator."""

    store: dict[str, str]
    version: int
    uploaded_at: str
    terminal: dict[str, str] | None
    account: dict[str, str] | None
    etag: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Checked:
    """The state of a database."""

    ok: bool
    """Whether all of it can be read and fits together."""
    schema_version: int | None
    damages: list[str]
    findings: list[Finding]
    """The first ones, notes last."""
    left_out: int
    """How many more findings there are."""
    counts: dict[str, int]

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def list_versions(database: Database, store_id: str | None = None) -> list[ListedVersion]:
    """Every version of the configuration of a store, or of all stores, the newest of each first."""
    with database.connection_context():
        stores = Store.select(Store, Company.name.alias("company_name")).join(
            Company, on=(Store.company_id == Company.id)
        )
        if store_id is not None:
            stores = stores.where(Store.id == store_id)
        listed = []
        for store in stores.order_by(Company.name, Store.name, Store.id).objects().bind(database):
            rows = list(versions_of(store.id).order_by(Configuration.version.desc()).bind(database))
            listed += [_listed(store, shown) for shown in shown_versions(database, rows)]
        return listed


def _listed(store: Any, shown: ShownVersion) -> ListedVersion:
    of_store = {"id": store.id, "name": store.name, "company": store.company_name}
    return ListedVersion(store=of_store, **shown.model_dump())


def read_version(database: Database, store_id: str, version: int) -> bytes:
    """A version's document. Raises `AdministrationError`."""
    with database.connection_context():
        return bytes(_version(database, store_id, version).document)


def restore_version(database: Database, store_id: str, version: int) -> int:
    """Make a version the newest one again, as a new version; returns its number.

    Raises `AdministrationError`."""
    with database.connection_context(), database.atomic():
        current = locked(database, store_id)
        document = bytes(_version(database, store_id, version).document)
        now = instant(utc_now())
        add_version(database, now, store_id, current, document)
        subject, company = f"{store_id} from version {version}", company_of(database, store_id)
        audit(database, now, ACTOR, "configuration.restored", subject, company_id=company)
        return (current.version if current else 0) + 1


def _version(database: Database, store_id: str, version: int) -> Configuration:
    try:
        return version_of(database, store_id, version)
    except Refused as refused:
        raise AdministrationError(
            told("The store {store} has no version {version} of its configuration.").format(
                store=store_id, version=version
            )
        ) from refused


def check(database: Database) -> Checked:
    """Look for damage and for what does not fit together, and count what is there. Raises
    `DatabaseRefusedError` where another program wrote it."""
    tables: dict[str, tuple[type[Model], ...]] = {
        "users": (Account,),
        "companies": (Company,),
        "stores": (Store,),
        "terminals": (Terminal,),
        "reports": (ZReport, XReport),
        "conflicts": (Conflict,),
    }
    with database.connection_context():
        refuse_another_version(database)
        damages = databases.damages(database)
        all_findings = sorted(findings(database), key=lambda finding: finding.code in NOTES)
        return Checked(
            ok=not damages and all(finding.code in NOTES for finding in all_findings),
            schema_version=schema_version(database),
            damages=damages,
            findings=all_findings[:MOST_FINDINGS],
            left_out=len(all_findings[MOST_FINDINGS:]),
            counts={
                name: sum(databases.count(database, table) for table in counted)
                for name, counted in tables.items()
            },
        )
