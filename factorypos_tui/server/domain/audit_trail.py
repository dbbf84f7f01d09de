"""What was done in a company, as its owner reads it: who, what, of what, when and from where."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from peewee import Database, ModelSelect, fn

from factorypos_tui.server.domain.audit_words import words_of
from factorypos_tui.server.domain.cloud import instant
from factorypos_tui.server.domain.dating import zone_of
from factorypos_tui.server.domain.forms import email_key
from factorypos_tui.server.domain.members import NAMES, Role
from factorypos_tui.server.domain.phrases import day, moment
from factorypos_tui.server.storage.alarm_tables import Alarm
from factorypos_tui.server.storage.enrolment_tables import EnrolmentCode
from factorypos_tui.server.storage.people_tables import Invitation
from factorypos_tui.server.storage.report_tables import XReport, ZReport
from factorypos_tui.server.storage.tables import Account, AuditEntry, Company, Store, Terminal
from factorypos_tui.server.words import told

HOST = "administrator"
"""What the commands of a host write as who acted."""
MOST_ACTORS = 200
"""So many are offered to choose from."""
COLUMNS = (
    "at",
    "local_time",
    "timezone",
    "who",
    "action",
    "what",
    "of_what",
    "network",
    "device",
    "actor",
    "subject",
)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ROLE = re.compile(r"^[0-9a-f-]{36} (owner|manager|viewer)\b")
_JOINED = re.compile(r"^([0-9a-f-]{36}) \w+ by invitation ([0-9a-f-]{36})$")
_HASH = re.compile(r"\bfor ([0-9a-f]{64})\b")
_VERSION = re.compile(r"\bfrom version ([0-9]+)\b")


@dataclass(frozen=True, slots=True)
class Sought:
    """What an owner asks for; empty is all."""

    who: str = ""
    """An id of who acted, or the e-mail of a person."""
    kind: str = ""
    """How actions begin, such as `terminal`; or one action."""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry in words, beside what stands in the audit."""

    at: str
    local_time: str
    """By the clock of `timezone`, in words."""
    timezone: str
    """That of the company's first store."""
    who: str
    """A person with their e-mail, a terminal, an enrolment code, or the host."""
    action: str
    what: str
    """The action in words."""
    of_what: str
    network: str | None
    """From where: an IPv4 address, or the /64 of an IPv6 address; null where it is not known."""
    device: str | None
    """What a person's program called itself; null of others, and where it did not say."""
    actor: str
    subject: str

    def row(self) -> dict[str, Any]:
        return asdict(self)


def timezone_of(database: Database, company: Company) -> str:
    """By whose clock a company reads the audit: that of its first store."""
    stores = Store.select(Store.timezone).where(Store.company_id == company.id)
    zone: str | None = stores.order_by(Store.created_at, Store.id).limit(1).scalar(database)
    return zone or "UTC"


def entries_of(
    database: Database, company: Company, sought: Sought, timezone: str
) -> "ModelSelect[AuditEntry]":
    """The entries about a company that fit. Of those of before entries named their company, the ones whose
    subject is the company, or a store, a terminal or a code that it has now."""
    query = AuditEntry.select().where(of_company(company))
    if sought.who:
        query = query.where(AuditEntry.actor.in_(_actors(database, sought.who)))
    if sought.kind:
        exactly = AuditEntry.action == sought.kind
        query = query.where(exactly | AuditEntry.action.startswith(f"{sought.kind}."))
    if sought.first:
        query = query.where(AuditEntry.at >= _begin_of(sought.first, timezone))
    if sought.last and sought.last < date.max:
        query = query.where(AuditEntry.at < _begin_of(sought.last + timedelta(days=1), timezone))
    return query


def of_company(company: Company) -> Any:
    """Whether an entry is about a company."""
    stores = Store.select(Store.id).where(Store.company_id == company.id)
    terminals = Terminal.select(Terminal.id).where(Terminal.store_id.in_(stores))
    codes = EnrolmentCode.select(EnrolmentCode.id).where(EnrolmentCode.store_id.in_(stores))
    begins = fn.SUBSTR(AuditEntry.subject, 1, 36)
    ours = (begins == company.id) | begins.in_(stores) | begins.in_(terminals) | begins.in_(codes)
    return (AuditEntry.company_id == company.id) | (AuditEntry.company_id.is_null() & ours)


def _actors(database: Database, who: str) -> list[str]:
    people = Account.select(Account.id).where(Account.email_key == email_key(who))
    return [who, *(row.id for row in people.bind(database))]


def _begin_of(first: date, timezone: str) -> str:
    try:
        return instant(datetime.combine(first, time.min, zone_of(timezone)).astimezone(UTC))
    except OverflowError:  # at the ends of our calendar
        return instant(datetime.combine(first, time.min, UTC))


def actors_of(database: Database, company: Company) -> list[tuple[str, str]]:
    """Who did something in a company: ids, and who that is, by name."""
    query = AuditEntry.select(AuditEntry.actor).distinct().where(of_company(company)).limit(MOST_ACTORS)
    actors = [actor for (actor,) in query.tuples().execute(database)]
    names = Names.of(database, actors)
    return sorted(((actor, names.who(actor)) for actor in actors), key=lambda it: it[1].casefold())


