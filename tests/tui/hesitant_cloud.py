"""A FactoryCLOUD on a line so slow that nothing comes back until it is let."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

from factorypos_tui.core.ports import Cloud
from tests.fakes import FakeCloud
from tests.stations import Shop


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


class _Hesitant:
    def __init__(self, cloud: FakeCloud, calls: list[str], may_answer: threading.Event) -> None:
        self._cloud = cloud
        self._calls = calls
        self._may_answer = may_answer

    def __getattr__(self, call: str) -> Any:
        self._calls.append(call)
        self._may_answer.wait()
        return getattr(self._cloud, call)
