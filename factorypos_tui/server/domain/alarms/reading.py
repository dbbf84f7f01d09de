"""What is known of many terminals, read by one statement of each kind, however many they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import msgspec
from peewee import Database

from factorypos_tui.server.documents.headings import Heading, heading_if_any
from factorypos_tui.server.documents.money import exponent
from factorypos_tui.server.domain.alarms import facts, queries
from factorypos_tui.server.domain.alarms.facts import (
    MOST_CONFLICTS,
    MOST_GAPS,
    After,
    Known,
    TillFinding,
    Watched,
    Z,
)
from factorypos_tui.server.domain.alarms.silence import Patience
from factorypos_tui.server.domain.alarms.turns import Facts, Found, Kind, Turn
from factorypos_tui.server.domain.numbers import gaps
from factorypos_tui.server.domain.terminals import terminals_in
from factorypos_tui.server.storage import watches
from factorypos_tui.server.storage.alarm_tables import StoreWatch, TerminalWatch
from factorypos_tui.server.storage.arrivals import spans
from factorypos_tui.server.storage.tables import Company, Store, Terminal
from factorypos_tui.server.storage.watches import LastZ

USUAL_CASH_LIMIT = 10
"""Whole units of the currency."""


def watched(database: Database, terminal_ids: Iterable[str]) -> dict[str, Watched]:
    """Terminals with how they are watched."""
    rows = queries.WATCHED.bare_rows(database, ids=list(terminal_ids))
    return {row[0]: _read_watched(row) for row in rows}


def watched_in(database: Database, store: Store) -> list[Watched]:
    """The terminals of a store by name."""
    terminals = terminals_in(store).order_by(Terminal.name, Terminal.id).bind(database)
    ids = [it.id for it in terminals]
    its = watched(database, ids)
    return [its[it] for it in ids]


def proposals(database: Database, its: Sequence[Watched], today: date) -> dict[str, Patience | None]:
    """What the last closes of terminals propose, by their ids."""
    last = last_zs(database, [it.terminal.id for it in its])
    return {it.terminal.id: facts.proposal(it, last[it.terminal.id], today) for it in its}


def _read_watched(row: tuple[Any, ...]) -> Watched:
    first, second = len(queries.OF_TERMINAL), len(queries.OF_TERMINAL) + len(queries.OF_STORE)
    third = second + len(queries.OF_WATCH)
    terminal = Terminal(**_named(queries.OF_TERMINAL, row[:first]))
    looked_at, period, grace, may_skip = row[second:third]
    watch = TerminalWatch(
        terminal_id=terminal.id,
        looked_at=looked_at or "",
        period_hours=period,
        grace_hours=grace,
        may_skip=bool(may_skip),
    )
    limit, currency, told_at, clock_offset_s, findings, leaves_out_numbers = row[third:]
    limit = _usual_cash_limit(currency) if limit is None else int(limit)
    store = Store(**_named(queries.OF_STORE, row[first:second]))
    told = _FINDINGS.decode(findings) if findings else ()
    return Watched(terminal, store, watch, limit, told_at, clock_offset_s, told, bool(leaves_out_numbers))


def _named(fields: Sequence[Any], values: Sequence[Any]) -> dict[str, Any]:
    return {field.name: value for field, value in zip(fields, values, strict=True)}


def cash_limit(database: Database, store: Store, company: Company) -> int:
    """How much the cash of a store may be over or short, in minor units."""
    row = StoreWatch.select().where(StoreWatch.store_id == store.id).get_or_none(database)
    return _usual_cash_limit(company.currency) if row is None else int(row.cash_limit)


def _usual_cash_limit(currency: str) -> int:
    return USUAL_CASH_LIMIT * int(10 ** exponent(currency))


def read_facts(text: str) -> Facts:
    """What an alarm says."""
    said: Facts = _FACTS.decode(text)
    return said


_FACTS = msgspec.json.Decoder(Facts)
_FINDINGS = msgspec.json.Decoder(tuple[TillFinding, ...])


@dataclass(frozen=True, slots=True)
class Open:
    """The open alarms of a terminal, the oldest first."""

    own: list[Turn]
    """In the stores of its account."""
    of_others: list[str]
    """The ids of those in the stores of accounts that do not have it any more."""


def open_alarms(database: Database, terminal_ids: Sequence[str]) -> Mapping[str, Open]:
    """By terminal."""
    found: defaultdict[str, Open] = defaultdict(lambda: Open([], []))
    for terminal_id, is_own, alarm_id, kind, subject, text in queries.OPEN.bare_rows(
        database, ids=terminal_ids
    ):
        if is_own:
            found[terminal_id].own.append(Turn(alarm_id, Kind(kind), subject, read_facts(text)))
        else:
            found[terminal_id].of_others.append(alarm_id)
    return found


def read(
    database: Database, its: Mapping[str, Watched], opened: Mapping[str, Open], now: datetime
) -> list[Known]:
    """What is known of terminals. Where too much has arrived for one look, only some of them are read."""
    new, cut = _read_new(database, list(its))
    ids = list(its) if cut is None else list(new)
    last, conflicts = last_zs(database, ids), _read_conflicts(database, ids)
    known = [
        Known(
            its[it],
            turns=opened[it].own,
            new=new.get(it, ()),
            is_cut=it == cut,
            last=last[it],
            conflicts=conflicts[it],
        )
        for it in ids
    ]
    known = _with_chains(database, _with_gaps(database, known))
    return [_with_cash(database, one, now) for one in known]


def _read_new(database: Database, ids: Sequence[str]) -> tuple[dict[str, list[Z]], str | None]:
    """What has arrived since the last look, by terminal. Where that is too much: what has arrived for those
    of which all was read or, if there is none, for one of which more has arrived; that one's id."""
    rows = queries.NEW.bare_rows(database, ids=ids)
    found: defaultdict[str, list[Z]] = defaultdict(list)
    for terminal_id, store_id, number, received_at, document in rows[: queries.MOST_NEW]:
        found[terminal_id].append(Z(store_id, number, received_at, _heading(document)))
    if len(rows) <= queries.MOST_NEW:
        return found, None
    following, since = rows[queries.MOST_NEW][0], rows[queries.MOST_NEW][3]
    if len(found) > 1 or following not in found:
        found.pop(following, None)
        return found, ""
    earlier = [one for one in found[following] if one.received_at < since]
    return {following: earlier or found[following]}, following


