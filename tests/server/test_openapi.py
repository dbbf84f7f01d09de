"""The written OpenAPI document is the app's own."""

import json
from pathlib import Path

from factorypos_tui.server.openapi import openapi_document

WRITTEN = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_the_written_document_is_todays() -> None:
    regenerate = "python -m factorypos_tui.server.openapi > docs/openapi.json"
    assert WRITTEN.read_text(encoding="utf-8") == openapi_document(), f"regenerate it: {regenerate}"


def test_every_refusal_is_a_problem_document_and_every_token_is_named() -> None:
    document = json.loads(openapi_document())
    assert set(document["components"]["securitySchemes"]) == {"userToken", "terminalToken"}
    open_to_all = set()
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            if "security" not in call:
                open_to_all.add((method, path))
            for status, answer in call["responses"].items():
                if status >= "400":
                    assert list(answer["content"]) == ["application/problem+json"]
    assert open_to_all == {
        ("get", "/v1/health"),
        ("post", "/v1/users"),
        ("post", "/v1/sessions"),
        ("post", "/v1/password-resets"),
        ("post", "/v1/password-resets/confirm"),
    }
