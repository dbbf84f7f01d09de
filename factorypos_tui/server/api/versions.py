"""The versions of a store's configuration: none is ever lost, and any can be brought back."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Response
from peewee import Database, ModelSelect, fn
from pydantic import BaseModel

from factorypos_tui.server.api.calls import Listing, Paging, UserCall, audit
from factorypos_tui.server.api.companies import owned_store
from factorypos_tui.server.api.configuration import (
    AcceptEncoding,
    ConfigurationDocument,
    IfMatch,
    add_version,
    document_of,
    locked,
    require,
)
from factorypos_tui.server.api.problems import Problem, refusals
from factorypos_tui.server.documents import canonical
from factorypos_tui.server.storage.tables import Account, Configuration, Terminal
from factorypos_tui.server.words import told

router = APIRouter(tags=["configuration"])

VersionNumber = Annotated[int, Path(ge=1, le=canonical.MAX_INTEGER)]


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
    """One version with its document; raises 404."""
    query = Configuration.select().where(Configuration.store_id == store_id, Configuration.version == version)
    found = query.get_or_none(database)
    if found is None:
        raise Problem(404, told("This store has no such version of its configuration."))
    return found


@router.get("/stores/{store_id}/configuration/versions", responses=refusals(401, 404))
def list_versions(store_id: UUID, call: UserCall, page: Paging) -> Listing[ShownVersion]:
    """Every version of a store's configuration, the oldest first: who uploaded it, and when."""
    with call.as_user() as account:
        store = owned_store(call.database, account, str(store_id))
        rows, cursor = page.rows(call.database, versions_of(store.id), Configuration.version)
        return Listing(items=shown_versions(call.database, rows), next_cursor=cursor)


@router.get(
    "/stores/{store_id}/configuration/versions/{version}",
    responses={200: {"model": ConfigurationDocument}, **refusals(401, 404)},
    response_class=Response,
)
def get_version(
    store_id: UUID, version: VersionNumber, call: UserCall, accept_encoding: AcceptEncoding = ""
) -> Response:
    """A version of a store's configuration, byte for byte, with its ETag; packed as the newest one is."""
    with call.as_user() as account:
        store = owned_store(call.database, account, str(store_id))
        found = version_of(call.database, store.id, version)
    return document_of(found, accept_encoding)


@router.post(
    "/stores/{store_id}/configuration/versions/{version}/restore",
    responses=refusals(401, 404, 412, 428),
    response_class=Response,
)
def restore_version(
    store_id: UUID, version: VersionNumber, call: UserCall, if_match: IfMatch = None
) -> Response:
    """Bring a version back: it becomes the newest one. `If-Match` names the version that it replaces."""
    with call.as_user() as account, call.database.atomic():
        store = owned_store(call.database, account, str(store_id))
        current = locked(call.database, store.id)
        found = version_of(call.database, store.id, version)
        require((if_match, None), current)
        now = call.cloud.now()
        etag = add_version(
            call.database, now, store.id, current, bytes(found.document), account_id=account.id
        )
        audit(call.database, now, account.id, "configuration.restored", f"{store.id} from version {version}")
        return Response(status_code=200, headers={"ETag": etag})
