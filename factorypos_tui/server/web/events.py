"""The stream of live events behind a page."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.watching import watched
from factorypos_tui.server.http.calls import caller_hash, token_hash_of
from factorypos_tui.server.live.listeners import Listener

PATH = "/events"
_FIGURES = format_sse_event(event="figures", data_str="{}")
_HEADERS = {"X-Accel-Buffering": "no"}  # a proxy passes on what there is


async def events(
    request: Request,
    store: Annotated[UUID | None, Query()] = None,
    company: Annotated[UUID | None, Query()] = None,
) -> Response:
    """An event `figures` whenever a report of this store, of this company, or of any company of the caller
    has come in."""
    cloud: Cloud = request.app.state.cloud
    header = request.headers.get("authorization")
    session = token_hash_of(header) if header else caller_hash(PATH, request.headers, cloud)
    names = (str(it) if it else None for it in (store, company))
    watch = partial(watched, by_cookie=not header)
    account, topics = await run_in_threadpool(watch, cloud, session, *names)
    if request.scope["state"]["asked_as"] == "HEAD":
        return Response(headers=_HEADERS, media_type=Stream.media_type)
    return Stream(cloud.live.add(account.id, session, topics))


class Stream(StreamingResponse):
    """What a listener is told, until the stream is over or its reader leaves."""

    media_type = "text/event-stream"

    def __init__(self, listener: Listener) -> None:
        super().__init__(_lines(listener), headers=_HEADERS)
        self._listener = listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._listener.close()


async def _lines(listener: Listener) -> AsyncIterator[bytes]:
    yield KEEPALIVE_COMMENT  # so that the reader, and proxies, see that it is open
    async for sign in listener.signs():
        yield _FIGURES if sign == "figures" else KEEPALIVE_COMMENT
