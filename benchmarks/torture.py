"""Kills a worker N times at random moments, under a line and a cloud that misbehave, and has a checker judge.

A till keeps closing days. Turn after turn a worker is started, kept from its work by a proxy that delays,
resets, trickles, cuts, replays and invents answers, and killed (SIGKILL); now and then its FactoryCLOUD is
killed as well. After each turn a checker that shares no code with the program compares till, queue and cloud;
so it does after every hundredth and the last, when the line is good and all has been sent.

    python benchmarks/torture.py --kills 1000 --seed 42

The seed decides what is done and when; what the processes are at by then, their scheduling decides.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from factorypos_tui.core.delivery.drain import sync_now
from factorypos_tui.core.queue.counting import counts
from factorypos_tui.core.queue.states import State
from tests.faults import checker
from tests.faults.proxy import FAULTS, Fault, Proxy, delay
from tests.faults.warm import WarmWorker, warm_worker
from tests.faults.world import PATIENCE_S, Bar, CloudProcess, new_owner
from tests.support.waiting import eventually

_FAULTS = {"late": delay(0.2), "very late": delay(2), **FAULTS}
_CHANCES = {
    "through": 12, "answer_lost": 4, "late": 3, "half": 2, "reset": 2, "twice": 2, "slices": 2,
    "very late": 1, "trickle": 1, "hang": 1, "html": 1, "redirect": 1, "503": 1, "401": 1,
}  # fmt: skip
_MOMENTS = {"started": 0.4, "running": 0.4, "first request": 0.15, "second request": 0.15}
"""From when on a turn counts the time to its kill, and how many seconds that is at most."""
_CLOUD_DIES = 0.1
_PEACE_EVERY = 100


@dataclass(frozen=True)
class Turn:
    """What the seed decides for one turn. `days_before`, `days_after`: closed before the worker starts, and
    when the moment has come; `faults`: of the line, one a request, then all go through."""

    days_before: int
    days_after: int
    moment: str
    delay_s: float
    faults: tuple[str, ...]
    cloud_dies_s: float | None


def turn_of(seed: int, number: int) -> Turn:
    """The turn of this number."""
    chance = Random(f"{seed}:{number}")
    moment = chance.choice(list(_MOMENTS))
    faults = chance.choices(list(_CHANCES), list(_CHANCES.values()), k=6)
    if moment == "second request":
        faults[0] = "through"  # whatever else may be the last for a long time
    longest = _MOMENTS[moment]
    return Turn(
        days_before=chance.choice((1, 1, 2, 5)),
        days_after=1 if moment == "second request" else chance.choice((0, 1, 2)),
        moment=moment,
        delay_s=chance.choice((chance.uniform(0, longest), chance.uniform(0, longest) ** 2)),
        faults=tuple(faults),
        cloud_dies_s=chance.uniform(0, 0.05) if chance.random() < _CLOUD_DIES else None,
    )


class Line:
    """The line of one turn: it does to one request after the other what the turn says, and counts them."""

    def __init__(self, turn: Turn) -> None:
        self._left = list(turn.faults)
        self._arrived = threading.Condition()
        self._requests = 0
        self.done: Counter[str] = Counter()

    def choose(self, _first_line: str) -> Fault:
        with self._arrived:
            name = self._left.pop(0) if self._left else "through"
            self.done[name] += 1
            self._requests += 1
            self._arrived.notify_all()
        return _FAULTS[name]

    def wait_for(self, requests: int) -> bool:
        """Whether so many requests came, within our patience."""
        with self._arrived:
            return self._arrived.wait_for(lambda: self._requests >= requests, PATIENCE_S)


@dataclass
class Tale:
    """What happened so far. `kills`: by moment; `lines`: requests by what was done to them; `set_aside`:
    reports that a person had to send again, since three workers had died while sending them."""

    kills: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)
    caught_sending: int = 0
    cloud_kills: int = 0
    set_aside: int = 0
    wrong: list[str] = field(default_factory=list)


def come(turn: Turn, line: Line, worker: WarmWorker, bar: Bar) -> str | None:
    """Wait for the turn's moment; what is wrong if it does not come."""
    if turn.moment == "running":
        if not worker.speaks(PATIENCE_S):
            return "the worker does not come up"
    elif turn.moment.endswith("request") and not line.wait_for(1):
        return "the worker sends nothing"
    for _day in range(turn.days_after):
        bar.sell_and_close()
    if turn.moment == "second request" and not line.wait_for(2):
        return "the worker sends nothing more"
    return None


