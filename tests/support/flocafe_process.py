"""FloCafe as a process of its own: `python -m tests.support.flocafe_process FILE`. It does what it reads, a
word a line, and answers each with a line of JSON."""

import json
import sys
from pathlib import Path

from tests.support.flocafe import FloCafe, Of


def main() -> None:
    """Sell, checkpoint and close, as it is told to."""
    program = FloCafe(Path(sys.argv[1]))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        word, _, times = line.strip().partition(" ")
        answer: object = None
        for _ in range(int(times or 1)):
            if word == "sell":
                answer = program.sell(Of("COF", 2), Of("MEN"))
            elif word == "sell-and-checkpoint":
                program.sell()
                answer = bool(answer) or program.checkpoint()
            elif word == "checkpoint":
                answer = program.checkpoint()
            elif word == "end-the-day":
                answer = program.end_the_day()
            elif word == "lock":
                program.db.execute("PRAGMA locking_mode = EXCLUSIVE")
                program.db.execute("BEGIN EXCLUSIVE")
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