def shown(database: Database, rows: Sequence[AuditEntry], timezone: str) -> list[ShownEntry]:
    """Entries in the language of this call."""
    names = Names.of_entries(database, rows)
    return [
        ShownEntry(
            at=row.at,
            local_time=moment(row.at, timezone),
            timezone=timezone,
            who=names.who(row.actor),
            action=row.action,
            what=words_of(row.action),
            of_what=names.of_what(row.action, row.subject),
            network=row.network,
            device=row.device if row.actor in names.people else None,
            actor=row.actor,
            subject=row.subject,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Names:
    """Who and what is meant by the ids in entries."""

    people: Mapping[str, str]
    things: Mapping[str, str]
    codes: Mapping[str, str]
    joined: Mapping[str, str]
    """By which invitation each person came: the account that used it."""

    @classmethod
    def of_entries(cls, database: Database, rows: Sequence[AuditEntry]) -> "Names":
        """Who and what is meant in all that entries say."""
        inviting = {row.company_id for row in rows if row.action.startswith("invitation.") and row.company_id}
        joined = _joined(database, sorted(inviting)) if inviting else {}
        texts = [text for row in rows for text in (row.actor, row.subject)]
        return cls.of(database, [*texts, *joined.values()], joined)

    @classmethod
    def of(cls, database: Database, texts: Iterable[str], joined: Mapping[str, str] = {}) -> "Names":
        ids = sorted({found for text in texts for found in _ID.findall(text)})
        people = Account.select(Account.id, Account.name, Account.email).where(Account.id.in_(ids))
        named = {row.id: f"{row.name} ({row.email})" for row in people.bind(database)}
        codes = EnrolmentCode.select(EnrolmentCode.id, EnrolmentCode.name).where(EnrolmentCode.id.in_(ids))
        of_codes = {row.id: row.name for row in codes.bind(database)}
        things = {}
        for kind in (Company, Store, Terminal):
            rows = kind.select(kind.id, kind.name).where(kind.id.in_(ids))
            things.update({row.id: row.name for row in rows.bind(database)})
        things = {
            **things,
            **_reports(database, ids),
            **_alarms(database, ids),
            **_invitations(database, ids),
        }
        return cls(named, things, of_codes, joined)

    def who(self, actor: str) -> str:
        """A person with their e-mail, a terminal, a code or the host."""
        if actor == HOST:
            return told("the host")
        if found := _ID.search(actor):
            return self._name(found[0])
        return actor

    def of_what(self, action: str, subject: str) -> str:
        """What an entry is about, by names."""
        about = subject.partition(" by invitation ")[0]
        named = self._invited if action.startswith("invitation.") else self._name
        parts = [named(found) for found in _ID.findall(about)]
        if role := _ROLE.match(about):
            parts.append(told(NAMES[Role(role[1])]))
        if version := _VERSION.search(subject):
            parts.append(told("version {n}").format(n=version[1]))
        if content := _HASH.search(subject):
            parts.append(told("content {hash}").format(hash=content[1][:16]))
        return ", ".join(parts) or subject

    def _invited(self, id_: str) -> str:
        """An invitation. The audit keeps no e-mail, so of one that ended unused nobody knows whose it was."""
        if id_ in self.joined:
            return told("invitation of {who}").format(who=self._name(self.joined[id_]))
        return self.things.get(id_) or told("an invitation that was not used")

    def _name(self, id_: str) -> str:
        if id_ in self.codes:
            name = self.codes[id_]
            return told("enrolment code {name}").format(name=name) if name else told("an enrolment code")
        return self.people.get(id_) or self.things.get(id_) or id_


def _reports(database: Database, ids: Sequence[str]) -> dict[str, str]:
    zs = ZReport.select(ZReport.id, ZReport.z_number, ZReport.business_date).where(ZReport.id.in_(ids))
    names = {
        row.id: f"Z {row.z_number}, {day(date.fromisoformat(row.business_date))}" for row in zs.bind(database)
    }
    xs = XReport.select(XReport.id, XReport.business_date).where(XReport.id.in_(ids))
    names.update({row.id: f"X, {day(date.fromisoformat(row.business_date))}" for row in xs.bind(database)})
    return names


def _joined(database: Database, company_ids: Sequence[str]) -> dict[str, str]:
    """Invitations that were used, and the accounts that did."""
    came = AuditEntry.select(AuditEntry.subject).where(
        AuditEntry.company_id.in_(company_ids), AuditEntry.action == "member.joined"
    )
    found = [_JOINED.match(it.subject) for it in came.bind(database)]
    return {it[2]: it[1] for it in found if it}


def _invitations(database: Database, ids: Sequence[str]) -> dict[str, str]:
    rows = Invitation.select(Invitation.id, Invitation.email).where(Invitation.id.in_(ids))
    return {it.id: told("invitation of {who}").format(who=it.email) for it in rows.bind(database)}


def _alarms(database: Database, ids: Sequence[str]) -> dict[str, str]:
    query = Alarm.select(Alarm.id, Terminal.name).join(Terminal, on=(Terminal.id == Alarm.terminal_id))
    rows = query.where(Alarm.id.in_(ids)).tuples().execute(database)
    return {id_: told("alarm of {terminal}").format(terminal=name) for id_, name in rows}
