"""The first page of a catalogue: what is in it, what a till would refuse, its versions, and how it begins."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from peewee import Database

from factorypos_tui.server import errors
from factorypos_tui.server.catalogue.checking import Document, faults_of
from factorypos_tui.server.catalogue.difference import EMPTY, compare
from factorypos_tui.server.catalogue.editing import checked
from factorypos_tui.server.catalogue.fields import SECTIONS
from factorypos_tui.server.catalogue.templates import TEMPLATES, from_template
from factorypos_tui.server.catalogue.wording import counts_words, fault_words
from factorypos_tui.server.domain.catalogues import (
    catalogue_at,
    company_fields,
    currency_of,
    current_catalogue,
)
from factorypos_tui.server.domain.configurations import Seen
from factorypos_tui.server.domain.members import Role, store_for, stores_for
from factorypos_tui.server.domain.versions import ShownVersion, restore, shown_versions, versions_of
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.storage.tables import Company, Configuration, Store
from factorypos_tui.server.web.catalogue.shelf import Shelf, carry_out, open_shelf
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit
from factorypos_tui.server.words import told

router = APIRouter(prefix="/stores/{store_id}/catalogue", include_in_schema=False)

_ON_A_PAGE = 50
_MOST_TROUBLES = 20


@router.get("")
def overview(visit: LoggedIn, store_id: UUID) -> Response:
    return _overview(open_shelf(visit, store_id))


def _overview(shelf: Shelf, refused: Refused | None = None, meanwhile: Sequence[str] = ()) -> Response:
    database = shelf.visit.database
    with database.connection_context():
        newest = _versions(database, shelf.store, 0, 1)
        others = _other_stores(shelf.visit, shelf.store) if not newest else []
    return shelf.page(
        "overview.html",
        refused,
        meanwhile,
        counts=[(section, len(shelf.document[section])) for section in SECTIONS],
        troubles=[fault_words(fault) for fault in faults_of(shelf.document)[:_MOST_TROUBLES]],
        newest=newest[0] if newest else None,
        templates=TEMPLATES,
        others=others,
    )


def _other_stores(visit: OwnersVisit, store: Store) -> list[tuple[str, str]]:
    """The other stores with a catalogue whose catalogue they may read."""
    with_one = Configuration.select(Configuration.store_id).distinct()
    query = (
        Store.select(Store, Company.name.alias("company"))
        .join(Company, on=(Store.company_id == Company.id))
        .where(
            Store.id.in_(stores_for(visit.account.id, Role.MANAGER)),
            Store.id.in_(with_one),
            Store.id != store.id,
        )
    )
    rows: Any = query.order_by(Company.name, Store.name, Store.id).objects().bind(visit.database)
    return [(row.id, f"{row.company}, {row.name}") for row in rows]


@router.post("/start")
def start(visit: LoggedIn, store_id: UUID) -> Response:
    """Begin with a template, or with another store's catalogue."""
    return carry_out(visit, store_id, _first_catalogue, _overview, "")


def _first_catalogue(shelf: Shelf) -> Document:
    visit, form = shelf.visit, shelf.visit.form
    if shelf.catalogue.etag is not None:
        raise errors.Invalid(words=told("This store has a catalogue already."))
    if template := form.get("template"):
        try:
            begin = from_template(template, company_fields(shelf.company))
        except KeyError:
            raise errors.Invalid(words=told("There is no such template.")) from None
        return begin
    with visit.database.connection_context():
        other = store_for(visit.database, visit.account, form.get("store", ""), Role.MANAGER)
        company = Company.select().where(Company.id == other.company_id).get(visit.database)
        document = current_catalogue(visit.database, other).document
    if currency_of(document, company) != shelf.company.currency:
        raise errors.Invalid(words=told("Its prices are in another currency, so they mean nothing here."))
    if other.company_id != shelf.store.company_id:
        document = {**document, "company": dict(company_fields(shelf.company))}
    return checked(document, document)


@router.get("/versions")
def versions(visit: LoggedIn, store_id: UUID, page: int = 1, old: int = 0, new: int = 0) -> Response:
    """Every version, who saved it and when; with `old` and `new`, what changed between these two."""
    return _versions_page(open_shelf(visit, store_id), page=page, old=old, new=new)


def _versions_page(
    shelf: Shelf,
    refused: Refused | None = None,
    meanwhile: Sequence[str] = (),
    *,
    page: int = 1,
    old: int = 0,
    new: int = 0,
) -> Response:
    database = shelf.visit.database
    with database.connection_context():
        count = versions_of(shelf.store.id).count(database)
        pages = max(1, -(-count // _ON_A_PAGE))
        page = min(max(1, page), pages)
        shown = _versions(database, shelf.store, (page - 1) * _ON_A_PAGE, _ON_A_PAGE)
        changes = None
        if new:
            before = catalogue_at(database, shelf.store, old).document if old else EMPTY
            changes = compare(before, catalogue_at(database, shelf.store, new).document)
    return shelf.page(
        "versions.html",
        refused,
        meanwhile,
        versions=shown,
        number=page,
        pages=pages,
        old=old,
        new=new,
        counted=None if changes is None else counts_words(changes),
        lines=None if changes is None else shelf.lines(changes),
    )


def _versions(database: Database, store: Store, first: int, most: int) -> list[ShownVersion]:
    query = versions_of(store.id).order_by(Configuration.version.desc()).offset(first).limit(most)
    return shown_versions(database, list(query.bind(database)))


@router.post("/versions/restore")
def bring_back(visit: LoggedIn, store_id: UUID) -> Response:
    """Make a version the newest one again."""
    shelf = open_shelf(visit, store_id)
    wanted = visit.form.get("version", "")
    version = int(wanted) if wanted.isdecimal() and len(wanted) < 16 else 0
    seen = Seen(f"{visit.form.get('seen', '')}")
    try:
        with visit.database.connection_context(), visit.database.atomic():
            store_for(visit.database, visit.account, shelf.store.id, Role.MANAGER)
            restore(visit.database, visit.cloud.now(), visit.account, shelf.store, version, seen)
    except errors.RoleTooLow:
        raise
    except Refused as refused:
        return _versions_page(shelf, refused)
    words = told("Version {n} is back. Tills can download it.").format(n=version)
    return visit.go(shelf.path("/versions"), words)
