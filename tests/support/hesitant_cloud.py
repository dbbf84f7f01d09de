"""A FactoryCLOUD on a line so slow that nothing comes back until it is let."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

from factorypos_tui.core.ports import Cloud
from tests.support.fakes import FakeCloud
from tests.support.stations import Shop


@dataclass(frozen=True)
class SlowLine:
    """The shop at the end of it, the calls it made, and the event that lets every answer through."""

    shop: Shop
    calls: list[str]
    may_answer: threading.Event


@contextmanager
def hesitant(shop: Shop) -> Iterator[SlowLine]:
    """Slow the shop's line down; everything is answered at the end of the block."""
    calls: list[str] = []
    may_answer = threading.Event()
    cloud = cast(Cloud, _Hesitant(shop.cloud, calls, may_answer))
    try:
        yield SlowLine(replace(shop, station=replace(shop.station, cloud=lambda: cloud)), calls, may_answer)
    finally:
        may_answer.set()


def wait_on_purpose(may_go_on: Callable[[], bool]) -> None:
    """Keep the calling thread until `may_go_on`, as part of what is shown: no picture waits for it."""
    thread = threading.current_thread()
    name, thread.name = thread.name, "waits on purpose"
    while not may_go_on():
        time.sleep(0.01)
    thread.name = name


class _Hesitant:
    def __init__(self, cloud: FakeCloud, calls: list[str], may_answer: threading.Event) -> None:
        self._cloud = cloud
        self._calls = calls
        self._may_answer = may_answer

    def __getattr__(self, call: str) -> Any:
        self._calls.append(call)
        wait_on_purpose(self._may_answer.is_set)
        return getattr(self._cloud, call)
