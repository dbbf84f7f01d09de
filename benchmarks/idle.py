"""What a worker costs a till while there is nothing to do: memory, processor, wake-ups.

Runs a real FactoryCLOUD on loopback and `factorypos-tui worker` beside a till with a month behind it, waits
until all is delivered, and reads /proc for half a minute. Needs Linux.

    python benchmarks/idle.py --seconds 30
"""

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.shop import command, connect, run, serving
from factorypos_tui.core.queue.shipments import State, counts
from factorypos_tui.core.storage.sync_db import open_sync_db

DAYS = 30
SETTLE_S = 5


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=30)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "cloud"):
        home = Path(folder) / "till"
        run(home, "till", "seed", "--days", str(DAYS))
        connect(home)
        with subprocess.Popen(command(home, "worker"), stderr=subprocess.DEVNULL) as worker:
            try:
                wait_until_delivered(home)
                time.sleep(SETTLE_S)  # what follows a delivery
                watch(Path("/proc") / str(worker.pid), seconds)
            finally:
                worker.terminate()


def wait_until_delivered(home: Path) -> None:
    database = open_sync_db(home / "sync.db")
    while counts(database)[State.DELIVERED] < DAYS:
        time.sleep(0.1)
    database.close()


def watch(process: Path, seconds: float) -> None:
    before, woken, begun = cpu_s(process), wake_ups(process), time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - begun
    print(f"memory: {memory_mib(process):.1f} MiB PSS")
    print(f"processor: {100 * (cpu_s(process) - before) / passed:.2f} % of one core")
    print(f"wake-ups: {(wake_ups(process) - woken) / passed:.1f} a second")


def cpu_s(process: Path) -> float:
    """Seconds of processor of all threads; to the nanosecond, which /proc/PID/stat is not."""
    ran = [int(stat.read_text().split()[0]) for stat in process.glob("task/*/schedstat")]
    return sum(ran) / 1e9


def wake_ups(process: Path) -> int:
    """How often its threads gave the processor back of themselves, to be woken later."""
    found = 0
    for status in process.glob("task/*/status"):
        lines = status.read_text().splitlines()
        found += next(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt"))
    return found


def memory_mib(process: Path) -> float:
    lines = (process / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