def _heading(document: bytes | None) -> Heading | None:
    return None if document is None else heading_if_any(bytes(document))


def last_zs(database: Database, ids: Iterable[str]) -> Mapping[str, Sequence[LastZ]]:
    """By terminal: its last Zs, the newest first."""
    found: defaultdict[str, list[LastZ]] = defaultdict(list)
    for row in watches.last_zs(database, ids, queries.RECENT_CLOSES):
        found[row.terminal_id].append(row)
    return found


def _read_conflicts(database: Database, ids: Sequence[str]) -> Mapping[str, Sequence[Found]]:
    """By terminal: the alarms about reports for one place, at most `MOST_CONFLICTS` of each."""
    found: defaultdict[str, list[Found]] = defaultdict(list)
    for terminal_id, held_id, number, day, store_id, others in queries.CONFLICTS.bare_rows(database, ids=ids):
        told = Facts((number,) if number else (), others + 1, report_id=held_id, business_date=day)
        if len(found[terminal_id]) < MOST_CONFLICTS:
            found[terminal_id].append(Found(Kind.CONFLICT, held_id, told, store_id=store_id))
    return found


def _with_gaps(database: Database, known: Sequence[Known]) -> list[Known]:
    """The same with the gaps of those that have any."""
    asked = {one.id: one.it.terminal.account_id for one in known if not one.it.may_skip}
    found = {
        it: gaps(database, it, asked[it], MOST_GAPS)
        for it, (low, high, count) in spans(database, asked).items()
        if count <= high - low
    }
    after: defaultdict[str, dict[int, After]] = defaultdict(dict)
    places = [(it, high) for it, around in found.items() for _low, high in around]
    for z in watches.zs_at(database, places, with_documents=False):
        after[z.terminal_id][z.z_number] = After(z.store_id, z.received_at)
    return [
        replace(one, gaps=found[one.id], after=after[one.id]) if one.id in found else one for one in known
    ]


def _with_chains(database: Database, known: Sequence[Known]) -> list[Known]:
    """The same with the Zs before and behind those that are new, or whose place in the chain was wrong."""
    others = [(one.id, number) for one in known for number in _others_in_chain(one)]
    asked: defaultdict[str, list[Z]] = defaultdict(list)
    for z in watches.zs_at(database, others, with_documents=True):
        asked[z.terminal_id].append(Z(z.store_id, z.z_number, z.received_at, _heading(z.document)))
    before = [(one.id, z.z_number - 1) for one in known for z in (*one.new, *asked[one.id])]
    hashes: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for z in watches.zs_at(database, before, with_documents=False):
        hashes[z.terminal_id][z.z_number] = z.content_hash
    if not hashes:
        return list(known)
    refused: defaultdict[str, set[str]] = defaultdict(set)
    for terminal_id, content_hash in queries.REFUSED.bare_rows(database, ids=list(hashes)):
        refused[terminal_id].add(content_hash)
    return [
        replace(one, asked=asked[one.id], hashes=hashes[one.id], refused=refused[one.id]) for one in known
    ]


def _others_in_chain(known: Known) -> set[int]:
    here = {z.z_number for z in known.new}
    wrong = {int(it.subject) for it in known.open_of(Kind.CHAIN)}
    return (wrong | {number + 1 for number in here}) - here


def _with_cash(database: Database, known: Known, now: datetime) -> Known:
    """The same with the last count of cash, where counts differ or differed too much."""
    wrong = facts.wrong_counts(known.it, facts.counted(known.new, now))
    numbers = [it.z_number for it in wrong] + [int(it.subject) for it in known.open_of(Kind.CASH)]
    if not numbers:
        return known
    rows = queries.NEWEST_COUNTS.bare_rows(database, terminal_id=known.id, first=min(numbers))
    newest = next((it.z_number for (row,) in rows if (it := facts.count_of(_heading(row)))), 0)
    subjects = [str(it.z_number) for it in wrong]
    seen = queries.CASH_KNOWN.bare_rows(database, terminal_id=known.id, subjects=subjects)
    return replace(known, newest_count=newest, cash_known={it for (it,) in seen})
