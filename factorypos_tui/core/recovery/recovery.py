"""Before anything is sent, mends what a kill, a power cut or a failing disk has left.

`sync.db` repeats what the till, the cloud's list and the token say. So there is one rule: code that reads a
value which makes no sense raises `DamagedError`. The file is set aside, never deleted, and a new one is
built. What can be read of the old file and fits its hash is taken over; the rest comes from the till. The
cloud's list tells what was delivered. The screen tells of it, and `check` does so until a person has seen it.
No single value is mended: a card that flips bits must be replaced.

A `sync.db` is set aside where it cannot be opened (`open_or_mend` of `opening`), or after it failed in use
(`mend`). Only the process that holds `worker.lock` does this, so two processes never do it at once."""

import json
import logging
import threading

from factorypos_tui.core.account.assignment import (
    DISCONNECTED,
    TERMINAL,
    Assignment,
    kept_of,
    load_assignment,
    save_assignment,
)
from factorypos_tui.core.errors import CloudRefused, DamagedError, UsageError
from factorypos_tui.core.language import _, format_numbers
from factorypos_tui.core.queue.comparison import elsewhere_words, mark_rebuilt
from factorypos_tui.core.queue.hash_chain import breaks_of, breaks_words
from factorypos_tui.core.queue.held_up import held_up_findings
from factorypos_tui.core.queue.left_out import leave_out
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.states import WAITS
from factorypos_tui.core.recovery.opening import DAMAGED, LOST, set_aside_now, take_over_what_is_left
from factorypos_tui.core.reports.findings import finding_words, in_order
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.ballast import ballast_words, lay
from factorypos_tui.core.storage.damage import files_set_aside
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import drop_fact, fact, keep_fact
from factorypos_tui.core.storage.lock import DrainLock

_LARGEST_CHECKED_AT_ONCE = 200 << 20
_UNCHECKED, _SEEN = "unchecked", "set_aside_seen"
_log = logging.getLogger(__name__)
_mending = threading.Lock()


def mend(station: Station, error: DamagedError) -> None:
    """Set `sync.db` aside after `error`, and build a new one; only for the holder of the lock. A file that
    fails in use is damaged, even if a check finds nothing. Raises `error` where it is about another file."""
    if error.path != station.database.path:
        raise error
    with _mending:
        set_aside_now(station.database.path, station.clock.now())
        take_over_what_is_left(station.database)


def take_over(station: Station, lock: DrainLock) -> bool:
    """Mend what the drainer before may have left: the file after an unclean end, and reports that were being
    sent. For the new holder of the lock, before anything else. Raises `DamagedError`.

    Returns whether `check` is still to be done. A large file takes minutes on a slow disk. A wrong report is
    found before it is sent in any case."""
    database = station.database
    if lock.left_by:
        if database.path.stat().st_size <= _LARGEST_CHECKED_AT_ONCE:
            check(database)
        else:
            keep_fact(database, _UNCHECKED, "yes")
    check_stores(database)
    lay(database.path.parent)
    recovered = Outbox(database).recover(station.clock.now(), killed=lock.killed)
    if recovered:
        _log.warning("recovered", extra={"facts": {"reports": recovered, "killed": lock.killed}})
    return fact(database, _UNCHECKED) is not None


def check(database: Database) -> None:
    """Read the whole of `sync.db`; raises `DamagedError` where it is damaged."""
    database.check()
    counted = set(database.rows("SELECT state, count(*) FROM shipment GROUP BY 1"))
    if counted != {(state, n) for state, n in database.rows("SELECT state, shipments FROM tally") if n}:
        raise database.damaged()
    drop_fact(database, _UNCHECKED)


def check_stores(database: Database) -> None:
    """Raise `DamagedError` unless this terminal was assigned to the assigned store and to the store of each
    waiting report."""
    if database.row(
        "SELECT 1 FROM assignment WHERE store_id NOT IN (SELECT id FROM store) UNION ALL"
        f" SELECT 1 FROM shipment WHERE {WAITS}"
        " AND store_id NOT IN (SELECT id FROM store) LIMIT 1"
    ):
        raise database.damaged()


