"""Every refusal is one RFC 9457 document: `application/problem+json` with the machine word in `code`."""

import json
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from peewee import InterfaceError, OperationalError
from playhouse.pool import MaxConnectionsExceeded
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from factorypos_tui.server import errors
from factorypos_tui.server.documents.faults import field_problems
from factorypos_tui.server.errors import FieldProblem, Refused
from factorypos_tui.server.words import told

MEDIA_TYPE = "application/problem+json"

STATUSES: dict[type[Refused], int] = {
    errors.Unreadable: 400,
    errors.NotKnown: 401,
    errors.NotAllowed: 403,
    errors.NotYours: 404,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.Changed: 412,
    errors.TooMuch: 413,
    errors.Invalid: 422,
    errors.NoCondition: 428,
    errors.TooOften: 429,
    errors.Busy: 503,
}
"""The status of a refusal, and of all its subclasses."""
CODES = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    408: "timeout",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    500: "internal",
    503: "unavailable",
}
"""The machine word of each status with which the framework refuses, and no rule of ours."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CHOSEN_BY_CALLER = {"terminal_id", "report_id"}
"""Ids that a caller chooses for what a PUT makes; any other id in an address must exist already."""


class ProblemDocument(BaseModel):
    """RFC 9457, with `code` for programs and `fields` where a form is wrong."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    fields: list[FieldProblem] = Field(default_factory=list)
    same_account: bool | None = None
    """Only with `terminal_elsewhere`: whether the other store is the caller's, too."""
    reason: str | None = None
    """Only with `terminal_revoked`: `company_closed` where that is why."""


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
        reason: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.document = ProblemDocument(
            title=HTTPStatus(status).phrase,
            status=status,
            detail=detail,
            code=code or CODES[status],
            fields=list(fields),
            same_account=same_account,
            reason=reason,
        )
        self.headers = headers or {}

    def content(self) -> dict[str, Any]:
        """The document as JSON values; `fields` and `same_account` only where they are set."""
        return self.document.model_dump(
            exclude=None if self.document.fields else {"fields"}, exclude_none=True
        )

    def response(self) -> Response:
        body = json.dumps(self.content(), ensure_ascii=False).encode()
        return Response(body, self.document.status, dict(self.headers), MEDIA_TYPE)


Answer = Callable[[Scope, Problem], Response]
"""How a call is answered that is refused."""

NO_DATABASE = (OperationalError, InterfaceError, MaxConnectionsExceeded)
"""What is raised where the database does not answer, or answers that it cannot now."""


def problem_for(refusal: Exception) -> Problem:
    """The problem document for a problem, a refusal, or one of `NO_DATABASE`."""
    if isinstance(refusal, Problem):
        return refusal
    if isinstance(refusal, Refused):
        return problem_of(refusal)
    # A commit of which nothing was heard may have happened.
    detail = told(
        "The database does not answer now. What was sent may or may not be stored. Try again in a moment."
    )
    return Problem(503, detail, headers={"Retry-After": "5"})


def problem_of(refused: Refused) -> Problem:
    """The problem document for a refusal."""
    status = next(STATUSES[kind] for kind in type(refused).__mro__ if kind in STATUSES)
    return Problem(
        status,
        str(refused),
        refused.code,
        refused.fields if isinstance(refused, errors.Invalid) else (),
        _headers_of(refused),
        same_account=refused.same_account if isinstance(refused, errors.Elsewhere) else None,
        reason=refused.reason if isinstance(refused, errors.OfClosedCompany) else None,
    )


def _headers_of(refused: Refused) -> dict[str, str]:
    match refused:
        case errors.NotKnown():
            return {"WWW-Authenticate": "Bearer"}
        case errors.TooOften() | errors.Busy():
            return {"Retry-After": str(refused.seconds)}
        case errors.Changed(etag=str(etag)):
            return {"ETag": etag}
    return {}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that can refuse with these statuses, for the OpenAPI document."""
    return {
        status: {"model": ProblemDocument, "description": HTTPStatus(status).phrase} for status in statuses
    }


def install(app: FastAPI, answer: Answer) -> None:
    """Turn every error of our rules, the framework or the database into a problem, and answer with that."""

    @app.exception_handler(Refused)
    async def ours(request: Request, refused: Refused) -> Response:
        return answer(request.scope, problem_of(refused))

    @app.exception_handler(RequestValidationError)
    async def validation(request: Request, error: RequestValidationError) -> Response:
        faults = error.errors()
        if any(fault["loc"][0] == "path" for fault in faults) and _exactly_here(app, request):
            return _not_this_method(app, request, answer)  # a fixed word stands where an id would
        return answer(request.scope, await _stranger(request) or _validation_problem(request.method, faults))

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        status = error.status_code if error.status_code in CODES else 400
        if status == 405:
            return _not_this_method(app, request, answer)
        headers = dict(error.headers or {})
        if status == 404:
            problem = Problem(404, told("There is nothing at this address."), headers=headers)
            return answer(request.scope, problem)
        problem = Problem(status, told("The request could not be read."), headers=headers)
        return answer(request.scope, await _stranger(request) or problem)

    async def database(request: Request, failure: Exception) -> Response:
        return answer(request.scope, problem_for(failure))

    for kind in NO_DATABASE:
        app.exception_handler(kind)(database)


async def _stranger(request: Request) -> Problem | None:
    """The refusal of a caller whose token is not good: it goes before whatever is wrong with the call."""
    try:
        await request.state.find_caller()
    except (Refused, *NO_DATABASE) as refusal:
        return problem_for(refusal)
    return None


def _not_this_method(app: FastAPI, request: Request, answer: Answer) -> Response:
    headers = {"Allow": ", ".join(_methods_of(app, request))}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=headers)
    problem = Problem(405, told("This address does not take this method."), headers=headers)
    return answer(request.scope, problem)


def _exactly_here(app: FastAPI, request: Request) -> set[str]:
    """The methods of the routes that have this very address, and no id in it."""
    routes = (route for route in iter_route_contexts(app.routes) if route.path == request.scope["path"])
    return {method for route in routes for method in route.methods or ()}


def _methods_of(app: FastAPI, request: Request) -> list[str]:
    """What an address takes; the framework names the methods of one of its routes."""
    scopes = {method: {**request.scope, "method": method} for method in METHODS}
    taken = _exactly_here(app, request) or {
        method
        for method, scope in scopes.items()
        if any(route.matches(scope)[0] is Match.FULL for route in app.routes)
    }
    return sorted(taken | {"OPTIONS"} | ({"HEAD"} if "GET" in taken else set()))


def _validation_problem(method: str, faults: Sequence[Mapping[str, Any]]) -> Problem:
    if any(fault["type"] == "json_invalid" for fault in faults):
        return Problem(400, told("The body is not valid JSON."))
    chosen = CHOSEN_BY_CALLER if method == "PUT" else set()
    if any(fault["loc"][0] == "path" and fault["loc"][1] not in chosen for fault in faults):
        return Problem(404, told("There is nothing at this address."))
    return problem_of(errors.Invalid(field_problems(faults)))
