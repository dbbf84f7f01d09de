"""The mail of a store's day: once it is whole, else at an hour that its reader has chosen; once."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from peewee import Database, Expression

from factorypos_tui.server.domain.accounts import hold_account
from factorypos_tui.server.domain.alarms.day_words import told_day
from factorypos_tui.server.domain.cloud import Cloud, instant
from factorypos_tui.server.domain.dating import zone_of
from factorypos_tui.server.domain.members import Role, stores_for
from factorypos_tui.server.domain.ranges import days_after, days_before, today_in
from factorypos_tui.server.mail import alarm_letters, outbox
from factorypos_tui.server.storage.alarm_tables import DayMail, MailWish
from factorypos_tui.server.storage.days import numbers_between
from factorypos_tui.server.storage.tables import Account, Company, Store, Terminal
from factorypos_tui.server.words import speak

WEEK = 7
MORNING = 12
"""An hour before this one is an hour of the next morning."""
GOOD_FOR = timedelta(days=1)
MOST_LETTERS = 200
"""Of one round."""


@dataclass(frozen=True, slots=True)
class Closes:
    """Which terminals of a store have closed a day."""

    expected: frozenset[str]
    """Those that closed on the same weekday of the week before and are still there."""
    closed: frozenset[str]

    def is_whole(self) -> bool:
        return bool(self.expected) and self.expected <= self.closed

    def is_known(self) -> bool:
        """Whether there is anything to tell: on a day off there is not."""
        return bool(self.expected | self.closed)


def deadline(day: date, at: str, timezone: str) -> datetime:
    """When the mail of a day leaves at the latest. `at`: `HH:MM` on the wall of the store. A time that the
    clocks leave out is that much later; of one that comes twice it is the first."""
    moment = time.fromisoformat(at)
    on = days_after(day, 1) if moment.hour < MORNING else day
    return datetime.combine(on, moment, zone_of(timezone)).astimezone(UTC)


def is_time(closes: Closes, latest: datetime, now: datetime) -> bool:
    return closes.is_whole() or (now >= latest and closes.is_known())


def mail_days(cloud: Cloud, now: datetime) -> bool:
    """Write the mails of days that are due; whether there was any."""
    database, left = cloud.database, MOST_LETTERS
    wanting = MailWish.select(MailWish.account_id, MailWish.day_at).where(MailWish.day_at.is_null(False))
    wanting = wanting.join(Account, on=(Account.id == MailWish.account_id)).where(
        Account.confirmed_at.is_null(False), Account.disabled_at.is_null()
    )
    with database.connection_context():
        for wish in list(wanting.order_by(MailWish.account_id).bind(database)):
            for store, day in list(_due(database, wish, now))[:left]:
                left -= _mail(cloud, wish.account_id, store, day, now)
            if left <= 0:
                break
    return left < MOST_LETTERS


def _due(database: Database, wish: MailWish, now: datetime) -> Iterator[tuple[Store, date]]:
    stores = list(Store.select().where(_mine(wish.account_id)).bind(database))
    if not stores:
        return
    days = {store.id: (days_before(today_in(store, now), 1), today_in(store, now)) for store in stores}
    first = min(day for of_store in days.values() for day in of_store)
    done = {(row.store_id, row.business_date) for row in _sent(database, wish.account_id, first)}
    waiting = [it for it in stores if any((it.id, day.isoformat()) not in done for day in days[it.id])]
    closes = _closes(database, waiting, days)
    for store in waiting:
        for day in days[store.id]:
            latest = deadline(day, wish.day_at or "", store.timezone)
            if (store.id, day.isoformat()) not in done and is_time(closes[store.id, day], latest, now):
                yield store, day


def _mine(account_id: str) -> Expression:
    """The condition that a store is one that the account sees."""
    condition: Expression = Store.id.in_(stores_for(account_id, Role.VIEWER))
    return condition


def _sent(database: Database, account_id: str, first: date) -> Iterator[DayMail]:
    since = DayMail.business_date >= first.isoformat()
    return iter(DayMail.select().where(DayMail.account_id == account_id, since).bind(database))


def _closes(
    database: Database, stores: Collection[Store], days: dict[str, tuple[date, date]]
) -> dict[tuple[str, date], Closes]:
    """By store and day."""
    ids = [store.id for store in stores]
    if not ids:
        return {}
    first = days_before(min(days[it][0] for it in ids), WEEK)
    by_day: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for number in numbers_between(database, ids, first, max(days[it][1] for it in ids)):
        by_day[number.store_id, number.business_date].add(number.terminal_id)
    there: defaultdict[str, set[str]] = defaultdict(set)
    at_work = Terminal.store_id.in_(ids) & Terminal.revoked_at.is_null()
    for terminal in Terminal.select(Terminal.id, Terminal.store_id).where(at_work).bind(database):
        there[terminal.store_id].add(terminal.id)
    return {
        (it, day): Closes(
            frozenset(by_day[it, days_before(day, WEEK).isoformat()] & there[it]),
            frozenset(by_day[it, day.isoformat()]),
        )
        for it in ids
        for day in days[it]
    }


def _mail(cloud: Cloud, account_id: str, store: Store, day: date, now: datetime) -> bool:
    """Write the mail of a day, unless somebody else has, or its reader may not see the store any more."""
    database = cloud.database
    with database.atomic():
        account = hold_account(database, account_id)
        if not Store.select().where(Store.id == store.id, _mine(account_id)).exists(database):
            return False  # no member there any more, or of other stores
        sent = DayMail(
            account_id=account_id, store_id=store.id, business_date=day.isoformat(), sent_at=instant(now)
        )
        if not DayMail.insert(**sent.__data__).on_conflict_ignore().as_rowcount().execute(database):
            return False
        speak(account.language)
        company = Company.select(Company.name).where(Company.id == store.company_id).scalar(database)
        link = f"{cloud.public_url}/stores/{store.id}/days/{day}" if cloud.public_url else None
        told = told_day(database, store, company, day)
        letter = alarm_letters.day(account.email, account.name, account.language, told, link)
        outbox.put(database, letter, account_id, instant(now), instant(now + GOOD_FOR))
    return True
