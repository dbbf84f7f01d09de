"""Workers that are at work at once: forked from a process that has loaded the program and opened nothing.

So a kill falls into work and not into the loading of modules, and many go into a minute.
"""

import multiprocessing
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from factorypos_tui.cli.main import main
from tests.support.forked import FORKING


@dataclass(frozen=True)
class WarmWorker:
    """A running `worker`, and what it writes to standard error."""

    process: ForkServerProcess
    words: Connection

    def speaks(self, patience_s: float) -> bool:
        """Whether it has said anything, or ended, within that time."""
        return bool(wait([self.words], patience_s))

    def all_words(self) -> str:
        """All that it has said; for one that has ended."""
        with os.fdopen(os.dup(self.words.fileno()), encoding="utf-8", errors="replace") as words:
            return words.read()


@contextmanager
def warm_worker(home: Path, cloud_url: str) -> Iterator[WarmWorker]:
    """The service at work on a home, until it is killed at the end of the block."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = FORKING.Process(target=_work, args=(str(home), cloud_url, theirs), daemon=True)
    with ours:
        process.start()
        theirs.close()
        try:
            yield WarmWorker(process, ours)
        finally:
            process.kill()
            process.join()


def _work(home: str, cloud_url: str, words: Connection) -> None:
    """What `factorypos-tui --home HOME worker` does."""
    os.dup2(words.fileno(), 2)
    words.close()
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
    os.environ["FACTORYPOS_CLOUD_URL"] = cloud_url
    sys.argv = ["factorypos-tui", "--home", home, "worker"]
    main()
