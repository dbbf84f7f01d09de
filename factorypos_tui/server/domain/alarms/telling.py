"""Who wants it is told of alarms that begin and of their ends: of each turn once, and of no end whose
beginning was not told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import JOIN, Database, fn

from factorypos_tui.server.domain.accounts import hold_account
from factorypos_tui.server.domain.alarms.reading import read_facts
from factorypos_tui.server.domain.alarms.turns import Kind
from factorypos_tui.server.domain.alarms.wording import lasted, sentence
from factorypos_tui.server.domain.cloud import Cloud, instant
from factorypos_tui.server.domain.members import has_factor, sees
from factorypos_tui.server.mail import alarm_letters, outbox
from factorypos_tui.server.mail.alarm_letters import News
from factorypos_tui.server.storage.alarm_tables import Alarm, AlarmNotice, MailWish
from factorypos_tui.server.storage.member_tables import Member
from factorypos_tui.server.storage.tables import Account, Company, Store, StoredLetter, Terminal
from factorypos_tui.server.words import speak, told

BETWEEN = timedelta(minutes=15)
"""Two letters to one account: what begins meanwhile stands in the next one, together."""
NEWS = timedelta(days=1)
"""So long such a letter may be tried, and cash of a close that is not the last is news."""
MOST_NEWS = 500
MOST_ACCOUNTS = 200
_TOLD_ELSEWHERE = (Kind.CONFLICT,)
"""To the account that answers for the company: at once, by the letter of `domain.telling`."""
_NO_ALL_CLEAR = (Kind.CASH,)
"""Another count does not bring money back."""


@dataclass(frozen=True, slots=True)
class _New:
    alarm_id: str
    is_told: bool
    """Whether its beginning was told."""
    news: News


def tell(cloud: Cloud, now: datetime) -> bool:
    """Write to the accounts for which there is something new; whether there was any."""
    database = cloud.database
    just_told = StoredLetter.select(StoredLetter.id).where(
        StoredLetter.account_id == Account.id,
        StoredLetter.kind == "alarms",
        StoredLetter.created_at > instant(now - BETWEEN),
    )
    accounts = _news(now).select(Account.id).where(~fn.EXISTS(just_told)).distinct()
    with database.connection_context():
        rows = list(accounts.limit(MOST_ACCOUNTS).tuples().execute(database))
    told_anybody = False
    for (account_id,) in rows:
        told_anybody |= _tell(cloud, account_id, now)
    return told_anybody


def _tell(cloud: Cloud, account_id: str, now: datetime) -> bool:
    database = cloud.database
    with database.connection_context(), database.atomic():
        account = hold_account(database, account_id)  # one letter, however many servers want to tell
        last = outbox.newest(database, account_id, "alarms")
        if last is not None and last.created_at > instant(now - BETWEEN):
            return False
        speak(account.language)
        new = _read(database, account_id, now)
        if not new:
            return False
        began, over = ([it for it in new if it.is_told is is_told] for is_told in (False, True))
        link = f"{cloud.public_url}/alarms" if cloud.public_url else None
        parts = [it.news for it in began], [it.news for it in over]
        letter = alarm_letters.alarms(account.email, account.name, account.language, *parts, link)
        outbox.put(database, letter, account_id, instant(now), instant(now + NEWS))
        for it in began:
            notice = AlarmNotice(alarm_id=it.alarm_id, account_id=account_id, noticed_at=instant(now))
            notice.insert(**notice.__data__).execute(database)
        cleared = AlarmNotice.update(cleared_at=instant(now)).where(AlarmNotice.account_id == account_id)
        cleared.where(AlarmNotice.alarm_id.in_([it.alarm_id for it in over])).execute(database)
    return True


def _news(now: datetime) -> Any:
    """What is new for each account that sees the store, wants to hear of alarms, and whose e-mail is
    confirmed."""
    query = Alarm.select().join(Store, on=(Store.id == Alarm.store_id))
    query = query.join(Company, on=(Company.id == Store.company_id))
    query = query.join(Member, on=((Member.company_id == Company.id) & sees(Store.id) & has_factor()))
    query = query.join(Account, on=(Account.id == Member.account_id))
    query = query.join(Terminal, on=(Terminal.id == Alarm.terminal_id))
    its_notice = (AlarmNotice.alarm_id == Alarm.id) & (AlarmNotice.account_id == Account.id)
    query = query.join(AlarmNotice, JOIN.LEFT_OUTER, on=its_notice)
    query = query.join(MailWish, JOIN.LEFT_OUTER, on=(MailWish.account_id == Account.id))
    is_new = AlarmNotice.alarm_id.is_null() & (
        Alarm.ended_at.is_null() | (Alarm.kind.in_(_NO_ALL_CLEAR) & (Alarm.ended_at > instant(now - NEWS)))
    )
    is_over = (
        AlarmNotice.noticed_at.is_null(False)
        & AlarmNotice.cleared_at.is_null()
        & Alarm.ended_at.is_null(False)
        & Alarm.kind.not_in(_NO_ALL_CLEAR)
    )
    wants = MailWish.account_id.is_null() | MailWish.alarms
    reachable = Account.confirmed_at.is_null(False) & Account.disabled_at.is_null()
    hers = Alarm.accepted_at.is_null()
    hers &= Alarm.kind.not_in(_TOLD_ELSEWHERE) | (Account.id != Company.account_id)
    return query.where(wants, reachable, hers, is_new | is_over)


def _read(database: Database, account_id: str, now: datetime) -> list[_New]:
    columns = (Alarm.id, Alarm.kind, Alarm.facts, Alarm.began_at, Alarm.ended_at, AlarmNotice.noticed_at)
    names = (Terminal.name, Store.name, Store.timezone)
    query = _news(now).select(*columns, *names).where(Account.id == account_id)
    rows = query.order_by(Alarm.began_at, Alarm.id).limit(MOST_NEWS).tuples().execute(database)
    return [_new(*row) for row in rows]


def _new(
    alarm_id: str,
    kind: str,
    facts: str,
    began: str,
    ended: str | None,
    noticed: str | None,
    *named: str,
) -> _New:
    terminal, store, timezone = named
    read = read_facts(facts)
    words = sentence(Kind(kind), read, timezone) + "."
    if noticed is not None and ended is not None:
        wrong_for = lasted(read.since or began, ended)
        words += " " + told("It is over after {duration}.").format(duration=wrong_for)
    return _New(alarm_id, noticed is not None, News(terminal, store, words))
