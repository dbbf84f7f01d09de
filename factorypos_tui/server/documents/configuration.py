"""The configuration document: lists of records, each with a `code` that is unique in its section. Pure."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from factorypos_tui.server import errors
from factorypos_tui.server.documents import canonical
from factorypos_tui.server.documents.faults import field_problems
from factorypos_tui.server.errors import FieldProblem
from factorypos_tui.server.words import told

SECTIONS = ("departments", "taxes", "price_levels", "payment_methods", "users", "items")


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
    faults = [FieldProblem(path, "invalid", no_text) for path in canonical.without_canonical_form(document)]
    for section in SECTIONS:
        seen: set[str] = set()
        for index, record in enumerate(getattr(shape, section)):
            if record.code in seen:
                twice = told("Another record of this section has the same code.")
                faults.append(FieldProblem(f"{section}.{index}.code", "duplicate", twice))
            seen.add(record.code)
    if faults:
        raise errors.Invalid(faults[:100])
