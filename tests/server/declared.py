"""Each answer that a test of the server gets is one that the OpenAPI document promises."""

import json
import re
from functools import cache
from typing import Any

import httpx

from factorypos_tui.server.openapi import openapi_document


@cache
def _calls() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """Each path with its calls, those without a parameter first."""
    paths: dict[str, dict[str, Any]] = json.loads(openapi_document())["paths"]
    in_order = sorted(paths.items(), key=lambda path: path[0].count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), calls) for path, calls in in_order]


def assert_declared(answer: httpx.Response) -> None:
    """The answer's status, media type and headers are in the document, where it has such a call."""
    method, path = answer.request.method.replace("HEAD", "GET"), answer.request.url.path
    calls = next((calls for pattern, calls in _calls() if pattern.fullmatch(path)), {})
    call = calls.get(method.lower())
    if call is None:
        return
    declared = call["responses"].get(str(answer.status_code))
    assert declared, (
        f"{method} {path} is answered {answer.status_code}, which docs/openapi.json does not tell"
    )
    if content := declared.get("content"):
        assert answer.headers["content-type"].partition(";")[0] in content
    for name, header in declared.get("headers", {}).items():
        assert not header["required"] or name in answer.headers, f"{method} {path}: no {name}"
