"""Which process may drain: one at a time, and not one that cannot read the token."""

from factorypos_tui.core.account.assignment import TERMINAL, load_assignment
from factorypos_tui.core.errors import StorageError, TokenMissing, TokenWithService
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.lock import DrainLock


def take_turn(station: Station, lock: DrainLock, kind: str) -> bool:
    """Take the lock, or keep it; False where another process has it. Where only the service can read the
    token, another process lets it go: it would send nothing, and keep the service from sending."""
    if _is_for_the_service(station):
        lock.release()
        return False
    return lock.acquire(kind, station.clock.now())


def _is_for_the_service(station: Station) -> bool:
    if load_assignment(station.database) is None or station.credentials().place(TERMINAL) != "systemd":
        return False
    try:
        station.credentials().get(TERMINAL)
    except TokenWithService:
        return True
    except (TokenMissing, StorageError):  # the link says so
        pass
    return False
