"""What an operator feels on a terminal: until the first usable screen, from a key to the first byte, the
bytes that a line has to carry for a row and for what follows once the cursor rests, memory, and what an idle
app still does. Needs Linux, for the memory.

Each run starts every program once, in turn, on a terminal of 80x24, and compares it with the least that
Textual can do, measured in the same run: an app that is one table of 100 rows. Our app runs on a till with
closed days, assigned to a FactoryCLOUD on loopback that has all of them, and is compiled first, as every
installed program is. Other programs are compared, too, where --other names their path and a word of their
first usable screen.

    python benchmarks/on_a_terminal.py --runs 7 --other posting 'Collection' --other harlequin 'Query Editor'
"""

import argparse
import compileall
import contextlib
import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import pyte

import factorypos_tui
from benchmarks.shop import command, connect, run, serving

_PATIENCE_S = 30.0
_QUIET_S = 0.3
_ROW_S = 0.12
"""A row is there before; what explains it comes after 0.2 s."""
_KEYS = {"down": "\x1b[B", "escape": "\x1b", "f9": "\x1b[20~", "enter": "\r"}
_BARE = """
from textual.app import App
from textual.widgets import DataTable

class Table(App):
    def compose(self):
        yield DataTable()

    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("Number", "Day", "Amount")
        for row in range(100):
            table.add_row(f"Row {row}", "2026-11-24", f"{row}.00")

Table().run(mouse=False)
"""


@dataclass(frozen=True, slots=True)
class Program:
    """What is started, the word that its first usable screen shows, and the keys that lead to what is
    measured: each with a word that the screen shows then."""

    name: str
    command: Sequence[str]
    ready: str
    way: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Felt:
    """One run. Processor time in % of one processor; memory is PSS of all its processes."""

    start_s: float
    start_bytes: float
    key_ms: float
    row_bytes: float
    rest_bytes: float
    memory_mib: float
    idle_cpu: float
    idle_bytes_s: float


