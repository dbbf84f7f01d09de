"""Limits how often one caller may try; another caller's tries never count against it."""

import ipaddress
import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable

REMEMBERED_CALLERS = 10_000


class Throttle:
    """At most `tries` within `seconds` for each key; in memory, bounded, and forgotten at a restart."""

    def __init__(self, tries: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._tries = tries
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._made: OrderedDict[Hashable, deque[float]] = OrderedDict()

    def take(self, key: Hashable) -> int:
        """Count one try; 0 if it is allowed, else the whole seconds to wait."""
        now = self._clock()
        with self._lock:
            made = self._made.setdefault(key, deque())
            self._made.move_to_end(key)
            if len(self._made) > REMEMBERED_CALLERS:
                self._made.popitem(last=False)
            while made and made[0] <= now - self._seconds:
                made.popleft()
            if len(made) >= self._tries:
                return max(1, math.ceil(self._seconds - (now - made[0])))
            made.append(now)
            return 0

    def forget(self, key: Hashable) -> None:
        """Forget the tries of a caller that has proved who it is."""
        with self._lock:
            self._made.pop(key, None)


def caller_network(host: str) -> str:
    """The address that counts as one caller: IPv4 alone, IPv6 with its /64."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host
