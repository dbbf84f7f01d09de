"""When the running day is sent next."""

from datetime import datetime

from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.delivery.phases import next_moment
from factorypos_tui.core.queue.shipments import last_x_at
from factorypos_tui.core.settings import get_setting
from factorypos_tui.core.station import Station


def next_x_at(station: Station) -> datetime | None:
    """When the running day is sent next; None while Send X Report is off or no store is assigned.

    The first X is due now; each further one at the next moment of this terminal. A last X in the future was
    taken before the clock was set back: then the next one is due now."""
    assignment = load_assignment(station.database)
    if get_setting(station.database, "send_x_report") == "off" or assignment is None:
        return None
    now, last = station.clock.now(), last_x_at(station.database)
    if last is None or last > now:
        return now
    return max(now, next_moment(assignment.terminal.id, station.x_interval, last))
