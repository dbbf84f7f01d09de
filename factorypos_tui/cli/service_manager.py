"""What the process tells systemd (`Type=notify`, `WatchdogSec=`): that it is ready, and still alive.

systemd kills and restarts a process that stops telling so. The kernel then frees `worker.lock`, and the next
drainer takes back what was being sent."""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress


def notify(message: str, environment: Mapping[str, str] = os.environ) -> None:
    """Tell the service manager, if there is one."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as manager:
        manager.settimeout(1)  # a manager that does not listen holds nobody up
        manager.connect("\0" + address[1:] if address.startswith("@") else address)
        manager.send(message.encode())


def is_there(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a service manager runs this process and wants to be told."""
    return bool(environment.get("NOTIFY_SOCKET"))


def watchdog_interval_s(environment: Mapping[str, str] = os.environ) -> float | None:
    """How often to tell the service manager that we are alive: half the time that it waits. None if it does
    not wait."""
    asked = environment.get("WATCHDOG_USEC", "")
    return int(asked) / 2e6 if asked.isascii() and asked.isdigit() and int(asked) else None
