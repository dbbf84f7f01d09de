"""Reads each body once, before any call sees it: bounded, unpacked, and under `/v1` JSON."""

import asyncio
import zlib
from collections.abc import AsyncIterator

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from factorypos_tui.server.api.problems import Problem
from factorypos_tui.server.words import told

MAX_BYTES = 8 * 1024 * 1024
DRAIN_BYTES = 8 * MAX_BYTES
READ_SECONDS = 60


class Bodies:
    """Replaces a request's body by its unpacked bytes, or answers 400, 408, 413 or 415 itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        is_ours = scope["path"].startswith("/v1/")  # pages elsewhere may send forms
        try:
            async with asyncio.timeout(READ_SECONDS):
                body = await _read(Headers(scope=scope), receive, json_only=is_ours)
        except TimeoutError:
            return await Problem(408, told("The request took too long to arrive.")).response()(
                scope, receive, send
            )
        except Problem as problem:
            return await problem.response()(scope, receive, send)
        if body is None:
            return None
        headers = MutableHeaders(scope=scope)
        if body and is_ours:
            headers["content-type"] = "application/json"
        del headers["content-encoding"]
        headers["content-length"] = str(len(body))
        return await self.app(scope, _replay(body, receive), send)


def _replay(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return messages.pop() if messages else await receive()

    return replayed


async def _read(headers: Headers, receive: Receive, *, json_only: bool) -> bytes | None:
    """The unpacked body; None when the caller left. Raises `Problem`.

    A caller that is still sending would see a broken connection instead of the answer. So the rest of a wrong
    body is read and thrown away, within a bound."""
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise Problem(415, told("A body may be plain or gzip, nothing else."))
    unpack = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    body, received, fault = bytearray(), 0, None
    try:
        async for chunk in _chunks(receive):
            received += len(chunk)
            if fault is None:
                fault = _append(body, chunk, unpack)
            if received > DRAIN_BYTES:
                break
    except ConnectionAbortedError:
        return None
    if fault is None and received and unpack and (not unpack.eof or unpack.unused_data):
        fault = Problem(400, told("The gzip body is cut off, or something follows it."))
    if fault is None and body and json_only and not _is_json(headers.get("content-type")):
        fault = Problem(415, told("The body must be JSON: Content-Type: application/json."))
    if fault is not None:
        raise fault
    return bytes(body)


def _append(body: bytearray, chunk: bytes, unpack: "zlib._Decompress | None") -> Problem | None:
    room = MAX_BYTES - len(body)
    try:
        body += unpack.decompress(chunk, room + 1) if unpack else chunk
    except zlib.error:
        return Problem(400, told("The body is not valid gzip."))
    if len(body) > MAX_BYTES:
        body.clear()
        return Problem(413, told("The body is larger than 8 MiB unpacked. Send it in smaller parts."))
    return None


def _is_json(content_type: str | None) -> bool:
    media_type, _, parameters = (content_type or "application/json").lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "").partition("charset=")[2].partition(";")[0]
    return media_type.strip() == "application/json" and charset in ("", "utf-8")


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionAbortedError
        more = message.get("more_body", False)
        yield message.get("body", b"")
