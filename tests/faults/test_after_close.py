"""Fault 35: the process that takes what was accepted for after the close ends on the way."""

import subprocess
import sys

from tests.faults.world import Bar


def test_35_killed_while_it_takes_what_was_accepted_the_till_has_all_of_it_or_none_and_then_all(
    bar: Bar,
) -> None:
    bar.station.database.close()
    command = [sys.executable, "-m", "tests.faults.dying_after_close", str(bar.home), bar.cloud_url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 4
