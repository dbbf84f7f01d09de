"""The kinds of text in forms."""

import re
import unicodedata
import zoneinfo
from datetime import date
from functools import cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from factorypos_tui.server.security import passwords
from factorypos_tui.server.words import told


class Form(BaseModel):
    """A JSON body; a number is not taken for a text, unknown fields are ignored.

    Null for an optional field counts as left out."""

    model_config = ConfigDict(strict=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        return {name: value for name, value in given.items() if value is not None or name not in optional}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Let the API's document say that null is taken."""
        schema = handler(core_schema)
        fields = handler.resolve_ref_schema(schema)
        for name, field in fields["properties"].items():
            if name not in fields.get("required", ()) and "anyOf" not in field:
                told_beside = {
                    key: field.pop(key) for key in ("default", "title", "description") if key in field
                }
                fields["properties"][name] = {"anyOf": [field, {"type": "null"}], **told_beside}
        return schema


def _without_control_characters(text: str) -> str:
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
        raise PydanticCustomError("control_characters", told("Control characters cannot be used here."))
    return text


def _uncommon(password: str) -> str:
    if passwords.is_common(password):
        raise PydanticCustomError("too_common", told("This password is one of the first that anybody tries."))
    return password


@cache
def _timezones() -> set[str]:
    return zoneinfo.available_timezones()


def _known_timezone(name: str) -> str:
    if name not in _timezones():
        raise PydanticCustomError(
            "unknown_timezone", told("This is no IANA time zone, such as Europe/Madrid.")
        )
    return name


def _written_out(text: Any) -> Any:
    """A day as reports have it; pydantic alone would also take seconds since 1970."""
    if isinstance(text, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise PydanticCustomError("string_pattern_mismatch", told("A day is YYYY-MM-DD."))
    return text


def _with_lower_case_domain(email: str) -> str:
    local, _, domain = email.rpartition("@")
    return f"{local}@{domain.lower()}"


Plain = AfterValidator(_without_control_characters)
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Plain]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64), Plain]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), Plain]
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=254, pattern=r"^[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+$"
    ),
    Plain,
    AfterValidator(_with_lower_case_domain),
]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$")]
Country = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{2}$")]
Currency = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{3}$")]
Timezone = Annotated[str, AfterValidator(_known_timezone)]
NewPassword = Annotated[
    str,
    StringConstraints(min_length=passwords.MIN_LENGTH, max_length=passwords.MAX_LENGTH),
    AfterValidator(_uncommon),
]
Date = Annotated[date, BeforeValidator(_written_out)]
GivenPassword = Annotated[str, StringConstraints(max_length=1024)]


def email_key(email: str) -> str:
    """The e-mail in the form in which it is compared."""
    return email.strip().casefold()
