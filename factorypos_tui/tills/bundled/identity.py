"""Gives a till that was copied, card and all, an identity of its own.

The days of the original leave its file. Days that were closed on this machine alone may stay: they are then
the first of the new terminal, numbered from 1, with totals that begin with them."""

import uuid
from collections.abc import Set
from pathlib import Path

from factorypos_tui.core.storage.database import Database

_ORIGINALS = "(SELECT id FROM periods WHERE z_number IS NOT NULL AND id NOT IN (SELECT id FROM own))"


def copy_till(database: Database, to: Path) -> None:
    """A whole copy of the till's file, for its owner only. Raises `StorageError`."""
    database.execute("VACUUM INTO ?", str(to))
    to.chmod(0o600)


def running_receipts(database: Database) -> int:
    """How many receipts the open period has."""
    found: int = database.value(
        "SELECT COUNT(*) FROM receipts JOIN periods ON period_id = id WHERE z_number IS NULL"
    )
    return found


def take_new_identity(database: Database, own: Set[int], name: str | None) -> str:
    """Make the till another terminal, whose first days are those with the Z numbers `own`; returns its id.
    `name`: what it is called from now on, which `refuse_bad_name` has seen. All of it in one transaction;
    raises `StorageError`."""
    terminal_id = str(uuid.uuid4())
    with database.transaction():
        database.execute("PRAGMA defer_foreign_keys = ON")  # a day leaves, and comes back with its new number
        database.execute("CREATE TEMP TABLE own AS SELECT * FROM periods")
        _number_anew(database, own)
        for table in ("receipts", "cash_movements", "control_events"):
            database.execute(f"DELETE FROM {table} WHERE period_id IN {_ORIGINALS}")
        database.execute("DELETE FROM periods")
        database.execute("INSERT INTO periods SELECT * FROM own")
        database.execute("DROP TABLE own")
        for version, first_z in database.rows("SELECT version, first_z FROM report_rules"):
            first_z = 1 + sum(number < first_z for number in own)
            database.execute("UPDATE report_rules SET first_z = ? WHERE version = ?", first_z, version)
        database.execute("UPDATE terminal SET id = ?, name = coalesce(?, name)", terminal_id, name)
    return terminal_id


def _number_anew(database: Database, own: Set[int]) -> None:
    """Leave the own days and the open period in the table `own`, numbered from 1, each with the totals of the
    own days before it. What a day took is the difference of the totals before it and after it."""
    periods = database.rows(
        "SELECT id, z_number, perpetual_sales, perpetual_refunds FROM periods"
        " ORDER BY z_number IS NULL, z_number"
    )
    number = sales = refunds = 0
    for (period_id, z_number, *before), (_id, _z, *after) in zip(
        periods, [*periods[1:], periods[-1]], strict=True
    ):
        if z_number is not None and z_number not in own:
            database.execute("DELETE FROM own WHERE id = ?", period_id)
            continue
        number += 1
        database.execute(
            "UPDATE own SET z_number = ?, perpetual_sales = ?, perpetual_refunds = ? WHERE id = ?",
            None if z_number is None else number,
            sales,
            refunds,
            period_id,
        )
        sales, refunds = sales + after[0] - before[0], refunds + after[1] - before[1]
