"""`till.db` as other programs use it: plain SQLite, guarded, and as docs/till-schema.md says."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from factorypos_tui.tills.bundled.importing import import_receipts
from factorypos_tui.tills.bundled.till_database import TillDatabase
from tests.tills.bar import Bar, check_the_books

_DOCUMENT = (Path(__file__).parents[2] / "docs" / "till-schema.md").read_text("utf-8")


def example(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", _DOCUMENT, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def other_program(bar: Bar) -> Iterator[sqlite3.Connection]:
    bar.sell("2026-06-11 12:00")
    bar.close("2026-06-11 23:30")
    bar.sell("2026-06-12 12:00")
    with closing(sqlite3.connect(bar.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


def test_a_receipt_written_as_documented_is_reported(bar: Bar) -> None:
    with closing(sqlite3.connect(bar.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.executescript(example("sql"))
    (receipt,) = bar.till.receipts(bar.today().id)
    assert (receipt.number, receipt.user_name, receipt.lines[0].net) == ("A-0017", "Ana", 280)
    assert (receipt.taxes[0].base, receipt.taxes[0].tax, receipt.payments[0].tip) == (255, 25, 50)
    assert bar.database.rows("SELECT * FROM receipts_that_do_not_add_up") == []
    closing_ = bar.close("2026-06-12 23:30")
    assert (closing_.business_date, closing_.net) == (date(2026, 6, 12), 280)


def test_the_documented_file_can_be_imported(bar: Bar, tmp_path: Path) -> None:
    file = tmp_path / "receipts.jsonl"
    file.write_text(example("json"), "utf-8")
    with file.open("rb") as lines:
        assert import_receipts(bar.database, lines).net == 1980
    assert check_the_books(bar.till) == 0


def test_every_table_and_every_column_of_a_table_is_documented(bar: Bar) -> None:
    tables = bar.database.rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    for (table,) in tables:
        assert f"`{table}`" in _DOCUMENT, table
        for row in bar.database.rows(f"SELECT name FROM pragma_table_info('{table}')"):
            column = row[0]
            example_only = column in (
                "one",
                "receipt",
                "line",
                "payment",
                "seq",
                "net",
                "paid",
                "taxed",
                "content",
            )
            assert example_only or re.search(rf"\b{column}\b", _DOCUMENT), f"{table}.{column}"


def test_a_period_that_another_program_left_without_a_date_has_its_first_receipts(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00")
    bar.database.execute("UPDATE periods SET business_date = NULL")
    bar.clock = bar.clock.replace(day=18)
    assert bar.today().business_date == date(2026, 6, 12)
    bar.sell("2026-06-19 12:00")
    assert bar.today().business_date == date(2026, 6, 12)
    assert bar.close("2026-06-20 12:00").business_date == date(2026, 6, 12)


_WORDS = {
    "new": "'11111111-1111-4111-8111-111111111111'",
    "closed": "(SELECT id FROM periods WHERE z_number = 1)",
    "open": "(SELECT id FROM periods WHERE z_number IS NULL)",
    "at": "'2026-06-12T10:00:00.000Z'",
    "receipt": "INSERT INTO receipts (uid, number, sold_at, user_code, user_name, period_id) VALUES",
    "line": "INSERT INTO receipt_lines VALUES",
    "movement": "INSERT INTO cash_movements (period_id, happened_at, direction, amount) VALUES",
    "event": "INSERT INTO control_events (period_id, happened_at, kind) VALUES",
}


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO periods (id, opened_at) VALUES ({new}, {at})",
        "UPDATE periods SET counted = 1 WHERE z_number = 1",
        "UPDATE periods SET z_number = NULL, closed_at = NULL WHERE z_number = 1",
        "UPDATE periods SET z_number = 2 WHERE z_number IS NULL",
        "UPDATE periods SET business_date = '2026-02-30' WHERE z_number IS NULL",
        "DELETE FROM periods WHERE z_number = 1",
        "{receipt} ({new}, '1', {at}, '1', 'Ana', {closed})",
        "{receipt} ({new}, '1', {at}, '1', 'Ana', {new})",
        "{receipt} ((SELECT uid FROM receipts LIMIT 1), '1', {at}, '1', 'Ana', {open})",
        "{receipt} ('17', '1', {at}, '1', 'Ana', {open})",
        "{receipt} ({new}, '1', '2026-06-12 10:00', '1', 'Ana', {open})",
        "{receipt} ({new}, '1', '2026-02-30T10:00:00.000Z', '1', 'Ana', {open})",
        "{receipt} ({new}, '1', '2026-06-12T10:00:00.000+02:00', '1', 'Ana', {open})",
        "{line} (1, 9, 'A', 'A', 'D', 'D', 'T', '1', 100, 0, 0, 0)",
        "{line} (2, 9, 'A', 'A', 'D', 'D', 'T', '1', 1.5, 0, 0, 0)",
        "{line} (2, 9, 'A', 'A', 'D', 'D', 'T', '-1', 100, 0, 0, 0)",
        "{line} (2, 9, 'A', 'A', 'D', 'D', 'T', '0', 100, 0, 0, 0)",
        "{line} (2, 9, 'A', 'A', 'D', 'D', 'T', '1,5', 100, 0, 0, 0)",
        "{line} (2, 9, 'A', 'A', 'D', 'D', 'T', '1', 100, 101, 0, 0)",
        "{line} (2, 9, 'A', 'A', 'D', 'D', 'T', '1', 100, 0, 2, 0)",
        "{line} (99, 1, 'A', 'A', 'D', 'D', 'T', '1', 100, 0, 0, 0)",
        "INSERT INTO receipt_taxes VALUES (1, 'X', 'X', '10', 0, 0)",
        "INSERT INTO receipt_taxes VALUES (2, 'X', 'X', '10 %', 0, 0)",
        "INSERT INTO receipt_payments VALUES (1, 9, 'CASH', 'Cash', 'cash', 0, 0)",
        "INSERT INTO receipt_payments VALUES (2, 9, 'GOLD', 'Gold', 'gold', 0, 0)",
        "{movement} ({closed}, {at}, 'in', 1)",
        "{movement} ({open}, {at}, 'up', 1)",
        "{event} ({closed}, {at}, 'no_sale')",
        "{event} ({open}, {at}, 'yawn')",
        "INSERT INTO prices VALUES ('NOTHING', 'BARRA', 100)",
        "INSERT INTO items VALUES ('NEW', 'New', 'NOWHERE', 'IVA10', NULL, 1)",
        "INSERT INTO taxes (code, name, rate) VALUES ('NEW', 'New', '110')",
        "INSERT INTO terminal (one, id, name, currency, timezone) VALUES (2, 'x', 'x', 'EUR', 'UTC')",
        "UPDATE terminal SET licence = 'gold'",
    ],
)
def test_what_would_spoil_a_report_is_refused(
    bar: Bar, other_program: sqlite3.Connection, statement: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        other_program.execute(statement.format(**_WORDS))
    assert check_the_books(bar.till) == 1


def test_the_same_words_without_the_fault_are_accepted(bar: Bar, other_program: sqlite3.Connection) -> None:
    for statement in (
        "{receipt} ({new}, '1', {at}, '1', 'Ana', {open})",
        "{line} (2, 9, 'A', 'A', 'D', 'D', 'T', '1', 100, 0, 0, 0)",
        "INSERT INTO receipt_taxes VALUES (2, 'X', 'X', '10', 0, 0)",
        "INSERT INTO receipt_payments VALUES (2, 9, 'CASH', 'Cash', 'cash', 100, 0)",
        "{movement} ({open}, {at}, 'in', 1)",
        "{event} ({open}, {at}, 'no_sale')",
    ):
        other_program.execute(statement.format(**_WORDS))
    assert [receipt.number for receipt in bar.till.receipts(bar.today().id)] == ["000002", "1"]


def test_a_receipt_without_lines_is_not_among_the_receipts_of_the_day(
    bar: Bar, other_program: sqlite3.Connection
) -> None:
    other_program.execute("{receipt} ({new}, 'P1', {at}, '1', 'Ana', {open})".format(**_WORDS))
    assert bar.till.status().receipts == 1
    assert bar.till.day_to_close().receipts == 1
    assert bar.close("2026-06-12 23:30").receipts == 1


@pytest.mark.parametrize("type_", ["free", "bank", "other"])
def test_a_file_of_before_takes_the_payment_types_that_came_later(tmp_path: Path, type_: str) -> None:
    path = tmp_path / "till.db"
    with closing(sqlite3.connect(path)) as older:
        older.executescript((Path(__file__).parent / "till_of_0_1.sql").read_text("utf-8"))
        older.execute("CREATE TRIGGER of_another_program AFTER INSERT ON payment_methods BEGIN SELECT 1; END")
        older.commit()
        before = older.execute("SELECT * FROM receipt_payments").fetchall()
        TillDatabase(path).close()
        older.execute("INSERT INTO payment_methods (code, name, type) VALUES ('NEW', 'New', ?)", (type_,))
        older.execute("{receipt} ({new}, '1', {at}, '1', 'Ana', {open})".format(**_WORDS))
        paid = "INSERT INTO receipt_payments SELECT MAX(seq), 1, 'N', 'N', ?, 1, 0 FROM receipts"
        older.execute(paid, (type_,))
        with pytest.raises(sqlite3.IntegrityError):
            older.execute("UPDATE payment_methods SET type = 'gold'")
        older.rollback()
        assert older.execute("SELECT * FROM receipt_payments").fetchall() == before
        assert older.execute("SELECT name FROM sqlite_schema WHERE name = 'of_another_program'").fetchone()
        assert older.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    "mistake",
    [
        "UPDATE receipt_lines SET gross = gross + 1",
        "UPDATE receipt_payments SET amount = amount - 1",
        "UPDATE receipt_taxes SET tax = tax + 1",
        "UPDATE receipts SET rounding = 1",
    ],
)
def test_the_view_finds_a_receipt_that_does_not_add_up(
    other_program: sqlite3.Connection, mistake: str
) -> None:
    uids = "SELECT uid FROM receipts_that_do_not_add_up"
    assert other_program.execute(uids).fetchall() == []
    other_program.execute(mistake)
    assert len(other_program.execute(uids).fetchall()) == 2
