"""What a `sync.db` of a million reports answers, and in how long: the next to send, the counts, one page.

Each question is asked on a warm file, again and again; the median and the worst of the calls are shown, and
how much the memory of the process grew over all of them. Needs Linux, for the memory.

    python benchmarks/million.py --rows 1000000
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.contenders import make_reports
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.queue.counting import counts, oldest_waiting_since
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.shipments import read_where
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.sync_db import open_sync_db

PAGE = 100
NOW = datetime(2026, 1, 1, tzinfo=UTC)
FILL = """
    WITH RECURSIVE n (n) AS (SELECT ? UNION ALL SELECT n + 1 FROM n WHERE n < ?)
    INSERT INTO shipment (report_id, revision, kind, store_id, terminal_id, period_id, z_number,
                          business_date, as_of, currency, net, content_hash, state, queued_at, changed_at,
                          delivered_at)
    SELECT 'report ' || n, 0, 'Z', 's', 't', 'period ' || n, n, '2026-01-01', '2026-01-01T00:00:00.000Z',
           'EUR', n, hex(randomblob(32)), iif(n <= ?, 'delivered', 'pending'),
           '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z' FROM n
"""
BODIES = "INSERT INTO body SELECT id, zeroblob(?) FROM shipment WHERE id BETWEEN ? AND ?"
AT_ONCE = 20_000
SENT = 1000
"""So many can be sent, the first of all; of the others only the rows are read."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--bytes", type=int, default=400, help="of a report; the questions do not read them")
    parser.add_argument("--folder", type=Path, default=Path.cwd(), help="on the disk to measure")
    options = parser.parse_args()
    for delivered in (0, options.rows - 1000):
        with tempfile.TemporaryDirectory(dir=options.folder, prefix=".million-") as folder:
            database = open_sync_db(Path(folder) / "sync.db")
            fill(database, options.rows, options.bytes, delivered)
            size = (Path(folder) / "sync.db").stat().st_size / (1 << 20)
            print(f"{options.rows:,} reports, {delivered:,} of them delivered ({size:,.0f} MiB)")
            ask(database, options.rows)
            database.close()


def fill(database: Database, rows: int, size: int, delivered: int) -> None:
    database.execute("PRAGMA synchronous = off")  # of the filling only; what is asked afterwards reads
    sent = [(report, NOW) for report in make_reports(SENT)]
    Outbox(database).enqueue_all(sent, "s", NOW)
    for first in range(SENT + 1, rows + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, rows)
        with database.transaction():
            database.execute(FILL, first, last, delivered)
            database.execute(BODIES, size, first, last)
    database.execute("PRAGMA synchronous = full")


def ask(database: Database, rows: int) -> None:
    questions: dict[str, Callable[[], object]] = {
        "next to send": lambda: claim(database),
        "counts by state": lambda: counts(database),
        "oldest that waits": lambda: oldest_waiting_since(database),
        "newest page": lambda: read_where(database, "ORDER BY id DESC LIMIT ?", PAGE),
        "newest page of what waits": lambda: read_where(
            database, "WHERE state = ? ORDER BY id DESC LIMIT ?", State.PENDING.value, PAGE
        ),
        "page in the middle": lambda: read_where(
            database, "WHERE id < ? ORDER BY id DESC LIMIT ?", rows // 2, PAGE
        ),
    }
    for question in questions.values():
        question()
    before = memory_mib()
    with database.transaction():  # without what the disk takes for a commit
        show("next to send", questions.pop("next to send"))
    show("next to send, committed", lambda: claim(database))
    for name, question in questions.items():
        show(name, question)
    print(f"  memory: {before:.1f} MiB before, {memory_mib():.1f} MiB after 1,400 questions")


def show(name: str, question: Callable[[], object]) -> None:
    taken = [milliseconds(question) for _ in range(200)]
    print(f"  {name:28} median {statistics.median(taken):6.2f} ms, worst {max(taken):7.2f} ms")


def claim(database: Database) -> None:
    """Take the next, durably."""
    assert Outbox(database).claim("s", 1, utc_now())


def milliseconds(question: Callable[[], object]) -> float:
    begun = time.perf_counter()
    question()
    return 1000 * (time.perf_counter() - begun)


def memory_mib() -> float:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    main()
