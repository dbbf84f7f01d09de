"""Bodies: how they are received, within bounds, and how what was received is unpacked."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from starlette.types import Receive

from factorypos_tui.server import errors
from factorypos_tui.server.http.problems import Problem
from factorypos_tui.server.words import told

MAX_BYTES = 8 * 1024 * 1024
"""The most that a document (reports, a configuration) may have, packed or unpacked."""
FORM_BYTES = 16 * 1024
"""The most that any other body may have, packed or unpacked. No more of a document is received before its
caller is known."""
HELD_BYTES = 64 * 1024 * 1024
"""What all documents that are being received or worked on may have together, as they came, beyond a form's
worth each: small ones are never refused for large ones that are held."""
FORM_SECONDS, DOCUMENT_SECONDS = 15, 60


class CallerLeft(Exception):
    """Nobody is there any more who would read an answer."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A body as it came."""

    raw: bytes
    packed: bool
    most: int
    """How many bytes it may have unpacked."""

    @property
    def size(self) -> int:
        """The bytes that it will have unpacked, as far as they are taken; a gzip body says it at its end."""
        claimed = int.from_bytes(self.raw[-4:], "little") if self.packed else len(self.raw)
        return min(claimed, self.most)

    def unpacked(self) -> bytes:
        """The body itself; raises `Unreadable` or `TooMuch`. Never call it for a document in the event
        loop."""
        if not self.packed or not self.raw:
            return self.raw
        unpack = zlib.decompressobj(wbits=31)
        try:
            body = unpack.decompress(self.raw, self.size + 1)
        except zlib.error as error:
            raise errors.Unreadable(told("The body is not valid gzip.")) from error
        if len(body) > self.most:
            raise too_large(self.most)
        if not unpack.eof or unpack.unused_data:
            raise errors.Unreadable(told("The gzip body is cut off, or something follows it."))
        return body


class Held:
    """Counts the bytes that this process holds of large bodies."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0

    def grow(self, before: int, after: int) -> None:
        """A body grows; raises `Busy` where all would become too large."""
        more = _beyond_a_form(after) - _beyond_a_form(before)
        if more and self._bytes + more > self._most:
            raise errors.Busy
        self._bytes += more

    def release(self, size: int) -> None:
        """A body is dropped."""
        self._bytes -= _beyond_a_form(size)


def _beyond_a_form(size: int) -> int:
    return max(0, size - FORM_BYTES)


def too_large(most: int) -> errors.TooMuch:
    if most == FORM_BYTES:
        return errors.TooMuch(told("The body is larger than 16 KiB unpacked: too large for a form."))
    return errors.TooMuch(told("The body is larger than 8 MiB unpacked. Send it in smaller parts."))


def declared_size(headers: Mapping[str, str]) -> int | None:
    """How long the body is said to be; None where that shows only at its end."""
    if "transfer-encoding" in headers:
        return None
    length = headers.get("content-length", "0")
    return int(length) if length.isdecimal() else None


def refuse_kind(headers: Mapping[str, str], *, json_only: bool) -> None:
    """Raises `Problem` where a body's encoding or media type is none that is taken."""
    if headers.get("content-encoding", "identity").strip().lower() not in ("identity", "gzip"):
        raise Problem(415, told("A body may be plain or gzip, nothing else."))
    if json_only and declared_size(headers) != 0 and not _is_json(headers.get("content-type")):
        raise Problem(415, told("The body must be JSON: Content-Type: application/json."))


def _is_json(content_type: str | None) -> bool:
    media_type, _, parameters = (content_type or "application/json").lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "").partition("charset=")[2].partition(";")[0]
    return media_type.strip() == "application/json" and charset in ("", "utf-8")


async def read_body(
    headers: Mapping[str, str], receive: Receive, most: int, seconds: float, held: Held
) -> Arrived:
    """The body as it comes, counted in `held`; the caller of this releases it. Raises `Problem`, `Refused` or
    `CallerLeft`."""
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in _chunks(receive):
                held.grow(len(body), len(body) + len(chunk))
                body += chunk
                if len(body) > most:
                    raise too_large(most)
    except BaseException as error:
        held.release(len(body))
        if isinstance(error, TimeoutError):
            raise Problem(408, told("The request took too long to arrive.")) from None
        raise
    packed = headers.get("content-encoding", "identity").strip().lower() == "gzip"
    return Arrived(bytes(body), packed, most)


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallerLeft
        more = message.get("more_body", False)
        yield message.get("body", b"")
