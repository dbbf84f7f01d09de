"""Compares the queue with the list of what the cloud holds of this terminal."""

import logging
from contextlib import suppress
from datetime import datetime

from factorypos_tui.core.account.assignment import (
    Assignment,
    in_force,
    note_what_is_open,
    terminal_token,
)
from factorypos_tui.core.delivery.reconciling import reconcile
from factorypos_tui.core.delivery.retry import machine_words
from factorypos_tui.core.delivery.settling import tell_the_cloud
from factorypos_tui.core.errors import (
    CloudRefused,
    CloudUnreachable,
    FactoryPosError,
    NotConnected,
    TillError,
)
from factorypos_tui.core.queue.comparison import note_what_was_closed_elsewhere, put_comparison_off
from factorypos_tui.core.queue.waiting import next_store
from factorypos_tui.core.station import Station

_log = logging.getLogger(__name__)


def compare(station: Station, assignment: Assignment, now: datetime) -> bool:
    """Bring the queue in line with the cloud's list; returns whether reports wait that can be sent. A failure
    changes nothing: sending, or the next question, tells what is wrong with the link. Nor does an answer that
    comes after the terminal was assigned again or disconnected."""
    database = station.database
    try:
        token, cloud = terminal_token(station, assignment), station.cloud()
        stores, held = cloud.binding(token).stores, cloud.held_zs(token)
    except FactoryPosError as error:
        _put_off(station, assignment, error, now)
        return False
    with database.transaction():
        if not note_what_is_open(database, assignment, stores):
            return False
        reconcile(database, assignment, held, now)
    with suppress(TillError):
        note_what_was_closed_elsewhere(database, held, station.till.status().last_z_number or 0)
    try:
        tell_the_cloud(station, assignment, held)
    except (CloudUnreachable, CloudRefused, NotConnected) as error:
        _put_off(station, assignment, error, now)
    return next_store(database) is not None


def _put_off(station: Station, assignment: Assignment, error: FactoryPosError, now: datetime) -> None:
    with station.database.transaction():
        if in_force(station.database, assignment):
            put_comparison_off(station.database, now)
    facts = {"reason": machine_words(error)[1], "cause": error.cause}
    _log.warning("comparison failed", extra={"facts": facts})
