"""A terminal that is killed at every point there is: before and after each commit and each network step.

    python -m tests.faults.dying HOME CLOUD_URL

Closes a day and sends it, again and again, each time killed one point further on than the time before, and
each time followed by one run in peace; ends when a run meets no such point. Prints how many there are.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.storage.database import Database
from tests.faults.world import Bar, bar_at


class Points:
    """Counts the points that a process comes by, and kills it at one of them."""

    def __init__(self, deadly: int) -> None:
        self._left = deadly

    def come_by(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """`call` with a point before and one after."""

        def called(*args: Any, **kwargs: Any) -> Any:
            self.come_by()
            result = call(*args, **kwargs)
            self.come_by()
            return result

        return called


def lay_out(points: Points) -> None:
    """Put points around every commit and every request of this process."""
    transaction, execute = Database.transaction, Database.execute

    @contextmanager
    def deadly_transaction(self: Database) -> Iterator[None]:
        inner = self.inside()
        with transaction(self):
            yield
            if not inner:
                points.come_by()
        if not inner:
            points.come_by()

    def deadly_execute(self: Database, sql: str, *parameters: object) -> int:
        if self.inside():
            return execute(self, sql, *parameters)
        return int(points.around(execute)(self, sql, *parameters))

    Database.transaction = deadly_transaction  # type: ignore[method-assign]
    Database.execute = deadly_execute  # type: ignore[method-assign]
    for name in ("send", "send_batch", "held_zs"):
        setattr(FactoryCloud, name, points.around(getattr(FactoryCloud, name)))


def in_child(work: Callable[[], object]) -> int:
    """Do it in a process of its own; the signal that ended it, 0 where it ended by itself."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0, "a child ended in an error"
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def main(home: Path, cloud_url: str) -> None:
    def bar() -> Bar:
        return bar_at(home, cloud_url)

    def close_and_die(deadly: int) -> None:
        lay_out(Points(deadly))
        bar().sell_and_close()
        drain_once(bar().station)

    deadly = 1
    while in_child(lambda: close_and_die(deadly)):  # noqa: B023 - the child is over before it changes
        in_child(lambda: drain_once(bar().station))
        deadly += 1
    print(deadly - 1)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
