"""The configuration of a store, byte for byte, with its ETag."""

import gzip
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response

from factorypos_tui.server.documents.configuration import ConfigurationDocument, check_configuration
from factorypos_tui.server.domain.configurations import (
    Seen,
    upload_from_owner,
    upload_from_terminal,
    uploaded_configuration,
)
from factorypos_tui.server.domain.members import Role, store_for
from factorypos_tui.server.http.calls import Body, IfMatch, TerminalCall, UserCall
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.storage.tables import Configuration

router = APIRouter(tags=["configuration"])

_PACKED = 6
AcceptEncoding = Annotated[str, Header()]

_RAW_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ConfigurationDocument"}}},
    }
}


@router.get(
    "/configuration",
    responses={200: {"model": ConfigurationDocument}, **refusals(404)},
    response_class=Response,
)
def get_configuration(call: TerminalCall, accept_encoding: AcceptEncoding = "") -> Response:
    """The current configuration of this terminal's store, byte for byte, with its ETag.

    It goes out packed (`Content-Encoding: gzip`) to a client that accepts that."""
    with call.as_terminal() as terminal:
        current = uploaded_configuration(call.database, terminal.store_id)
    return document_of(current, accept_encoding)


@router.get(
    "/stores/{store_id}/configuration",
    responses={200: {"model": ConfigurationDocument}},
    response_class=Response,
)
def get_store_configuration(store_id: UUID, call: UserCall, accept_encoding: AcceptEncoding = "") -> Response:
    """The current configuration of a store, byte for byte, with its ETag.

    It goes out packed (`Content-Encoding: gzip`) to a client that accepts that."""
    with call.as_user() as account:
        store = store_for(call.database, account, str(store_id), Role.MANAGER)
        current = uploaded_configuration(call.database, store.id)
    return document_of(current, accept_encoding)


def document_of(version: Configuration, accept_encoding: str) -> Response:
    """A version byte for byte, with its ETag; packed if `accept_encoding` allows it."""
    body, headers = bytes(version.document), {"ETag": version.etag, "Vary": "Accept-Encoding"}
    if _accepts_gzip(accept_encoding):
        # The tag stays the same: it names the version that an upload replaces, packed or not.
        body, headers["Content-Encoding"] = gzip.compress(body, _PACKED), "gzip"
    return Response(body, media_type="application/json", headers=headers)


def _accepts_gzip(accept_encoding: str) -> bool:
    for choice in accept_encoding.lower().replace(" ", "").split(","):
        name, _, weight = choice.partition(";q=")
        if name == "gzip":
            return not weight or weight.strip("0.") != ""
    return False


PUT_RESPONSES = {201: {"description": "The first one"}, **refusals(403)}


@router.put("/configuration", openapi_extra=_RAW_BODY, responses=PUT_RESPONSES, response_class=Response)
def put_configuration(
    body: Body, call: TerminalCall, if_match: IfMatch = None, if_none_match: IfMatch = None
) -> Response:
    """Replace the configuration that was seen (`If-Match`), or upload the first (`If-None-Match: *`).

    `If-Match: *` replaces whichever is there."""
    call.terminal()
    document, seen = _checked(body), Seen(if_match, if_none_match)
    with call.as_terminal() as terminal:
        etag, is_first = upload_from_terminal(call.database, call.cloud.now(), terminal, document, seen)
    return _replaced(etag, is_first)


@router.put(
    "/stores/{store_id}/configuration",
    openapi_extra=_RAW_BODY,
    responses=PUT_RESPONSES,
    response_class=Response,
)
def put_store_configuration(
    store_id: UUID, body: Body, call: UserCall, if_match: IfMatch = None, if_none_match: IfMatch = None
) -> Response:
    """Replace the configuration that was seen (`If-Match`), or upload the first (`If-None-Match: *`).

    `If-Match: *` replaces whichever is there."""
    with call.as_user() as account:
        store_for(call.database, account, str(store_id), Role.MANAGER)
    document, seen = _checked(body), Seen(if_match, if_none_match)
    with call.as_user() as account, call.database.atomic():
        store = store_for(call.database, account, str(store_id), Role.MANAGER)
        etag, is_first = upload_from_owner(call.database, call.cloud.now(), account, store, document, seen)
    return _replaced(etag, is_first)


def _checked(body: Body) -> bytes:
    """A sound configuration; raises what `check_configuration` raises. A large one takes its time: no
    connection is open, no lock is held meanwhile."""
    document = body.unpacked()
    check_configuration(document)
    return document


def _replaced(etag: str, is_first: bool) -> Response:
    return Response(status_code=201 if is_first else 200, headers={"ETag": etag})
