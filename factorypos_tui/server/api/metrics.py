"""What monitoring asks for, in Prometheus' text format. Only those who may ask learn that it is there."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields

from fastapi import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from factorypos_tui import __version__
from factorypos_tui.server.api.health import letters_late
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.http.gate import Lanes
from factorypos_tui.server.http.problems import NO_DATABASE
from factorypos_tui.server.mail import outbox
from factorypos_tui.server.security.throttle import is_among
from factorypos_tui.server.storage.database import connections

PATH = "/metrics"
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OF_A_PROXY = ("x-forwarded-for", "x-real-ip", "forwarded", "via")
Samples = dict[str, int]
"""By their labels."""


class Metrics:
    """Counts answers, and tells who may ask. It stands before the gate: while that is shut, most is asked."""

    def __init__(self, app: ASGIApp, cloud: Cloud, lanes: Lanes) -> None:
        self.app = app
        self._cloud = cloud
        self._lanes = lanes
        self._answers: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        if scope["path"] == PATH and scope["method"] == "GET" and self._may_ask(scope):
            text = await run_in_threadpool(self._text)
            return await Response(text, media_type=MEDIA_TYPE)(scope, receive, send)
        status: int | None = None  # who leaves before an answer gets none

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, counted)
        except Exception:
            status = status or 500  # where none has begun, the frame answers so
            raise
        finally:
            if status is not None:
                self._answers[f"{status // 100}xx"] += 1

    def _may_ask(self, scope: Scope) -> bool:
        """What came through a proxy may be anybody's."""
        host, _ = scope["client"] or ("", 0)
        headers = Headers(scope=scope)
        return is_among(self._cloud.metrics, host) and not any(name in headers for name in OF_A_PROXY)

    def _text(self) -> str:
        return "".join(line + "\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        info = {f'version="{__version__}"': 1}
        yield from _metric("info", "gauge", "The program that answers here.", info)
        answers = {f'status="{status}"': count for status, count in sorted(self._answers.items())}
        yield from _metric("answers_total", "counter", "Calls, by the class of their answer.", answers)
        yield from self._of_lanes()
        pool = {f'state="{state}"': count for state, count in connections(self._cloud.database).items()}
        yield from _metric("database_connections", "gauge", "Connections to the database.", pool)
        streams = {"": len(self._cloud.live)}
        yield from _metric("streams", "gauge", "Streams of live events that are open.", streams)
        yield from self._of_the_database()

    def _of_lanes(self) -> Iterator[str]:
        turns, now = Samples(), Samples()
        for name, lane in ((field.name, getattr(self._lanes, field.name)) for field in fields(Lanes)):
            turns[f'lane="{name}",result="served"'] = lane.ended
            turns[f'lane="{name}",result="refused"'] = lane.refused
            now[f'lane="{name}",state="served"'] = lane.begun - lane.ended
            now[f'lane="{name}",state="waiting"'] = lane.waiting
        yield from _metric("turns_total", "counter", "Turns in the lanes of calls since the start.", turns)
        yield from _metric("turns", "gauge", "Calls that have their turn in a lane, or wait for it.", now)

    def _of_the_database(self) -> Iterator[str]:
        letters, is_there = Samples(), 0
        try:
            with self._cloud.database.connection_context():
                letters['state="waiting"'] = outbox.waiting(self._cloud.database)
                letters['state="late"'] = letters_late(self._cloud)
            is_there = 1
        except NO_DATABASE:
            letters = Samples()
        yield from _metric("database_up", "gauge", "Whether the database answers.", {"": is_there})
        yield from _metric("letters", "gauge", "Mails in the outbox of all processes.", letters)


def _metric(name: str, kind: str, words: str, samples: Mapping[str, int]) -> Iterator[str]:
    """One metric of this process; `pid` tells processes on one address apart."""
    process = f'pid="{os.getpid()}"'
    yield f"# HELP factorycloud_{name} {words}"
    yield f"# TYPE factorycloud_{name} {kind}"
    for labels, value in samples.items():
        yield f"factorycloud_{name}{{{','.join(filter(None, [labels, process]))}}} {value}"
