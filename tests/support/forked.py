"""Commands as processes of their own, forked from one that has loaded the program and opened nothing.

A process that loads the program by itself takes half a second of the processor; this one a few hundredths.
"""

import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from factorypos_tui.cli.main import main

_PATIENCE_S = 120
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(
    [
        "tests.support.forked",
        *(f"factorypos_tui.cli.{room}" for room in ("program", "accounts", "assign", "check", "companies")),
        *(f"factorypos_tui.cli.{room}" for room in ("configuration", "queue", "status", "till", "worker")),
        *("factorypos_tui.cli.cloud", "fastapi", "argon2", "psycopg"),
        "factorypos_tui.cloud.client",
        "factorypos_tui.credentials",
        "factorypos_tui.credentials.file",
    ]
)


def run_forked(
    arguments: Sequence[str],
    stdin: str = "",
    *,
    environment: Mapping[str, str] = os.environ,
    most_bytes_a_file: int | None = None,
) -> "subprocess.CompletedProcess[str]":
    """Run `factorypos-tui` with `arguments` to its end, as `subprocess.run` would.

    `most_bytes_a_file` makes the disk full for every file that would grow beyond it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "0").write_text(stdin, "utf-8")
        values = (folder, list(arguments), dict(environment), str(Path.cwd()), most_bytes_a_file)
        process = _FORKING.Process(target=_work, args=values, daemon=True)
        process.start()
        process.join(_PATIENCE_S)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(arguments), _PATIENCE_S)
        said, complained = ((folder / end).read_text("utf-8", "replace") for end in ("1", "2"))
    return subprocess.CompletedProcess(list(arguments), process.exitcode, said, complained)


def _work(
    folder: Path, arguments: list[str], environment: dict[str, str], cwd: str, most_bytes_a_file: int | None
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
    sys.argv = ["factorypos-tui", *arguments]
    if most_bytes_a_file is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes_a_file, most_bytes_a_file))
    main()
