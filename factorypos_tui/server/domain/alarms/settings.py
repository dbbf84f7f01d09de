"""What owners set: how long a terminal may be silent, how much cash may differ, which mails they want."""

from typing import Annotated

from peewee import Database
from pydantic import Field, StringConstraints

from factorypos_tui.server.domain.alarms.silence import MOST_HOURS
from factorypos_tui.server.domain.forms import Form
from factorypos_tui.server.storage.alarm_tables import Alarm, MailWish, StoreWatch, TerminalWatch
from factorypos_tui.server.storage.audit import audit, company_of
from factorypos_tui.server.storage.tables import Account, Store, Terminal
from factorypos_tui.server.storage.watches import judge_again

Hours = Annotated[int, Field(ge=0, le=MOST_HOURS)]
TimeOfDay = Annotated[str, StringConstraints(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
USUAL_DAY_AT = "23:30"


class WatchForm(Form):
    """How a terminal is watched; hours that are left out are proposed by its habit."""

    period_hours: Annotated[int, Field(ge=1, le=MOST_HOURS)] | None = None
    grace_hours: Hours | None = None
    may_skip: bool = False


class Wishes(Form):
    """What an account wants to be mailed."""

    alarms: bool = False
    day_at: TimeOfDay | None = None
    """When the mail of a day leaves at the latest; none: there is no such mail."""


def set_watch(database: Database, now: str, actor: str, terminal: Terminal, form: WatchForm) -> None:
    """In the caller's transaction. It is judged anew in the next round."""
    values = {**form.model_dump(), "due_at": ""}
    insert = TerminalWatch.insert(terminal_id=terminal.id, **values)
    columns = [getattr(TerminalWatch, name) for name in values]
    insert.on_conflict(conflict_target=[TerminalWatch.terminal_id], preserve=columns).execute(database)
    company = company_of(database, terminal.store_id)
    audit(database, now, actor, "terminal.watch_set", terminal.id, company_id=company)


def set_cash_limit(database: Database, now: str, actor: str, store: Store, limit: int) -> None:
    """`limit`: minor units. In the caller's transaction."""
    insert = StoreWatch.insert(store_id=store.id, cash_limit=limit)
    insert.on_conflict(conflict_target=[StoreWatch.store_id], preserve=[StoreWatch.cash_limit]).execute(
        database
    )
    judge_again(database, Terminal.store_id == store.id)
    audit(database, now, actor, "store.cash_limit_set", store.id, company_id=store.company_id)


def wishes_of(database: Database, account: Account) -> Wishes:
    """What an account wants to be mailed: alarms, unless it says otherwise."""
    row = MailWish.select().where(MailWish.account_id == account.id).get_or_none(database)
    return Wishes(alarms=True) if row is None else Wishes(alarms=row.alarms, day_at=row.day_at)


def set_wishes(database: Database, now: str, account: Account, wishes: Wishes) -> None:
    """In the caller's transaction."""
    values = wishes.model_dump()
    insert = MailWish.insert(account_id=account.id, **values)
    columns = [getattr(MailWish, name) for name in values]
    insert.on_conflict(conflict_target=[MailWish.account_id], preserve=columns).execute(database)
    audit(database, now, account.id, "account.mail_wished", account.id)


def accept(database: Database, now: str, actor: str, alarm: Alarm) -> None:
    """Note that an alarm is known, in the caller's transaction. It is not told any more, and still ends by
    itself."""
    unaccepted = (Alarm.id == alarm.id) & Alarm.accepted_at.is_null()
    if Alarm.update(accepted_at=now).where(unaccepted).execute(database):
        company = company_of(database, alarm.store_id)
        audit(database, now, actor, "alarm.accepted", alarm.id, company_id=company)