class Terminal:
    """One program on a terminal of its own."""

    def __init__(self, argv: Sequence[str]) -> None:
        self.keyboard, tty = pty.openpty()
        fcntl.ioctl(tty, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self._stream = pyte.ByteStream(screen := pyte.Screen(80, 24))
        self._screen, self.bytes = screen, 0
        environment = {**os.environ, "TERM": "xterm-256color"}
        self.process = subprocess.Popen(
            argv, stdin=tty, stdout=tty, stderr=tty, env=environment, start_new_session=True
        )
        os.close(tty)

    def read(self, wait_s: float) -> bool:
        """Take in what comes; False where nothing came within `wait_s`."""
        if not select.select([self.keyboard], [], [], wait_s)[0]:
            return False
        chunk = os.read(self.keyboard, 1 << 16)
        self.bytes += len(chunk)
        with contextlib.suppress(Exception):  # pyte does not know every sequence
            self._stream.feed(chunk)
        return True

    def sees(self, word: str) -> None:
        """Wait until it is on the screen."""
        deadline = time.perf_counter() + _PATIENCE_S
        while word not in (shown := "\n".join(self._screen.display)):
            assert time.perf_counter() < deadline, f"{word!r} did not come:\n{shown}"
            self.read(0.01)

    def settles(self) -> None:
        """Wait until nothing comes any more, at most for a few seconds: some never rest."""
        deadline = time.perf_counter() + 3
        while self.read(_QUIET_S) and time.perf_counter() < deadline:
            pass

    def press(self, key: str) -> None:
        os.write(self.keyboard, _KEYS.get(key, key).encode())


def feel(program: Program, presses: int, idle_s: float) -> Felt:
    """Start it, use it, leave it alone for a while, end it."""
    begun = time.perf_counter()
    terminal = Terminal(program.command)
    try:
        terminal.sees(program.ready)
        start_s = time.perf_counter() - begun
        terminal.settles()
        start_bytes = terminal.bytes
        for key, word in program.way:
            terminal.press(key)
            terminal.sees(word)
        terminal.settles()
        delays, rows, rests = zip(*[_press_down(terminal) for _ in range(presses)], strict=True)
        terminal.settles()
        cpu, sent, since = _cpu_s(terminal.process.pid), terminal.bytes, time.perf_counter()
        while (left := since + idle_s - time.perf_counter()) > 0:
            terminal.read(left)
        cpu, sent, idle_s = (
            _cpu_s(terminal.process.pid) - cpu,
            terminal.bytes - sent,
            time.perf_counter() - since,
        )
        return Felt(
            start_s,
            start_bytes,
            1000 * statistics.median(delays),
            statistics.median(rows),
            statistics.median(rests),
            _memory_mib(terminal.process.pid),
            100 * cpu / idle_s,
            sent / idle_s,
        )
    finally:
        terminal.process.kill()
        terminal.process.wait()
        os.close(terminal.keyboard)


def _press_down(terminal: Terminal) -> tuple[float, int, int]:
    """Seconds from the key to the first byte of the answer, the bytes of the row, and of what follows it."""
    before, pressed = terminal.bytes, time.perf_counter()
    terminal.press("down")
    terminal.read(_PATIENCE_S)
    answered = time.perf_counter() - pressed
    while terminal.read(_ROW_S):
        pass
    row = terminal.bytes
    terminal.settles()
    return answered, row - before, terminal.bytes - row


def _processes(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(grandchild for child in children for grandchild in _processes(int(child)))]


def _cpu_s(pid: int) -> float:
    ticks = 0
    for process in _processes(pid):
        words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _memory_mib(pid: int) -> float:
    rollups = [Path(f"/proc/{process}/smaps_rollup").read_text() for process in _processes(pid)]
    kib = [int(line.split()[1]) for text in rollups for line in text.splitlines() if line.startswith("Pss:")]
    return sum(kib) / 1024


def show(results: dict[str, list[Felt]]) -> None:
    """Medians, and the medians of the ratios to the bare app of the same run."""
    names = [entry.name for entry in fields(Felt)]
    print(f"{'':22}" + "".join(f"{name:>14}" for name in names))
    for name, runs in results.items():
        columns = zip(*map(astuple, runs), strict=True)
        print(f"{name:22}" + "".join(f"{statistics.median(column):14.2f}" for column in columns))
        if runs is not (bare := results["bare"]):
            pairs = [
                zip(astuple(one), astuple(other), strict=True) for one, other in zip(runs, bare, strict=True)
            ]
            ratios = [
                statistics.median(a / b if b else float("nan") for a, b in column)
                for column in zip(*pairs, strict=True)
            ]
            print(f"{'  ratio to bare':22}" + "".join(f"{ratio:14.2f}" for ratio in ratios))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--presses", type=int, default=5)
    parser.add_argument("--idle", type=float, default=5.0, metavar="SECONDS")
    parser.add_argument("--other", nargs=2, action="append", default=[], metavar=("PATH", "WORD"))
    options = parser.parse_args()
    compileall.compile_dir(Path(factorypos_tui.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        till = Path(folder) / "till"
        os.environ["LANGUAGE"] = "en"
        run(till, "till", "seed", "--days", "40", "--receipts", "3")
        with serving(Path(folder) / "cloud"):
            connect(till)
            run(till, "worker", "--once")
            programs = [
                Program("bare", [sys.executable, "-c", _BARE], "Row 5"),
                Program("home", command(till), "F10 Quit"),
                Program("queue", command(till), "F10 Quit", [("4", "Newest first")]),
                Program("report", command(till), "F10 Quit", [("4", "Newest first"), ("enter", "TOTALS")]),
                Program("settings", command(till), "F10 Quit", [("3", "What it does")]),
                Program("find", command(till), "F10 Quit", [("f9", "Type to filter")]),
                *(Program(Path(path).name, [path], word) for path, word in options.other),
            ]
            results: dict[str, list[Felt]] = {program.name: [] for program in programs}
            for _ in range(options.runs):
                for program in programs:
                    results[program.name].append(feel(program, options.presses, options.idle))
    show(results)


if __name__ == "__main__":
    main()
