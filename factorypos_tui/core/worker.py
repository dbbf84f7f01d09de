"""Delivery: one step claims reports, sends their frozen bytes and settles what the cloud said.

Delivery is at least once; the cloud's permanent uniqueness makes the effect exactly once. A report is
`delivered` only on a receipt that echoes its id and hash. A process that dies at any line leaves rows in
`sending`, which the next drainer takes back.
"""

import logging
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from factorypos_tui.core.assignment import Assignment, load_assignment, terminal_token
from factorypos_tui.core.correcting import correct
from factorypos_tui.core.errors import (
    CloudRefused,
    CloudUnreachable,
    FactoryPosError,
    KeyringLocked,
    NotConnected,
    TillError,
    TokenRefused,
    UsageError,
)
from factorypos_tui.core.journal import Journal
from factorypos_tui.core.link import (
    Link,
    LinkState,
    after_answer,
    failed,
    load_link,
    one_by_one,
    save_link,
    takes_a_wish,
)
from factorypos_tui.core.models import Acknowledgement, Report
from factorypos_tui.core.moving import settle_what_was_away
from factorypos_tui.core.queue import Queue
from factorypos_tui.core.rebuilding import restore_bodies, take_body_away
from factorypos_tui.core.reconciling import (
    compare_soon,
    comparison_is_due,
    note_what_was_closed_elsewhere,
    put_comparison_off,
    reconcile,
    requeue_missing,
    was_rebuilt,
)
from factorypos_tui.core.reports import thaw
from factorypos_tui.core.requeueing import release_refused
from factorypos_tui.core.retry import LONGEST_WAIT, Failure, classify, wait_after
from factorypos_tui.core.shipments import refused_since, waiting
from factorypos_tui.core.station import Station

_REFUSALS_THAT_HOLD = 3
_log = logging.getLogger(__name__)
Claimed = Sequence[tuple[int, Report]]
Answers = Sequence[Acknowledgement | CloudRefused]


@dataclass(frozen=True, slots=True)
class Drained:
    """What a worker did so far (`delivered`, `attention`: reports) and what it left (`waiting`, `link`)."""

    delivered: int
    attention: int
    waiting: int
    link: Link


