"""The link to FactoryCLOUD: online, offline (tries again by itself) or held (somebody must act).

It is a property of the link, never of a report, and is kept in `sync.db` so that a restart neither forgets
a back-off nor starts a storm. All functions that change a `Link` are pure.
"""

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
    """What an operator sees of the link. UNKNOWN is never kept: nobody has tried for a while."""

    ONLINE = "online"
    OFFLINE = "offline"
    HELD = "held"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Link:
    """`reason`: a machine word, which `cause` narrows where more is known. `failures`: in a row.
    `batch_limit`: reports the next request may carry; halved by a failure, doubled by a success, so that a
    report the cloud chokes on ends up alone. `refused_since`: since when reports have been refused and none
    accepted."""

    state: LinkState = LinkState.ONLINE
    reason: str | None = None
    next_try_at: datetime | None = None
    failures: int = 0
    batch_limit: int = MAX_BATCH
    refused_since: datetime | None = None
    cause: Cause | None = None

    def rests(self, now: datetime) -> bool:
        """Whether it is too early to try again; a next try further off than any wait we give was written
        by a clock that has since been set back, and does not count."""
        longest = LONGEST_ASKED_WAIT if self.reason in _CAN_ASK else LONGEST_WAIT
        return self.next_try_at is not None and now < self.next_try_at <= now + longest


def succeeded(link: Link) -> Link:
    """After an answer that the cloud gave to a whole request."""
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
    """Online, and since when nothing but refusals has come."""
    link = succeeded(link)
    if accepted:
        return replace(link, refused_since=None)
    since = min(link.refused_since or now, now)  # the clock may have been set back
    return replace(link, refused_since=since) if refused else link


def try_now(link: Link) -> Link:
    """A person asked for a try at once."""
    return replace(link, next_try_at=None)


def one_by_one(link: Link) -> Link:
    """The next request carries one report, at once."""
    return replace(link, batch_limit=1, next_try_at=None)


NOT_ASSIGNED = Link(LinkState.HELD, "not_assigned")
"""The link of a terminal that no store is assigned to yet."""


def load_link(database: Database) -> Link:
    """The link as it was left."""
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
    """Keep the link's state."""
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
    """Forget the back-off: whoever drains tries at once, and once more where a try is under way."""
    with database.transaction():
        save_link(database, try_now(load_link(database)))
        keep_fact(database, _ASKED, rfc3339(now))


def takes_a_wish(database: Database, begun: datetime) -> bool:
    """Whether a person has asked for a try after one `begun` at this instant; a wish counts once."""
    asked = fact_at(database, _ASKED)
    drop_fact(database, _ASKED)
    return asked is not None and asked > begun
