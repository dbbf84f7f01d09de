"""The configuration of a store: every version is kept, and nobody overwrites what they have not seen."""

import gzip
import hashlib
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response
from peewee import Database
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from factorypos_tui.server.api.calls import Body, Caller, TerminalCall, UserCall, audit
from factorypos_tui.server.api.companies import owned_store
from factorypos_tui.server.api.problems import FieldProblem, Problem, field_problems, invalid, refusals
from factorypos_tui.server.documents import canonical
from factorypos_tui.server.storage.tables import Configuration, Store, Terminal
from factorypos_tui.server.words import told

router = APIRouter(tags=["configuration"])

_PACKED = 6
SECTIONS = ("departments", "taxes", "price_levels", "payment_methods", "users", "items")
IfMatch = Annotated[str | None, Header()]
AcceptEncoding = Annotated[str, Header()]
Conditions = tuple[str | None, str | None]
"""`If-Match` and `If-None-Match`."""


class Record(BaseModel):
    """One record of a section; fields the server does not know are kept."""

    model_config = ConfigDict(strict=True, extra="allow")
    code: Annotated[str, Field(min_length=1, max_length=100)]


class ConfigurationDocument(BaseModel):
    """Lists of records, each with a `code` unique in its section."""

    model_config = ConfigDict(strict=True, extra="allow")
    schema_version: Annotated[int, Field(ge=1, le=1)]
    company: dict[str, Any]
    departments: list[Record]
    taxes: list[Record]
    price_levels: list[Record]
    payment_methods: list[Record]
    users: list[Record]
    items: list[Record]


_RAW_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ConfigurationDocument"}}},
    }
}


def current_configuration(database: Database, store_id: str) -> Configuration | None:
    query = Configuration.select().where(Configuration.store_id == store_id)
    return query.order_by(Configuration.version.desc()).limit(1).get_or_none(database)


def upload_allowed(terminal: Terminal, current: Configuration | None) -> bool:
    """The first terminal to upload may go on doing so; others need their owner's word."""
    return current is None or terminal.may_upload


def check_configuration(raw: bytes) -> None:
    """Raises 400 or 422 when these bytes are no configuration."""
    try:
        document = canonical.parse(raw)
        shape = ConfigurationDocument.model_validate(document)
    except canonical.UnreadableJsonError as error:
        raise Problem(400, told("The body cannot be read: {fault}.").format(fault=error)) from error
    except ValidationError as error:
        raise invalid(field_problems(error.errors(include_url=False))) from error
    faults = [
        FieldProblem(
            field=path, code="invalid", message=told("Only texts, exact integers, lists and objects travel.")
        )
        for path in canonical.without_canonical_form(document)
    ]
    for section in SECTIONS:
        seen: set[str] = set()
        for index, record in enumerate(getattr(shape, section)):
            if record.code in seen:
                message = told("Another record of this section has the same code.")
                faults.append(
                    FieldProblem(field=f"{section}.{index}.code", code="duplicate", message=message)
                )
            seen.add(record.code)
    if faults:
        raise invalid(faults[:100])


@router.get(
    "/configuration",
    responses={200: {"model": ConfigurationDocument}, **refusals(401, 404)},
    response_class=Response,
)
def get_configuration(call: TerminalCall, accept_encoding: AcceptEncoding = "") -> Response:
    """The current configuration of this terminal's store, byte for byte, with its ETag.

    It goes out packed (`Content-Encoding: gzip`) to who accepts that.
    """
    with call.as_terminal() as terminal:
        current = _uploaded(call.database, terminal.store_id)
    return document_of(current, accept_encoding)


@router.get(
    "/stores/{store_id}/configuration",
    responses={200: {"model": ConfigurationDocument}, **refusals(401, 404)},
    response_class=Response,
)
def get_store_configuration(store_id: UUID, call: UserCall, accept_encoding: AcceptEncoding = "") -> Response:
    """The current configuration of a store, byte for byte, with its ETag.

    It goes out packed (`Content-Encoding: gzip`) to who accepts that.
    """
    with call.as_user() as account:
        current = _uploaded(call.database, owned_store(call.database, account, str(store_id)).id)
    return document_of(current, accept_encoding)


