"""What a failed delivery means, and when to try again: pure decisions, no I/O.

A failure is one of four kinds. LATER: the network or the cloud is in trouble; the report is fine and waits,
for weeks if need be. HOLD: nothing is sent until a person acts (a revoked terminal, a login page that answers
for the cloud); everything waits, and the link is tried now and then. SET_ASIDE: the cloud refuses this one
report; it waits for a person and holds up no other. ELSEWHERE: the cloud has the report already, for the
account that this terminal belonged to before; nothing is left to do."""

from datetime import timedelta
from enum import Enum, auto

from factorypos_tui.core.errors import (
    CloudRefused,
    CloudUnreachable,
    FactoryPosError,
    KeyringLocked,
    NotConnected,
    StorageError,
    UsageError,
)

LONGEST_WAIT = timedelta(minutes=15)
SHORTEST_WAIT = timedelta(seconds=1)
LONGEST_RETRY_AFTER = timedelta(hours=1)
LONGEST_ASKED_WAIT = LONGEST_RETRY_AFTER + LONGEST_WAIT
_BASE_S = 2.0
_HOLDING_REASONS = frozenset({"not_factorycloud", "wrong_receipt", "tls"})
_ITEM_STATUSES = frozenset({400, 409, 413, 415, 422})


class Failure(Enum):
    """The kinds of failure."""

    LATER = auto()
    HOLD = auto()
    SET_ASIDE = auto()
    ELSEWHERE = auto()


def classify(error: FactoryPosError) -> Failure:
    """What `error`, raised by a send, means for the report and the link."""
    if isinstance(error, CloudUnreachable):
        return Failure.HOLD if error.reason in _HOLDING_REASONS else Failure.LATER
    if isinstance(error, KeyringLocked):
        return Failure.HOLD
    if isinstance(error, StorageError):
        return Failure.LATER
    if isinstance(error, CloudRefused) and error.code == "report_elsewhere":
        return Failure.ELSEWHERE
    if isinstance(error, CloudRefused) and error.status in _ITEM_STATUSES:
        return Failure.SET_ASIDE
    return Failure.HOLD


def wait_after(failure: Failure, failures: int, chance: float, retry_after_s: float | None) -> timedelta:
    """How long the link rests after its `failures`-th failure in a row (1, 2, ...).

    Full jitter: `chance` in [0, 1) picks a point between nothing and 2 s * 2^failures, at most 15 min, so
    that a thousand tills that lost one cloud do not all try at one moment. `Retry-After`, believed up to 1 h,
    is a lower bound. A thousand tills got the same one, so each waits up to as long again, at most 15 min. A
    held link is tried after the longest wait."""
    ceiling = min(LONGEST_WAIT, timedelta(seconds=_BASE_S * 2 ** min(failures, 20)))
    asked = timedelta(seconds=min(retry_after_s or 0.0, LONGEST_RETRY_AFTER.total_seconds()))
    wait = max(SHORTEST_WAIT, asked + min(LONGEST_WAIT, max(ceiling, asked)) * chance)
    return max(wait, LONGEST_WAIT) if failure is Failure.HOLD else wait


def machine_words(error: FactoryPosError) -> tuple[int | None, str]:
    """The HTTP status and the reason of a failure, as the link, the queue and the log keep them."""
    if isinstance(error, CloudUnreachable):
        return None, error.reason
    if isinstance(error, CloudRefused):
        return error.status, error.code
    if isinstance(error, NotConnected):
        return None, "no_token"
    if isinstance(error, KeyringLocked):
        return None, "keyring_locked"
    return None, "configuration" if isinstance(error, UsageError) else "storage"
