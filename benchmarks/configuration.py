"""How long a large configuration takes: upload, look at the differences, apply, bring back; and the memory.

Runs a real FactoryCLOUD on loopback and two terminals of one store. Each deed is a process of its own, so
that its peak of memory (resident, the whole process) is its own. `look` is all of it: it fetches, checks and
compares; `compare` is the comparison alone. In brackets is the processor time of the process. The
last line looks and accepts by keyboard, in a terminal of 80x24. Needs Linux, for the peak.

    python benchmarks/configuration.py --items 20000 --levels 5
"""

import argparse
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import termios
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.configuration.change import UNWATCHED, Change, Why
from factorypos_tui.core.configuration.configuration import Configuration, Department, Item, PriceLevel
from factorypos_tui.core.configuration.difference import compare
from factorypos_tui.core.configuration.document import encode
from factorypos_tui.core.configuration.download import (
    accept_download,
    accept_restoration,
    look_at_download,
    look_at_restoration,
)
from factorypos_tui.core.configuration.upload import accept_upload, look_at_upload
from factorypos_tui.core.station import Station

PASSWORD = "a long enough secret"  # noqa: S105 - of an account that lives as long as this run
DEPARTMENTS = 40


def command(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "factorypos_tui", "--home", str(home), *arguments]


def run(home: Path, *arguments: str, stdin: str = "") -> str:
    done = subprocess.run(command(home, *arguments), input=stdin, capture_output=True, text=True, check=True)
    return done.stdout


def connect(home: Path, place: tuple[str, ...]) -> tuple[str, ...]:
    """A new till, assigned to the store of `place`, or to a new one."""
    run(home, "till", "init", "--catalogue", "demo")
    account = ("--email", "a@example.com", "--password-stdin")
    if place:
        run(home, "login", *account, stdin=PASSWORD)
    else:
        run(home, "register", "--name", "A", *account, stdin=PASSWORD)
        company = json.loads(run(home, "companies", "create", "--name", "C", "--json"))["id"]
        made = run(home, "stores", "create", "--company", company, "--name", "S", "--json")
        place = ("--company", company, "--store", json.loads(made)["id"])
    run(home, "assign", *place, "--history", "none")
    return place


def catalogue(here: Configuration, items: int, levels: int) -> Configuration:
    """A believable large shop beside the taxes, users and payment methods of the demo bar."""
    random = Random(1)
    lists = tuple(PriceLevel(f"LEVEL{n}", f"Price list {n}") for n in range(1, levels + 1))
    departments = tuple(Department(f"DEP{n:03d}", f"Department {n}") for n in range(DEPARTMENTS))
    made = tuple(
        Item(
            f"ITEM{n:06d}",
            f"Item number {n} of the season, {random.choice(('blue', 'red', 'white'))}",
            f"DEP{random.randrange(DEPARTMENTS):03d}",
            here.taxes[n % len(here.taxes)].code,
            {level.code: random.randrange(50, 100_000) for level in lists},
            f"84{n:011d}",
        )
        for n in range(items)
    )
    return replace(here, departments=departments, price_levels=lists, items=made)


def dearer(configuration: Configuration, every: int) -> Configuration:
    """The same with each `every`-th item's prices raised."""
    items = tuple(
        replace(item, prices={level: price + 1 for level, price in item.prices.items()})
        if n % every == 0
        else item
        for n, item in enumerate(configuration.items)
    )
    return replace(configuration, items=items)


def put(station: Station, wanted: Configuration) -> None:
    """Make it the till's own configuration."""
    here = station.till.configuration()
    change = Change(here, wanted, compare(here, wanted), (), Why.DOWNLOAD)
    station.till.apply_configuration(change, UNWATCHED)


@dataclass
class Stopwatch:
    """What has taken how long, and how much of that this process was at work: others may be, too."""

    took: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self._wall, self._work = time.perf_counter(), time.process_time()

    def lap(self, name: str) -> None:
        wall, work = time.perf_counter() - self._wall, time.process_time() - self._work
        self.took[name] = f"{wall:.2f} s ({work:.2f})"
        self.begin()


