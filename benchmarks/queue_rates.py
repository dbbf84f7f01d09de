"""Durable rates of our queue beside raw sqlite3, litequeue, persist-queue and huey, in one run.

Every commit of every contender is synced to the disk before it counts (`synchronous=FULL`, in WAL). The
rounds of the contenders alternate, a ratio is taken inside of one round, and the median of the rounds is
shown, since machines are noisy. Items are 4 KiB.

*Raw* is sqlite3 with hand-written statements and nothing else: one table with the columns of a shipment and
its bytes, the unique key and the two indexes that a queue cannot do without. Ours does more in the same
commit: it packs the bytes, checks them against their hash, keeps the history and the counts of the states,
and supersedes. huey takes an item away when it hands it out, so that a killed worker loses it: its claim is
an acknowledgement too, one commit instead of two. What is not installed is said and left out:

    pip install litequeue persist-queue huey
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.contenders import CONTENDERS, LIBRARIES, Contender, make_reports
from factorypos_tui.core.models import Report

BATCH = 100
GOALS = {"singly": 0.95, "100 a commit": 0.8, "claim + acknowledge": 0.9}


def measure(make: Callable[[Path], Contender], items: int, where: Path) -> dict[str, float]:
    """Items a second, by what was done with them, on files made for it."""
    with tempfile.TemporaryDirectory(dir=where, prefix=".queue-") as folder:
        queue = make(Path(folder))
        singly, together = make_reports(items), make_reports(items * 4)
        rates = {"singly": _rate(items, lambda: queue.put(singly))}
        rates["claim + acknowledge"] = _rate(items, lambda: queue.take(items))
        batches = [together[at : at + BATCH] for at in range(0, len(together), BATCH)]
        rates["100 a commit"] = _rate(len(together), lambda: put_batches(queue, batches))
        queue.close()
    return rates


def put_batches(queue: Contender, batches: list[list[Report]]) -> None:
    for batch in batches:
        queue.put_together(batch)


def _rate(items: int, work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return items / (time.perf_counter() - begun)


def _missing() -> Iterator[str]:
    for name, module in LIBRARIES.items():
        try:
            import_module(module)
        except ImportError:
            yield name


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=Path, default=Path.cwd(), help="on the disk to measure")
    options = parser.parse_args()
    missing = list(_missing())
    names = [name for name in CONTENDERS if name not in missing]
    measured: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _round in range(options.rounds):
        for name in random.sample(names, len(names)):
            measured[name].append(measure(CONTENDERS[name], options.items, options.folder))
    for name in missing:
        print(f"{name}: not installed, left out")
    print(f"{'':15}" + "".join(f"{what:>32}" for what in GOALS))
    for name in names:
        print(f"{name:15}" + "".join(f"{_cell(measured, name, what):>32}" for what in GOALS))
    print(f"{'goal for ours':15}" + "".join(f"{f'>= {goal:.2f} x raw':>32}" for goal in GOALS.values()))


def _cell(measured: dict[str, list[dict[str, float]]], name: str, what: str) -> str:
    """Median items a second, and the median ratio to raw within a round."""
    rates = [rates[what] for rates in measured[name]]
    ratios = [rate / raw[what] for rate, raw in zip(rates, measured["raw"], strict=True)]
    return f"{statistics.median(rates):,.0f}/s  {statistics.median(ratios):.2f} x raw"


if __name__ == "__main__":
    main()
