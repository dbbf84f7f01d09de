"""How long it takes from the till's commit of a close to FactoryCLOUD's receipt.

Runs the real processes (`cloud serve`, `worker`) on loopback and closes days at the till. The figures are
shown beside one bare durable PUT of a report to the same server, measured in turn in the same run, since
machines differ and are noisy.

    python benchmarks/close_to_cloud.py --closes 30
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.models import Report
from factorypos_tui.core.queue import counting
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.reports.reports import build_x
from factorypos_tui.core.storage.sync_db import open_sync_db
from factorypos_tui.tills.bundled.periods import close_period
from factorypos_tui.tills.bundled.till import BundledTill

PASSWORD = "a long enough secret"  # noqa: S105 - of an account that lives as long as this run


def command(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "factorypos_tui", "--home", str(home), *arguments]


def run(home: Path, *arguments: str, stdin: str = "") -> str:
    done = subprocess.run(command(home, *arguments), input=stdin, capture_output=True, text=True, check=True)
    return done.stdout


def connect(home: Path) -> None:
    """A till with three days behind it, assigned to a new store."""
    run(home, "till", "seed", "--days", "3")
    run(home, "register", "--email", "a@example.com", "--name", "A", "--password-stdin", stdin=PASSWORD)
    company = json.loads(run(home, "companies", "create", "--name", "C", "--json"))["id"]
    store = json.loads(run(home, "stores", "create", "--company", company, "--name", "S", "--json"))["id"]
    run(home, "assign", "--company", company, "--store", store, "--history", "all")


def wait_for(home: Path, delivered: int) -> None:
    """Return as soon as so many reports are delivered."""
    database = open_sync_db(home / "sync.db")
    while counting.counts(database)[State.DELIVERED] < delivered:
        time.sleep(0.002)
    database.close()


def close_one(home: Path, till: BundledTill, delivered: int) -> float:
    """Seconds from the close's commit to the delivery of its Z."""
    close_period(till.database(), now=utc_now(), software="benchmark")
    committed = time.perf_counter()
    wait_for(home, delivered)
    return time.perf_counter() - committed


def put_one(cloud: FactoryCloud, token: str, report: Report) -> float:
    """Seconds for one bare PUT of a report that the cloud has to commit."""
    begun = time.perf_counter()
    cloud.send(token, report)
    return time.perf_counter() - begun


def unsent(till: BundledTill, number: int) -> Report:
    """An X report that the cloud has not seen: the running day, a revision further each time."""
    period = till.open_period()
    assert period is not None
    return build_x(period, till.receipts(period.id), number, utc_now())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--closes", type=int, default=30)
    closes = parser.parse_args().closes
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "till"
        os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
        server = subprocess.Popen(
            command(Path(folder) / "cloud", "cloud", "serve", "--port", "0"),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert server.stdout is not None
        os.environ["FACTORYPOS_CLOUD_URL"] = server.stdout.readline().split()[-1]
        connect(home)
        worker = subprocess.Popen(command(home, "worker"), stderr=subprocess.DEVNULL)
        wait_for(home, 3)
        till = BundledTill(home / "till.db")
        token = json.loads((home / "credentials.json").read_text())["terminal"].split()[-1]
        closed, put = [], []
        with FactoryCloud(os.environ["FACTORYPOS_CLOUD_URL"]) as cloud:
            for number in range(1, closes + 1):
                closed.append(close_one(home, till, 3 + number))
                put.append(put_one(cloud, token, unsent(till, number)))
        worker.terminate()
        server.terminate()
        worker.wait()
        server.wait()
    p95 = sorted(closed)[int(len(closed) * 0.95)]
    print(f"close to cloud: median {statistics.median(closed):.3f} s, p95 {p95:.3f} s")
    print(f"one bare durable PUT: median {statistics.median(put):.3f} s")
    print(f"ratio of the medians: {statistics.median(closed) / statistics.median(put):.1f}")


if __name__ == "__main__":
    main()
