"""The configuration document: lists of records, each with a `code` that is unique in its section. Pure."""

from itertools import islice
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, FailFast, Field, ValidationError

from factorypos_tui.server import errors
from factorypos_tui.server.documents import canonical
from factorypos_tui.server.documents.faults import MOST_FAULTS, fault, field_problems
from factorypos_tui.server.words import told

SECTIONS = ("departments", "taxes", "price_levels", "payment_methods", "users", "items")


class Record(BaseModel):
    """One record of a section; fields the server does not know are kept."""

    model_config = ConfigDict(strict=True, extra="allow")
    code: Annotated[str, Field(min_length=1, max_length=100)]


LARGEST = 8 << 20
"""Bytes of a document: what an upload may have, and what a till reads."""
MOST_RECORDS = 50_000
Records = Annotated[list[Record], Field(max_length=MOST_RECORDS), FailFast()]
"""The first record at fault ends the look at a section, as in the lists of a report."""


class ConfigurationDocument(BaseModel):
    """Lists of records, each with a `code` unique in its section."""

    model_config = ConfigDict(strict=True, extra="allow")
    schema_version: Annotated[int, Field(ge=1, le=1)]
    company: dict[str, Any]
    departments: Records
    taxes: Records
    price_levels: Records
    payment_methods: Records
    users: Records
    items: Records


def check_configuration(raw: bytes) -> None:
    """Raises `Unreadable` or `Invalid` when these bytes are no configuration."""
    try:
        document = canonical.parse(raw)
        shape = ConfigurationDocument.model_validate(document)
    except canonical.UnreadableJsonError as error:
        raise errors.Unreadable(told("The body cannot be read: {fault}.").format(fault=error)) from error
    except ValidationError as error:
        raise errors.Invalid(field_problems(error.errors(include_url=False))) from error
    no_text = told("Only texts, exact integers, lists and objects travel.")
    faults = [
        fault(path, no_text) for path in islice(canonical.without_canonical_form(document), MOST_FAULTS)
    ]
    for section in SECTIONS:
        seen: set[str] = set()
        for index, record in enumerate(getattr(shape, section)):
            if record.code in seen:
                twice = told("Another record of this section has the same code.")
                faults.append(fault(f"{section}.{index}.code", twice, "duplicate"))
            seen.add(record.code)
    if faults:
        raise errors.Invalid(faults[:MOST_FAULTS])
