"""Delivery: one step claims reports, sends their frozen bytes and notes what the cloud answered.

A report is sent at least once. The cloud keeps each report once for ever, so the effect is exactly once. A
report is `delivered` only after a receipt that echoes its id and hash. A process that dies at any line leaves
rows in `sending`; the next drainer takes these back."""

import logging
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from factorypos_tui.core.account.assignment import Assignment, in_force, load_assignment, terminal_token
from factorypos_tui.core.account.stores import close_store
from factorypos_tui.core.delivery.comparing import compare
from factorypos_tui.core.delivery.contact import last_contact
from factorypos_tui.core.delivery.link import (
    Link,
    LinkState,
    after_answer,
    failed,
    load_link,
    one_by_one,
    save_link,
    succeeded,
    takes_a_wish,
)
from factorypos_tui.core.delivery.reconciling import requeue_missing
from factorypos_tui.core.delivery.retry import LONGEST_WAIT, Failure, classify, machine_words, wait_after
from factorypos_tui.core.errors import (
    CloudRefused,
    CloudUnreachable,
    FactoryPosError,
    TillError,
    TokenRefused,
)
from factorypos_tui.core.models import Acknowledgement, Report
from factorypos_tui.core.queue.comparison import compare_soon, comparison_is_due, was_rebuilt
from factorypos_tui.core.queue.counting import refused_since, waiting
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.requeueing import release_refused
from factorypos_tui.core.queue.waiting import next_store
from factorypos_tui.core.recovery.rebuilding import restore_bodies
from factorypos_tui.core.station import Station

_REFUSALS_THAT_HOLD = 3
_ASK_AGAIN = timedelta(minutes=5)
_log = logging.getLogger(__name__)
Claimed = Sequence[tuple[int, Report]]
Answers = Sequence[Acknowledgement | CloudRefused]


@dataclass(frozen=True, slots=True)
class Drained:
    """What a worker has done so far, and what is left."""

    delivered: int
    """How many reports."""
    attention: int
    """How many reports were refused."""
    waiting: int
    """How many reports are left."""
    link: Link
    """How the link was left."""


