"""The server under attack: a process of its own, what can be measured of it, and the raw sockets of an
attacker."""

import json
import os
import re
import selectors
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import httpx

from tests.server.shop import Owner, Shop, Till
from tests.support.forked import Circumstances, start_cloud

GUARD_S = 90
"""After so long a test that waits for an answer gives up."""
MIB = 1024 * 1024
_number = count(1)


@dataclass
class Victim:
    """`cloud serve` in a process of its own."""

    pid: int
    address: str
    home: Path
    log: Path
    """What it wrote to standard error."""

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=GUARD_S, trust_env=False)

    def peak_mib(self) -> float:
        """The most memory that it ever had."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        assert found
        return int(found[1]) / 1024

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))  # noqa: PTH208  # a folder of the kernel

    def work(self) -> float:
        """The seconds of a processor that it has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def connect(self, receive: int | None = None) -> socket.socket:
        """A connection; `receive`: how many bytes it takes before they are read."""
        parts = urlsplit(self.address)
        connection = socket.socket()
        connection.settimeout(GUARD_S)
        if receive is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        connection.connect((parts.hostname, parts.port))
        return connection

    def send(self, raw: bytes, receive: int | None = None) -> socket.socket:
        """A connection over which these bytes have left; nobody reads its answer yet."""
        connection = self.connect(receive)
        connection.sendall(raw)
        return connection


@contextmanager
def attacked(
    home: Path,
    database: str | None = None,
    *options: str,
    most_files: int = 1024,
    constants: Mapping[str, object] = MappingProxyType({}),
) -> Iterator[Victim]:
    """A new server that may open so many files; `constants`: other time limits than usual, by their names in
    `factorypos_tui.server`."""
    folder = home.with_name(f"{home.name}-{next(_number)}")
    folder.mkdir()
    options = (*(["--database", database] if database else []), *options)
    named = {f"factorypos_tui.server.{name}": value for name, value in constants.items()}
    found = Circumstances(most_files=most_files, constants=named)
    process, address = start_cloud(home, *options, folder=folder, found=found)
    try:
        assert process.pid is not None
        yield Victim(process.pid, address, home, folder / "2")
    finally:
        process.terminate()
        process.join()


def a_till(http: httpx.Client) -> Till:
    """A till of a new owner's new store."""
    owner: Owner = Shop.of_another_process(http).owner()
    return owner.assign(owner.store())


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request as it goes over the wire; a header's name is written with `_`."""
    named = {"Host": "cloud", "Content-Length": str(len(body)), "Content-Type": "application/json"}
    named.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def configuration(items: int) -> bytes:
    """A small record for each item, some 150 bytes."""
    sections = ("departments", "taxes", "price_levels", "payment_methods", "users")
    records = [{"code": str(number), "note": "n" * 120} for number in range(items)]
    empty: dict[str, list[object]] = {name: [] for name in sections}
    return json.dumps({"schema_version": 1, "company": {}, **empty, "items": records}).encode()


def answered(connections: list[socket.socket], patience: float = 0) -> list[socket.socket]:
    """Those that an answer, or their end, has reached; the first ones, where some are waited for."""
    with selectors.PollSelector() as selector:
        for connection in connections:
            selector.register(connection, selectors.EVENT_READ)
        return [key.fileobj for key, _ in selector.select(patience) if isinstance(key.fileobj, socket.socket)]


def read_answer(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body; status 0 where the server closed without an answer."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = _receive(connection)
        if not piece:
            return 0, {}, raw
        raw += piece
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += _receive(connection) or b"\0"
    return int(first.split()[1]), headers, body


def _receive(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionError:
        return b""


def code_of(body: bytes) -> str:
    return str(json.loads(body)["code"])


@contextmanager
def held(open_one: Callable[[], socket.socket], number: int) -> Iterator[list[socket.socket]]:
    """So many connections, open until the end of the block."""
    with ExitStack() as stack:
        yield [stack.enter_context(open_one()) for _ in range(number)]
