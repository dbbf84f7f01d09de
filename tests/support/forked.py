"""Commands as processes of their own, forked from one that has loaded the program and opened nothing.

A process that loads the program by itself takes half a second of the processor; this one a few hundredths.
"""

import multiprocessing
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from factorypos_tui.cli.main import main
from factorypos_tui.cli.owner import become
from tests.support.waiting import eventually

_PATIENCE_S = 120
FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(
    [
        "tests.support.forked",
        *(f"factorypos_tui.cli.{room}" for room in ("program", "accounts", "assign", "check", "companies")),
        *(f"factorypos_tui.cli.{room}" for room in ("configuration", "queue", "status", "till", "worker")),
        *("factorypos_tui.cli.cloud", "factorypos_tui.server.serving", "factorypos_tui.server.app"),
        "psycopg",
        "factorypos_tui.cloud.client",
        "factorypos_tui.credentials",
        "factorypos_tui.credentials.file",
    ]
)


@dataclass(frozen=True)
class Circumstances:
    """What a command finds."""

    most_bytes_a_file: int | None = None
    """Makes the disk full for every file that would grow beyond it."""
    most_files: int | None = None
    """That it may have open."""
    user: int = 0
    """Who root lets run it."""
    constants: Mapping[str, object] = field(default_factory=dict)
    """Other values for constants, by the names of module and constant: time limits that end sooner."""


def run_forked(
    arguments: Sequence[str],
    stdin: str = "",
    *,
    environment: Mapping[str, str] = os.environ,
    most_bytes_a_file: int | None = None,
    user: int = 0,
    constants: Mapping[str, object] | None = None,
) -> "subprocess.CompletedProcess[str]":
    """Run `factorypos-tui` with `arguments` to its end, as `subprocess.run` would."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = Circumstances(most_bytes_a_file, user=user, constants=constants or {})
        process = _start(folder, arguments, stdin, environment, found)
        process.join(_PATIENCE_S)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(arguments), _PATIENCE_S)
        said, complained = ((folder / end).read_text("utf-8", "replace") for end in ("1", "2"))
    return subprocess.CompletedProcess(list(arguments), process.exitcode, said, complained)


def start_cloud(
    home: Path,
    *options: str,
    port: int = 0,
    folder: Path | None = None,
    found: Circumstances = Circumstances(),
) -> tuple[ForkServerProcess, str]:
    """Start `factorypos-tui cloud serve` on a home; its process and its address, once it listens.

    `folder` gets what it writes: `1` its output, `2` its errors."""
    folder = folder or Path(tempfile.mkdtemp(dir=home.parent))
    command = ["--home", str(home), "cloud", "serve", "--port", str(port), *options]
    process = _start(folder, command, "", os.environ, found)
    said = folder / "1"
    eventually(lambda: not process.is_alive() or (said.exists() and said.read_text().endswith("\n")))
    listening = re.match("FactoryCLOUD is listening on (.*)\n", said.read_text())
    assert listening, f"the server ended with {process.exitcode}: {(folder / '2').read_text()}"
    return process, listening[1]


def _start(
    folder: Path,
    arguments: Sequence[str],
    stdin: str,
    environment: Mapping[str, str],
    found: Circumstances,
) -> ForkServerProcess:
    """A process that reads the file `0` of a folder and writes `1` and `2`."""
    (folder / "0").write_text(stdin, "utf-8")
    values = (folder, list(arguments), dict(environment), str(Path.cwd()), found)
    process = FORKING.Process(target=_work, args=values, daemon=True)
    process.start()
    return process


def _work(
    folder: Path, arguments: list[str], environment: dict[str, str], cwd: str, found: Circumstances
) -> None:
    """What `factorypos-tui` does, from its first line."""
    for end, mode in enumerate((os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)):
        os.dup2(os.open(folder / str(end), mode, 0o600), end)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(end, mode, closefd=False) for end, mode in enumerate(("r", "w", "w"))
    )
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(cwd)
    warnings.simplefilter("error")
    # The library of keyrings leaves its connection open where a person closes the prompt.
    warnings.filterwarnings("ignore", "unclosed <socket.* raddr=.*/bus>", ResourceWarning)
    sys.argv = ["factorypos-tui", *arguments]
    _meet(found)
    main()


def _meet(found: Circumstances) -> None:
    if found.most_bytes_a_file is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (found.most_bytes_a_file, found.most_bytes_a_file))
    if found.most_files is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (found.most_files, found.most_files))
    for name, value in found.constants.items():
        module, _, constant = name.rpartition(".")
        setattr(import_module(module), constant, value)
    if found.user:
        become(found.user, found.user)
