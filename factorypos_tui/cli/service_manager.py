"""What systemd is told of a service that it runs (`Type=notify`, `WatchdogSec=`): ready, and still alive.

A process that stops telling so is killed and started again; the kernel then frees `worker.lock`, and the next
drainer takes back what was being sent.
"""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress


def notify(words: str, environment: Mapping[str, str] = os.environ) -> None:
    """Tell the service manager, if there is one that wants to know."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as manager:
        manager.connect("\0" + address[1:] if address.startswith("@") else address)
        manager.send(words.encode())


def is_there(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a service manager runs this process and is told of it."""
    return bool(environment.get("NOTIFY_SOCKET"))


def watchdog_interval_s(environment: Mapping[str, str] = os.environ) -> float | None:
    """How often the service manager wants a sign of life: half of what it waits for; None if it does not."""
    asked = environment.get("WATCHDOG_USEC", "")
    return int(asked) / 2e6 if asked.isascii() and asked.isdigit() and int(asked) else None
