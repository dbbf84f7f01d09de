"""Tells owners what happened: of reports that contradict others in one letter an hour, which says how many
there are, of a new password, and of a terminal that was assigned with a phone."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from peewee import Database, fn

from factorypos_tui.server.domain.accounts import hold_account
from factorypos_tui.server.domain.alarms.settings import wishes_of
from factorypos_tui.server.domain.cloud import Cloud, instant
from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.domain.settlements import of_held, with_held
from factorypos_tui.server.mail import letters, outbox
from factorypos_tui.server.mail.letters import Chosen, Letter
from factorypos_tui.server.mail.terminal_letters import terminal_assigned
from factorypos_tui.server.storage.device_tables import DeviceAuthorization
from factorypos_tui.server.storage.member_tables import Member
from factorypos_tui.server.storage.tables import Account, Company, Conflict, Store, Terminal

MOST_COUNTED = 1_000
"""Conflicts that one letter counts: it is written in the transaction in which reports come to rest."""
BETWEEN = timedelta(hours=1)
"""Two letters to one account."""
NEWS = timedelta(days=3)
"""So long after it was due, a letter that says what happened may be tried."""


def tell_of_conflicts(database: Database, now: str, account_ids: Iterable[str]) -> None:
    """Write to these accounts, in the caller's transaction, of the conflicts that are new there, unless they
    want no mails about alarms.

    The first letter leaves at once. What comes within the hour after it is gathered in a second one."""
    for account_id in sorted(account_ids):
        account = hold_account(database, account_id)  # one letter, however many tell of it
        if account.told_full_at is not None:
            Account.update(told_full_at=None).where(Account.id == account_id).execute(database)
        if account.confirmed_at is None or not wishes_of(database, account).alarms:
            continue
        last = outbox.newest(database, account_id, "report_conflict")
        if last and outbox.rewrite(database, last.id, _letter_since(database, account, last.created_at)):
            continue
        due = max(now, later(last.expires_at, BETWEEN - NEWS)) if last else now
        letter = _letter_since(database, account, now)
        outbox.put(database, letter, account_id, now, until=later(due, NEWS), due=due)


def tell_of_no_room(database: Database, now: str, account_ids: Iterable[str]) -> None:
    """Write to these accounts, in the caller's transaction, that no more of what contradicts is kept: once,
    until some of it is kept again."""
    for account_id in sorted(account_ids):
        untold = (Account.id == account_id) & Account.told_full_at.is_null()
        is_news = Account.update(told_full_at=now).where(untold).execute(database)
        if is_news and outbox.newest(database, account_id, "no_room") is None:  # at most one a day
            account = Account.select().where(Account.id == account_id).get(database)
            letter = letters.no_room_for_conflicts(account.email, account.name, account.language)
            outbox.put(database, letter, account_id, now, until=later(now, NEWS))


def tell_of_new_password(database: Database, now: str, account: Account, chosen: Chosen) -> None:
    """Write to an account, in the caller's transaction, that its password was changed."""
    letter = letters.password_changed(account.email, account.name, account.language, chosen)
    outbox.put(database, letter, account.id, now, until=later(now, NEWS))


def tell_of_assignment(
    cloud: Cloud, company: Company, store: Store, approver: Account, asked: DeviceAuthorization
) -> None:
    """Write to the owners of a company, in the caller's transaction, that a terminal was assigned that
    a person approved, so that they can revoke it."""
    values = {
        "terminal": asked.name,
        "store": f"{company.name}, {store.name}",
        "approver": approver.name,
        "address": asked.address,
    }
    path = f"/terminals/{asked.terminal_id}/end"
    link = f"{cloud.public_url}{path}" if cloud.public_url else None
    owners = Account.select().join(Member, on=(Member.account_id == Account.id))
    owners = owners.where(Member.company_id == company.id, Member.role == Role.OWNER.value)
    for owner in owners.where(Account.disabled_at.is_null()).bind(cloud.database):
        letter = terminal_assigned(owner.email, owner.name, owner.language, values, link)
        outbox.put(cloud.database, letter, owner.id, cloud.now(), until=later(cloud.now(), NEWS))


def later(moment: str, wait: timedelta) -> str:
    """The instant so long after another one."""
    return instant(datetime.fromisoformat(moment) + wait)


def _letter_since(database: Database, account: Account, since: str) -> Letter:
    """What came from this instant on and is not settled."""
    store = fn.COALESCE(of_held("store_id"), Terminal.store_id)
    new = (
        with_held(Conflict.select())
        .join(Terminal, on=(Terminal.id == Conflict.terminal_id))
        .join(Store, on=(Store.id == store))
        .where(Terminal.account_id == account.id, Conflict.received_at >= since)
        .where(Conflict.settled_at.is_null())
    )
    named = (Terminal.name, Store.name)
    ids = (Terminal.id, Store.id)
    found = list(new.select(*ids, *named).limit(MOST_COUNTED).tuples().execute(database))
    to = account.email, account.name, account.language
    if len(found) == 1:
        return letters.report_conflict(*to, _details(database, new))
    terminals = [(terminal, store, number) for (*_, terminal, store), number in Counter(found).most_common()]
    return letters.report_conflicts(*to, terminals, or_more=len(found) == MOST_COUNTED)


def _details(database: Database, new: Any) -> dict[str, str]:
    columns = (
        Terminal.name.alias("terminal"),
        Store.name.alias("store"),
        Conflict.report_id,
        Conflict.content_hash,
        Conflict.document,
    )
    row: dict[str, Any] = new.select(*columns).dicts().get(database)
    document = json.loads(bytes(row.pop("document")))
    report = f"Z {document['z_number']}" if document["kind"] == "Z" else "X"
    return {**row, "report": report, "date": document["business_date"]}
