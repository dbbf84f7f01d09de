"""What one FactoryCLOUD carries, beside what disk, database and framework do in the same run.

Starts `factorypos-tui cloud serve` as a process of its own, on a new database, and calls it over sockets of
this machine with the Zs of seeded tills (about 5 KB each): singly over 1, 8, 32 and 64 connections, each of a
terminal of its own; in batches of 500; then it asks for figures and weighs the server's memory. Callers and
server share the processors. The ratios to the bare figures are what counts: machines differ.

    python benchmarks/cloud.py
    python benchmarks/cloud.py --postgresql postgresql://postgres@127.0.0.1:5432/test
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import uvicorn
from fastapi import FastAPI
from fastapi import Request as Call

from benchmarks.load import Load, Request, Taken, Zs
from benchmarks.put import reports_of
from factorypos_tui.core.models import Report
from factorypos_tui.server.serving import listen
from factorypos_tui.server.storage import database as databases

PASSWORD = "a long walk by the sea"  # noqa: S105 - of an account that lives as long as this run
SECONDS = 2.0
"""How long each number of callers sends."""
MANY, CONNECTIONS = 5000, 64
BATCHES, BATCH = 4, 500
STORES, DAYS, THREE_YEARS = 20, 90, 1095
PAGE = 200


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--postgresql", metavar="URL", help="measure on a database of its own there")
    parser.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare:
        bare_framework()
    else:
        run(options.postgresql)


def run(server: str | None) -> None:
    """All of it, on SQLite or on a PostgreSQL server."""
    program = [sys.executable, "-m", "factorypos_tui"]
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".cloud-") as name, database_of(server) as url:
        folder = Path(name)
        _terminal, made = reports_of(folder, 3)
        model = max(made, key=lambda report: len(report.body))
        print(f"a Z of {len(model.body)} bytes, {'PostgreSQL' if url else 'SQLite'}", flush=True)
        bare_database(folder, url, model.body)
        with started([sys.executable, __file__, "--bare"]) as load:
            call = Request.of("PUT", "/bare", "", model.body)
            show("bare framework, 32 at once", load.at_once([[call] * 10_000] * 32, SECONDS / 2))
        serve = [*program, "--home", str(folder / "cloud"), "cloud", "serve", "--port", "0"]
        with started([*serve, *(["--database", url] if url else [])]) as load:
            measure(Cloud(load), model)


@contextmanager
def database_of(server: str | None) -> Iterator[str | None]:
    """The address of a new PostgreSQL database, or None for SQLite."""
    if server is None:
        yield None
        return
    name = f"benchmark_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def started(command: list[str]) -> Iterator[Load]:
    """Callers of a process that prints its address once it listens."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = process.stdout.readline()
        try:
            yield Load(int(re.findall(r":(\d+)", said)[-1]), process.pid)
        finally:
            process.terminate()


def bare_framework() -> None:
    """A route that reads a body and answers; nothing is parsed or kept."""
    app = FastAPI()

    @app.put("/bare")
    async def take(call: Call) -> dict[str, int]:
        return {"bytes": len(await call.body())}

    listener = listen("127.0.0.1", 0)
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, access_log=False, log_config=None)).run(sockets=[listener])


def bare_database(folder: Path, url: str | None, body: bytes) -> None:
    """One row a commit, as durable as the server's, and many rows in one commit."""
    database: Any = (
        databases.postgresql_database(url) if url else databases.sqlite_database(folder / "bare.db")
    )
    mark = "%s" if url else "?"
    with database.connection_context():
        database.execute_sql(f"CREATE TABLE bare (document {'BYTEA' if url else 'BLOB'})")
        begun, rows = time.perf_counter(), 0
        while time.perf_counter() < begun + SECONDS / 2:
            with database.atomic():
                database.execute_sql(f"INSERT INTO bare VALUES ({mark})", (body,))
            rows += 1
        say("bare commits, one connection", f"{rows / (time.perf_counter() - begun):6.0f}/s")
        begun = time.perf_counter()
        with database.atomic():
            cursor = database.connection().cursor()
            cursor.executemany(f"INSERT INTO bare VALUES ({mark})", [(body,)] * MANY)
        say("bare executemany", f"{MANY / (time.perf_counter() - begun):6.0f}/s")
        database.execute_sql("DROP TABLE bare")
    databases.close(database)


