"""The configuration of a store, byte for byte, with its ETag."""

import gzip
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response

from factorypos_tui.server.api.calls import Body, TerminalCall, UserCall
from factorypos_tui.server.api.problems import refusals
from factorypos_tui.server.documents.configuration import ConfigurationDocument
from factorypos_tui.server.domain.companies import owned_store
from factorypos_tui.server.domain.configurations import (
    Seen,
    upload_from_owner,
    upload_from_terminal,
    uploaded_configuration,
)
from factorypos_tui.server.storage.tables import Configuration

router = APIRouter(tags=["configuration"])

_PACKED = 6
IfMatch = Annotated[str | None, Header()]
AcceptEncoding = Annotated[str, Header()]

_RAW_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ConfigurationDocument"}}},
    }
}


@router.get(
    "/configuration",
    responses={200: {"model": ConfigurationDocument}, **refusals(401, 404)},
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
    responses={200: {"model": ConfigurationDocument}, **refusals(401, 404)},
    response_class=Response,
)
def get_store_configuration(store_id: UUID, call: UserCall, accept_encoding: AcceptEncoding = "") -> Response:
    """The current configuration of a store, byte for byte, with its ETag.

    It goes out packed (`Content-Encoding: gzip`) to a client that accepts that."""
    with call.as_user() as account:
        current = uploaded_configuration(call.database, owned_store(call.database, account, str(store_id)).id)
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


PUT_RESPONSES = {201: {"description": "The first one"}, **refusals(401, 412, 428)}


@router.put("/configuration", openapi_extra=_RAW_BODY, responses={**PUT_RESPONSES, **refusals(403)})
def put_configuration(
    body: Body, call: TerminalCall, if_match: IfMatch = None, if_none_match: IfMatch = None
) -> Response:
    """Replace the configuration that was seen (`If-Match`), or upload the first (`If-None-Match: *`).

    `If-Match: *` replaces whichever is there."""
    with call.as_terminal() as terminal:
        seen = Seen(if_match, if_none_match)
        etag, is_first = upload_from_terminal(call.database, call.cloud.now(), terminal, body, seen)
    return _replaced(etag, is_first)


@router.put(
    "/stores/{store_id}/configuration", openapi_extra=_RAW_BODY, responses={**PUT_RESPONSES, **refusals(404)}
)
def put_store_configuration(
    store_id: UUID, body: Body, call: UserCall, if_match: IfMatch = None, if_none_match: IfMatch = None
) -> Response:
    """Replace the configuration that was seen (`If-Match`), or upload the first (`If-None-Match: *`).

    `If-Match: *` replaces whichever is there."""
    with call.as_user() as account:
        store, seen = owned_store(call.database, account, str(store_id)), Seen(if_match, if_none_match)
        etag, is_first = upload_from_owner(call.database, call.cloud.now(), account, store, body, seen)
    return _replaced(etag, is_first)


def _replaced(etag: str, is_first: bool) -> Response:
    return Response(status_code=201 if is_first else 200, headers={"ETag": etag})
