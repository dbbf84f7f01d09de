"""Every refusal is one RFC 9457 document: `application/problem+json` with the machine word in `code`."""

import json
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from peewee import InterfaceError, OperationalError
from playhouse.pool import MaxConnectionsExceeded
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from factorypos_tui.server.words import LANGUAGES, marked, spoken, told

MEDIA_TYPE = "application/problem+json"

CODES = {
    400: "malformed",
    401: "unauthorized",
    404: "not_found",
    405: "method_not_allowed",
    408: "timeout",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    500: "internal",
    503: "unavailable",
}
"""The machine word of a status that no call gives a word of its own."""

FIELD_CODES = {"missing": "required", "string_too_short": "too_short", "string_too_long": "too_long"}
_MESSAGES = {
    "missing": marked("It is needed."),
    "string_too_short": marked("It has to be at least {min_length} characters long."),
    "string_too_long": marked("It may be at most {max_length} characters long."),
    "string_type": marked("It has to be a text."),
    "string_pattern_mismatch": marked("It does not have the form that it has to have."),
    "bool_type": marked("It has to be true or false."),
    "int_type": marked("It has to be a whole number."),
}
PLACES = ("body", "query", "path", "header")
CHOSEN_BY_CALLER = {"terminal_id", "report_id"}
"""Ids that a PUT gives to what it makes; any other id in an address is of something that must exist."""
OUR_FIELD_CODES = {"too_common", "control_characters", "unknown_timezone"}


class FieldProblem(BaseModel):
    """What is wrong with one field; `field` is a path such as `totals.gross` or `taxes.0.rate`."""

    field: str
    code: str
    message: str


class ProblemDocument(BaseModel):
    """RFC 9457, with `code` for programs and `fields` where a form is at fault."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    fields: list[FieldProblem] = Field(default_factory=list)
    same_account: bool | None = None
    """Of `terminal_elsewhere` alone: whether the other store is the caller's, too."""


class Problem(Exception):  # RFC 9457 calls it a problem
    """A refusal on its way to the caller."""

    def __init__(
        self,
        status: int,
        detail: str,
        code: str | None = None,
        fields: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
        *,
        same_account: bool | None = None,
    ) -> None:
        super().__init__(detail)
        self.document = ProblemDocument(
            title=HTTPStatus(status).phrase,
            status=status,
            detail=detail,
            code=code or CODES[status],
            fields=list(fields),
            same_account=same_account,
        )
        self.headers = {"WWW-Authenticate": "Bearer", **(headers or {})} if status == 401 else headers or {}

    def content(self) -> dict[str, Any]:
        """The document as JSON values; `fields` and `same_account` only where there is something to say."""
        return self.document.model_dump(
            exclude=None if self.document.fields else {"fields"}, exclude_none=True
        )

    def response(self) -> Response:
        body = json.dumps(self.content(), ensure_ascii=False).encode()
        return Response(body, self.document.status, dict(self.headers), MEDIA_TYPE)


def invalid(fields: Sequence[FieldProblem], detail: str = "") -> Problem:
    return Problem(422, detail or told("Some fields are missing or wrong."), fields=fields)


def field_problems(errors: Iterable[Mapping[str, Any]]) -> list[FieldProblem]:
    """Pydantic's errors in our words; the input itself is never repeated."""
    return [
        FieldProblem(
            field=".".join(str(part) for part in error["loc"] if part not in PLACES),
            code=_field_code(error["type"]),
            message=_message(error),
        )
        for error in errors
    ]


def _message(error: Mapping[str, Any]) -> str:
    """Ours, where it is one that people meet in forms; else what pydantic says, or in other languages than
    its own the word that it has for it."""
    kind = error["type"]
    if kind in _MESSAGES:
        return told(_MESSAGES[kind]).format(**error.get("ctx", {}))
    if kind in OUR_FIELD_CODES or spoken() == LANGUAGES[0]:
        return str(error["msg"])
    return told("It is not as it has to be ({kind}).").format(kind=kind)


def _field_code(kind: str) -> str:
    return kind if kind in OUR_FIELD_CODES else FIELD_CODES.get(kind, "invalid")


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that can refuse with these statuses, for the OpenAPI document."""
    return {
        status: {"model": ProblemDocument, "description": HTTPStatus(status).phrase} for status in statuses
    }


def install(app: FastAPI) -> None:
    """Turn whatever the framework or the database raises into a problem document."""

    @app.exception_handler(Problem)
    async def ours(_: Request, problem: Problem) -> Response:
        return problem.response()

    @app.exception_handler(RequestValidationError)
    async def validation(request: Request, error: RequestValidationError) -> Response:
        return _validation_problem(request.method, error.errors()).response()

    @app.exception_handler(HTTPException)
    async def framework(_: Request, error: HTTPException) -> Response:
        status = error.status_code if error.status_code in CODES else 400
        details = {
            404: told("There is nothing at this address."),
            405: told("This address does not take this method."),
        }
        detail = details.get(status, told("The request could not be read."))
        return Problem(status, detail, headers=error.headers).response()

    @app.exception_handler(OperationalError)
    @app.exception_handler(InterfaceError)
    @app.exception_handler(MaxConnectionsExceeded)
    async def database(_: Request, __: Exception) -> Response:
        detail = told("The database does not answer now. Nothing was stored; try again in a moment.")
        return Problem(503, detail, headers={"Retry-After": "5"}).response()


def _validation_problem(method: str, errors: Sequence[Mapping[str, Any]]) -> Problem:
    if any(error["type"] == "json_invalid" for error in errors):
        return Problem(400, told("The body is not valid JSON."))
    chosen = CHOSEN_BY_CALLER if method == "PUT" else set()
    if any(error["loc"][0] == "path" and error["loc"][1] not in chosen for error in errors):
        return Problem(404, told("There is nothing at this address."))
    return invalid(field_problems(errors))
