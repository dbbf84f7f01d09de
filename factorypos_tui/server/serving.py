"""Runs the server: in a process of its own, or in a thread of a demo or a test."""

import gc
import ipaddress
import json
import logging
import signal
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from peewee import Database

from factorypos_tui.server.app import build_app
from factorypos_tui.server.connections import (
    ANSWER_SECONDS,
    REST_SECONDS,
    Connection,
    Turns,
    most_connections,
)
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.mail.carriers import carrier
from factorypos_tui.server.mail.postman import Postman
from factorypos_tui.server.security.throttle import Networks
from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.workers import Workers

BACKLOG = 256
BEAT_SECONDS = 2.0
logger = logging.getLogger(__name__)


def new_cloud(
    home: Path,
    database: Database,
    mail_url: str | None = None,
    public_url: str | None = None,
    trusted_proxies: Networks = (),
    is_open: bool = True,
    contact: str | None = None,
    metrics: Networks = (),
    listen_url: str | None = None,
) -> Cloud:
    """A server's state, with limits that suit the internet; raises `MailAddressError`."""
    return Cloud(
        database,
        Postman(*carrier(mail_url, home / "outbox")),
        public_url=public_url.rstrip("/") if public_url else None,
        trusted_proxies=trusted_proxies,
        confirms=mail_url is not None,
        is_open=is_open,
        contact=contact,
        metrics=metrics,
        listen_url=listen_url,
    )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 picks a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    # Without this each answer on a kept connection waits some 40 ms for the caller's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(
        socket, "TCP_USER_TIMEOUT"
    ):  # else one that has vanished keeps a stream for a quarter of an hour
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1000 * ANSWER_SECONDS)
    return listener


def _with_links(cloud: Cloud, listener: socket.socket) -> Cloud:
    """Where no public address is set, links in mails lead to the listening address, if that is this machine's
    own. Any other listening address may lead nowhere."""
    listening = address_of(listener)
    leads_there = cloud.public_url or not is_own(listener)
    return replace(cloud, listening=listening, public_url=cloud.public_url if leads_there else listening)


def is_public_address(url: str) -> bool:
    """Whether people can be led there: https, or plain http on this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    is_local = host in ("localhost", "127.0.0.1", "::1")
    is_there = bool(host) and not parts.query and not parts.fragment and not parts.username
    return is_there and (parts.scheme == "https" or (parts.scheme == "http" and is_local))


def is_own(listener: socket.socket) -> bool:
    """Whether only this machine reaches it."""
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Tells when it takes calls, and lets no caller keep it waiting."""

    server_state: Turns
    ticks = 0

    def __init__(self, cloud: Cloud, on_listening: Callable[[], None]) -> None:
        databases.limit_statements(cloud.database)
        app = build_app(cloud)
        super().__init__(
            uvicorn.Config(
                app,
                http=Connection,
                backlog=BACKLOG,
                timeout_keep_alive=REST_SECONDS,
                access_log=False,
                log_config=None,
                log_level="error",
                server_header=False,
                proxy_headers=False,
                ws="none",
                timeout_graceful_shutdown=15,
            )
        )
        self.server_state = Turns(most_connections())
        cloud.live.most = min(cloud.live.most, self.server_state.most // 2)
        self._on_listening = on_listening
        self._streams = cloud.live

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.server_state.end_unfinished()
        self._streams.end_all()
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        self.ticks = counter
        if counter % 10 == 0:
            self.server_state.end_overdue()
        return await super().on_tick(counter)


def serve(
    cloud: Cloud,
    listener: socket.socket,
    workers: int,
    on_listening: Callable[[], None],
    on_alive: Callable[[], None],
) -> None:
    """Serve in so many processes until SIGTERM or SIGINT. `on_alive` is called every few seconds if calls are
    taken and the database says anything, be it an error: no restart would mend that."""
    if cloud.public_url and not cloud.trusted_proxies:
        logger.warning(
            "a server with a public address stands behind a proxy: name it with --trusted-proxies, else all "
            "callers count as one and hold each other back"
        )
    if workers == 1:
        _serve_here(cloud, listener, on_listening, on_alive)
    else:
        databases.close(cloud.database)  # else they shared its connections
        Workers(workers, lambda ready, alive: _serve_here(cloud, listener, ready, alive)).run(
            on_listening, on_alive
        )


def _serve_here(
    cloud: Cloud, listener: socket.socket, on_listening: Callable[[], None], on_alive: Callable[[], None]
) -> None:
    server = _Server(_with_links(cloud, listener), on_listening)

    def end(*_: object) -> None:
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)  # until uvicorn listens to them; it raises them again after its clean end
    _look_for_garbage_less_often()
    threading.Thread(target=_beat, args=(server, cloud.database, on_alive), name="beat", daemon=True).start()
    server.run(sockets=[listener])


def _look_for_garbage_less_often() -> None:
    """What has been loaded stays, and most objects of a call die by themselves. To look for those that do not
    after every 700, as Python does, takes a tenth of the processor; after 20,000, a fourth more memory."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 10, 10)


def _beat(server: _Server, database: Database, on_alive: Callable[[], None]) -> None:
    while not server.should_exit:
        seen = server.ticks
        time.sleep(BEAT_SECONDS)
        databases.wait_for_any_answer(database)
        if server.ticks != seen:
            on_alive()


@contextmanager
def serving(cloud: Cloud, listener: socket.socket) -> Iterator[Cloud]:
    """Serve in a thread; yields what is served, with its address, once calls are taken."""
    ready, served = threading.Event(), _with_links(cloud, listener)
    server = _Server(served, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="cloud", daemon=True)
    thread.start()
    try:
        ready.wait(30)
        yield served
    finally:
        server.should_exit = True
        thread.join()


class JsonLines(logging.Formatter):
    """One JSON object a line, with what the message was given as `extra`. docs/interfaces.md has the names,
    which are those of the terminal's log."""

    _plain = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "color_message"}

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
            **{name: value for name, value in record.__dict__.items() if name not in self._plain},
        }
        if record.exc_info:
            line["traceback"] = "".join(traceback.format_exception(*record.exc_info))
        return json.dumps(line, default=str)  # ASCII, so that no control character reaches a terminal


def log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
