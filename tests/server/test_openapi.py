"""The written OpenAPI document is the app's own."""

import json
from pathlib import Path

from peewee import SqliteDatabase

from factorypos_tui.server.app import build_app
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.mail.postman import Postman
from factorypos_tui.server.openapi import openapi_document

WRITTEN = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_the_written_document_is_todays() -> None:
    regenerate = "python -m factorypos_tui.server.openapi > docs/openapi.json"
    assert WRITTEN.read_text(encoding="utf-8") == openapi_document(), f"regenerate it: {regenerate}"


def test_it_is_made_once_however_often_it_is_asked_for() -> None:
    app = build_app(Cloud(SqliteDatabase(None), Postman(lambda _: None, "")))
    assert app.openapi() is app.openapi()


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
            assert {"400", "413", "415", "429", "503"} <= set(call["responses"])
            assert ("401" in call["responses"]) == ("security" in call or path == "/v1/sessions")
    assert open_to_all == {
        ("get", "/v1/health"),
        ("get", "/v1/keys"),
        ("post", "/v1/users"),
        ("post", "/v1/sessions"),
        ("post", "/v1/password-resets"),
        ("post", "/v1/password-resets/confirm"),
        ("post", "/v1/enrolments"),
        ("post", "/v1/device-authorizations"),
        ("post", "/v1/device-tokens"),
    }
