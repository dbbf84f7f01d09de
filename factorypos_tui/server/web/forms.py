"""Forms as browsers send them, and the proof that one was on a page of ours."""

import hashlib
import hmac
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import HTTP
from itertools import islice
from typing import TypeVar
from urllib.parse import parse_qsl

from pydantic import ValidationError
from starlette.datastructures import ImmutableMultiDict

from factorypos_tui.server import errors
from factorypos_tui.server.documents.faults import field_problems
from factorypos_tui.server.domain.forms import Form
from factorypos_tui.server.words import told

PROOF = "csrf"
"""The field of the proof."""
MOST_FIELDS = 2_000

Fields = ImmutableMultiDict[str, str]
Filled = TypeVar("Filled", bound=Form)


def proof_for(secret: str) -> str:
    """What a form has to hold that is sent with the cookie `secret`."""
    return hmac.new(secret.encode(), b"a form of ours", hashlib.sha256).hexdigest()[:32]


def parsed_form(body: bytes, content_type: str = "") -> Fields:
    """The fields of a form as browsers send it; raises `Unreadable`."""
    try:
        if content_type.lower().startswith("multipart/form-data"):
            return Fields(list(_parts(body, content_type)))
        return Fields(
            parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        )
    except ValueError as error:
        raise errors.Unreadable(told("The form could not be read. Nothing was changed.")) from error


def _parts(body: bytes, content_type: str) -> Iterator[tuple[str, str]]:
    """The fields of a form that may hold a file. Bytes that are no UTF-8 can be had back from a field by
    `surrogateescape`."""
    head = b"Content-Type: " + content_type.encode("ascii", "replace") + b"\r\n\r\n"
    parts = message_from_bytes(head + body, policy=HTTP).iter_parts()
    for part in islice(parts, MOST_FIELDS):
        content = part.get_payload(decode=True)
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str) and isinstance(content, bytes):
            yield name, content.decode("utf-8", "surrogateescape")


def require_proof(form: Fields, secret: str) -> None:
    """Raises `NotAllowed` unless the form was made for the cookie `secret`."""
    given = form.get(PROOF)
    if given is None or not hmac.compare_digest(given.encode(errors="replace"), proof_for(secret).encode()):
        words = told(
            "This form is from another session, or your browser keeps no cookies. Nothing was changed. "
            "Open the page again and send it from there."
        )
        raise errors.NotAllowed(words, "form_of_another_session")


def read_form(kind: type[Filled], form: Fields) -> Filled:
    """The form as our rules take it; a field that was left empty counts as left out. Raises `Invalid`."""
    given = {name: text for name, text in form.items() if text.strip()}
    try:
        return kind.model_validate_strings(given, strict=False)  # all is text here
    except ValidationError as error:
        raise errors.Invalid(field_problems(error.errors())) from error
