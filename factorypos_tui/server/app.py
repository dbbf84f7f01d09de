"""The application: every call of API v1, and every page, around one `Cloud`."""

import logging
import uuid
from asyncio import to_thread
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from factorypos_tui.server.api import (
    accounts,
    alarms,
    archive,
    arrivals,
    audit,
    charts,
    closings,
    companies,
    configuration,
    device_authorizations,
    enrolments,
    figures,
    health,
    keys,
    members,
    reports,
    sessions,
    settlements,
    states,
    terminals,
    versions,
)
from factorypos_tui.server.api.describing import describe_refusals
from factorypos_tui.server.api.metrics import Metrics
from factorypos_tui.server.domain.alarms.rounds import Rounds
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.watching import still_watching
from factorypos_tui.server.http import problems
from factorypos_tui.server.http.framing import frame
from factorypos_tui.server.http.gate import Gate, Lanes, Way, ways
from factorypos_tui.server.http.problems import Problem
from factorypos_tui.server.http.proxies import Proxies
from factorypos_tui.server.live.hearing import hearing
from factorypos_tui.server.storage.audit import call_comes_from
from factorypos_tui.server.web import (
    account,
    closing_pages,
    confirm,
    days_pages,
    door,
    factor_rule,
    home,
    invitation,
    ownership,
    prove,
    recover,
    refusals,
    register,
    report_pages,
    second_factor,
    second_step,
    static_files,
)
from factorypos_tui.server.web import alarms as alarm_pages
from factorypos_tui.server.web import archive as archive_pages
from factorypos_tui.server.web import audit as audit_pages
from factorypos_tui.server.web import charts as chart_pages
from factorypos_tui.server.web import closings as closing_lists
from factorypos_tui.server.web import companies as company_pages
from factorypos_tui.server.web import device_authorizations as device_pages
from factorypos_tui.server.web import enrolments as enrolment_pages
from factorypos_tui.server.web import members as member_pages
from factorypos_tui.server.web import terminals as terminal_pages
from factorypos_tui.server.web.catalogue import overview, records
from factorypos_tui.server.web.catalogue import prices as price_pages
from factorypos_tui.server.web.catalogue import tables as table_pages
from factorypos_tui.server.web.events import PATH as EVENTS
from factorypos_tui.server.web.events import events
from factorypos_tui.server.words import language_wanted, speak, told

logger = logging.getLogger(__name__)

# Routes are tried in this order: those that most calls take come first.
RESOURCES = (
    arrivals,
    health,
    keys,
    accounts,
    sessions,
    companies,
    members,
    terminals,
    enrolments,
    device_authorizations,
    states,
    reports,
    settlements,
    figures,
    archive,
    charts,
    closings,
    alarms,
    configuration,
    versions,
    audit,
)

PAGES = (
    home,
    days_pages,
    report_pages,
    archive_pages,
    chart_pages,
    closing_lists,
    closing_pages,
    door,
    register,
    recover,
    confirm,
    account,
    prove,
    second_step,
    second_factor,
    terminal_pages,
    enrolment_pages,
    device_pages,
    alarm_pages,
    company_pages,
    member_pages,
    factor_rule,
    ownership,
    invitation,
    audit_pages,
    overview,
    table_pages,
    price_pages,
    records,
    static_files,
)

DESCRIPTION = (
    "Reports of every terminal, once each. Money is in minor units; instants are UTC. "
    "A parameter without a value, and null for an optional field of a form, count as left out."
)


_A_YEAR_OF_HTTPS = "max-age=31536000"


class Frame:
    """Wraps every call: each answer gets a request id, texts in the caller's language, and nothing internal.

    A parameter without a value counts as left out. HEAD is answered as GET is; the server that runs this
    leaves the body out. `is_https`: whether people reach the server by https only."""

    def __init__(self, app: ASGIApp, is_https: bool) -> None:
        self.app = app
        self._is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        asked_by = Headers(scope=scope)
        speak(language_wanted(asked_by.get("accept-language", "")))
        client = scope.get("client")
        call_comes_from(client[0] if client else "", asked_by.get("user-agent", ""))
        state = {**scope.get("state", {}), "asked_as": scope["method"]}
        query = _without_blanks(scope["query_string"])
        asked = {**scope, "method": method, "query_string": query, "state": state}
        request_id = str(uuid.uuid4())
        started = False

        async def send_framed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                frame(headers, request_id)
                if self._is_https:
                    headers["Strict-Transport-Security"] = _A_YEAR_OF_HTTPS
            await send(message)

        try:
            await self.app(asked, receive, send_framed)
        except Exception:
            where = {"request_id": request_id, "method": scope["method"], "path": scope["path"]}
            logger.exception("a call failed", extra=where)
            if not started:
                detail = told("The server made a mistake. Try again; its log knows this call as {call}.")
                problem = Problem(500, detail.format(call=request_id))
                await refusals.answer(scope, problem)(scope, receive, send_framed)


def _without_blanks(query: bytes) -> bytes:
    return b"&".join(part for part in query.split(b"&") if part.partition(b"=")[2])


def build_app(cloud: Cloud) -> FastAPI:
    """The whole server. Its caller migrates the database first and closes it afterwards."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await to_thread(cloud.signing.begin, cloud.now())
        cloud.postman.start(cloud.database, cloud.now)
        rounds = Rounds(cloud)
        rounds.start()
        async with hearing(cloud.live, cloud.database, cloud.listen_url, partial(still_watching, cloud)):
            yield
        rounds.stop()
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
    )
    app.state.cloud = cloud
    _add_routes(app)
    problems.install(app, refusals.answer)
    refusals.install(app)
    lanes = Lanes()
    app.add_middleware(arrivals.Puts, cloud=cloud)
    app.add_middleware(Gate, cloud=cloud, ways=_ways(), lanes=lanes, answer=refusals.answer)
    app.add_middleware(Metrics, cloud=cloud, lanes=lanes)
    app.add_middleware(Frame, is_https=cloud.is_https)
    app.add_middleware(Proxies, trusted=cloud.trusted_proxies)
    describe_refusals(app)
    return app


def _add_routes(app: FastAPI) -> None:
    for resource in RESOURCES:
        app.include_router(resource.router, prefix="/v1")
    for page in PAGES:
        app.include_router(page.router)
    app.add_api_route(EVENTS, events, include_in_schema=False)


def _ways() -> list[Way]:
    of_calls = [route for resource in RESOURCES for route in resource.router.routes]
    of_pages = [route for page in PAGES for route in page.router.routes]
    return [*ways(of_calls, "/v1"), *ways(of_pages, "")]
