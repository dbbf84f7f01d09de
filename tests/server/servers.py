"""`cloud serve` as a process of its own, on a home."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.forked import start_cloud

FRONT_DOOR = """
import pathlib, sys
from types import SimpleNamespace
from factorypos_tui.cli.cloud import cloud
cloud(args=sys.argv[2:], prog_name="cloud", obj=SimpleNamespace(path=pathlib.Path(sys.argv[1])))
"""


@contextmanager
def server(home: Path, *arguments: str) -> Iterator[str]:
    """The address of a server that runs during the block."""
    process, address = start_cloud(home, *arguments)
    try:
        yield address
    finally:
        process.kill()
        process.join()


@contextmanager
def whole_server(home: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """One that has loaded the program by itself and is there to be ended."""
    command = [sys.executable, "-W", "error", "-c", FRONT_DOOR, str(home), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield process, line.removeprefix("FactoryCLOUD is listening on ").strip()
        finally:
            process.kill()
