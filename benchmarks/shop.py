"""Real processes to measure: a FactoryCLOUD on loopback, and terminals that are assigned to a store of it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PASSWORD = "a long enough secret"  # noqa: S105 - of an account that lives as long as this run


def command(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "factorypos_tui", "--home", str(home), *arguments]


def run(home: Path, *arguments: str, stdin: str = "") -> str:
    done = subprocess.run(command(home, *arguments), input=stdin, capture_output=True, text=True, check=True)
    return done.stdout


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The address of a FactoryCLOUD that serves from `home`; this process and its children use it."""
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    serve = command(home, "cloud", "serve", "--port", "0")
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            url = server.stdout.readline().split()[-1]
            os.environ["FACTORYPOS_CLOUD_URL"] = url
            yield url
        finally:
            server.terminate()


def connect(home: Path) -> None:
    """Assign the till of `home` to a new store of a new account, with all of its history."""
    account = f"{home.name}@example.com"
    run(home, "register", "--email", account, "--name", "A", "--password-stdin", stdin=PASSWORD)
    company = json.loads(run(home, "companies", "create", "--name", "C", "--json"))["id"]
    store = json.loads(run(home, "stores", "create", "--company", company, "--name", "S", "--json"))["id"]
    run(home, "assign", "--company", company, "--store", store, "--history", "all")
