"""Closes the periods of a terminal, a store or a company: the oldest first, as each names the one before.

What is summed is read first and written then: constraints say that each revision is made once, whichever
process is the first."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from peewee import Database, Expression, IntegrityError, fn

from factorypos_tui.server.documents import canonical
from factorypos_tui.server.domain.closings.periods import Period, is_due, is_over, periods_with
from factorypos_tui.server.domain.closings.summing import (
    Json,
    Link,
    Subject,
    Sums,
    closing_of,
    perpetual_of,
    seen_of,
)
from factorypos_tui.server.domain.cloud import instant
from factorypos_tui.server.security.signing import Signer
from factorypos_tui.server.storage.bodies import zs_with_bodies
from factorypos_tui.server.storage.closing_tables import Closing, ClosingLook
from factorypos_tui.server.storage.report_tables import ZReport
from factorypos_tui.server.storage.tables import Store

_AT_ONCE = 50


class NotHereError(Exception):
    """The document of a Z of the period is not here, so that its sums cannot be known."""

    def __init__(self, store_id: str, business_date: str) -> None:
        super().__init__(store_id, business_date)
        self.store_id, self.business_date = store_id, business_date


ScopeKind = Literal["terminal", "store", "company"]


class Scope(NamedTuple):
    """Whose periods are closed."""

    kind: ScopeKind
    id: str

    def zs(self) -> Expression:
        """Which Zs are its own."""
        if self.kind == "terminal":
            return ZReport.terminal_id == self.id
        if self.kind == "store":
            return ZReport.store_id == self.id
        return ZReport.store_id.in_(Store.select(Store.id).where(Store.company_id == self.id))


@dataclass(slots=True)
class _Days:
    """What is known of the Zs of a period without their documents."""

    zs: list[tuple[str, str]] = field(default_factory=list)
    terminals: set[str] = field(default_factory=set)


def close_due(database: Database, now: datetime, signer: Signer, scope: Scope, most: int) -> int:
    """Make the closings and corrections that are due, of at most so many periods; how many periods that
    were. A period with a Z whose document is not here is left open, and those after it are closed. Raises
    nothing where another process was first: it has done it."""
    newest = dict(_newest_dates(database, scope))
    made = 0
    for period in _open_periods(database, scope, lambda it, days: is_due(it, now, days.terminals, newest)):
        if made == most:
            break
        try:
            made += close_period(database, instant(now), signer, scope, period)
        except (NotHereError, IntegrityError):
            continue
    return made


def close_up_to(database: Database, now: datetime, signer: Signer, scope: Scope, wanted: Period) -> bool:
    """Close a period that is over, and first those before it. Whether anything was made. Raises
    `NotHereError` where that period cannot be summed."""
    made = False
    for period in _open_periods(database, scope, lambda it, _days: is_over(it, now)):
        if period.kind is wanted.kind and period.name <= wanted.name:
            try:
                made = close_period(database, instant(now), signer, scope, period) or made
            except NotHereError:
                if period == wanted:
                    raise
            except IntegrityError:
                continue
    return made


def close_period(database: Database, now: str, signer: Signer, scope: Scope, period: Period) -> bool:
    """Close a period in each of its currencies, or correct its closings where the Zs are others by now.
    Whether anything was made. Raises `NotHereError`, and `IntegrityError` where somebody else was first."""
    held = _newest_closings(database, scope, period)  # before the Zs: who is late then meets a constraint
    sums, seen = _summed(database, scope, period)
    rows: list[dict[str, Any]] = []
    same: list[str] = []
    for currency in sorted({*sums, *held}):
        before, figures = held.get(currency), sums.get(currency) or Sums()
        if before and canonical.parse_stored(before.document.encode())["zs"] == figures.figures()["zs"]:
            same.append(before.id)
            continue
        subject = Subject(scope.kind, scope.id, currency, period)
        link = Link(
            before.revision + 1 if before else 0,
            before.content_hash if before else None,
            _hash_before(database, subject),
        )
        perpetual = perpetual_of(_newest_zs(database, scope, subject))
        document = closing_of(subject, figures, perpetual, link, str(uuid.uuid4()), now)
        rows.append(_row(subject, _signed(document, signer), seen))
    with database.atomic():
        for row in rows:
            Closing.insert(**row).execute(database)
        if same:
            Closing.update(seen=seen).where(Closing.id.in_(same)).execute(database)
    return bool(rows)


def forget_closings(database: Database, kind: ScopeKind, ids: Sequence[str]) -> None:
    """Delete all closings of what is deleted itself, in the caller's transaction."""
    Closing.delete().where(Closing.scope == kind, Closing.scope_id.in_(ids)).execute(database)
    ClosingLook.delete().where(ClosingLook.scope == kind, ClosingLook.scope_id.in_(ids)).execute(database)