def take(turn: Turn, bar: Bar, cloud: CloudProcess, proxy: Proxy, tale: Tale) -> None:
    """One turn, up to the death of its worker."""
    for _day in range(turn.days_before):
        bar.sell_and_close()
    sync_now(bar.station)  # what F2 does: otherwise a held link would rest for a quarter of an hour
    line = Line(turn)
    proxy.choose = line.choose
    with warm_worker(bar.home, proxy.address) as worker:
        wrong = come(turn, line, worker, bar)
        if turn.cloud_dies_s is not None:
            time.sleep(turn.cloud_dies_s)
            cloud.kill()
            tale.cloud_kills += 1
        time.sleep(turn.delay_s)
        worker.process.kill()
        worker.process.join()
        if worker.process.exitcode != -signal.SIGKILL:
            wrong = f"the worker ended by itself, {worker.process.exitcode}: {worker.all_words()}"
    if wrong:
        tale.wrong.append(wrong)
    proxy.release()
    tale.kills[turn.moment] += 1
    tale.lines += line.done
    tale.caught_sending += counts(bar.station.database)[State.SENDING] > 0
    if turn.cloud_dies_s is not None:
        cloud.start()


def judge(bar: Bar, cloud: CloudProcess, moment: str) -> tuple[bool, str]:
    """What the checker says, in a process of its own: SQLite's locks are per process."""
    (database,) = cloud.home.glob("*.db")
    done = subprocess.run(
        [sys.executable, "-I", checker.__file__, bar.home, database, moment],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode == 0, (done.stdout + done.stderr).strip()


def make_peace(bar: Bar, proxy: Proxy, tale: Tale) -> None:
    """The line is good, a person has what was set aside sent again, and a worker runs until all is sent."""
    proxy.behave()
    tale.set_aside += counts(bar.station.database)[State.ATTENTION]
    bar.run("queue", "retry", "--all", url=proxy.address)
    sync_now(bar.station)
    delivered, closed = bar.delivered(), bar.station.till.status().last_z_number or 0
    with bar.worker(proxy.address):
        while delivered < closed:
            eventually(lambda: bar.delivered() > delivered)  # noqa: B023 - it is called at once
            delivered = bar.delivered()


def torture(kills: int, seed: int, folder: Path) -> Tale:
    """All of it; ends early where a turn goes wrong."""
    tale, cloud = Tale(), CloudProcess(folder / "cloud")
    bar = new_owner(cloud.url).open_bar(folder / "bar", 3)
    try:
        with Proxy(cloud.url) as proxy:
            for number in range(1, kills + 1):
                take(turn_of(seed, number), bar, cloud, proxy, tale)
                well, words = judge(bar, cloud, "under-way")
                if well and not tale.wrong and (number % _PEACE_EVERY == 0 or number == kills):
                    make_peace(bar, proxy, tale)
                    well, words = judge(bar, cloud, "at-peace")
                    print(f"peace after {number} kills: {words}", flush=True)
                if tale.wrong or not well:
                    tale.wrong.append(f"kill {number}, {turn_of(seed, number)}: {words}")
                    break
    except AssertionError as error:
        tale.wrong.append(f"{error}: {judge(bar, cloud, 'at-peace')[1]}")
    finally:
        bar.close()
        cloud.kill()
    logs = "".join(path.read_text("utf-8") for path in (folder / "bar" / "logs").iterdir())
    tale.wrong += ["the log has a traceback"] if '"traceback"' in logs else []
    return tale


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    wanted = parser.parse_args()
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    folder, begun = Path(tempfile.mkdtemp()), time.monotonic()
    print(f"seed {wanted.seed}, {wanted.kills} kills", flush=True)
    tale = torture(wanted.kills, wanted.seed, folder)
    print(f"workers killed: {sum(tale.kills.values())}, {tale.caught_sending} with reports on their way")
    print(f"counted from: {dict(tale.kills)}; clouds killed: {tale.cloud_kills}")
    print(f"requests: {sum(tale.lines.values())}, {dict(tale.lines)}")
    print(f"set aside after three deaths, sent again by hand: {tale.set_aside}")
    print(f"took {time.monotonic() - begun:.0f} s")
    if tale.wrong:
        print(f"WRONG, seed {wanted.seed}; the files lie in {folder}", *tale.wrong, sep="\n")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
