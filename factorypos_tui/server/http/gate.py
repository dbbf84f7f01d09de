"""The gate: what reaches the work, and how much of it at once. Every call comes through here first.

No more than a form's worth of a body is received before its caller is known. Nothing larger than a form is
unpacked or parsed in the event loop. What finds no room is refused before any work is done for it."""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from factorypos_tui.server import errors
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.http import bodies, calls
from factorypos_tui.server.http.bodies import Arrived, CallerLeft, Held
from factorypos_tui.server.http.lanes import Lane
from factorypos_tui.server.http.problems import NO_DATABASE, Answer, Problem, problem_for

CALLS_OF_ONE, QUEUE_OF_ONE = 4, 12
"""The calls of one token that are served at once, and how many more of them may wait."""
PASSWORDS_AT_ONCE, PASSWORDS_WAITING = 2, 16
DOCUMENTS_AT_ONCE, DOCUMENTS_WAITING = 16, 256
OTHERS_AT_ONCE, OTHERS_WAITING = 8, 128
CALLERS_AT_ONCE, CALLERS_WAITING = 4, 64
"""Look-ups of a token before a large document is received."""
LARGE = 256 * 1024
"""Unpacked bytes from which a document also needs room to be parsed."""
ROOM_TO_PARSE, PARSERS_WAITING = 16 * 1024 * 1024, 32
PIECE = 64 * 1024
"""An answer goes out in such pieces: who reads it slowly keeps no more of it here than this and the rest of
the one answer."""

