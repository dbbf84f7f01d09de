"""The program, terminal or server, on another day than this machine's.

    python -m tests.support.another_day SECONDS ARGUMENTS...

So many seconds its clocks are ahead of the machine's.
"""

import sys
import time
from datetime import UTC, datetime, timedelta, tzinfo
from types import ModuleType

from factorypos_tui.cli.main import main
from factorypos_tui.core.language import instants
from factorypos_tui.server.domain import cloud


def command(ahead: timedelta, *arguments: str) -> list[str]:
    """What runs the program so."""
    return [sys.executable, "-m", __name__, str(ahead.total_seconds()), *arguments]


def live(ahead: timedelta) -> None:
    """Put the clocks of this process ahead."""

    class ThatDay(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = UTC) -> "ThatDay":
            return super().now(tz) + ahead

    rooms: list[ModuleType] = [instants, cloud]
    for room in rooms:
        room.datetime = ThatDay  # type: ignore[attr-defined]
    real = time.time
    time.time = lambda: real() + ahead.total_seconds()  # for the date of the server's answers


if __name__ == "__main__":
    live(timedelta(seconds=float(sys.argv.pop(1))))
    sys.argv[0] = "factorypos-tui"
    main()