def _uploaded(database: Database, store_id: str) -> Configuration:
    current = current_configuration(database, store_id)
    if current is None:
        detail = told("Nothing to download: no configuration was uploaded for this store yet.")
        raise Problem(404, detail, "no_configuration")
    return current


def document_of(version: Configuration, accept_encoding: str) -> Response:
    """A version byte for byte, with its ETag, packed where `accept_encoding` lets it."""
    body, headers = bytes(version.document), {"ETag": version.etag, "Vary": "Accept-Encoding"}
    if _accepts_gzip(accept_encoding):
        # The tag stays: it names the version that an upload replaces, however it travelled.
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

    `If-Match: *` replaces whichever is there.
    """
    with call.as_terminal() as terminal, call.database.atomic():
        current = locked(call.database, terminal.store_id)
        if not upload_allowed(terminal, current):
            detail = told("This terminal may not replace the store's configuration. Its owner can allow it.")
            raise Problem(403, detail, "upload_not_allowed")
        answer = _replace(call, terminal.store_id, current, body, (if_match, if_none_match), terminal)
        Terminal.update(may_upload=True).where(Terminal.id == terminal.id).execute(call.database)
    return answer


@router.put(
    "/stores/{store_id}/configuration", openapi_extra=_RAW_BODY, responses={**PUT_RESPONSES, **refusals(404)}
)
def put_store_configuration(
    store_id: UUID, body: Body, call: UserCall, if_match: IfMatch = None, if_none_match: IfMatch = None
) -> Response:
    """Replace the configuration that was seen (`If-Match`), or upload the first (`If-None-Match: *`).

    `If-Match: *` replaces whichever is there.
    """
    with call.as_user() as account, call.database.atomic():
        store = owned_store(call.database, account, str(store_id))
        current = locked(call.database, store.id)
        return _replace(call, store.id, current, body, (if_match, if_none_match), account_id=account.id)


def locked(database: Database, store_id: str) -> Configuration | None:
    """The current version, while no other upload for the store can go on."""
    Store.update(id=store_id).where(Store.id == store_id).execute(database)
    return current_configuration(database, store_id)


def _replace(
    call: Caller,
    store_id: str,
    current: Configuration | None,
    body: bytes,
    conditions: Conditions,
    terminal: Terminal | None = None,
    account_id: str | None = None,
) -> Response:
    check_configuration(body)
    require(conditions, current)
    now, terminal_id = call.cloud.now(), terminal.id if terminal else None
    etag = add_version(call.database, now, store_id, current, body, terminal_id, account_id)
    audit(call.database, now, str(terminal_id or account_id), "configuration.uploaded", store_id)
    return Response(status_code=200 if current else 201, headers={"ETag": etag})


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
    return etag


def require(conditions: Conditions, current: Configuration | None) -> None:
    """Raises 428 without a condition, 412 where it does not hold."""
    if_match, if_none_match = conditions
    if if_match is None and if_none_match != "*":
        detail = told(
            "Say which version this replaces: If-Match with its ETag, or If-None-Match: * for the first."
        )
        raise Problem(428, detail, "precondition_required")
    # A proxy that packs answers marks their tags as weak, so W/"…" is taken for the tag that we gave.
    seen = [tag.strip().removeprefix("W/") for tag in (if_match or "").split(",")]
    if (if_none_match == "*" and current) or (
        if_match is not None and (not current or (if_match != "*" and current.etag not in seen))
    ):
        headers = {"ETag": current.etag} if current else {}
        detail = told(
            "The store's configuration has changed since it was read. Nothing was replaced; read it again."
        )
        raise Problem(412, detail, "configuration_changed", headers=headers)
