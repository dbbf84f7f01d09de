"""The kinds of text in forms."""

import unicodedata
import zoneinfo
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

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
        strip_whitespace=True, max_length=254, pattern=r"^[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\\]+$"
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
GivenPassword = Annotated[str, StringConstraints(max_length=1024)]


def email_key(email: str) -> str:
    """The e-mail in the form in which it is compared."""
    return email.strip().casefold()
