"""The program as somebody installed it: its commands run from there, and nothing of the checkout is near."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PASSWORD = "a long enough secret"
ROOT = Path(__file__).parents[2]


def build(source: Path, target: str, folder: Path) -> Path:
    """The wheel or source archive (`sdist`) of a source."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = folder.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return built


@dataclass(frozen=True)
class Installed:
    """A program and the home that it works on."""

    environment: Path
    """A virtual environment."""
    home: Path

    def run(self, *arguments: str, stdin: str = "", cloud: str = "") -> str:
        """What a command prints; it must end well."""
        ended = subprocess.run(
            self._command(*arguments), input=stdin, env=self._variables(cloud), capture_output=True, text=True
        )
        assert ended.returncode == 0, (arguments, ended.stdout, ended.stderr)
        return ended.stdout

    def json(self, *arguments: str, cloud: str = "") -> Any:
        """What a command prints with --json."""
        return json.loads(self.run(*arguments, "--json", cloud=cloud))

    def close_a_day(self) -> None:
        """Sell something, and close."""
        self.run("till", "sale", "--item", "CAFE")
        self.run("till", "close")

    def connect(self, cloud: str) -> None:
        """Register, make company and store, assign it."""
        register = ("register", "--email", "ana@example.com", "--name", "Ana", "--password-stdin")
        self.run(*register, stdin=PASSWORD, cloud=cloud)
        company = self.json("companies", "create", "--name", "Maritim SL", cloud=cloud)["id"]
        store = self.json("stores", "create", "--company", company, "--name", "Bar", cloud=cloud)["id"]
        self.run("assign", "--company", company, "--store", store, "--history", "all", cloud=cloud)

    @contextmanager
    def serve(self, *options: str, port: int = 0) -> Iterator[str]:
        """Its FactoryCLOUD, on this home; gives its address."""
        arguments = ("cloud", "serve", "--port", str(port), *options)
        with subprocess.Popen(
            self._command(*arguments), env=self._variables(""), stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout
            try:
                addresses = (re.search(r"http://[\d.]+:\d+", line) for line in process.stdout)
                yield next(found[0] for found in addresses if found)
            finally:
                process.terminate()

    def _command(self, *arguments: str) -> list[str]:
        return [str(self.environment / "bin" / "factorypos-tui"), "--home", str(self.home), *arguments]

    def _variables(self, cloud: str) -> dict[str, str]:
        path = f"{self.environment / 'bin'}:{os.defpath}"
        named = {"FACTORYPOS_CLOUD_URL": cloud} if cloud else {}
        return {"PATH": path, "HOME": str(self.home.parent), "LANG": "C.UTF-8", **named}
