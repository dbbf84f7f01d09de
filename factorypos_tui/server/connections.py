"""Connections: whose turn it is on each, and for how long it may be the caller's.

Uvicorn bounds neither a header nor the time for it, nor the number of connections. Where a server has as many
as it may have, the one that has kept it waiting longest makes room: a flood of slow ones keeps nobody out."""

import resource
import time
import uuid
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from factorypos_tui.server.http.framing import frame
from factorypos_tui.server.http.problems import Problem
from factorypos_tui.server.words import told

MOST_CONNECTIONS = 2000
OTHER_FILES = 192
"""Files that the rest of the server may have open beside its connections."""
HEADER_BYTES = 64 * 1024
"""Of a header, and of whatever follows a piece of a body and is none: names of pieces, trailers."""
PIPELINED = 16
"""Requests that one connection may send ahead of their answers."""
HEADER_SECONDS, BODY_SECONDS, ANSWER_SECONDS = 15, 90, 120
"""What a caller may take: for a header, for a body (the gate allows less), and to read an answer."""
REST_SECONDS = 5
"""So long a connection stays open without a request."""


def most_connections() -> int:
    """As many as this process may have, after it has raised its limit of open files as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + OTHER_FILES
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(soft // 4, min(MOST_CONNECTIONS, soft - OTHER_FILES))


class Turns(ServerState):
    """Uvicorn's state of a server, and the connections on which it waits for the caller."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.callers: dict[Connection, float] = {}
        """Since when, in seconds of the monotonic clock; who waits longest comes first."""

    def make_room(self) -> None:
        if len(self.connections) > self.most:
            longest = next(iter(self.callers), None)
            if longest is not None:
                self.end(longest)

    def end_overdue(self) -> None:
        now = time.monotonic()
        for connection, since in list(self.callers.items()):
            if now - since > connection.seconds_allowed():
                self.end(connection)

    def end_unfinished(self) -> None:
        """End what sends a request and has not come to its end: nothing was done for it yet."""
        for connection in list(self.callers):
            if connection.is_receiving():
                self.end(connection)

    def end(self, connection: "Connection") -> None:
        self.callers.pop(connection, None)
        connection.transport.abort()


class Connection(HttpToolsProtocol):
    """One connection of a caller."""

    server_state: Turns
    _in_header = True
    _header_bytes = 0
    _at_work: RequestResponseCycle | None = None
    """The call that is served; `cycle` is the newest of those that came ahead of their answers."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.server_state.make_room()
        self._wait_for_caller()

    def data_received(self, data: bytes) -> None:
        if self.timeout_keep_alive_task is not None:
            self._wait_for_caller()  # it was at rest until now
        self._header_bytes += len(data)
        super().data_received(data)
        if self._header_bytes > HEADER_BYTES:
            self.server_state.end(self)
        elif not self._in_header and self._is_servers_turn() and not self.flow.write_paused:
            self.server_state.callers.pop(self, None)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_header, self._header_bytes = True, 0
        if len(self.pipeline) >= PIPELINED:
            raise httptools.HttpParserError("too many requests ahead of their answers")

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_header:  # a trailer is none: the call is under way
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_header = False
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._header_bytes = 0
        super().on_body(body)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._at_work = cycle
        if self.transport.get_write_buffer_size():
            self.transport.set_write_buffer_limits(high=0)
            app = self._once_read(cycle, app)
        super()._start_asgi_task(cycle, app)

    def _once_read(self, cycle: RequestResponseCycle, app: Any) -> Any:
        """The application, begun when the answers before have left: nothing is taken for a caller who reads
        none."""

        async def run(*call: Any) -> None:
            await self.flow.drain()
            if self.transport.is_closing():
                cycle.disconnected = True
                return
            self.transport.set_write_buffer_limits()
            if self._is_servers_turn():
                self.server_state.callers.pop(self, None)
            await app(*call)

        return run

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's words
        """Refuse what is no HTTP as calls are refused; the application never sees it."""
        answer = Problem(
            400, told("The request could not be read."), headers={"Connection": "close"}
        ).response()
        frame(answer.headers, str(uuid.uuid4()))
        headers = [*self.server_state.default_headers, *answer.raw_headers]
        lines = [b"HTTP/1.1 400 Bad Request", *(b"%b: %b" % header for header in headers), b""]
        self.transport.write(b"\r\n".join([*lines, bytes(answer.body)]))
        self.transport.close()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_servers_turn():
            self._wait_for_caller()

    def pause_writing(self) -> None:
        super().pause_writing()
        self.server_state.callers.setdefault(self, time.monotonic())

    def connection_lost(self, exc: Exception | None) -> None:
        self.server_state.callers.pop(self, None)
        if self._at_work is not None:
            self._at_work.disconnected = True
        super().connection_lost(exc)

    def seconds_allowed(self) -> int:
        if self.cycle is None or self.cycle.response_complete:
            return HEADER_SECONDS
        return BODY_SECONDS if self.is_receiving() else ANSWER_SECONDS

    def is_receiving(self) -> bool:
        """Whether a request has begun whose body is not whole."""
        return self.cycle is not None and not self.cycle.response_complete and self.cycle.more_body

    def _wait_for_caller(self) -> None:
        self.server_state.callers.pop(self, None)
        self.server_state.callers[self] = time.monotonic()

    def _is_servers_turn(self) -> bool:
        cycle = self.cycle
        return cycle is not None and not cycle.response_complete and not cycle.more_body
