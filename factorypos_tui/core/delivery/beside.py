"""What the process that sends does beside it, in threads of their own."""

from factorypos_tui.core.delivery.configurations import NewsWatch
from factorypos_tui.core.delivery.telling import StateTeller
from factorypos_tui.core.station import Station


class Beside:
    """Tells FactoryCLOUD how this terminal is, and compares news of the configuration."""

    def __init__(self, station: Station, sender: str) -> None:
        self._teller = StateTeller(station, sender)
        self._news = NewsWatch(station)

    def look(self) -> None:
        """Begin whatever it is time for. Raises `StorageError`."""
        self._teller.look()
        self._news.look()