def measure(home: Path, deed: str) -> None:
    """Do one deed in this process; print its seconds, and the peak of memory in MiB."""
    with open_station(Home(home)) as station:
        watch = Stopwatch()
        if deed == "upload":
            upload = look_at_upload(station)
            watch.lap("look")
            accept_upload(station, upload)
            watch.lap("upload")
        elif deed == "restore":
            restoration = look_at_restoration(station)
            watch.lap("look")
            accept_restoration(station, restoration)
            watch.lap("apply")
        else:
            download = look_at_download(station)
            watch.lap("look")
            if deed == "compare":
                compare(download.change.here, download.change.wanted)
            else:
                accept_download(station, download)
            watch.lap("apply" if deed == "download" else deed)
    print(json.dumps({"took": watch.took, "peak": peak_of(os.getpid())}))


def peak_of(pid: int) -> float:
    """The most that a process has held in memory so far, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()  # getrusage counts the parent of before exec, too
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


class Screen:
    """The app in a terminal of 80x24: keys go in, and what has to come out is waited for."""

    def __init__(self, home: Path) -> None:
        self.pid, self._terminal = pty.fork()
        if not self.pid:
            termios.tcsetwinsize(sys.stdin, (24, 80))
            os.environ.update(TERM="xterm-256color", LANG="C.UTF-8")
            os.execv(sys.executable, command(home))  # noqa: S606 - no shell is wanted
        self._seen = ""

    def press(self, key: bytes, *then: str) -> None:
        """Press a key; wait for words, which may come in any pieces."""
        self._seen = ""
        os.write(self._terminal, key)
        self.wait_for(*then)

    def wait_for(self, *words: str) -> None:
        while not all(word in self._seen for word in words):
            ready, _, _ = select.select([self._terminal], [], [], 60)
            assert ready, self._seen
            piece = os.read(self._terminal, 65536).decode(errors="replace")
            self._seen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", piece)


def in_the_app(home: Path, what: str) -> None:
    """Look at a download and take it, by keyboard."""
    screen = Screen(home)
    screen.wait_for("Synchronize")
    screen.press(b"6", "downloaded", "Bring")
    begun = time.perf_counter()
    screen.press(b"1", "[All")
    looked = time.perf_counter() - begun
    screen.press(b"\r", "Accept")
    begun = time.perf_counter()
    screen.press(b"2", "All right")
    applied = time.perf_counter() - begun
    print(f"{what:<37} look {looked:.2f} s, apply {applied:.2f} s, peak {peak_of(screen.pid):.0f} MiB")
    os.kill(screen.pid, signal.SIGTERM)
    os.waitpid(screen.pid, 0)


def in_a_process(home: Path, deed: str, what: str) -> None:
    arguments = [sys.executable, __file__, "--home", str(home), "--deed", deed]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    took = ", ".join(f"{name} {seconds}" for name, seconds in found["took"].items())
    print(f"{what:<37} {took}, peak {found['peak']:.0f} MiB")


def compare_all(first: Path, second: Path, items: int, levels: int) -> None:
    with open_station(Home(first)) as station:
        whole = catalogue(station.till.configuration(), items, levels)
        put(station, whole)
    print(f"{items} items x {levels} price levels: a document of {len(encode(whole)) / (1 << 20):.1f} MiB")
    in_a_process(first, "upload", "upload, the first")
    in_a_process(second, "download", "download to a new terminal")
    for every, what in (
        (1, "every price differs"),
        (100, "1 % of the prices differ"),
    ):
        with open_station(Home(second)) as station:
            put(station, dearer(whole, every))
        in_a_process(second, "compare", f"{what}: compare")
        in_a_process(second, "download", f"{what}: take it")
    in_a_process(second, "restore", "restore the 1 %")
    with open_station(Home(second)) as station:
        put(station, dearer(whole, 1))
    in_the_app(second, "every price differs: in the app")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--levels", type=int, default=5)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--deed", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.deed:
        measure(asked.home, asked.deed)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
        served = command(Path(folder) / "cloud", "cloud", "serve", "--port", "0")
        with subprocess.Popen(served, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            try:
                os.environ["FACTORYPOS_CLOUD_URL"] = server.stdout.readline().split()[-1]
                first, second = Path(folder) / "first", Path(folder) / "second"
                connect(second, connect(first, ()))
                compare_all(first, second, asked.items, asked.levels)
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
