"""The versions of a store's configuration: none is ever lost, and any can be brought back."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from factorypos_tui.server.api.configuration import AcceptEncoding, document_of
from factorypos_tui.server.documents import canonical
from factorypos_tui.server.documents.configuration import ConfigurationDocument
from factorypos_tui.server.domain.configurations import Seen
from factorypos_tui.server.domain.members import Role, store_for
from factorypos_tui.server.domain.versions import (
    ShownVersion,
    restore,
    shown_versions,
    version_of,
    versions_of,
)
from factorypos_tui.server.http.calls import IfMatch, Listing, Paging, UserCall
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.storage.tables import Configuration

router = APIRouter(tags=["configuration"])

VersionNumber = Annotated[int, Path(ge=1, le=canonical.MAX_INTEGER)]


@router.get("/stores/{store_id}/configuration/versions")
def list_versions(store_id: UUID, call: UserCall, page: Paging) -> Listing[ShownVersion]:
    """Every version of a store's configuration, the oldest first: who uploaded it, and when."""
    with call.as_user() as account:
        store = store_for(call.database, account, str(store_id), Role.MANAGER)
        rows, cursor = page.rows(call.database, versions_of(store.id), Configuration.version)
        return Listing(items=shown_versions(call.database, rows), next_cursor=cursor)


@router.get(
    "/stores/{store_id}/configuration/versions/{version}",
    responses={200: {"model": ConfigurationDocument}},
    response_class=Response,
)
def get_version(
    store_id: UUID, version: VersionNumber, call: UserCall, accept_encoding: AcceptEncoding = ""
) -> Response:
    """A version of a store's configuration, byte for byte, with its ETag; packed as the newest one is."""
    with call.as_user() as account:
        store = store_for(call.database, account, str(store_id), Role.MANAGER)
        found = version_of(call.database, store.id, version)
    return document_of(found, accept_encoding)


@router.post(
    "/stores/{store_id}/configuration/versions/{version}/restore",
    responses=refusals(403),
    response_class=Response,
)
def restore_version(
    store_id: UUID, version: VersionNumber, call: UserCall, if_match: IfMatch = None
) -> Response:
    """Bring a version back: it becomes the newest one. `If-Match` names the version that it replaces."""
    database, now = call.database, call.cloud.now()
    with call.as_user() as account, database.atomic():
        store = store_for(database, account, str(store_id), Role.MANAGER)
        etag = restore(database, now, account, store, version, Seen(if_match))
        return Response(status_code=200, headers={"ETag": etag})
