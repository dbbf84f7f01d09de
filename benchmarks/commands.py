"""What a command costs a till: processor time until it has ended, beside a bare Python.

Runs each command again and again on a terminal that has sent a month to a real FactoryCLOUD on loopback, in
turns with `python -c pass`, and tells the least time of each: the machine's noise only adds to it.

    python -m benchmarks.commands --rounds 30

The goal: 120 ms where a bare Python takes 12, so at most 10 times as much; `doctor` within 3 seconds.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.shop import command, connect, run, serving

DAYS = 30
COMPLETION = {
    "_FACTORYPOS_TUI_COMPLETE": "bash_complete",
    "COMP_WORDS": "factorypos-tui st",
    "COMP_CWORD": "1",
}
COMMANDS: Mapping[str, tuple[Sequence[str], Mapping[str, str]]] = {
    "--version": (["--version"], {}),
    "status --json": (["status", "--json"], {}),
    "completion": ([], COMPLETION),
    "--help": (["--help"], {}),
    "status": (["status"], {}),
    "check": (["check"], {}),
    "queue list": (["queue", "list"], {}),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "cloud"):
        home = Path(folder) / "till"
        run(home, "till", "seed", "--days", str(DAYS))
        connect(home)
        run(home, "worker", "--once")
        tell_commands(home, rounds)
        begun = time.monotonic()
        run(home, "doctor", "--json")
        print(f"doctor: {time.monotonic() - begun:.1f} s")


def tell_commands(home: Path, rounds: int) -> None:
    bare, least = float("inf"), dict.fromkeys(COMMANDS, float("inf"))
    for _round in range(rounds):
        bare = min(bare, processor_ms([sys.executable, "-c", "pass"], {}))
        for name, (arguments, variables) in COMMANDS.items():
            least[name] = min(least[name], processor_ms(command(home, *arguments), variables))
    print(f"bare Python: {bare:.0f} ms")
    for name, ms in least.items():
        print(f"{name}: {ms:.0f} ms, {ms / bare:.1f} times")


def processor_ms(arguments: Sequence[str], variables: Mapping[str, str]) -> float:
    environment = {**os.environ, **variables}
    process = subprocess.Popen(
        arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    _pid, _status, used = os.wait4(process.pid, 0)
    process.returncode = 0  # waited for already
    return (used.ru_utime + used.ru_stime) * 1000


if __name__ == "__main__":
    main()
