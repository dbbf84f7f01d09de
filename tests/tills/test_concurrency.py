"""Several processes at one till, and processes that die in the middle of it."""

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from tests.tills.bar import Bar, check_the_books


def at_the_till(path: Path, deed: str, count: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.tills.shift", str(path), deed, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_selling_and_closing_at_once_binds_every_receipt_to_an_open_period(bar: Bar) -> None:
    workers = [at_the_till(bar.path, deed, 40) for deed in ("sell", "sell", "close", "close")]
    said = [worker.communicate()[0].split() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0, 0]

    bar.clock = datetime.now(UTC)
    assert check_the_books(bar.till) == 80
    z_numbers = [int(word) for words in said[2:] for word in words[1::2]]
    assert sorted(z_numbers) == list(range(1, 81))
    assert bar.database.value("SELECT COUNT(*) FROM receipts") == 80


@pytest.mark.parametrize("seed", range(6))
def test_a_process_killed_at_any_moment_leaves_all_it_said_and_books_that_agree(bar: Bar, seed: int) -> None:
    worker = at_the_till(bar.path, "both", 100_000)
    assert worker.stdout
    lines = Random(seed).randint(1, 60)  # noqa: S311 - a moment, not a secret
    output = [worker.stdout.readline().split() for _line in range(lines)]
    worker.kill()
    output += [line.split() for line in worker.communicate()[0].splitlines()]

    bar.clock = datetime.now(UTC)
    closed = check_the_books(bar.till)
    uids = {row[0] for row in bar.database.rows("SELECT uid FROM receipts")}
    assert {words[1] for words in output if words[0] == "sold"} <= uids
    assert closed - sum(words[0] == "closed" for words in output) in (0, 1)
    assert bar.close("2030-01-01 12:00").z_number == closed + 1


@pytest.mark.parametrize("statement", [1, 2])
def test_a_process_killed_between_two_statements_of_a_close_closes_nothing(bar: Bar, statement: int) -> None:
    bar.sell("2026-06-12 12:00")
    script = f"""
import os, signal, sys
from pathlib import Path
from tests.tills.shift import close
from factorypos_tui.tills.bundled.till import BundledTill
database = BundledTill(Path({str(bar.path)!r})).database()
execute, left = database.execute, [{statement}]
def fatal(sql, *parameters):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, *parameters)
database.execute = fatal
close(database)
"""
    result = subprocess.run([sys.executable, "-c", script], check=False)
    assert result.returncode == -signal.SIGKILL
    assert check_the_books(bar.till) == 0
    assert bar.till.status().receipts == 1