class Worker:
    """Drains the queue of one station. Only the process that holds the drain lock may step it."""

    def __init__(self, station: Station, chance: Callable[[], float] = random.random) -> None:
        self._station = station
        self._queue = Queue(station.database)
        self._chance = chance
        self._journal = Journal(station)
        self._delivered = 0
        self._refused = 0
        self._begun = station.clock.now()
        self._rest: tuple[datetime, float] | None = None  # the next try, and when that is by `monotonic`

    def step(self) -> bool:
        """Send what is due, once; False if nothing was. Raises `StorageError` of `sync.db` only."""
        now = self._station.clock.now()
        self._queue.recover(now, killed=False)  # what an earlier step could not put back
        assignment = load_assignment(self._station.database)
        link = load_link(self._station.database)
        if assignment is None or self.pause():
            return False
        if was_rebuilt(self._station.database):
            self._compare(assignment, now)
        claimed = self._queue.claim(assignment.store.id, link.batch_limit, now)
        if not claimed:
            due = link.state is LinkState.ONLINE and comparison_is_due(self._station.database, now)
            return due and self._compare(assignment, now)
        self._journal.begin(claimed)
        claimed = self._sound(claimed)
        if not claimed:
            return True
        self._begun = now
        try:
            answers = self._send(assignment, claimed)
        except FactoryPosError as error:
            self._fail(assignment, claimed, error)
        except Exception:  # noqa: BLE001 - a bug of ours must neither lose nor spin: the reports wait
            _log.exception("unexpected")
            self._fail(assignment, claimed, CloudUnreachable("", "unexpected"))
        else:
            self._settle(assignment, claimed, answers)
        return True

    def pause(self) -> float:
        """Seconds until the link may be tried again; 0 where it may now. They run on whatever is done to the
        wall clock meanwhile."""
        now, monotonic = self._station.clock.now(), self._station.clock.monotonic()
        link = load_link(self._station.database)
        if link.next_try_at is None or not link.rests(now):
            return 0.0
        if self._rest is None or self._rest[0] != link.next_try_at:
            self._rest = link.next_try_at, monotonic + (link.next_try_at - now).total_seconds()
        return max(0.0, self._rest[1] - monotonic)

    def drained(self) -> Drained:
        """What this worker has done, and how things stand."""
        database = self._station.database
        return Drained(self._delivered, self._refused, waiting(database), load_link(database))

    def _compare(self, assignment: Assignment, now: datetime) -> bool:
        """Settle the queue with the cloud's list; whether reports wait anew. A failure changes nothing else:
        sending tells what is wrong with the link."""
        database = self._station.database
        try:
            held = self._station.cloud().held_zs(terminal_token(self._station, assignment))
        except FactoryPosError as error:
            put_comparison_off(database, now)
            facts = {"reason": _machine_words(error)[1], "cause": error.cause}
            _log.warning("comparison failed", extra={"facts": facts})
            return False
        requeued = reconcile(database, assignment, held, now)
        with suppress(TillError):
            last_z = self._station.till.status().last_z_number or 0
            note_what_was_closed_elsewhere(database, held, last_z)
        self._restore_bodies()
        return bool(requeued)

    def _restore_bodies(self) -> None:
        """What was delivered long ago and has to go again has its bytes in the till only."""
        with suppress(TillError):  # said by whoever collects
            restore_bodies(self._station)

    def _sound(self, claimed: Claimed) -> Claimed:
        """Those whose bytes are what they were frozen as, as these name themselves; the till builds the
        others' again."""
        sound, damaged = [], []
        for row_id, report in claimed:
            frozen = thaw(report.body)
            if frozen and frozen != report and not correct(self._station.database, row_id, frozen):
                # Another row is that report: with other bytes in it, this one would never be acknowledged.
                frozen = frozen if frozen.content_hash == report.content_hash else None
            if frozen is None:
                damaged.append((row_id, report))
            else:
                sound.append((row_id, frozen))
        if damaged:
            with self._station.database.transaction():
                for row_id, _report in damaged:
                    take_body_away(self._station, row_id)
            self._restore_bodies()
        return sound

    def _send(self, assignment: Assignment, claimed: Claimed) -> Answers:
        token = terminal_token(self._station, assignment)
        cloud = self._station.cloud()
        reports = [report for _row_id, report in claimed]
        if len(reports) > 1:
            return cloud.send_batch(token, reports)
        try:
            return [cloud.send(token, reports[0])]
        except CloudRefused as refusal:
            if classify(refusal) is Failure.SET_ASIDE:
                return [refusal]
            raise

    def _fail(self, assignment: Assignment, claimed: Claimed, error: FactoryPosError) -> None:
        """The request failed as a whole: every report waits, and the link rests."""
        failure, (status, reason), cause = classify(error), _machine_words(error), error.cause
        answered = isinstance(error, CloudUnreachable | CloudRefused) and not isinstance(error, TokenRefused)
        if len(claimed) > 1 and answered and failure is not Failure.LATER:
            self._try_one_by_one(claimed, status, cause or reason)
            return
        now = self._station.clock.now()
        database = self._station.database
        link = load_link(database)
        asked = error.retry_after_s if isinstance(error, CloudUnreachable) else None
        wait = wait_after(failure, link.failures + 1, self._chance(), asked)
        if takes_a_wish(database, self._begun):
            wait = timedelta()
        with database.transaction():
            self._put_back(claimed, status, cause or reason, now)
            if self._is_in_force(assignment):  # else its token is gone
                save_link(database, failed(link, failure, reason, now + wait, len(claimed), cause))
        _log.warning(
            "try failed",
            extra={
                "facts": {
                    "reports": len(claimed),
                    "reason": reason,
                    "cause": cause,
                    "said": str(error),
                    "status": status,
                    "wait_s": wait.seconds,
                }
            },
        )

    def _is_in_force(self, assignment: Assignment) -> bool:
        """Whether the terminal was not assigned anew since."""
        now_assigned = load_assignment(self._station.database)
        return now_assigned is not None and now_assigned.assigned_at == assignment.assigned_at

    def _try_one_by_one(self, claimed: Claimed, status: int | None, reason: str) -> None:
        """The cloud did not take reports together, be it for one of them or for good: ask again with one."""
        now, database = self._station.clock.now(), self._station.database
        with database.transaction():
            self._put_back(claimed, status, reason, now)
            save_link(database, one_by_one(load_link(database)))
        _log.warning("batch not taken", extra={"facts": {"reports": len(claimed), "reason": reason}})

    def _put_back(self, claimed: Claimed, status: int | None, reason: str, now: datetime) -> None:
        self._journal.put_back(claimed, status, reason)
        self._queue.put_back([row_id for row_id, _report in claimed], status, reason, now)

    def _settle(self, assignment: Assignment, claimed: Claimed, answers: Answers) -> None:
        now = self._station.clock.now()
        database = self._station.database
        unsettled: list[tuple[tuple[int, Report], CloudRefused]] = []
        refused = accepted = 0
        missing: Sequence[int] = ()
        with database.transaction():
            for (row_id, report), answer in zip(claimed, answers, strict=True):
                if isinstance(answer, Acknowledgement):
                    accepted += 1
                    self._queue.acknowledge(row_id, answer, now)
                    missing = answer.missing_z_numbers  # the last receipt knows what the others brought
                elif classify(answer) is Failure.SET_ASIDE:
                    refused += answer.code != "report_conflict"
                    self._queue.set_aside(row_id, answer, now)
                else:
                    unsettled.append(((row_id, report), answer))
                self._journal.answered(row_id, report, answer)
            if self._is_in_force(assignment):
                requeue_missing(database, assignment, missing, now)
            else:
                settle_what_was_away(database, [row_id for row_id, _report in claimed], now)
            if any(
                isinstance(answer, CloudRefused) and answer.code == "report_conflict" for answer in answers
            ):
                compare_soon(database)
            link = after_answer(load_link(database), refused, accepted, now)
            save_link(database, self._hold_if_all_is_refused(link, len(claimed), now))
        if missing:
            self._restore_bodies()
        self._delivered += accepted
        self._refused += len(claimed) - accepted - len(unsettled)
        if unsettled:
            self._fail(assignment, [row for row, _answer in unsettled], unsettled[0][1])

    def _hold_if_all_is_refused(self, link: Link, sent: int, now: datetime) -> Link:
        """Three refusals in a row say that the cloud is wrong, not the reports: they wait, nobody's fault."""
        database = self._station.database
        if link.refused_since is None or refused_since(database, link.refused_since) < _REFUSALS_THAT_HOLD:
            return link
        release_refused(database, link.refused_since, now)
        return failed(link, Failure.HOLD, "refuses_everything", now + LONGEST_WAIT, sent)


def _machine_words(error: FactoryPosError) -> tuple[int | None, str]:
    if isinstance(error, CloudUnreachable):
        return None, error.reason
    if isinstance(error, CloudRefused):
        return error.status, error.code
    if isinstance(error, NotConnected):
        return None, "no_token"
    if isinstance(error, KeyringLocked):
        return None, "keyring_locked"
    return None, "configuration" if isinstance(error, UsageError) else "storage"
