"""The first contact with ten years of a till's days: how long a hundred of them take, first and last, what
the memory of the process grows by, and what the answers cost then. Needs Linux.

    python -m benchmarks.first_contact --days 3650 --bills 60
    python -m benchmarks.first_contact --server mysql://root@127.0.0.1:3306
    python -m benchmarks.first_contact --server postgresql://postgres@127.0.0.1:5432/test
"""

import argparse
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from benchmarks.unicenta_shop import shop
from factorypos_tui.core.ports import Till
from factorypos_tui.core.reports.reports import freeze_z
from factorypos_tui.tills.flocafe.till import FloCafeTill, Setup
from factorypos_tui.tills.unicenta.facts import Facts
from factorypos_tui.tills.unicenta.server import Server
from factorypos_tui.tills.unicenta.till import UnicentaTill
from tests.support.unicenta.shop import HOST

SCHEMA = Path(__file__).parents[1] / "tests" / "support" / "flocafe.sql"
FIRST = date(2016, 11, 1)
PAGE = 100
TAXES = json.dumps([{"title": "IVA", "rate": 10.0, "amount": 0.27}])
PAID = json.dumps([{"method": "cash", "amount": 6.0}])
FACTS = Facts(HOST, "Café Sol", "ES", "EUR", "UTC", "", str(UUID(int=1)))
METHODS = '[{{"method": "cash", "count": {0}, "total_cents": {1}}}]'


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=int, default=3650)
    parser.add_argument("--bills", type=int, default=60, help="a day, of two lines each")
    parser.add_argument("--folder", type=Path, default=Path.cwd(), help="on the disk to measure")
    parser.add_argument("--server", help="its tables are uniCenta's then; the account may make databases")
    options = parser.parse_args()
    last = datetime.combine(FIRST + timedelta(days=options.days), datetime.min.time(), UTC)
    print(f"{options.days:,} days of {options.bills} bills")
    with tempfile.TemporaryDirectory(dir=options.folder, prefix=".million-") as folder:
        home = Path(folder)
        if options.server is None:
            fill(home / "flo.db", options.days, options.bills)
            setup = Setup(str(UUID(int=1)))
            measure(
                FloCafeTill(home / "flo.db", setup, home / "frozen.db", lambda: last + timedelta(hours=10)),
                home,
            )
        else:
            with shop(options.server, options.days, options.bills) as url:
                measure(UnicentaTill(Server(url, None), FACTS, home, lambda: last), home)


def measure(till: Till, home: Path) -> None:
    """The contact, and what is asked again and again after it."""
    contact(till)
    size = sum(file.stat().st_size for file in home.glob("frozen.db*"))
    print(f"kept of them: {size / (1 << 20):,.0f} MiB")
    asked = {"status": till.status, "findings": till.findings, "revision": till.revision}
    for name, ask in asked.items():
        print(f"{name}: {median_ms(ask):.2f} ms")
    till.close()


def fill(path: Path, days: int, bills: int) -> None:
    """Days that were sold and closed, straight into the tables."""
    file = sqlite3.connect(path)
    file.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;" + SCHEMA.read_text("utf-8"))
    facts = [("business_name", "Café Sol"), ("currency", "EUR"), ("timezone", "UTC")]
    file.executemany("INSERT INTO settings (key, value) VALUES (?, ?)", facts)
    file.execute("INSERT INTO users (id, name) VALUES ('u1', 'Ana')")
    file.execute("INSERT INTO categories VALUES ('BAR', 'Bar')")
    file.executemany(
        "INSERT INTO products (id, name, category_id, price) VALUES (?, ?, 'BAR', 3)",
        [(f"P{n}", f"Product {n}") for n in range(200)],
    )
    for place in range(days):
        add_day(file, place, bills)
    file.commit()
    file.close()


def add_day(file: sqlite3.Connection, place: int, bills: int) -> None:
    """A day of so many bills, and its close."""
    day = FIRST + timedelta(days=place)
    numbers = range(place * bills + 1, (place + 1) * bills + 1)
    file.executemany(
        "INSERT INTO orders (id, order_number, user_id) VALUES (?, ?, 'u1')",
        [(n, str(n)) for n in numbers],
    )
    file.executemany(
        "INSERT INTO order_items (order_id, product_id, product_name, unit_price, quantity, subtotal,"
        " tax_amount, tax_breakdown, tax_type, total, status)"
        " VALUES (?, ?, 'Something', 3, 1, 3, 0.27, ?, 'inclusive', 3, 'served')",
        [(n, f"P{(n + half) % 200}", TAXES) for n in numbers for half in (0, 1)],
    )
    file.executemany(
        "INSERT INTO bills (bill_number, order_id, subtotal, tax_amount, total, paid_amount,"
        " payment_details, paid_at) VALUES (?, ?, 6, 0.54, 6, 6, ?, ?)",
        [(f"INV-{n}", n, PAID, f"{day} {8 + n % 12:02}:{n % 60:02}:00") for n in numbers],
    )
    money = bills * 600
    file.execute(
        "INSERT INTO cash_closures (scope, business_date, period_start, period_end, opening_float_cents,"
        " expected_cash_cents, counted_cash_cents, variance_cents, gross_collected_cents, refunded_cents,"
        " net_collected_cents, bill_count, refund_count, payment_methods_json, z_number, created_at)"
        " VALUES ('day', ?, ?, ?, 0, ?, ?, 0, ?, 0, ?, ?, 0, ?, ?, ?)",
        (
            *(f"{day}", f"{day} 00:00:00", f"{day + timedelta(days=1)} 00:00:00", money, money, money),
            *(money, bills, METHODS.format(bills, money), place + 1, f"{day} 22:00:00"),
        ),
    )


def contact(till: Till) -> None:
    """All days, by pages and in order, each frozen and made a Z."""
    after, previous = 0, None
    took: list[float] = []
    waited: list[float] = []
    memory: list[float] = []
    while True:
        begun, since = time.process_time(), time.monotonic()
        periods = till.closed_periods(after, PAGE)
        if not periods:
            break
        for period in periods:
            previous = freeze_z(period, till.receipts(period.id), previous).chain_hash
        after = periods[-1].z_number or after
        if len(periods) == PAGE:
            took.append(time.process_time() - begun)
            waited.append(time.monotonic() - since)
            memory.append(resident_mib())
    print(f"a hundred days: median {statistics.median(took):.2f} s of a processor, worst {max(took):.2f} s")
    print(f"by the clock: median {statistics.median(waited):.2f} s, worst {max(waited):.2f} s")
    fifth = max(1, len(took) // 5)
    print(f"the last fifth beside the first: {sum(took[-fifth:]) / sum(took[:fifth]):.2f} times as long")
    print(f"memory: {memory[0]:.0f} MiB after a hundred days, {memory[-1]:.0f} MiB after all of them")


def median_ms(ask: Callable[[], object]) -> float:
    times = []
    for _ in range(21):
        begun = time.process_time()
        ask()
        times.append(time.process_time() - begun)
    return statistics.median(times) * 1000


def resident_mib() -> float:
    """The memory of this process."""
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * 4096 / (1 << 20)


if __name__ == "__main__":
    main()
