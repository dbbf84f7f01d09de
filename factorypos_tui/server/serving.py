"""Runs the server: in a process of its own, or in a thread of a demo or a test."""

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

import uvicorn
from peewee import Database

from factorypos_tui.server.app import build_app
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.mail.postman import Postman, carrier
from factorypos_tui.server.security.throttle import Throttle
from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.storage import sequences
from factorypos_tui.server.storage.migrations import migrate

BACKLOG = 512


def open_database(home: Path, url: str | None, *, only_to_look: bool = False) -> Database:
    """The server's database, `cloud.db` in its home or PostgreSQL, migrated to this program's schema. Unless
    `only_to_look` its counters are also mended after a restore."""
    database = databases.postgresql_database(url) if url else databases.sqlite_database(home / "cloud.db")
    migrate(database)
    if not only_to_look:
        sequences.catch_up(database)
    return database


def new_cloud(
    home: Path, database: Database, mail_url: str | None = None, public_url: str | None = None
) -> Cloud:
    """A server's state, with limits for tries that suit the internet; raises `MailAddressError`."""
    return Cloud(
        database,
        Postman(*carrier(mail_url, home / "outbox")),
        log_ins=Throttle(tries=10, seconds=900),
        resets=Throttle(tries=5, seconds=900),
        public_url=public_url.rstrip("/") if public_url else None,
    )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 picks a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    # Without this each answer on a kept connection waits some 40 ms for the caller's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _with_links(cloud: Cloud, listener: socket.socket) -> Cloud:
    """Where no public address is set, links in mails lead to the listening address, if that is this machine's
    own. Any other listening address may lead nowhere."""
    is_own = ipaddress.ip_address(listener.getsockname()[0]).is_loopback
    return cloud if cloud.public_url or not is_own else replace(cloud, public_url=address_of(listener))


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Tells when it takes calls."""

    def __init__(self, cloud: Cloud, on_listening: Callable[[], None]) -> None:
        self._database = cloud.database
        app = build_app(cloud)
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,
                log_config=None,
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=15,
            )
        )
        self._on_listening = on_listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_listening()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Keep one connection open: else each call would be the last to close SQLite's file, and clean it
        up."""
        with self._database.connection_context():
            super().run(sockets)


def serve(cloud: Cloud, listener: socket.socket, on_listening: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn raises it again after its clean end
    _Server(_with_links(cloud, listener), on_listening).run(sockets=[listener])


@contextmanager
def serving(cloud: Cloud, listener: socket.socket) -> Iterator[str]:
    """Serve in a thread; yields the base address once calls are taken."""
    ready = threading.Event()
    server = _Server(_with_links(cloud, listener), ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="cloud", daemon=True)
    thread.start()
    try:
        ready.wait(30)
        yield address_of(listener)
    finally:
        server.should_exit = True
        thread.join()


class JsonLines(logging.Formatter):
    """One JSON object a line, with what the message was given as `extra`."""

    _plain = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "color_message"}

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
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
