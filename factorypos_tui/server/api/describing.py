"""The OpenAPI document. How a call may be refused follows from what it takes, so no route can forget it; what
a rule refuses beyond that, the route says by `refusals`."""

import json
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from factorypos_tui.server.http.problems import CHOSEN_BY_CALLER, MEDIA_TYPE

ANY_CALL = 400, 408, 413, 415, 429, 500, 503
"""From the gate, from a database that does not answer, or for a mistake of the server. 405 is missing: no
call that is described here is answered so."""
_TELLS = {
    401: {"WWW-Authenticate": "Bearer"},
    429: {"Retry-After": "Seconds until it is worth trying again"},
    503: {"Retry-After": "Seconds until it is worth trying again"},
}
_OF_FASTAPI = ("HTTPValidationError", "ValidationError")
"""What it thinks that a wrong form is answered with."""


_OF_A_COMPANY = ("company_id", "store_id", "terminal_id", "report_id")
"""Who may do something with these are members of the company."""


def describe_refusals(app: FastAPI) -> None:
    """Let the app's OpenAPI document tell every refusal of every call, each a problem document."""
    describe = app.openapi

    @cache  # anybody may ask for it, and it is made in the event loop
    def described() -> dict[str, Any]:
        document: dict[str, Any] = json.loads(json.dumps(describe()))
        for path in document["paths"].values():
            for method, call in path.items():
                call["responses"] = _responses(method, call)
        for name in _OF_FASTAPI:
            document["components"]["schemas"].pop(name, None)
        return document

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's documented way to change it


def _responses(method: str, call: dict[str, Any]) -> dict[str, Any]:
    by_itself = {int(status) for status in call["responses"]} - {422}
    good = {str(status): call["responses"][str(status)] for status in sorted(by_itself) if status < 400}
    bad = {status for status in by_itself if status >= 400} | {*ANY_CALL, *_refusals(method, call)}
    return {**good, **{str(status): _refusal(status) for status in sorted(bad)}}


def _refusals(method: str, call: dict[str, Any]) -> Iterator[int]:
    """What follows from what a call takes."""
    by_people = any("userToken" in it for it in call.get("security", ()))
    if "security" in call:
        yield 401
    if "requestBody" in call:
        yield 422
    for parameter in call.get("parameters", ()):
        if by_people and parameter["name"] in _OF_A_COMPANY:
            yield from (403, 409)  # a role that is too low; a company that was closed
        match parameter["in"], parameter["name"]:
            case "path", name if method != "put" or name not in CHOSEN_BY_CALLER:
                yield 404
            case "header", "FactoryPOS-Store":
                yield 403
            case "header", "if-match":
                yield from (412, 428)
            case ("path" | "query", _) | ("header", "idempotency-key"):
                yield 422


def _refusal(status: int) -> dict[str, Any]:
    headers = {
        name: {"description": words, "required": True, "schema": {"type": "string"}}
        for name, words in _TELLS.get(status, {}).items()
    }
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    return {
        "description": HTTPStatus(status).phrase,
        **({"headers": headers} if headers else {}),
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
