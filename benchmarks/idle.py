"""What a worker costs a till while there is nothing to do: memory, processor, wake-ups.

Runs a real FactoryCLOUD on loopback and `factorypos-tui worker` beside a till with a month behind it, waits
until all is delivered, and reads /proc for two minutes: the machine's noise is in the figures, so a thread of
a bare Python that only waits 0.4 s again and again is watched in the same minutes. Needs Linux.

    python benchmarks/idle.py --seconds 120

The goal: at most 3 times the processor of the bare thread.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.shop import command, connect, run, serving
from factorypos_tui.core.queue.counting import counts
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.storage.sync_db import open_sync_db

DAYS = 30
SETTLE_S = 5
GOAL = 3
BARE = """
import threading
def wait():
    while True:
        threading.Event().wait(0.4)
threading.Thread(target=wait, daemon=True).start()
threading.Event().wait()
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=120)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "cloud"):
        home = Path(folder) / "till"
        run(home, "till", "seed", "--days", str(DAYS))
        connect(home)
        with (
            subprocess.Popen(command(home, "worker"), stderr=subprocess.DEVNULL) as worker,
            subprocess.Popen([sys.executable, "-c", BARE]) as bare,
        ):
            try:
                wait_until_delivered(home)
                time.sleep(SETTLE_S)  # what follows a delivery
                watch(Path(f"/proc/{worker.pid}"), Path(f"/proc/{bare.pid}"), seconds)
            finally:
                worker.terminate()
                bare.terminate()


def wait_until_delivered(home: Path) -> None:
    database = open_sync_db(home / "sync.db")
    while counts(database)[State.DELIVERED] < DAYS:
        time.sleep(0.1)
    database.close()


def watch(worker: Path, bare: Path, seconds: float) -> None:
    before, woken, begun = [cpu_s(worker), cpu_s(bare)], wake_ups(worker), time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - begun
    ours, bares = (cpu_s(process) - cpu for process, cpu in zip((worker, bare), before, strict=True))
    print(f"memory: {memory_mib(worker):.1f} MiB PSS")
    print(f"processor: {100 * ours / passed:.3f} % of one core, the bare thread {100 * bares / passed:.3f} %")
    print(f"ratio: {ours / bares:.1f}, goal <= {GOAL}")
    print(f"wake-ups: {(wake_ups(worker) - woken) / passed:.1f} a second")


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
