"""A terminal and a FactoryCLOUD as real processes, driven by their commands as an administrator would."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.forked import run_forked, start_cloud

PASSWORD = "a long enough secret"


@dataclass(frozen=True)
class Terminal:
    """The program on one home."""

    home: Path
    cloud_url: str
    """What its administrator set."""
    constants: Mapping[str, object] = field(default_factory=dict)
    """Other values for constants of the program, as `Circumstances` has them."""

    def run(self, *arguments: str, stdin: str = "", code: int = 0) -> str:
        """Run one command to its end and give its standard output; `code` is the exit code it must have."""
        result = self.try_to(*arguments, stdin=stdin)
        assert result.returncode == code, (arguments, result.returncode, result.stdout, result.stderr)
        return result.stdout

    def try_to(
        self, *arguments: str, stdin: str = "", most_bytes_a_file: int | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run one command to its end; no traceback may reach an operator, whatever happens.

        `most_bytes_a_file` makes the disk full for every file that would grow beyond it."""

        command = ["--home", str(self.home), *arguments]
        environment = {**os.environ, "FACTORYPOS_CLOUD_URL": self.cloud_url}
        result = run_forked(
            command,
            stdin,
            environment=environment,
            most_bytes_a_file=most_bytes_a_file,
            constants=self.constants,
        )
        assert "Traceback" not in result.stdout + result.stderr, result.stderr
        return result

    @contextmanager
    def start(self, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
        """A command whose questions the test answers while it runs."""
        with subprocess.Popen(
            [sys.executable, "-m", "factorypos_tui", "--home", str(self.home), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "FACTORYPOS_CLOUD_URL": self.cloud_url},
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def json(self, *arguments: str, stdin: str = "") -> Any:
        """What a command prints with --json."""
        return json.loads(self.run(*arguments, "--json", stdin=stdin))

    def connect(self, history: str = "all", email: str = "ana@example.com", *, stays: bool = False) -> None:
        """Register, make a company and a store, assign it. `stays`: the log-in goes on after that."""
        self.run("register", "--email", email, "--name", "Ana", "--password-stdin", stdin=PASSWORD)
        company = self.json("companies", "create", "--name", "Maritim SL")["id"]
        store = self.json("stores", "create", "--company", company, "--name", "Bar Maritim")["id"]
        place = ("--company", company, "--store", store, "--history", history)
        self.run("assign", *place, *(["--stay-logged-in"] if stays else []))


@contextmanager
def serve_cloud(home: Path, *options: str) -> Iterator[str]:
    """Our own FactoryCLOUD as an operator starts it; gives its address."""
    process, address = start_cloud(home, *options)
    try:
        yield address
    finally:
        process.terminate()
        process.join()