class Cloud:
    """A running server with one account."""

    def __init__(self, load: Load, email: str = "a@example.com") -> None:
        self.load = load
        form: dict[str, Any] = {"email": email, "password": PASSWORD, "name": "A"}
        load.call("POST", "/v1/users", form=form)
        self.token = load.call("POST", "/v1/sessions", form=form)["token"]
        company = {"name": "C", "country": "ES", "currency": "EUR"}
        self._company = load.call("POST", "/v1/companies", self.token, company)["id"]

    def new_store(self) -> str:
        form = {"name": "S", "timezone": "Europe/Madrid"}
        return str(self.load.call("POST", f"/v1/companies/{self._company}/stores", self.token, form)["id"])

    def new_zs(self, model: Report, store: str) -> Zs:
        terminal = str(uuid.uuid4())
        path, form = f"/v1/stores/{store}/terminals/{terminal}", {"name": "T", "software": "x"}
        return Zs(model, terminal, self.load.call("PUT", path, self.token, form)["terminal_token"])

    def figures(self, store: str, first: str = "0001-01-01") -> list[Request]:
        """All pages of a store's days, asked one after the other."""
        cursor, pages = "", []
        while cursor is not None:
            path = f"/v1/stores/{store}/figures?from={first}&limit={PAGE}&cursor={cursor}"
            pages.append(Request.of("GET", path, self.token))
            cursor = self.load.call("GET", path, self.token)["next_cursor"]
        return pages

    def memory(self) -> str:
        text = Path(f"/proc/{self.load.pid}/smaps_rollup").read_text()
        rss, pss = (int(re.findall(rf"^{name}:\s+(\d+)", text, re.M)[0]) / 1024 for name in ("Rss", "Pss"))
        return f"PSS {pss:.0f} MiB, RSS {rss:.0f} MiB"


def measure(cloud: Cloud, model: Report) -> None:
    say("memory at the start", cloud.memory())
    store = cloud.new_store()
    tills = [cloud.new_zs(model, store) for _ in range(CONNECTIONS)]
    for callers, most in ((1, 2400), (8, 400), (32, 120)):
        queues = [till.puts(most) for till in tills[:callers]]
        show(f"PUT, {callers} at once", cloud.load.at_once(queues, SECONDS))
    batches = [cloud.new_zs(model, store).batch(BATCH) for _ in range(BATCHES)]
    taken = cloud.load.at_once([batches])
    cost = f"{1000 * taken.processor / (BATCH * BATCHES):.2f} ms of a processor each"
    say(f"batches of {BATCH}, one by one", f"{BATCH * taken.rate:6.0f} reports/s, {cost}")
    taken = cloud.load.at_once([till.puts(MANY // CONNECTIONS) for till in tills])
    show(f"{MANY} PUTs, {CONNECTIONS} at once", taken)
    say("", f"{taken.whole:.1f} s in all")
    measure_figures(cloud, model)
    say("memory after all that", cloud.memory())


def measure_figures(cloud: Cloud, model: Report) -> None:
    stores = [cloud.new_store() for _ in range(STORES)]
    for store in stores:
        cloud.load.at_once([[cloud.new_zs(model, store).batch(DAYS)]])
    old, history = cloud.new_store(), []
    till = cloud.new_zs(model, old)
    while till.made < THREE_YEARS:
        history.append(till.batch(min(BATCH, THREE_YEARS - till.made)))
    cloud.load.at_once([history])
    shown = cloud.load.at_once([[page for store in stores for page in cloud.figures(store)]])
    millis = f"{shown.millis():.1f} ms; all {STORES} stores {1000 * shown.whole:.0f} ms"
    say(f"figures of {DAYS} days, a store", millis)
    pages = cloud.figures(old)
    whole = min(cloud.load.at_once([pages]).whole for _ in range(3))
    say(f"figures of 3 years, {len(pages)} pages", f"{1000 * whole:.0f} ms")


def show(what: str, taken: Taken) -> None:
    say(what, str(taken))


def say(what: str, found: str) -> None:
    print(f"{what:30}  {found}", flush=True)


if __name__ == "__main__":
    main()
