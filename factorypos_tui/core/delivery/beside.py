"""What the process that sends does beside it, in threads of their own."""

from factorypos_tui.core.delivery.configurations import NewsWatch
from factorypos_tui.core.delivery.keys import KeyWatch
from factorypos_tui.core.delivery.telling import StateTeller
from factorypos_tui.core.station import Station


class Beside:
    """Tells FactoryCLOUD how this terminal is, compares news of the configuration, fetches public keys."""

    def __init__(self, station: Station, sender: str) -> None:
        self._teller = StateTeller(station, sender)
        self._news = NewsWatch(station)
        self._keys = KeyWatch(station)

    def look(self) -> None:
        """Begin whatever it is time for. Raises `StorageError`."""
        self._teller.look()
        self._news.look()
        self._keys.look()