def _open_periods(
    database: Database, scope: Scope, is_wanted: Callable[[Period, _Days], bool]
) -> list[Period]:
    """The periods whose Zs are others than when they were last closed, the oldest first."""
    periods: dict[Period, _Days] = defaultdict(_Days)
    columns = (ZReport.business_date, ZReport.terminal_id, ZReport.id, ZReport.content_hash)
    for day, terminal_id, report_id, content_hash in (
        ZReport.select(*columns).where(scope.zs()).tuples().execute(database)
    ):
        for period in periods_with(day):
            periods[period].zs.append((report_id, content_hash))
            periods[period].terminals.add(terminal_id)
    done = _done(database, scope)
    return [
        period
        for period in sorted(periods)
        if done.get((period.kind.value, period.name)) != {seen_of(periods[period].zs)}
        and is_wanted(period, periods[period])
    ]


def _done(database: Database, scope: Scope) -> Mapping[tuple[str, str], set[str]]:
    """What the newest closings of each period had seen."""
    columns = (Closing.period, Closing.name, Closing.currency, Closing.seen)
    rows = Closing.select(*columns).where(Closing.scope == scope.kind, Closing.scope_id == scope.id)
    newest = {
        (period, name, currency): seen
        for period, name, currency, seen in rows.order_by(Closing.revision).tuples().execute(database)
    }
    done: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (period, name, _currency), seen in newest.items():
        done[period, name].add(seen)
    return done


def _newest_dates(database: Database, scope: Scope) -> Iterator[tuple[str, str]]:
    query = ZReport.select(ZReport.terminal_id, fn.MAX(ZReport.business_date)).where(scope.zs())
    rows: Iterator[tuple[str, str]] = query.group_by(ZReport.terminal_id).tuples().execute(database)
    return rows


def _newest_closings(database: Database, scope: Scope, period: Period) -> dict[str, Closing]:
    """By currency."""
    own = (Closing.scope == scope.kind, Closing.scope_id == scope.id)
    query = Closing.select().where(*own, Closing.period == period.kind.value, Closing.name == period.name)
    return {row.currency: row for row in query.order_by(Closing.revision).bind(database)}


def _hash_before(database: Database, subject: Subject) -> str | None:
    """That of the newest closing of the newest period before."""
    own = (Closing.scope == subject.scope, Closing.scope_id == subject.scope_id)
    line = (Closing.currency == subject.currency, Closing.period == subject.period.kind.value)
    query = Closing.select(Closing.content_hash).where(*own, *line, Closing.name < subject.period.name)
    found: str | None = query.order_by(Closing.name.desc(), Closing.revision.desc()).limit(1).scalar(database)
    return found


def _summed(database: Database, scope: Scope, period: Period) -> tuple[dict[str, Sums], str]:
    """The sums by currency, and what was seen."""
    sums: dict[str, Sums] = defaultdict(Sums)
    zs: list[tuple[str, str]] = []
    columns = (ZReport.terminal_id, ZReport.z_number, ZReport.store_id, ZReport.business_date)
    between = ZReport.business_date.between(period.first_date, period.last_date)
    query = zs_with_bodies(*columns, ZReport.id, ZReport.content_hash).where(scope.zs(), between)
    after, number = "", 0
    query = query.order_by(ZReport.terminal_id, ZReport.z_number).limit(_AT_ONCE)
    while True:
        is_later = (ZReport.terminal_id > after) | (
            (ZReport.terminal_id == after) & (ZReport.z_number > number)
        )
        rows = list(query.where(is_later).tuples().execute(database))
        if not rows:
            return sums, seen_of(zs)
        for _terminal, _number, store_id, day, report_id, content_hash, document in rows:
            if document is None:
                raise NotHereError(store_id, day)
            z = canonical.parse_stored(bytes(document))
            sums[z["currency"]].add(z)
            zs.append((report_id, content_hash))
        after, number = rows[-1][:2]


def _newest_zs(database: Database, scope: Scope, subject: Subject) -> list[Json]:
    """The last Z of each terminal up to the end of the period, where it is in the currency."""
    until = ZReport.business_date <= subject.period.last_date
    last = ZReport.select(ZReport.terminal_id, fn.MAX(ZReport.z_number)).where(scope.zs(), until)
    found = []
    for terminal_id, number in list(last.group_by(ZReport.terminal_id).tuples().execute(database)):
        its_own = (ZReport.terminal_id == terminal_id) & (ZReport.z_number == number)
        query = zs_with_bodies(ZReport.store_id, ZReport.business_date).where(its_own)
        ((store_id, day, document),) = query.tuples().execute(database)
        if document is None:
            raise NotHereError(store_id, day)
        z = canonical.parse_stored(bytes(document))
        if z["currency"] == subject.currency:
            found.append(z)
    return found


def _signed(document: Json, signer: Signer) -> Json:
    signature = {"key_id": signer.key_id, "value": signer.sign(canonical.encode(document))}
    return {**document, "signature": signature}


def _row(subject: Subject, document: Json, seen: str) -> dict[str, Any]:
    return {
        "id": document["closing_id"],
        "scope": subject.scope,
        "scope_id": subject.scope_id,
        "currency": subject.currency,
        "period": subject.period.kind.value,
        "name": subject.period.name,
        "revision": document["revision"],
        "content_hash": document["content_hash"],
        "seen": seen,
        "document": canonical.encode(document).decode(),
    }
