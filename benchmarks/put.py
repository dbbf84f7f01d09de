"""What a PUT of a report costs FactoryCLOUD's processor.

Calls the server's application itself, without sockets, with the Zs of a seeded till, on SQLite. Beside each
PUT the bare work is done that no server can save: the same bytes are parsed, hashed, and committed to a table
of one column, through the same driver. The ratio of the two is what counts: machines differ. Of the PUT it
also says which part goes into writing SQL text.

    python benchmarks/put.py --reports 200
"""

import argparse
import asyncio
import hashlib
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from peewee import Database

from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.models import Report
from factorypos_tui.core.reports.reports import build_z
from factorypos_tui.server import serving
from factorypos_tui.server.app import build_app
from factorypos_tui.server.storage.opening import opened
from factorypos_tui.tills.bundled.seeding import seed_days
from factorypos_tui.tills.bundled.till import BundledTill

PASSWORD = "a long enough secret"  # noqa: S105 - of an account that lives as long as this run
BATCH = 10


def reports_of(home: Path, days: int) -> tuple[str, list[Report]]:
    """A terminal's id and its Zs."""
    seed_days(home / "till.db", days=days, seed=1, now=utc_now(), terminal_name="Till", receipts=20)
    till, made = BundledTill(home / "till.db"), list[Report]()
    for period in till.closed_periods(0, days):
        made.append(build_z(period, till.receipts(period.id), made[-1].content_hash if made else None))
    terminal_id = till.status().terminal.id
    till.close()
    return terminal_id, made


class Caller:
    """Calls an ASGI application and answers its status and JSON."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()

    def call(self, method: str, path: str, body: bytes, token: str = "") -> tuple[int, Any]:
        return self._loop.run_until_complete(self._call(method, path, body, token))

    async def _call(self, method: str, path: str, body: bytes, token: str) -> tuple[int, Any]:
        headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {token}".encode())]
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
        }
        scope |= {"path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers}
        scope |= {"scheme": "http", "root_path": "", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}
        told: list[dict[str, Any]] = []
        asked = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return asked.pop() if asked else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            told.append(message)

        await self._app(scope, receive, send)
        content = b"".join(message.get("body", b"") for message in told)
        return int(told[0]["status"]), json.loads(content or b"null")

    def assign(self, terminal_id: str) -> str:
        """The token of the terminal, assigned to a new store of a new account."""
        form: dict[str, object] = {"email": "a@example.com", "password": PASSWORD, "name": "A"}
        self._made("POST", "/users", form)
        token = self._made("POST", "/sessions", form)["token"]
        company = self._made("POST", "/companies", {"name": "C", "country": "ES", "currency": "EUR"}, token)
        stores = f"/companies/{company['id']}/stores"
        store = self._made("POST", stores, {"name": "S", "timezone": "Europe/Madrid"}, token)
        terminal = f"/stores/{store['id']}/terminals/{terminal_id}"
        return str(self._made("PUT", terminal, {"name": "T", "software": "x"}, token)["terminal_token"])

    def _made(self, method: str, path: str, form: dict[str, object], token: str = "") -> Any:
        status, answer = self.call(method, f"/v1{path}", json.dumps(form).encode(), token)
        assert status == 201, answer
        return answer


class Writing:
    """Counts the processor time that peewee needs to make SQL text out of queries."""

    def __init__(self) -> None:
        self.seconds = 0.0
        peewee: Any = Database
        execute_sql = peewee.execute_sql

        def execute(database: Any, query: Any, **options: Any) -> Any:
            begun = time.thread_time()
            sql, parameters = database.get_sql_context(**options).sql(query).query()
            self.seconds += time.thread_time() - begun
            return execute_sql(database, sql, parameters)

        peewee.execute = execute


def commit_bare(database: Any, body: bytes) -> None:
    """Parse, hash and commit: what no server can save."""
    document = json.loads(body)
    rest = {name: value for name, value in document.items() if name != "content_hash"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == document["content_hash"]
    with database.connection_context(), database.atomic():
        database.execute_sql("INSERT INTO bare VALUES (?)", (body,))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--unsigned", action="store_true", help="answer without a signature")
    count, is_unsigned = parser.parse_args().reports, parser.parse_args().unsigned
    with tempfile.TemporaryDirectory() as folder:
        terminal_id, reports = reports_of(Path(folder), count + 2 * BATCH)
        with (
            opened(Path(folder) / "cloud", None, print) as database,
            opened(Path(folder) / "bare", None, print) as other,
            database.connection_context(),  # as the running server keeps one open
        ):
            bare: Any = other
            with bare.connection_context():
                bare.execute_sql("CREATE TABLE bare (document BLOB)")
            cloud = serving.new_cloud(Path(folder), database)
            if not is_unsigned:
                cloud.signing.begin(cloud.now())
            measure(Caller(build_app(cloud)), bare, terminal_id, reports)


def measure(caller: Caller, bare: Any, terminal_id: str, reports: list[Report]) -> None:
    token, writing = caller.assign(terminal_id), Writing()
    puts, bares, written = [], [], []
    for start in range(0, len(reports) - BATCH + 1, BATCH):
        some, writing.seconds = reports[start : start + BATCH], 0.0
        begun = time.process_time()
        for report in some:
            status, answer = caller.call("PUT", f"/v1/reports/{report.id}", report.body, token)
            assert status == 201, answer
        put = time.process_time()
        for report in some:
            commit_bare(bare, report.body)
        puts.append((put - begun) / BATCH)
        bares.append((time.process_time() - put) / BATCH)
        written.append(writing.seconds / BATCH)
    put_s, bare_s, written_s = (statistics.median(seconds[2:]) for seconds in (puts, bares, written))
    print(f"one PUT: {put_s * 1000:.2f} ms of processor, {len(reports[0].body)} bytes")
    print(f"the bare work: {bare_s * 1000:.2f} ms; ratio {put_s / bare_s:.2f}")
    print(f"writing SQL: {written_s * 1000:.2f} ms, {100 * written_s / put_s:.0f} % of a PUT")


if __name__ == "__main__":
    main()
