"""The link to FactoryCLOUD: online, offline (tries again by itself) or held (a person must act).

The state belongs to the link, never to a report. It is kept in `sync.db`, so that a restart neither forgets a
back-off nor makes all tills try at once. All functions that change a `Link` are pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from factorypos_tui.core.delivery.retry import LONGEST_ASKED_WAIT, LONGEST_WAIT, Failure
from factorypos_tui.core.errors import Cause
from factorypos_tui.core.language.instants import instant_of, rfc3339
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import drop_fact, fact_at, keep_fact

MAX_BATCH = 200
_MOST_FAILURES = 1_000_000
_ASKED = "asked_for_a_try"
_CAN_ASK = frozenset({"overloaded", "server_error", "timeout"})  # answers that may have a Retry-After


class LinkState(StrEnum):
    """What an operator sees of the link."""

    ONLINE = "online"
    OFFLINE = "offline"
    HELD = "held"
    UNKNOWN = "unknown"
    """No process has tried for a while; this is never kept."""


@dataclass(frozen=True, slots=True)
class Link:
    """The link as the last try left it."""

    state: LinkState = LinkState.ONLINE
    reason: str | None = None
    """A machine word."""
    next_try_at: datetime | None = None
    failures: int = 0
    """How many in a row."""
    batch_limit: int = MAX_BATCH
    """How many reports the next request may carry. A failure halves it and a success doubles it, so a report
    on which the cloud fails ends up alone."""
    refused_since: datetime | None = None
    """Since when the cloud has refused reports and accepted none."""
    cause: Cause | None = None
    """Narrows `reason`, where more is known."""

    def rests(self, now: datetime) -> bool:
        """Whether it is too early to try again. A next try later than any wait that we give was noted before
        the clock was set back; it does not count."""
        longest = LONGEST_ASKED_WAIT if self.reason in _CAN_ASK else LONGEST_WAIT
        return self.next_try_at is not None and now < self.next_try_at <= now + longest


def succeeded(link: Link) -> Link:
    """The link after the cloud answered a whole request."""
    return replace(
        link,
        state=LinkState.ONLINE,
        reason=None,
        cause=None,
        next_try_at=None,
        failures=0,
        batch_limit=min(MAX_BATCH, link.batch_limit * 2),
    )


def failed(
    link: Link, failure: Failure, reason: str, next_try_at: datetime, sent: int, cause: Cause | None = None
) -> Link:
    """After a request with `sent` reports, or with a question only, that failed as a whole."""
    return replace(
        link,
        state=LinkState.HELD if failure is Failure.HOLD else LinkState.OFFLINE,
        reason=reason,
        cause=cause,
        next_try_at=next_try_at,
        failures=link.failures + 1,
        batch_limit=max(1, sent // 2) if sent and failure is Failure.LATER else link.batch_limit,
    )


def after_answer(link: Link, refused: int, accepted: int, now: datetime) -> Link:
    """The link online, with the instant since which only refusals have come."""
    link = succeeded(link)
    if accepted:
        return replace(link, refused_since=None)
    since = min(link.refused_since or now, now)  # the clock may be behind now
    return replace(link, refused_since=since) if refused else link


def try_now(link: Link) -> Link:
    """The link after a person asked for a try at once."""
    return replace(link, next_try_at=None)


def one_by_one(link: Link) -> Link:
    """The link whose next request carries one report, at once."""
    return replace(link, batch_limit=1, next_try_at=None)


NOT_ASSIGNED = Link(LinkState.HELD, "not_assigned")
"""The link of a terminal that no store is assigned to yet."""


def load_link(database: Database) -> Link:
    """The link as the last try left it."""
    row = database.row(
        "SELECT state, reason, next_try_at, failures, batch_limit, refused_since, cause FROM link"
    )
    if row is None:
        return Link()
    state, reason, next_try_at, failures, batch_limit, refused_since, cause = row
    with database.trusted():
        return Link(
            LinkState(state),
            reason,
            next_try_at and instant_of(next_try_at),
            min(max(0, failures), _MOST_FAILURES),
            min(max(1, batch_limit), MAX_BATCH),
            refused_since and instant_of(refused_since),
            cause and Cause(cause),
        )


def save_link(database: Database, link: Link) -> None:
    """Keep the link."""
    database.execute(
        "INSERT OR REPLACE INTO link (only_row, state, reason, next_try_at, failures, batch_limit,"
        " refused_since, cause) VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
        link.state.value,
        link.reason,
        link.next_try_at and rfc3339(link.next_try_at),
        link.failures,
        link.batch_limit,
        link.refused_since and rfc3339(link.refused_since),
        link.cause,
    )


def ask_for_a_try(database: Database, now: datetime) -> None:
    """Forget the back-off. The process that drains tries at once; if a try is under way, it tries again after
    that."""
    with database.transaction():
        save_link(database, try_now(load_link(database)))
        keep_fact(database, _ASKED, rfc3339(now))


def takes_a_wish(database: Database, begun: datetime) -> bool:
    """Whether a person has asked for a try since the one `begun` at this instant; each wish counts once."""
    asked = fact_at(database, _ASKED)
    drop_fact(database, _ASKED)
    return asked is not None and asked > begun
