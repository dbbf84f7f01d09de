"""The program with clocks that a file sets, while it runs.

    python -m tests.faults.elsewhen FILE ARGUMENTS...

The file holds two numbers: the seconds that the wall clock is ahead of this machine's, and those that the
monotonic clock is ahead. The wall clock alone jumps; both together let time pass.
"""

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from factorypos_tui.core.language import instants


@dataclass(frozen=True)
class Clocks:
    """What the clocks of a process show, as a test sets them."""

    file: Path

    def set(self, wall_s: float, monotonic_s: float = 0) -> None:
        """Put both clocks so many seconds ahead of the machine's."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{wall_s} {monotonic_s}")
        new.replace(self.file)

    def ahead(self) -> list[float]:
        """The seconds, as they are set now."""
        return [float(number) for number in self.file.read_text().split()]

    def program(self) -> list[str]:
        """The command that runs the program with these clocks."""
        return [sys.executable, "-m", "tests.faults.elsewhen", str(self.file)]


def main() -> None:
    clocks = Clocks(Path(sys.argv[1]))
    instants.utc_now = lambda: datetime.now(UTC) + timedelta(seconds=clocks.ahead()[0])

    def monotonic(self: instants.SystemClock) -> float:
        return time.monotonic() + clocks.ahead()[1]

    instants.SystemClock.monotonic = monotonic  # type: ignore[method-assign]
    from factorypos_tui.cli.main import main as run  # its modules take the clock as it is then

    sys.argv[:] = ["factorypos-tui", *sys.argv[2:]]
    run()


if __name__ == "__main__":
    main()
