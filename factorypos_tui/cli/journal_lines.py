"""What the worker says of its log on standard error, for the journal or whoever looks: what matters."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import MappingProxyType

from factorypos_tui.cli.logs import entry_of
from factorypos_tui.cli.output import say
from factorypos_tui.core.language import counted
from factorypos_tui.core.queue.transitions import PUT_BACK
from factorypos_tui.core.status.log_wording import entry_words
from factorypos_tui.core.status.repeats import Repeats

_STDERR = 2
_ALL_WELL = "online again"
_FROM: Mapping[str, int] = MappingProxyType({"debug": logging.DEBUG, "error": logging.ERROR})
_CHANGES_EACH_TIME = ("at", "wait_s", "attempt", "latency_ms", "reports")
_PRIORITIES = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (logging.DEBUG, 7))


@contextmanager
def saying_what_matters(log_level: str) -> Iterator[None]:
    """Say warnings and errors while the block runs, and when FactoryCLOUD answers again; with `debug`
    everything, with `error` errors only."""
    least = _FROM.get(log_level, logging.WARNING)
    logger, handler = logging.getLogger("factorypos_tui"), WhatMatters(marks=is_the_journal())
    handler.addFilter(lambda record: _matters(record, least))
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def _matters(record: logging.LogRecord, least: int) -> bool:
    """Whether it is said: a try that failed is told once, and not again for each report that it had."""
    event = record.getMessage()
    return event == _ALL_WELL or (
        record.levelno >= least and (event != PUT_BACK.said or least < logging.INFO)
    )


class WhatMatters(logging.Handler):
    """Says a record in words; what stays the same is said ever more rarely."""

    def __init__(self, *, marks: bool, now: Callable[[], float] = time.monotonic) -> None:
        """`marks`: the journal reads a priority before each line, and notes the time itself."""
        super().__init__()
        self._marks, self._now, self._repeats = marks, now, Repeats()

    def emit(self, record: logging.LogRecord) -> None:
        """Say it, unless it was said a short while ago."""
        entry = entry_of(record)
        if entry["event"] == _ALL_WELL:
            self._repeats.forget()
        same = tuple(f"{name}={value}" for name, value in entry.items() if name not in _CHANGES_EACH_TIME)
        times = self._repeats.again(same, self._now())
        if times is None:
            return
        words = entry_words(entry, dated=not self._marks)
        if times:
            words += " " + counted("({n} time more since)", "({n} times more since)", times)
        say(f"<{priority_of(record.levelno)}>{words}" if self._marks else words)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Say nothing where nobody reads any more: sending goes on."""


def priority_of(level: int) -> int:
    """The priority of syslog, as sd-daemon(3) has it."""
    return next((priority for least, priority in _PRIORITIES if level >= least), 7)


def is_the_journal(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether standard error is a stream of systemd's journal, as `JOURNAL_STREAM` says (systemd.exec(5))."""
    with suppress(OSError, ValueError):
        device, inode = map(int, environment.get("JOURNAL_STREAM", "").split(":"))
        found = os.fstat(_STDERR)
        return (found.st_dev, found.st_ino) == (device, inode)
    return False
