"""Who watches figures in this process: so many at most, and one event at most that waits for each."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from typing import Literal, NamedTuple

from factorypos_tui.server import errors

MOST, MOST_OF_ONE = 1000, 50
"""Streams of this process, and of one account among them."""
BEAT_SECONDS = 20.0
"""After so long without an event comes a sign of life."""
PAUSE_SECONDS = 0.3
"""Between two events of one stream: what happens meanwhile is one event."""
LONGEST_SECONDS = 15 * 60
"""Then a stream ends, and its reader asks for the next: so it is asked again who may watch what."""

Sign = Literal["figures", "alive"]


class Watch(NamedTuple):
    """Who watches what."""

    account: str
    session: str
    """The hash of its token."""
    topics: frozenset[str]
    """The ids of the companies and stores that it is about."""


class Listener:
    """One stream. Whoever gets it closes it."""

    def __init__(self, all_of_them: "Listeners", watch: Watch) -> None:
        self.watch = watch
        self._all = all_of_them
        self._awake = asyncio.Event()
        self._is_over = False

    async def signs(self) -> AsyncIterator[Sign]:
        """`figures` when there is news, `alive` now and then, until the stream is over."""
        until = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < until:
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    await self._awake.wait()
            except TimeoutError:
                yield "alive"
                continue
            if self._is_over:
                return
            self._awake.clear()
            yield "figures"
            await asyncio.sleep(PAUSE_SECONDS)

    def wake(self) -> None:
        """There is news."""
        self._awake.set()

    def end(self) -> None:
        """The stream is over."""
        self._is_over = True
        self._awake.set()

    def close(self) -> None:
        """Nobody listens any more."""
        self._all.forget(self)


class Listeners:
    """All streams of this process. Only its event loop touches them, but for `tell` and `are_there`."""

    def __init__(self) -> None:
        self.most = MOST
        self._all: set[Listener] = set()
        self._by_topic: defaultdict[str, set[Listener]] = defaultdict(set)
        self._of_account: Counter[str] = Counter()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_ending = False

    def begin(self) -> None:
        """From now on this event loop is theirs."""
        self._loop = asyncio.get_running_loop()
        self._is_ending = False

    def add(self, account: str, session: str, topics: frozenset[str]) -> Listener:
        """A stream that its caller closes; raises `TooManyAtOnce` or `Busy`."""
        if self._of_account[account] >= MOST_OF_ONE:
            raise errors.TooManyAtOnce
        if len(self._all) >= self.most or self._is_ending:
            raise errors.Busy
        listener = Listener(self, Watch(account, session, topics))
        self._all.add(listener)
        self._of_account[account] += 1
        for topic in topics:
            self._by_topic[topic].add(listener)
        return listener

    def forget(self, listener: Listener) -> None:
        if listener not in self._all:
            return
        self._all.remove(listener)
        self._of_account -= Counter([listener.watch.account])
        for topic in listener.watch.topics:
            self._by_topic[topic].discard(listener)
            if not self._by_topic[topic]:
                del self._by_topic[topic]

    def __len__(self) -> int:
        return len(self._all)

    @property
    def topics(self) -> set[str]:
        """What is watched."""
        return set(self._by_topic)

    @property
    def watches(self) -> set[Watch]:
        return {listener.watch for listener in self._all}

    def tell(self, topics: Iterable[str]) -> None:
        """There is news of these; any thread may say so."""
        if self._loop is not None and self._all:
            self._loop.call_soon_threadsafe(self.wake, frozenset(topics))

    def wake(self, topics: Iterable[str]) -> None:
        for topic in topics:
            for listener in self._by_topic.get(topic, ()):
                listener.wake()

    def wake_all(self) -> None:
        """Something may have been missed."""
        for listener in self._all:
            listener.wake()

    def end_of(self, watches: Iterable[Watch]) -> None:
        """End the streams of those who may not go on."""
        gone = frozenset(watches)
        for listener in self._all:
            if listener.watch in gone:
                listener.end()

    def end_all(self) -> None:
        """End every stream, and take none from now on."""
        self._is_ending = True
        for listener in self._all:
            listener.end()
