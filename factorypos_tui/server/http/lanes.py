"""Lanes: so much of one kind at once, a short queue behind it, and a refusal for what comes beyond."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from factorypos_tui.server import errors

MOST_SECONDS = 10
"""Who has waited so long for its turn is refused."""


class Lane:
    """Turns of one event loop, in the order in which they were asked for."""

    def __init__(
        self, at_once: int, waiting: int, refusal: Callable[[], errors.Refused] = errors.Busy
    ) -> None:
        """`at_once`: the units that all turns together may have; `waiting`: how many may queue up for one."""
        self._free = at_once
        self._most = at_once
        self._waiting = waiting
        self._refusal = refusal
        self._queue: deque[tuple[int, asyncio.Future[None]]] = deque()
        self.begun = self.ended = self.refused = 0
        """Turns since the start."""

    @asynccontextmanager
    async def turn(self, units: int = 1) -> AsyncIterator[None]:
        """Have these units for a while; raises what `enter` raises."""
        await self.enter(units)
        try:
            yield
        finally:
            self.leave(units)

    @property
    def is_empty(self) -> bool:
        return self._free == self._most and not self._queue

    @property
    def waiting(self) -> int:
        return len(self._queue)

    async def enter(self, units: int = 1) -> None:
        """Take these units; raises the lane's refusal where the queue is full or stands still."""
        if not self._queue and units <= self._free:
            self._begin(units)
            return
        if len(self._queue) >= self._waiting:
            raise self._refused()
        place = units, asyncio.get_running_loop().create_future()
        self._queue.append(place)
        try:
            async with asyncio.timeout(MOST_SECONDS):
                await place[1]
        except BaseException as left:
            if place in self._queue:
                self._queue.remove(place)
            elif place[1].done() and not place[1].cancelled():
                self.leave(units)  # its turn came at the moment when it left
            self._let_in()
            if isinstance(left, TimeoutError):
                raise self._refused() from None
            raise

    def leave(self, units: int = 1) -> None:
        """Give back what was taken."""
        self._free += units
        self.ended += 1
        self._let_in()

    def _begin(self, units: int) -> None:
        self._free -= units
        self.begun += 1

    def _refused(self) -> errors.Refused:
        self.refused += 1
        return self._refusal()

    def _let_in(self) -> None:
        while self._queue and self._queue[0][0] <= self._free:
            units, turn = self._queue.popleft()
            if not turn.cancelled():
                self._begin(units)
                turn.set_result(None)