class Worker:
    """Drains the queue of one station. Only the process that holds the drain lock may step it."""

    def __init__(self, station: Station, chance: Callable[[], float] = random.random) -> None:
        self._station = station
        self._queue = Outbox(station.database)
        self._chance = chance
        self._delivered = 0
        self._refused = 0
        self._begun, self._sent_at = station.clock.now(), station.clock.monotonic()
        self._asked_at = station.clock.monotonic()
        self._rest: tuple[datetime, float] | None = None  # the next try, by the wall clock and by `monotonic`

    def step(self) -> bool:
        """Send what is due, once; False if nothing was. Raises `StorageError` of `sync.db` only."""
        now = self._station.clock.now()
        self._queue.recover(now, killed=False)  # rows that an earlier step could not put back
        assignment = load_assignment(self._station.database)
        link = load_link(self._station.database)
        if assignment is None or self.pause():
            return False
        if was_rebuilt(self._station.database):
            compare(self._station, assignment, now)
        store_id = next_store(self._station.database)
        claimed = self._queue.claim(store_id, link.batch_limit, now) if store_id else ()
        if not (store_id and claimed):
            if self._bytes_were_made_again(assignment):
                return True
            self._keep_in_touch(assignment, link, now)
            return self._compare_if_due(assignment, now)
        self._begun, self._sent_at = now, self._station.clock.monotonic()
        try:
            answers = self._send(assignment, store_id, claimed)
        except FactoryPosError as error:
            if not self._is_closed(assignment, store_id, claimed, error):
                self._fail(assignment, claimed, error)
        except Exception:  # noqa: BLE001 - after a bug of ours the reports wait, and the step does not repeat at once
            _log.exception("unexpected")
            self._fail(assignment, claimed, CloudUnreachable("", "unexpected"))
        else:
            self._settle(assignment, claimed, answers)
        return True

    def pause(self) -> float:
        """Seconds until the link may be tried again; 0 where it may now. Changes of the wall clock do not
        change them."""
        now, monotonic = self._station.clock.now(), self._station.clock.monotonic()
        link = load_link(self._station.database)
        if link.next_try_at is None or not link.rests(now):
            return 0.0
        if self._rest is None or self._rest[0] != link.next_try_at:
            self._rest = link.next_try_at, monotonic + (link.next_try_at - now).total_seconds()
        return max(0.0, self._rest[1] - monotonic)

    def drained(self) -> Drained:
        """What this worker has done, and what is left."""
        database = self._station.database
        return Drained(self._delivered, self._refused, waiting(database), load_link(database))

    def _keep_in_touch(self, assignment: Assignment, link: Link, now: datetime) -> None:
        """Ask the cloud although nothing waits. So an operator learns before the close what is wrong with the
        link, or that a restored cloud does not know this terminal any more. The answer also tells the version
        of the configuration, which answers to reports do not: so it is asked although those arrive."""
        heard, monotonic = last_contact(self._station.database).at, self._station.clock.monotonic()
        is_fresh = link.state is LinkState.ONLINE and heard and now - _ASK_AGAIN < heard <= now
        if is_fresh and monotonic < self._asked_at + _ASK_AGAIN.total_seconds():
            return
        self._begun, self._asked_at = now, monotonic
        try:
            bound = self._station.cloud().binding(terminal_token(self._station, assignment))
        except FactoryPosError as error:
            if classify(error) is not Failure.SET_ASIDE:  # else the cloud answers, but refuses this question
                self._fail(assignment, (), error)
        except Exception:  # noqa: BLE001 - a bug of ours: the link says so
            _log.exception("unexpected")
            self._fail(assignment, (), CloudUnreachable("", "unexpected"))
        else:
            if link.state is not LinkState.ONLINE:
                save_link(self._station.database, succeeded(link))
                _tell_online_again(link)
            from factorypos_tui.core.configuration.news import note_version  # the first frame needs it not

            note_version(self._station.database, bound.store.id, bound.configuration_etag, now)

    def _bytes_were_made_again(self, assignment: Assignment) -> bool:
        """Whether reports that waited without their bytes can be claimed now, or need a person."""
        with suppress(TillError):  # the collector tells it
            return restore_bodies(self._station, assignment.terminal.id) > 0
        return False

    def _compare_if_due(self, assignment: Assignment, now: datetime) -> bool:
        database = self._station.database
        if load_link(database).state is not LinkState.ONLINE or not comparison_is_due(database, now):
            return False
        return compare(self._station, assignment, now) or self._bytes_were_made_again(assignment)

    def _send(self, assignment: Assignment, store_id: str, claimed: Claimed) -> Answers:
        token = terminal_token(self._station, assignment)
        cloud = self._station.cloud()
        reports = [report for _row_id, report in claimed]
        if len(reports) > 1:
            return cloud.send_batch(token, reports, store_id)
        try:
            return [cloud.send(token, reports[0], store_id)]
        except CloudRefused as refusal:
            if classify(refusal) in (Failure.SET_ASIDE, Failure.ELSEWHERE):
                return [refusal]
            raise

    def _is_closed(
        self, assignment: Assignment, store_id: str, claimed: Claimed, error: FactoryPosError
    ) -> bool:
        """Whether FactoryCLOUD takes no reports for a store that was assigned before: they wait until it is
        assigned again, and hold up no other."""
        status, reason = machine_words(error)
        if reason != "store_not_assigned" or store_id == assignment.store.id:
            return False
        now, database = self._station.clock.now(), self._station.database
        with database.transaction():
            close_store(database, store_id)
            self._put_back(claimed, status, reason, now)
        return True

    def _fail(self, assignment: Assignment, claimed: Claimed, error: FactoryPosError) -> None:
        """Note that the request failed as a whole: every report waits, and the link rests."""
        failure, (status, reason), cause = classify(error), machine_words(error), error.cause
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
            if in_force(database, assignment):  # else its token has ended
                save_link(database, failed(link, failure, reason, now + wait, len(claimed), cause))
        _log.warning(
            "try failed",
            extra={
                "facts": {
                    "reports": len(claimed),
                    "reason": reason,
                    "cause": cause,
                    "error": str(error),
                    "status": status,
                    "wait_s": wait.seconds,
                }
            },
        )

    def _try_one_by_one(self, claimed: Claimed, status: int | None, reason: str) -> None:
        """Send one report next. The cloud refused several together; that may be because of one of them."""
        now, database = self._station.clock.now(), self._station.database
        with database.transaction():
            self._put_back(claimed, status, reason, now)
            save_link(database, one_by_one(load_link(database)))
        _log.warning("batch not taken", extra={"facts": {"reports": len(claimed), "reason": reason}})

    def _put_back(self, claimed: Claimed, status: int | None, reason: str, now: datetime) -> None:
        rows = [row_id for row_id, _report in claimed]
        self._queue.put_back(rows, status, reason, now, latency_ms=self._latency_ms())

    def _latency_ms(self) -> int:
        return round(1000 * (self._station.clock.monotonic() - self._sent_at))

    def _settle(self, assignment: Assignment, claimed: Claimed, answers: Answers) -> None:
        now = self._station.clock.now()
        database = self._station.database
        unsettled: list[tuple[tuple[int, Report], CloudRefused]] = []
        refused = accepted = elsewhere = 0
        missing: Sequence[int] = ()
        latency_ms = self._latency_ms()
        with database.transaction():
            for (row_id, report), answer in zip(claimed, answers, strict=True):
                if isinstance(answer, Acknowledgement):
                    accepted += 1
                    self._queue.acknowledge(row_id, answer, now, latency_ms=latency_ms)
                    missing = answer.missing_z_numbers  # the last receipt counts the reports before it, too
                elif (failure := classify(answer)) is Failure.ELSEWHERE:
                    elsewhere += 1
                    self._queue.leave_elsewhere(row_id, answer, now, latency_ms=latency_ms)
                elif failure is Failure.SET_ASIDE:
                    refused += answer.code != "report_conflict"
                    self._queue.set_aside(row_id, answer, now, latency_ms=latency_ms)
                else:
                    unsettled.append(((row_id, report), answer))
                    self._queue.note_answer(row_id, answer, latency_ms=latency_ms)
            if in_force(database, assignment):
                requeue_missing(database, assignment, missing, now)
            if any(
                isinstance(answer, CloudRefused) and answer.code == "report_conflict" for answer in answers
            ):
                compare_soon(database)
            before = load_link(database)
            link = after_answer(before, refused, accepted, now)
            save_link(database, self._hold_if_all_is_refused(link, len(claimed), now))
        if accepted and before.state is not LinkState.ONLINE:
            _tell_online_again(before)
        self._delivered += accepted
        self._refused += len(claimed) - accepted - elsewhere - len(unsettled)
        if unsettled:
            self._fail(assignment, [row for row, _answer in unsettled], unsettled[0][1])

    def _hold_if_all_is_refused(self, link: Link, sent: int, now: datetime) -> Link:
        """Hold the link after three refusals in a row: then the cloud is wrong, not the reports. They
        wait."""
        database = self._station.database
        if link.refused_since is None or refused_since(database, link.refused_since) < _REFUSALS_THAT_HOLD:
            return link
        release_refused(database, link.refused_since, now)
        return failed(link, Failure.HOLD, "refuses_everything", now + LONGEST_WAIT, sent)


def _tell_online_again(before: Link) -> None:
    _log.info("online again", extra={"facts": {"failures": before.failures}})
