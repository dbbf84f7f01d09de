"""A change of the configuration that is stopped or killed leaves the old one or the new one whole."""

import signal
import subprocess
import sys
from random import Random

import pytest

from factorypos_tui.core.configuration.change import Watch
from factorypos_tui.core.configuration.configuration import (
    Configuration,
)
from factorypos_tui.core.errors import Stopped
from tests.tills.bar import Bar, check_the_books
from tests.tills.exchange import seasons, take
from tests.tills.test_configuration import apply


def test_it_can_be_stopped_at_any_moment_before_the_commit_and_tells_what_is_left(bar: Bar) -> None:
    wanted = seasons()[0]
    told: list[tuple[int, int]] = []
    here = bar.till.configuration()
    copy = Bar(bar.path.with_name("copy.db"))
    apply(copy, wanted, Watch(lambda *now: told.append(now)))
    assert told == sorted(told)
    assert told[0] == (0, told[-1][1])
    assert told[-1][0] == told[-1][1] > len(wanted.items)
    copy.till.close()
    for looks in range(1, len(told) + 1):
        left = iter(range(looks - 1))
        with pytest.raises(Stopped, match="Nothing was changed"):
            apply(bar, wanted, Watch(stopped=lambda: next(left, None) is None))  # noqa: B023 - called at once
        assert bar.till.configuration() == here
        assert not bar.till.configuration_backups()


def seeded(bar: Bar) -> tuple[Configuration, Configuration]:
    """The till has taken the first of two configurations."""
    first, second = seasons()
    take(bar.till, first)
    bar.till.close()
    return first, second


@pytest.mark.parametrize("seed", range(5))
def test_a_process_killed_at_any_moment_leaves_the_old_or_the_new(bar: Bar, seed: int) -> None:
    both = seeded(bar)
    command = [sys.executable, "-m", "tests.tills.exchange", str(bar.path), "1000"]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert worker.stdout
    for _line in range(Random(seed).randint(1, 6)):  # noqa: S311 - a moment, not a secret
        worker.stdout.readline()
    worker.kill()
    worker.communicate()
    found = bar.till.configuration()
    assert found in both
    backup = bar.till.configuration_of_backup(bar.till.configuration_backups()[0].id)
    assert backup in both
    assert check_the_books(bar.till) == 0
    take(bar.till, both[0])
    assert bar.till.configuration() == both[0]


@pytest.mark.parametrize("statement", [1, 2, 3, 4, 7, 11, 15, 18])
def test_a_process_killed_between_two_statements_changes_nothing(bar: Bar, statement: int) -> None:
    first, _second = seeded(bar)
    backups = bar.till.configuration_backups()
    script = f"""
import os, signal
from pathlib import Path
from tests.tills.exchange import seasons, take
from factorypos_tui.tills.bundled.till import BundledTill
till = BundledTill(Path({str(bar.path)!r}))
database = till.database()
execute, left = database.execute, [{statement}]
def fatal(sql, *parameters):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, *parameters)
database.execute = fatal
take(till, seasons()[1])
"""
    result = subprocess.run([sys.executable, "-c", script], check=False)
    assert result.returncode == -signal.SIGKILL
    assert bar.till.configuration() == first
    assert bar.till.configuration_backups() == backups
