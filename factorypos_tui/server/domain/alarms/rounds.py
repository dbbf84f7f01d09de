"""The round that a server makes each minute: it looks at its terminals, writes what is to be mailed, and
deletes what companies had that were closed long ago.

Several servers on one database make rounds of their own. Each terminal is held by one of them, and each
letter is written once: constraints say so."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from peewee import Database, PeeweeException

from factorypos_tui.server.domain.alarms.day_mails import mail_days
from factorypos_tui.server.domain.alarms.looking import Due, due, look
from factorypos_tui.server.domain.alarms.telling import tell
from factorypos_tui.server.domain.closings.looking import close_periods
from factorypos_tui.server.domain.cloud import Cloud, instant
from factorypos_tui.server.domain.deleting import delete_closed
from factorypos_tui.server.domain.device_authorizations import forget_old
from factorypos_tui.server.storage.alarm_tables import AlarmRound

logger = logging.getLogger(__name__)

ROUND_SECONDS = 60.0
LONGEST_SECONDS = 45.0
"""For the looks of one round; the terminals that are left come first in the next one."""
STOP_SECONDS = 3.0
"""For the look that is at work; what is not committed then is done again after the next start."""
MOST_TERMINALS = 20_000
AT_ONCE = 100
"""Terminals that one transaction looks at: SQLite lets no report in meanwhile."""
RESTS = 3
"""So many times as long as a look took, the round rests after it. SQLite has one writer at a time, and who
waits for it asks again only now and then: looks one after the other would hold reports up for seconds."""
PAUSE = timedelta(minutes=10)
"""After a longer one nobody was here who could have heard of a terminal: its silence counts anew."""


def make_round(cloud: Cloud, rest: Callable[[float], object] = time.sleep) -> None:
    """Look at the terminals that are due, close periods, write the letters that are due, and forget terminals
    that asked to be assigned long ago. `rest` waits for so many seconds, and says true where the server
    stops."""
    database, now = cloud.database, cloud.clock()
    forget_old(cloud)
    with database.connection_context():
        awake_since = _awake_since(database, now)
        left = due(database, now, MOST_TERMINALS)
    until = time.monotonic() + LONGEST_SECONDS
    while left:
        if time.monotonic() > until:
            logger.warning("a round was too long", extra={"terminals": len(left)})
            break
        began = time.monotonic()
        some, left = left[:AT_ONCE], left[AT_ONCE:]
        left = _look(database, some, now, awake_since) + left
        if rest(RESTS * (time.monotonic() - began)):
            return
    close_periods(database, now)
    is_told = tell(cloud, now)
    if mail_days(cloud, now) or is_told:
        cloud.postman.call()


def _look(database: Database, some: Sequence[Due], now: datetime, awake_since: datetime) -> list[Due]:
    """Look at terminals; those that are left out. One that cannot be judged is looked for among the others,
    which it must not hide."""
    try:
        with database.connection_context():
            left_out = look(database, dict(some), now, awake_since)
        return [it for it in some if it[0] in left_out]
    except PeeweeException:
        raise
    except Exception:  # whatever is wrong with one terminal must not hide the alarms of the others
        if len(some) == 1:
            logger.exception("a terminal could not be judged", extra={"terminal_id": some[0][0]})
            return []
        half = len(some) // 2
        parts = (some[:half], some[half:])
        return [it for part in parts for it in _look(database, part, now, awake_since)]


def _awake_since(database: Database, now: datetime) -> datetime:
    """Since when rounds have been made without a long pause; this one is noted."""
    row = AlarmRound.select().get_or_none(database)
    goes_on = row is not None and instant(now - PAUSE) < row.at <= instant(now)
    since = row.since if row is not None and goes_on else instant(now)
    note = AlarmRound.insert(name="alarms", at=instant(now), since=since)
    preserved = [AlarmRound.at, AlarmRound.since]
    note.on_conflict(conflict_target=[AlarmRound.name], preserve=preserved).execute(database)
    return datetime.fromisoformat(since)


class Rounds:
    """Makes rounds in a thread of its own from `start` to `stop`."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="rounds", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(STOP_SECONDS)

    def _work(self) -> None:
        while not self._stopping.wait(ROUND_SECONDS):
            try:
                make_round(self._cloud, self._stopping.wait)
                delete_closed(self._cloud, self._stopping.wait)
            except PeeweeException as error:
                logger.error("a round waits for the database", extra={"error": type(error).__name__})
            except Exception:
                logger.exception("a round failed")
