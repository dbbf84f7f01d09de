"""What a round that looks for alarms costs the processor, by what happened at the terminals before it.

Makes terminals with a past of Zs in a new database, and makes rounds as a server does: the first one, one in
which nothing happened, one after each terminal sent an X, one after each closed a day. Tells the processor
time of this process for a terminal, and how many statements the round ran.

    python benchmarks/rounds.py                          # 2,000 terminals on SQLite
    python benchmarks/rounds.py --postgresql postgresql://postgres@127.0.0.1:5432/test
"""

import argparse
import tempfile
import time
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from peewee import Database, chunked

from benchmarks.cloud import database_of, say
from benchmarks.put import PASSWORD, reports_of
from factorypos_tui.server.domain.alarms.rounds import make_round
from factorypos_tui.server.domain.cloud import Cloud, instant
from factorypos_tui.server.mail.postman import Postman
from factorypos_tui.server.ops.users import create_user
from factorypos_tui.server.storage.opening import opened
from factorypos_tui.server.storage.report_tables import ZBody, ZReport
from factorypos_tui.server.storage.tables import Company, Store, Terminal, TerminalState

STORES = 50
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROWS = 500


class Fleet:
    """Terminals in a database, and the clock on the wall."""

    def __init__(self, database: Database, terminals: int, days: int, document: bytes) -> None:
        self._database = database
        self._document: dict[str, Any] = msgspec.json.decode(document)
        self._ids = [str(uuid.uuid4()) for _ in range(terminals)]
        self._days = days
        self._now = NOON
        self._cloud = Cloud(database, Postman(lambda _: None, ""), clock=lambda: self._now)
        self._account = create_user(database, "a@example.com", "A", PASSWORD)
        company = {"id": str(uuid.uuid4()), "account_id": self._account, "name": "C", "country": "ES"}
        self._stores = [str(uuid.uuid4()) for _ in range(STORES)]
        named = {"company_id": company["id"], "name": "S", "timezone": "Europe/Madrid"}
        created = {"created_at": instant(NOON)}
        with database.connection_context():
            self._add(Company, [{**company, **created, "currency": "EUR"}])
            self._add(Store, [{**named, **created, "id": it} for it in self._stores])
            self._add(Terminal, map(self._terminal, range(terminals)))
            self._add(TerminalState, [{"terminal_id": it, "told_at": instant(NOON)} for it in self._ids])
            for day in range(days):
                self._add(ZReport, [self._z(it, day) for it in range(terminals)])

    def closes(self) -> None:
        """Each terminal sends the Z of one more day."""
        with self._database.connection_context():
            rows = [self._z(it, self._days) for it in range(len(self._ids))]
            self._add(ZReport, rows)
            self._add(ZBody, map(self._body, rows))
        self._days += 1
        self.is_heard_of()

    def is_heard_of(self) -> None:
        """Each terminal has sent something just now."""
        with self._database.connection_context():
            Terminal.update(reported_at=instant(self._now)).execute(self._database)

    def rounds(self, count: int = 1) -> None:
        for _ in range(count):
            make_round(self._cloud, lambda _: False)
            self._now += timedelta(minutes=1)

    def _add(self, table: Any, rows: Iterable[dict[str, Any]]) -> None:
        with self._database.atomic():
            for some in chunked(rows, ROWS):
                table.insert_many(some).execute(self._database)

    def _terminal(self, number: int) -> dict[str, Any]:
        return {
            "id": self._ids[number],
            "account_id": self._account,
            "store_id": self._stores[number % STORES],
            "name": "T",
            "software": "x",
            "assigned_at": instant(NOON - timedelta(days=400)),
        }

    def _z(self, number: int, day: int) -> dict[str, Any]:
        on = NOON.date() - timedelta(days=self._days - day)
        terminal_id = self._ids[number]
        return {
            "id": str(uuid.uuid4()),
            "terminal_id": terminal_id,
            "store_id": self._stores[number % STORES],
            "period_id": str(uuid.uuid4()),
            "z_number": day + 1,
            "business_date": on.isoformat(),
            "content_hash": f"{terminal_id} {day + 1}",
            "received_at": instant(self._now if day >= self._days else NOON - timedelta(days=1)),
        }

    def _body(self, z: dict[str, Any]) -> dict[str, Any]:
        number, terminal_id = z["z_number"], z["terminal_id"]
        said = {"z_number": number, "previous_hash": f"{terminal_id} {number - 1}"}
        document = msgspec.json.encode({**self._document, **said})
        return {"business_date": z["business_date"], "report_id": z["id"], "document": document}


def measure(database: Any, terminals: int, days: int, document: bytes) -> None:
    fleet, statements = Fleet(database, terminals, days, document), [0]
    execute_sql = database.execute_sql

    def execute(sql: str, *values: object) -> Any:
        statements[0] += 1
        return execute_sql(sql, *values)

    database.execute_sql = execute

    def tell(what: str) -> None:
        statements[0], began = 0, time.process_time()
        fleet.rounds()
        spent = time.process_time() - began
        a_terminal = 1000 * spent / terminals
        say(what, f"{a_terminal:.3f} ms a terminal, {1000 * spent:.0f} ms; {statements[0]} statements")

    tell("the first round")
    fleet.rounds(2)
    tell("nothing happened")
    fleet.is_heard_of()
    tell("each sent an X")
    fleet.rounds(2)
    fleet.closes()
    tell("each closed a day")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--terminals", type=int, default=2000, metavar="N")
    parser.add_argument("--days", type=int, default=90, metavar="N", help="the Zs of each before")
    parser.add_argument("--postgresql", metavar="URL", help="measure on a database of its own there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, database_of(options.postgresql) as url:
        folder = Path(name)
        _terminal, made = reports_of(folder, 3)
        with opened(folder / "cloud", url, print) as database:
            measure(database, options.terminals, options.days, made[-1].body)


if __name__ == "__main__":
    main()
