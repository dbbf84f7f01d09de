"""Conflicts are settled: which of the reports with one place counts. All of them are kept."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from peewee import Database, Expression, IntegrityError, fn

from factorypos_tui.server import errors
from factorypos_tui.server.documents.report import ReportDocument
from factorypos_tui.server.domain.dating import days_off
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.tables import Account, Company, Conflict, Report, Store, Terminal
from factorypos_tui.server.words import told

State = Literal["open", "settled"]
ANYBODYS: Expression = Report.id.is_null(False)
"""All reports of this cloud, for its administrator."""


def states(database: Database, report_ids: Sequence[str]) -> dict[str, State]:
    """How far the conflicts about these reports are settled, where there are any."""
    in_all, settled = fn.COUNT(Conflict.content_hash), fn.COUNT(Conflict.settled_at)
    query = Conflict.select(Conflict.held_id, in_all, settled).where(Conflict.held_id.in_(report_ids))
    rows = query.group_by(Conflict.held_id).tuples().execute(database)
    return {held_id: "settled" if known == total else "open" for held_id, total, known in rows}


def locked(database: Database, report_id: str, whose: Expression) -> Report:
    """The report in the place of a conflict that a report takes part in, locked against senders of its
    terminal.

    Raises `NotYours` where it is none of `whose`."""
    held = _in_conflict(database, report_id, whose)
    Terminal.update(name=Terminal.name).where(Terminal.id == held.terminal_id).execute(database)
    return _in_conflict(database, report_id, whose)


def settle(database: Database, held: Report, content_hash: str, actor: str, now: str) -> Report:
    """Let the report with this hash count; returns it. Raises `NotYours` where no report of the conflict has
    it."""
    held = _as_it_came(database, held)
    if content_hash != held.content_hash:
        others = (Conflict.held_id == held.id) & (Conflict.content_hash == content_hash)
        chosen = Conflict.select().where(others).get_or_none(database)
        if chosen is None:
            raise errors.NotYours(told("No report of this conflict has that content."))
        held = _exchange(database, held, chosen, stood_until=now)
    Conflict.update(settled_at=now).where(Conflict.held_id == held.id).execute(database)
    audit(database, now, actor, "conflict.settled", f"{held.id} for {content_hash}")
    return held


def reopen(database: Database, held: Report, actor: str, now: str) -> Report:
    """Let the report that came first count again; returns it."""
    held = _as_it_came(database, held)
    Conflict.update(settled_at=None).where(Conflict.held_id == held.id).execute(database)
    audit(database, now, actor, "conflict.reopened", held.id)
    return held


def theirs(caller: Account | Terminal) -> Expression:
    """The reports that an owner, or a terminal, may decide about."""
    if isinstance(caller, Terminal):
        return Report.terminal_id == caller.id
    return Company.account_id == caller.id


def _in_conflict(database: Database, report_id: str, whose: Expression) -> Report:
    places = Conflict.select(Conflict.held_id).where(
        (Conflict.held_id == report_id) | (Conflict.report_id == report_id)
    )
    query = Report.select(Report).join(Store, on=(Store.id == Report.store_id))
    query = query.join(Company, on=(Company.id == Store.company_id))
    held: Report | None = query.where(Report.id.in_(places), whose).get_or_none(database)
    if held is None:
        raise errors.NotYours(told("There is no conflict about such a report."))
    return held


def _as_it_came(database: Database, held: Report) -> Report:
    """Put the report that came first back into its place."""
    first = Conflict.select().where(Conflict.held_id == held.id, Conflict.stood_until.is_null(False))
    before = first.get_or_none(database)
    return held if before is None else _exchange(database, held, before, stood_until=None)


def _exchange(database: Database, held: Report, chosen: Conflict, stood_until: str | None) -> Report:
    """Put `chosen` into the place of `held`, which is kept beside it."""
    document, of_chosen = json.loads(bytes(chosen.document)), Conflict.content_hash == chosen.content_hash
    Conflict.delete().where(Conflict.terminal_id == held.terminal_id, of_chosen).execute(database)
    Conflict.insert(
        terminal_id=held.terminal_id,
        content_hash=held.content_hash,
        report_id=held.id,
        document=held.document,
        received_at=held.received_at,
        held_id=held.id,
        stood_until=stood_until,
    ).execute(database)
    place = {
        "id": chosen.report_id,
        **{name: document[name] for name in ("period_id", "z_number", "revision", "business_date")},
        **{name: getattr(chosen, name) for name in ("content_hash", "document", "received_at")},
        "days_off": days_off(
            ReportDocument.model_validate(document), datetime.fromisoformat(chosen.received_at)
        ),
    }
    try:
        Report.update(**place).where(Report.id == held.id).execute(database)
    except IntegrityError as error:
        words = told(
            "A third report holds a place of that one. Nothing was changed; decide about that one first."
        )
        raise errors.Conflict(words, "report_conflict") from error
    Conflict.update(held_id=chosen.report_id).where(Conflict.held_id == held.id).execute(database)
    return Report.select().where(Report.id == chosen.report_id).get(database)
