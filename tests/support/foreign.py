"""Rows of `till.db` as another program writes them: plain SQL, nothing of ours, all the schema lets in."""

import sqlite3
import uuid
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

BAD = b"Caf\xe9"
"""Text of a program that knew no UTF-8."""
LONG_AGO, FAR_AHEAD = "0000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"


@dataclass(frozen=True)
class Sold:
    """One receipt: its instant, one name, and by how much payments and taxes miss the lines."""

    sold_at: str = "2026-11-23T10:00:00.000Z"
    name: bytes = b"Coffee"
    quantity: str = "1"
    gross: int = 140
    discount: int = 0
    is_refund: bool = False
    paid_too_much: int = 0
    taxed_too_much: int = 0
    rate: str = "10"
    rounding: int = 0


@dataclass(frozen=True)
class Day:
    """One period, closed by the other program; None for `closed_at` leaves the close to us."""

    receipts: tuple[Sold, ...] = ()
    timezone: bytes = b"Europe/Madrid"
    currency: str = "EUR"
    period_id: str | None = None
    business_date: str = "2026-11-23"
    opening_float: int = 0
    perpetual: int = 0


amounts = st.sampled_from([0, 1, 140, 99_999, 10**12])
sold = st.builds(
    Sold,
    sold_at=st.sampled_from(["2026-11-23T10:00:00.000Z", "2026-11-08T10:00:00.000Z", LONG_AGO, FAR_AHEAD]),
    name=st.sampled_from([b"Coffee", BAD, b"a\0b", "Ñandú".encode(), b"\xf0\x9f\x98\x80", b"\xed\xa0\x80"]),
    quantity=st.sampled_from(["1", "0.250", "007", "3.", "0." + "3" * 60, "9" * 60]),
    gross=amounts,
    is_refund=st.booleans(),
    paid_too_much=st.sampled_from([0, 0, 1, -140, 10**11]),
    taxed_too_much=st.sampled_from([0, 0, 1, -7, 2**53, -(2**62)]),
    rate=st.sampled_from(["10", "10.", "4.5", "0." + "1" * 60]),
    rounding=st.sampled_from([0, 0, 2, -1_000_000]),
)
days = st.builds(
    Day,
    receipts=st.lists(sold, max_size=3).map(tuple),
    timezone=st.sampled_from([b"Europe/Madrid", b"Europe/Madrid", b"Mars/Olympus", b"", b"\xff", b"Europe"]),
    currency=st.sampled_from(["EUR", "EUR", "eur", ""]),
    period_id=st.sampled_from([None, None, None, "0" * 36]),
    business_date=st.sampled_from(["2026-11-23", "2026-11-23", "0000-01-01", "9999-12-31"]),
    opening_float=st.sampled_from([0, 0, 2**60]),
    perpetual=st.sampled_from([0, 0, 2**60]),
)


def drop_the_guards(path: Path) -> None:
    """As a file of an older version is: without the triggers that refuse what no report can carry."""
    with sqlite3.connect(path) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")]
        for name in names:
            if "after_close" not in name and name != "a_closed_period_stays":
                database.execute(f"DROP TRIGGER {name}")
    database.close()


def write_day(path: Path, day: Day) -> bool:
    """Sell and close it in the open period; whether the schema let it in. All of it, or nothing."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("BEGIN IMMEDIATE")
    try:
        _write(database, day)
        database.execute("COMMIT")
    except sqlite3.IntegrityError:
        database.execute("ROLLBACK")
        return False
    finally:
        database.close()
    return True


def write_receipts(database: sqlite3.Connection, receipts: tuple[Sold, ...]) -> None:
    """Bind receipts to the open period."""
    for receipt in receipts:
        _write_receipt(database, receipt)


def _write(database: sqlite3.Connection, day: Day) -> None:
    if day.period_id:
        database.execute("UPDATE periods SET id = ? WHERE z_number IS NULL", (day.period_id,))
    database.execute(
        "UPDATE periods SET opening_float = ?, perpetual_sales = ? WHERE z_number IS NULL",
        (day.opening_float, day.perpetual),
    )
    write_receipts(database, day.receipts)
    database.execute(
        "UPDATE periods SET z_number = (SELECT 1 + COALESCE(MAX(z_number), 0) FROM periods),"
        " closed_at = max(opened_at, '2026-11-23T22:00:00.000Z'), business_date = ?, close_reason = 'manual',"
        " software = 'other 1.0', terminal_name = 'Other', currency = ?, timezone = CAST(? AS TEXT),"
        " open_tickets_count = 0, open_tickets_amount = 0 WHERE z_number IS NULL",
        (day.business_date, day.currency, day.timezone),
    )
    database.execute(
        "INSERT INTO periods (id, opened_at) SELECT ?, MAX(closed_at) FROM periods", (str(uuid.uuid4()),)
    )


def _write_receipt(database: sqlite3.Connection, receipt: Sold) -> None:
    seq = database.execute(
        "INSERT INTO receipts (uid, number, sold_at, user_code, user_name, rounding, period_id)"
        " SELECT ?, CAST(? AS TEXT), ?, '1', 'Ana', ?, id FROM periods WHERE z_number IS NULL RETURNING seq",
        (str(uuid.uuid4()), receipt.name, receipt.sold_at, receipt.rounding),
    ).fetchone()[0]
    net = (receipt.gross - receipt.discount) * (-1 if receipt.is_refund else 1)
    database.execute(
        "INSERT INTO receipt_lines VALUES (?, 1, 'A', CAST(? AS TEXT), 'D', 'Drinks', 'T', ?, ?, ?, ?, 0)",
        (seq, receipt.name, receipt.quantity, receipt.gross, receipt.discount, int(receipt.is_refund)),
    )
    database.execute(
        "INSERT INTO receipt_taxes VALUES (?, 'T', 'Tax', ?, ?, 0)",
        (seq, receipt.rate, net + receipt.taxed_too_much),
    )
    database.execute(
        "INSERT INTO receipt_payments VALUES (?, 1, 'CASH', 'Cash', 'cash', ?, 0)",
        (seq, net + receipt.rounding + receipt.paid_too_much),
    )