def recall_assignment(station: Station) -> bool:
    """Assign the store again that the terminal's token is for, after `sync.db` was lost.

    FactoryCLOUD tells which store that is, since when, and which Z it holds. The first Z to send and the days
    that were left out are kept with the token. All other days from there on are sent, or from the lowest that
    the cloud holds, and all that were closed since the assignment. Raises `CloudUnreachable`. Returns False
    where there is nothing to recall, and where the cloud cannot say from which day on."""
    is_wanted = fact(station.database, DISCONNECTED) is None
    if load_assignment(station.database) is not None or not is_wanted:
        return False
    beside_token = kept_of(station.credentials().get(TERMINAL))
    if beside_token is None:
        return False
    till = station.till.status()
    try:
        bound = station.cloud().binding(beside_token.token)
        numbers = [held.z_number for held in station.cloud().held_zs(beside_token.token)]
    except (CloudRefused, UsageError):
        return False
    held = frozenset(numbers)
    if beside_token.first_z is not None:
        numbers.append(beside_token.first_z)
    if bound.terminal.id != till.terminal.id or (not numbers and bound.since is None):
        return False
    first_z = min(numbers, default=(till.last_z_number or 0) + 1)
    closed = {close.z_number for close in station.till.closes(0)}
    not_wanted = ((1, first_z - 1), *beside_token.left_out)
    left_out = {z for z in closed - held if any(first <= z <= last for first, last in not_wanted)}
    recalled = Assignment(
        company=bound.company,
        store=bound.store,
        terminal=bound.terminal,
        first_z=1,
        collected_z=0,
        assigned_at=bound.since or station.clock.now(),
    )
    with station.database.transaction():
        if load_assignment(station.database) is not None:
            return False
        save_assignment(station.database, recalled)
        leave_out(station.database, bound.terminal.id, left_out)
        mark_rebuilt(station.database)
    _log.warning("assignment recalled", extra={"facts": {"store_id": bound.store.id}})
    return True


def damage_words(database: Database) -> str | None:
    """What was done about a damaged `sync.db`, until a comparison with the cloud has found all well."""
    name = fact(database, DAMAGED)
    if name is None:
        return None
    sentences = [_("The queue's file was damaged, and a new one was built from it and from the till.")]
    with database.trusted():
        numbers = json.loads(fact(database, LOST) or "[]")
    lost = [number for number in numbers if not _is_here(database, number)]
    if lost:
        sentences.append(_("Could not be built again: Z {numbers}.").format(numbers=format_numbers(lost)))
    sentences.append(_("Compare with FactoryCLOUD to be sure: V in Synchronization status."))
    sentences.append(_("The damaged file is kept: {file}").format(file=name))
    return " ".join(sentences)


def standing_trouble(station: Station) -> str | None:
    """What is wrong with the files that are kept here, in words for the operator; None where nothing is."""
    if sentence := ballast_words(station.database.path.parent):
        return sentence
    if sentence := damage_words(station.database):
        return sentence
    if sentence := elsewhere_words(station.database):
        return sentence
    if held := held_up_findings(station.database):
        return " ".join(finding_words(finding) for finding in in_order(held))
    assignment = load_assignment(station.database)
    if assignment is None:
        return None
    breaks = breaks_of(
        station.database, assignment.terminal.id, leaves_out_numbers=station.till.leaves_out_numbers
    )
    return " ".join(breaks_words(breaks)) or None


def forget_the_damage(database: Database) -> None:
    """Stop telling of the damage: all is well, or a person knows. Files that were set aside stay unseen."""
    if fact(database, DAMAGED):
        keep_fact(database, DAMAGED + "_seen", fact(database, DAMAGED) or "")
        drop_fact(database, DAMAGED)


def note_files_seen(database: Database) -> None:
    """A person knows of the files that were set aside; a script does not speak for one."""
    if unseen_files(database):
        keep_fact(database, _SEEN, json.dumps(files_set_aside(database.path.parent)))


def unseen_files(database: Database) -> tuple[str, ...]:
    """The files that were set aside beside `sync.db` and that no person has noted yet."""
    with database.trusted():
        seen = set(json.loads(fact(database, _SEEN) or "[]"))
    return tuple(name for name in files_set_aside(database.path.parent) if name not in seen)


def _is_here(database: Database, z_number: int) -> bool:
    return bool(database.row("SELECT 1 FROM shipment WHERE kind = 'Z' AND z_number = ? LIMIT 1", z_number))
