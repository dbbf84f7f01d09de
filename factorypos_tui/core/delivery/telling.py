"""Tells FactoryCLOUD every five minutes how this terminal is, beside the sending of reports."""

import logging
import threading
from collections.abc import Sequence

from factorypos_tui.core.account.assignment import Assignment, in_force, load_assignment, terminal_token
from factorypos_tui.core.delivery.contact import last_contact
from factorypos_tui.core.delivery.link import LinkState, failed, load_link, save_link
from factorypos_tui.core.delivery.retry import LONGEST_WAIT, Failure, machine_words
from factorypos_tui.core.errors import FactoryPosError, TillError, TokenRefused
from factorypos_tui.core.models import OwnState, TillFinding
from factorypos_tui.core.queue.counting import counts, oldest_waiting_since
from factorypos_tui.core.reports.findings import in_order, needs_a_person
from factorypos_tui.core.station import Station

_AGAIN_S = 300.0
_MOST_FINDINGS = 20
_log = logging.getLogger(__name__)


class StateTeller:
    """Tells it in a thread that lives only meanwhile, so that a slow line keeps no report waiting."""

    def __init__(self, station: Station, sender: str) -> None:
        """`sender`: which process this is, `app` or `worker`."""
        self._station = station
        self._sender = sender
        self._thread: threading.Thread | None = None
        self._due = station.clock.monotonic()

    def look(self) -> None:
        """Begin to tell it, if it is time and the link is good. Raises `StorageError`."""
        now = self._station.clock.monotonic()
        if now < self._due or (self._thread and self._thread.is_alive()):
            return
        if load_link(self._station.database).state is not LinkState.ONLINE:
            return
        self._due = now + _AGAIN_S
        self._thread = threading.Thread(target=self._tell, daemon=True)
        self._thread.start()

    def _tell(self) -> None:
        try:
            with self._station.connections():
                tell_state(self._station, self._sender)
        except FactoryPosError as error:
            _log.warning("state not told", extra={"facts": {"error": str(error)}})
        except Exception:  # noqa: BLE001 - a bug of ours: it is told again in a while
            _log.exception("unexpected")


def tell_state(station: Station, sender: str) -> None:
    """Tell it once, if a store is assigned and the link is good. A token that is refused holds the link: its
    owner may have revoked this terminal. Of any other failure only the log tells: the link is judged by
    reports and by the question that keeps it in touch."""
    database = station.database
    assignment = load_assignment(database)
    if assignment is None or load_link(database).state is not LinkState.ONLINE:
        return
    try:
        station.cloud().tell_state(terminal_token(station, assignment), _own_state(station, sender))
    except FactoryPosError as error:
        _log.warning("state not told", extra={"facts": {"error": str(error)}})
        if isinstance(error, TokenRefused):
            _hold(station, assignment, error)


def _hold(station: Station, assignment: Assignment, error: TokenRefused) -> None:
    database = station.database
    with database.transaction():
        if in_force(database, assignment):  # else its token has ended
            again = station.clock.now() + LONGEST_WAIT
            save_link(database, failed(load_link(database), Failure.HOLD, machine_words(error)[1], again, 0))


def _own_state(station: Station, sender: str) -> OwnState:
    now, since = station.clock.now(), oldest_waiting_since(station.database)
    findings: Sequence[TillFinding] | None
    try:
        last_z_number = station.till.status().last_z_number
        findings = in_order(filter(needs_a_person, station.till.findings()))[:_MOST_FINDINGS]
    except TillError:
        last_z_number, findings = None, None  # else the owner's alarms would end
    return OwnState(
        queue={state.value: n for state, n in counts(station.database).items() if state.about.is_in_status},
        oldest_pending_s=max(0, int((now - since).total_seconds())) if since else None,
        last_z_number=last_z_number,
        clock_offset_s=last_contact(station.database).as_of(now).offset_s,
        software=station.software,
        sender=sender,
        findings=findings,
        leaves_out_numbers=station.till.leaves_out_numbers,
    )
