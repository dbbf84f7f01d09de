"""A FactoryCLOUD and the tills of one of its stores, as real processes, for tests of the configuration."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx

from tests.support.terminals import PASSWORD, Terminal, serve_cloud

EMAIL = "maritim@example.com"


@dataclass(frozen=True)
class Store:
    """A FactoryCLOUD, and two new tills of one of its stores."""

    cloud: Path
    options: tuple[str, ...]
    first: Terminal
    second: Terminal

    @property
    def id(self) -> str:
        return str(self.first.json("status")["store"]["id"])

    @contextmanager
    def owner(self) -> Iterator[httpx.Client]:
        """The owner, over the API."""
        with httpx.Client(base_url=f"{self.first.cloud_url}/v1", trust_env=False) as http:
            session = http.post("/sessions", json={"email": EMAIL, "password": PASSWORD}).raise_for_status()
            http.headers["Authorization"] = f"Bearer {session.json()['token']}"
            yield http

    def held(self) -> bytes:
        """The very bytes of the store's configuration in the cloud."""
        with self.owner() as http:
            return http.get(f"/stores/{self.id}/configuration").raise_for_status().content

    def change_there(self, change: Callable[[Any], object]) -> None:
        """Somebody else changes the document in the cloud."""
        with self.owner() as http:
            found = http.get(f"/stores/{self.id}/configuration").raise_for_status()
            document = found.json()
            change(document)
            headers = {"If-Match": found.headers["etag"]}
            http.put(f"/stores/{self.id}/configuration", json=document, headers=headers).raise_for_status()


@contextmanager
def open_store(folder: Path, *options: str) -> Iterator[Store]:
    """A new store with two new tills, at a cloud that is served with `options`."""
    with serve_cloud(folder / "cloud", *options) as address:
        first, second = (Terminal(folder / name, address) for name in ("first", "second"))
        for terminal in (first, second):
            terminal.run("till", "init", "--catalogue", "demo")
        place = _connect(first)
        second.run("login", "--email", EMAIL, "--password-stdin", stdin=PASSWORD)
        second.run("assign", *place, "--history", "none", "--stay-logged-in")
        yield Store(folder / "cloud", options, first, second)


def _connect(terminal: Terminal) -> tuple[str, ...]:
    """Connect as Ana, whose account another test may have made in the same database."""
    known = terminal.try_to("login", "--email", EMAIL, "--password-stdin", stdin=PASSWORD).returncode == 0
    if not known:
        terminal.run("register", "--email", EMAIL, "--name", "Ana", "--password-stdin", stdin=PASSWORD)
    company = terminal.json("companies", "create", "--name", "Maritim SL")["id"]
    made = terminal.json("stores", "create", "--company", company, "--name", "Bar Maritim")
    place = ("--company", company, "--store", made["id"])
    terminal.run("assign", *place, "--history", "none", "--stay-logged-in")
    return place


def at_the_till(terminal: Terminal, *statements: str) -> None:
    """Another program writes to the till's database."""
    with closing(sqlite3.connect(terminal.home / "till.db")) as till, till:
        for statement in statements:
            till.execute(statement)


def price(terminal: Terminal, item: str) -> int:
    sql = "SELECT amount FROM prices WHERE item = ? AND price_level = 'BARRA'"
    with closing(sqlite3.connect(terminal.home / "till.db")) as till:
        return int(till.execute(sql, [item]).fetchone()[0])


def until(stream: IO[str], marker: str) -> str:
    """What a process says up to `marker`."""
    said = ""
    while not said.endswith(marker):
        letter = stream.read(1)
        assert letter, said
        said += letter
    return said


def words(terminal: Terminal, *arguments: str, code: int, stdin: str = "") -> str:
    """What the operator reads on standard error when a command ends with `code`."""
    result = terminal.try_to(*arguments, stdin=stdin)
    assert result.returncode == code, (arguments, result.returncode, result.stdout, result.stderr)
    return result.stderr
