"""Asks FactoryCLOUD for its public keys where a signature names one that is not here."""

import logging
import threading
from contextlib import suppress

from factorypos_tui.core.delivery.link import LinkState, load_link
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, FactoryPosError, UsageError
from factorypos_tui.core.queue.acknowledgements import keep_keys, lacks_keys
from factorypos_tui.core.station import Station

_AGAIN_S = 300.0
_log = logging.getLogger(__name__)


class KeyWatch:
    """Asks in a thread that lives only meanwhile, so that no report waits for it; where the key did not come,
    in five minutes again."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._thread: threading.Thread | None = None
        self._due = station.clock.monotonic()

    def look(self) -> None:
        """Begin to ask, if a key is missing, it is time and the link is good. Raises `StorageError`."""
        now, database = self._station.clock.monotonic(), self._station.database
        if now < self._due or (self._thread and self._thread.is_alive()) or not lacks_keys(database):
            return
        if load_link(database).state is not LinkState.ONLINE:
            return
        self._due = now + _AGAIN_S
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def _ask(self) -> None:
        try:
            with self._station.connections():
                fetch_keys(self._station)
        except FactoryPosError as error:
            _log.warning("keys not fetched", extra={"facts": {"error": str(error)}})
        except Exception:  # noqa: BLE001 - a bug of ours: they are asked for again in a while
            _log.exception("unexpected")


def fetch_keys(station: Station) -> None:
    """Ask once, and keep the keys. Raises `FactoryPosError`."""
    keep_keys(station.database, station.cloud().public_keys())


def fetch_missing_keys(station: Station) -> bool:
    """Ask once where a key is missing; whether all are here now. What was signed can wait for a key that
    FactoryCLOUD cannot give now. Raises `StorageError`."""
    if lacks_keys(station.database):
        with suppress(CloudRefused, CloudUnreachable, UsageError):
            fetch_keys(station)
    return not lacks_keys(station.database)
