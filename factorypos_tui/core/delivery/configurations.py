"""What the process that sends does about the configuration: it compares a version that is news with the till,
and takes what was accepted once the day is closed."""

import logging
import threading

from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.configuration.accepted import load_accepted
from factorypos_tui.core.configuration.exchange import load_connection
from factorypos_tui.core.configuration.news import Offer, load_offer, undecided
from factorypos_tui.core.delivery.link import LinkState, load_link
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.station import Station

_AGAIN_S = 300.0
_log = logging.getLogger(__name__)


class NewsWatch:
    """Compares news in a thread that lives only meanwhile, so that a slow line keeps neither a close nor a
    report waiting."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._thread: threading.Thread | None = None
        self._begun: tuple[str, float] | None = None  # the version, and when by `monotonic`

    def look(self) -> None:
        """Begin to compare, if there is an undecided version: at once if it is another one than last time,
        else every 5 minutes, since the till may have changed. Raises `StorageError`."""
        offer = _to_compare(self._station)
        now = self._station.clock.monotonic()
        if offer is None or (self._thread and self._thread.is_alive()):
            return
        if self._begun and self._begun[0] == offer.etag and now < self._begun[1] + _AGAIN_S:
            return
        self._begun = offer.etag, now
        self._thread = threading.Thread(target=self._compare, daemon=True)
        self._thread.start()

    def _compare(self) -> None:
        try:
            with self._station.connections():
                compare_news(self._station)
        except FactoryPosError as error:
            _log.warning("configuration not compared", extra={"facts": {"error": str(error)}})
        except Exception:  # noqa: BLE001 - the next version is compared again
            _log.exception("unexpected")


def compare_news(station: Station) -> None:
    """Compare an undecided version with the till, unless the till is as it was at the last comparison.

    Raises as `look_at_download`; then nothing is news before the till or the version has changed."""
    from factorypos_tui.core.configuration.download import look_at_download
    from factorypos_tui.core.configuration.state import digest

    offer = _to_compare(station)
    if offer and offer.compared_with != digest(station.till.configuration()):
        look_at_download(station)


def take_what_was_accepted(station: Station) -> bool:
    """Take what was accepted for after the close, if the day has been closed since; whether anything was
    done. Raises as `take_after_close`."""
    assignment = load_assignment(station.database)
    if assignment is None or load_accepted(station.database, assignment.store.id) is None:
        return False
    from factorypos_tui.core.configuration.after_close import take_after_close  # the first frame needs it not

    return take_after_close(station)


def _to_compare(station: Station) -> Offer | None:
    database, assignment = station.database, load_assignment(station.database)
    if assignment is None or not station.till.can.take_configuration:
        return None
    store_id = assignment.store.id
    if load_link(database).state is not LinkState.ONLINE:
        return None
    return undecided(
        load_offer(database, store_id), load_connection(database, store_id), load_accepted(database, store_id)
    )
