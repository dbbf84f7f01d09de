"""The application: every call of API v1 around one `Cloud`."""

import json
import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from factorypos_tui.server.api import (
    accounts,
    companies,
    configuration,
    figures,
    health,
    problems,
    reports,
    settlements,
    terminals,
    versions,
)
from factorypos_tui.server.api.bodies import Bodies
from factorypos_tui.server.api.problems import Problem, refusals
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.web.reset_page import reset_page
from factorypos_tui.server.words import language_wanted, speak, told

logger = logging.getLogger(__name__)

RESOURCES = (health, accounts, companies, terminals, reports, settlements, figures, configuration, versions)

DESCRIPTION = (
    "Reports of every terminal, once each. Money is in minor units; instants are UTC. "
    "A parameter without a value, and null for an optional field of a form, count as left out."
)


class Frame:
    """Wraps every call: each answer gets a request id, texts in the caller's language, and nothing internal.

    A parameter without a value counts as left out. HEAD is answered as GET is; the server that runs this
    leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        speak(language_wanted(Headers(scope=scope).get("accept-language", "")))
        asked = {**scope, "method": method, "query_string": _without_blanks(scope["query_string"])}
        request_id = str(uuid.uuid4())
        started = False

        async def send_framed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                headers["Cache-Control"] = "no-store"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        try:
            await self.app(asked, receive, send_framed)
        except Exception:
            where = {"request_id": request_id, "method": scope["method"], "path": scope["path"]}
            logger.exception("a call failed", extra=where)
            if not started:
                detail = told("The server made a mistake. Try again; its log knows this call as {call}.")
                await Problem(500, detail.format(call=request_id)).response()(scope, receive, send_framed)


def _without_blanks(query: bytes) -> bytes:
    return b"&".join(part for part in query.split(b"&") if part.partition(b"=")[2])


def build_app(cloud: Cloud) -> FastAPI:
    """The whole server. Its caller migrates the database first and closes it afterwards."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        cloud.postman.start()
        yield
        cloud.postman.stop()

    app = FastAPI(
        title="FactoryCLOUD",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=refusals(422, 500),
    )
    app.state.cloud = cloud
    for resource in RESOURCES:
        app.include_router(resource.router, prefix="/v1")
    problems.install(app)
    app.add_middleware(Bodies)
    app.add_middleware(Frame)
    app.add_api_route("/reset", reset_page, include_in_schema=False)
    _describe_honestly(app)
    return app


def _describe_honestly(app: FastAPI) -> None:
    """Say in the OpenAPI document that refusals are problem documents."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        document: dict[str, Any] = json.loads(json.dumps(describe()))
        for path in document["paths"].values():
            for call in path.values():
                for status, answer in call["responses"].items():
                    if status >= "400":
                        answer["content"] = {problems.MEDIA_TYPE: answer["content"]["application/json"]}
        return document

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's documented way to change it