EVENT_STREAM = "text/event-stream"
NO_TOKEN = calls.token_hash_of(None)
WhoCalls = Callable[[calls.Caller], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class Way:
    """How the calls of one route are let in."""

    methods: frozenset[str]
    path: re.Pattern[str]
    nobody: Callable[[], errors.NotKnown] | None
    """The refusal where there is no token; None where anybody may call."""
    who: WhoCalls | None
    """How the caller is found out; None where anybody may call."""
    is_document: bool
    """Whether the body is one, and not a form."""
    hashes: bool
    """Whether a password is hashed for it."""


_ELSE = Way(frozenset(), re.compile(""), None, None, is_document=False, hashes=False)


def ways(routes: Iterable[object], prefix: str) -> list[Way]:
    """Those of the routes that take a token or hash passwords."""
    found = []
    for route in routes:
        if isinstance(route, APIRoute):
            needs = set(_needs(route.dependant))
            need = next((need for need in needs if need in calls.WHO), None)
            is_document, hashes = calls.arrived_body in needs, calls.hashing in needs
            if need or hashes:
                path = re.compile(re.escape(prefix) + route.path_regex.pattern.removeprefix("^"))
                methods = frozenset(route.methods or ())
                nobody, who = calls.NOBODY.get(need), calls.WHO.get(need)
                found.append(Way(methods, path, nobody, who, is_document, hashes))
    return found


def _needs(dependant: Dependant) -> Iterator[object]:
    for part in dependant.dependencies:
        yield part.call
        yield from _needs(part)


@dataclass(frozen=True, slots=True)
class Lanes:
    """All of them, but those of single tokens."""

    callers: Lane = field(default_factory=partial(Lane, CALLERS_AT_ONCE, CALLERS_WAITING))
    passwords: Lane = field(default_factory=partial(Lane, PASSWORDS_AT_ONCE, PASSWORDS_WAITING))
    documents: Lane = field(default_factory=partial(Lane, DOCUMENTS_AT_ONCE, DOCUMENTS_WAITING))
    others: Lane = field(default_factory=partial(Lane, OTHERS_AT_ONCE, OTHERS_WAITING))
    parsers: Lane = field(default_factory=partial(Lane, ROOM_TO_PARSE, PARSERS_WAITING))


class Gate:
    """Lets calls in, or answers 400, 401, 408, 413, 415, 429 or 503 itself."""

    def __init__(self, app: ASGIApp, cloud: Cloud, ways: list[Way], lanes: Lanes, answer: Answer) -> None:
        self.app = app
        self._cloud = cloud
        self._ways = ways
        self._held = Held(bodies.HELD_BYTES)
        self._of_one: dict[str, Lane] = {}
        self._lanes = lanes
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        way = self._way(scope)
        with ExitStack() as held, ExitStack() as work:
            try:
                body = await self._let_in(way, scope, receive, held, work)
            except CallerLeft:
                return
            except (Problem, Refused, *NO_DATABASE) as refusal:
                await self._answer(scope, problem_for(refusal))(scope, receive, send)
                return
            find_caller, sent = partial(self._find_caller, way, scope), _in_pieces(send, held, work)
            await self.app(_with(scope, body, find_caller, way), _replay(body, receive), sent)

    def _way(self, scope: Scope) -> Way:
        method, path = scope["method"], scope["path"]
        return next((way for way in self._ways if method in way.methods and way.path.match(path)), _ELSE)

    async def _let_in(
        self, way: Way, scope: Scope, receive: Receive, held: ExitStack, work: ExitStack
    ) -> Arrived:
        """The body, once there is room for its work; `held` and `work` give back what was taken."""
        headers = _first_of_each(scope["headers"])
        token = calls.caller_hash(scope["path"], headers, self._cloud)
        if way.nobody is not None and token == NO_TOKEN:
            raise way.nobody()
        bodies.refuse_kind(headers, json_only=scope["path"].startswith("/v1/"))  # pages may take forms
        most = bodies.MAX_BYTES if way.is_document else bodies.FORM_BYTES
        declared = bodies.declared_size(headers)
        if declared is not None and declared > most:
            raise bodies.too_large(most)
        if token != NO_TOKEN:
            await self._take_turn_of(token, held)
        seconds, is_known = bodies.FORM_SECONDS, False
        if way.is_document and (declared is None or declared > bodies.FORM_BYTES):
            await self._find_caller(way, scope)
            seconds, is_known = bodies.DOCUMENT_SECONDS, True
        body = await bodies.read_body(headers, receive, most, seconds, self._held)
        held.callback(self._held.release, len(body.raw))
        if not way.is_document:
            await _take(self._lanes.passwords if way.hashes else self._lanes.others, work)
            return Arrived(body.unpacked(), packed=False, most=most)
        if body.size > LARGE:
            if not is_known:
                await self._find_caller(way, scope)
            await _take(self._lanes.parsers, work, body.size)
        await _take(self._lanes.documents, work)
        return body

    async def _take_turn_of(self, token_hash: str, held: ExitStack) -> None:
        lane = self._of_one.setdefault(token_hash, Lane(CALLS_OF_ONE, QUEUE_OF_ONE, errors.TooManyAtOnce))
        held.callback(self._forget, token_hash)
        await _take(lane, held)

    def _forget(self, token_hash: str) -> None:
        if token_hash in self._of_one and self._of_one[token_hash].is_empty:
            del self._of_one[token_hash]

    async def _find_caller(self, way: Way, scope: Scope) -> None:
        """Raises `NotKnown` where a token is needed and is not good. It is looked up again when the work
        begins."""
        if (who := way.who) is None:
            return
        token = calls.caller_hash(scope["path"], _first_of_each(scope["headers"]), self._cloud)
        caller = calls.Caller(self._cloud, token)

        def look_up() -> None:
            with who(caller):
                pass

        async with self._lanes.callers.turn():
            await run_in_threadpool(look_up)


async def _take(lane: Lane, stack: ExitStack, units: int = 1) -> None:
    """Take a turn that ends with the stack."""
    await lane.enter(units)
    stack.callback(lane.leave, units)


def _first_of_each(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(list(headers))}


def _with(scope: Scope, body: Arrived, find_caller: Callable[[], Awaitable[None]], way: Way) -> Scope:
    """The call with its body in hand; a form goes on as JSON that was never packed."""
    state = {**scope.get("state", {}), "body": body, "find_caller": find_caller}
    scope = {**scope, "state": state, "headers": list(scope["headers"])}
    if not way.is_document:
        headers = MutableHeaders(scope=scope)
        if body.raw and scope["path"].startswith("/v1/"):
            headers["content-type"] = "application/json"
        del headers["content-encoding"]
        headers["content-length"] = str(len(body.raw))
    return scope


def _replay(body: Arrived, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body.raw, "more_body": False}]

    async def replayed() -> Message:
        return messages.pop() if messages else await receive()

    return replayed


def _in_pieces(send: Send, held: ExitStack, work: ExitStack) -> Send:
    """Send answers in pieces. The work ends when the answer begins: a slow reader holds up no other call. So
    does the turn of the token where the answer is a stream, which has bounds of its own."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            work.close()
            if Headers(raw=message["headers"]).get("content-type", "").startswith(EVENT_STREAM):
                held.close()
        body = memoryview(message.get("body", b""))
        while len(body) > PIECE:
            await send({"type": "http.response.body", "body": bytes(body[:PIECE]), "more_body": True})
            body = body[PIECE:]
        await send({**message, "body": bytes(body)} if body else message)

    return sent
