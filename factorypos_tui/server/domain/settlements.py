"""Conflicts are settled: which of the reports with one place counts. All of them are kept."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from peewee import JOIN, Database, Expression, IntegrityError, fn

from factorypos_tui.server import errors
from factorypos_tui.server.documents.report import ReportDocument
from factorypos_tui.server.domain.dating import days_off
from factorypos_tui.server.domain.figures import share_again
from factorypos_tui.server.domain.held import not_here
from factorypos_tui.server.domain.members import Role, store_for, stores_for
from factorypos_tui.server.live.announcing import announce
from factorypos_tui.server.storage.audit import audit, company_of
from factorypos_tui.server.storage.bodies import body_of, exchange_body
from factorypos_tui.server.storage.report_tables import XReport, ZReport
from factorypos_tui.server.storage.tables import Account, Conflict, Store, Terminal
from factorypos_tui.server.storage.watches import judge_again
from factorypos_tui.server.words import told

State = Literal["open", "settled"]
Held = XReport | ZReport
ANYBODYS: Expression = Terminal.id.is_null(False)
"""All reports of this cloud, for its administrator."""


def with_held(conflicts: Any) -> Any:
    """Conflicts with the report that has their place: a Z, an X, or none that is still here."""
    for table in (ZReport, XReport):
        conflicts = conflicts.join(table, JOIN.LEFT_OUTER, on=(table.id == Conflict.held_id))
    return conflicts


def of_held(name: str) -> Any:
    """A column of the report that has the place of a conflict."""
    return fn.COALESCE(getattr(ZReport, name), getattr(XReport, name))


def states(database: Database, report_ids: Sequence[str]) -> dict[str, State]:
    """How far the conflicts about these reports are settled, where there are any."""
    in_all, settled = fn.COUNT(Conflict.content_hash), fn.COUNT(Conflict.settled_at)
    query = Conflict.select(Conflict.held_id, in_all, settled).where(Conflict.held_id.in_(report_ids))
    rows = query.group_by(Conflict.held_id).tuples().execute(database)
    return {held_id: "settled" if known == total else "open" for held_id, total, known in rows}


def locked(database: Database, report_id: str, whose: Expression) -> Held:
    """The report in the place of a conflict that a report takes part in, locked against senders of its
    terminal.

    Raises `NotYours` where it is none of `whose`."""
    held = _in_conflict(database, report_id, whose)
    Terminal.update(name=Terminal.name).where(Terminal.id == held.terminal_id).execute(database)
    return _in_conflict(database, report_id, whose)


def locked_for(database: Database, caller: Account | Terminal, report_id: str) -> Held:
    """The same for an owner of the company, or for the terminal that sent it. Raises `NotYours` or
    `RoleTooLow`."""
    if isinstance(caller, Terminal):
        return locked(database, report_id, Terminal.id == caller.id)
    seen = Store.id.in_(stores_for(caller.id, Role.VIEWER))
    store_for(database, caller, _in_conflict(database, report_id, seen).store_id, Role.OWNER)
    return locked(database, report_id, seen)


def settle(database: Database, held: Held, content_hash: str, actor: str, now: str) -> Held:
    """Let the report with this hash count; returns it. Raises `NotYours` where no report of the conflict has
    it, `Gone` where the document that counts is not here."""
    held = _as_it_came(database, held)
    if content_hash != held.content_hash:
        others = (Conflict.held_id == held.id) & (Conflict.content_hash == content_hash)
        chosen = Conflict.select().where(others).get_or_none(database)
        if chosen is None:
            raise errors.NotYours(told("No report of this conflict has that content."))
        held = _exchange(database, held, chosen, stood_until=now)
    Conflict.update(settled_at=now).where(Conflict.held_id == held.id).execute(database)
    judge_again(database, Terminal.id == held.terminal_id)
    company = company_of(database, held.store_id)
    audit(database, now, actor, "conflict.settled", f"{held.id} for {content_hash}", company_id=company)
    announce(database, {held.store_id})
    return held


def reopen(database: Database, held: Held, actor: str, now: str) -> Held:
    """Let the report that came first count again; returns it."""
    held = _as_it_came(database, held)
    Conflict.update(settled_at=None).where(Conflict.held_id == held.id).execute(database)
    judge_again(database, Terminal.id == held.terminal_id)
    company = company_of(database, held.store_id)
    audit(database, now, actor, "conflict.reopened", held.id, company_id=company)
    announce(database, {held.store_id})
    return held


def _in_conflict(database: Database, report_id: str, whose: Expression) -> Held:
    places = Conflict.select(Conflict.held_id).where(
        (Conflict.held_id == report_id) | (Conflict.report_id == report_id)
    )
    for table in (ZReport, XReport):
        query = table.select(table).join(Terminal, on=(Terminal.id == table.terminal_id))
        query = query.join(Store, on=(Store.id == table.store_id))
        held: Held | None = query.where(table.id.in_(places), whose).get_or_none(database)
        if held is not None:
            return held
    raise errors.NotYours(told("There is no conflict about such a report."))


def _as_it_came(database: Database, held: Held) -> Held:
    """Put the report that came first back into its place."""
    first = Conflict.select().where(Conflict.held_id == held.id, Conflict.stood_until.is_null(False))
    before = first.get_or_none(database)
    return held if before is None else _exchange(database, held, before, stood_until=None)


def _exchange(database: Database, held: Held, chosen: Conflict, stood_until: str | None) -> Held:
    """Put `chosen` into the place of `held`, which is kept beside it."""
    instead_of = _document_of(database, held)
    document, of_chosen = json.loads(bytes(chosen.document)), Conflict.content_hash == chosen.content_hash
    Conflict.delete().where(Conflict.terminal_id == held.terminal_id, of_chosen).execute(database)
    Conflict.insert(
        terminal_id=held.terminal_id,
        content_hash=held.content_hash,
        report_id=held.id,
        document=instead_of,
        received_at=held.received_at,
        held_id=held.id,
        stood_until=stood_until,
    ).execute(database)
    place = {
        "id": chosen.report_id,
        **{name: document[name] for name in ("period_id", "business_date")},
        **{name: getattr(chosen, name) for name in ("content_hash", "received_at")},
        "days_off": days_off(
            ReportDocument.model_validate(document), datetime.fromisoformat(chosen.received_at)
        ),
    }
    try:
        _put_in_place(database, held, place, document, chosen.document)
    except IntegrityError as error:
        words = told(
            "A third report holds a place of that one. Nothing was changed; decide about that one first."
        )
        raise errors.Conflict(words, "report_conflict") from error
    Conflict.update(held_id=chosen.report_id).where(Conflict.held_id == held.id).execute(database)
    share_again(database, held.terminal_id, {held.period_id, document["period_id"]}, gone=held.id)
    table = type(held)
    return table.select().where(table.id == chosen.report_id).get(database)


def _document_of(database: Database, held: Held) -> bytes:
    """Raises `Gone`."""
    document = held.document if isinstance(held, XReport) else body_of(database, held)
    if document is None:
        raise not_here(database, held.store_id, held.business_date)
    return bytes(document)


def _put_in_place(
    database: Database, held: Held, place: dict[str, Any], document: dict[str, Any], raw: bytes
) -> None:
    if isinstance(held, XReport):
        place |= {"revision": document["revision"], "document": raw}
        XReport.update(**place).where(XReport.id == held.id).execute(database)
        return
    place["z_number"] = document["z_number"]
    ZReport.update(**place).where(ZReport.id == held.id).execute(database)
    exchange_body(database, held, place["id"], place["business_date"], raw)
