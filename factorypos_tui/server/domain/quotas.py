"""How much one account may keep: generous numbers, so that no account fills a server that others use."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peewee import Database, ModelSelect

from factorypos_tui.server import errors
from factorypos_tui.server.domain import limits
from factorypos_tui.server.storage import arrivals, buckets
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.buckets import bucket_key
from factorypos_tui.server.storage.tables import Conflict, Terminal
from factorypos_tui.server.words import told

GIB = 1024**3


@dataclass(slots=True)
class Room:
    """What accounts keep while their terminals send, within one transaction. It is read when it is needed."""

    database: Database
    account_ids: Collection[str]
    _bytes: dict[str, int] = field(default_factory=dict)
    _conflicts: dict[str, int] = field(default_factory=dict)

    def takes(self, account_id: str, size: int) -> bool:
        """Whether the account may keep a report of so many bytes; if so, it is counted."""
        if not self._bytes:
            self._bytes = arrivals.kept_bytes(self.database, self.account_ids)
        if self._bytes[account_id] + size > limits.KEPT_BYTES:
            return False
        self._bytes[account_id] += size
        return True

    def takes_conflict(self, account_id: str, size: int) -> bool:
        """The same for a report that contradicts another."""
        if account_id not in self._conflicts:
            self._conflicts[account_id] = _open_conflicts(self.database, account_id)
        if self._conflicts[account_id] >= limits.OPEN_CONFLICTS or not self.takes(account_id, size):
            return False
        self._conflicts[account_id] += 1
        return True


def _open_conflicts(database: Database, account_id: str) -> int:
    theirs = Conflict.select(Conflict.content_hash).join(Terminal, on=(Terminal.id == Conflict.terminal_id))
    is_open = (Terminal.account_id == account_id) & Conflict.settled_at.is_null()
    return theirs.where(is_open).limit(limits.OPEN_CONFLICTS).count(database)


def count_change(database: Database, now: str, actor: str) -> None:
    """Count one more change by an account or a terminal, in the caller's transaction; raises `TooOften`."""
    now_ms = int(datetime.fromisoformat(now).timestamp() * 1000)
    if wait := buckets.take(database, now_ms, [(bucket_key("change", actor), limits.CHANGES)]):
        raise errors.TooOften(wait)


def note_change(
    database: Database,
    now: str,
    actor: str,
    action: str,
    subject: str,
    *,
    company_id: str = "",
    network: str | None = None,
) -> None:
    """Tell the audit of a change that can be made again and again, in the caller's transaction; raises
    `TooOften`."""
    count_change(database, now, actor)
    audit(database, now, actor, action, subject, company_id=company_id, network=network)


def over_bytes() -> errors.OverQuota:
    words = told("The account keeps {most} GiB of reports and configurations; one account may have no more.")
    return _over_quota(words, limits.KEPT_BYTES // GIB)


def require_bytes(database: Database, account_id: str, size: int) -> None:
    """Raises `OverQuota` where an account may not keep so many bytes more."""
    if not Room(database, [account_id]).takes(account_id, size):
        raise over_bytes()


def require_room(database: Database, kept: "ModelSelect[Any]", most: int, words: str, more: int = 1) -> None:
    """Raises `OverQuota` with these words, in which {most} is filled in, where so many more would be more
    than `most`."""
    if kept.count(database) + more > most:
        raise _over_quota(words, most)


def _over_quota(words: str, most: int) -> errors.OverQuota:
    whom = told("Nothing was stored. If you need more, ask the person who runs this FactoryCLOUD.")
    return errors.OverQuota(f"{words.format(most=most)} {whom}")
