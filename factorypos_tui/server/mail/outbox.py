"""The letters in the database: they are written in the transaction of what they tell, wait there until the
postman of one server takes them, and lose their text as soon as they are sent or given up."""

import uuid
from dataclasses import dataclass

from peewee import Database, Expression, Value, fn

from factorypos_tui.server.mail.letters import CONFIRMING, TO_OTHERS, Letter
from factorypos_tui.server.storage.tables import Account, StoredLetter
from factorypos_tui.server.words import marked

TOO_LATE = marked("It could not be sent in time.")
_is_waiting = StoredLetter.state == "waiting"


@dataclass(frozen=True, slots=True)
class Backlog:
    """Letters that have not left, to one recipient and with one cause."""

    state: str
    """`waiting` or `given_up`."""
    recipient: str
    cause: str
    """Why the last try failed; empty where there was none."""
    count: int


def put(database: Database, letter: Letter, account_id: str, now: str, until: str, due: str = "") -> str:
    """Keep a letter in the caller's transaction, if there is such an account and it may get this one; returns
    its id. It leaves from `due` on, at once if that is empty, and not after `until`."""
    letter_id = str(uuid.uuid4())
    row = {
        StoredLetter.id: letter_id,
        StoredLetter.account_id: account_id,
        StoredLetter.kind: letter.kind,
        StoredLetter.recipient: letter.to,
        StoredLetter.subject: letter.subject,
        StoredLetter.text: letter.text,
        StoredLetter.state: "waiting",
        StoredLetter.created_at: now,
        StoredLetter.due_at: due or now,
        StoredLetter.expires_at: until,
        StoredLetter.tries: 0,
    }
    theirs = Account.select(*(Value(value) for value in row.values())).where(Account.id == account_id)
    if letter.kind not in CONFIRMING | TO_OTHERS:
        theirs = theirs.where(Account.confirmed_at.is_null(False))
    StoredLetter.insert_from(theirs, list(row)).execute(database)
    return letter_id


def rewrite(database: Database, letter_id: str, letter: Letter) -> bool:
    """Give a letter another text; whether that was in time, before anybody took it."""
    itself = (StoredLetter.id == letter_id) & _is_waiting & (StoredLetter.tries == 0)
    change = StoredLetter.update(subject=letter.subject, text=letter.text).where(itself)
    return bool(change.execute(database))


def newest(database: Database, account_id: str, kind: str) -> StoredLetter | None:
    """The letter of this kind that was written to an account last; of those that were sent, of a day."""
    theirs = (StoredLetter.account_id == account_id) & (StoredLetter.kind == kind)
    query = StoredLetter.select().where(theirs)
    return query.order_by(StoredLetter.created_at.desc(), StoredLetter.due_at.desc()).get_or_none(database)


def take(database: Database, now: str, lease: str) -> StoredLetter | None:
    """The letter that has been due for the longest time. Nobody else takes it before the instant `lease`: if
    this server ends meanwhile, it is due again then."""
    due = StoredLetter.select(StoredLetter.id, StoredLetter.due_at).where(
        _is_waiting, StoredLetter.due_at <= now, StoredLetter.expires_at > now
    )
    while (found := due.order_by(StoredLetter.due_at, StoredLetter.id).get_or_none(database)) is not None:
        untaken = (StoredLetter.id == found.id) & (StoredLetter.due_at == found.due_at) & _is_waiting
        taken = StoredLetter.update(due_at=lease, tries=StoredLetter.tries + 1).where(untaken)
        if taken.execute(database):
            return StoredLetter.select().where(StoredLetter.id == found.id).get(database)
    return None


def was_sent(database: Database, taken: StoredLetter, now: str) -> None:
    sent = StoredLetter.update(state="sent", text=None, cause=None, ended_at=now)
    sent.where(_still(taken)).execute(database)


def try_again(database: Database, taken: StoredLetter, now: str, due: str, cause: str | None) -> None:
    """Let a letter wait for its next try; it is given up if that were too late for it."""
    if due >= taken.expires_at:
        give_up(database, taken, now, cause or TOO_LATE)
    else:
        StoredLetter.update(due_at=due, cause=cause).where(_still(taken)).execute(database)


def give_up(database: Database, taken: StoredLetter, now: str, cause: str) -> None:
    ended = StoredLetter.update(state="given_up", text=None, cause=cause, ended_at=now)
    ended.where(_still(taken)).execute(database)


def _still(taken: StoredLetter) -> Expression:
    """A letter whose lease has passed may be in another server's hands."""
    return (StoredLetter.id == taken.id) & (StoredLetter.due_at == taken.due_at) & _is_waiting


def tidy(database: Database, now: str, sent_before: str, given_up_before: str) -> None:
    """Give up what is too late, and forget the letters that ended before these instants."""
    is_late = _is_waiting & (StoredLetter.expires_at <= now) & (StoredLetter.due_at <= now)
    cause = fn.COALESCE(StoredLetter.cause, TOO_LATE)
    ended = StoredLetter.update(state="given_up", text=None, cause=cause, ended_at=now)
    is_old = (StoredLetter.state == "sent") & (StoredLetter.ended_at <= sent_before)
    is_old |= (StoredLetter.state == "given_up") & (StoredLetter.ended_at <= given_up_before)
    with database.atomic():
        ended.where(is_late).execute(database)
        StoredLetter.delete().where(is_old).execute(database)


def waiting(database: Database) -> int:
    """How many letters have not left and are not given up."""
    return StoredLetter.select().where(_is_waiting).count(database)


def overdue(database: Database, written_before: str) -> int:
    """How many letters wait that should have left by now: they were due, and written, before this instant, or
    a try failed."""
    since = (StoredLetter.due_at <= written_before) | (StoredLetter.tries > 0)
    query = StoredLetter.select().where(_is_waiting, since, StoredLetter.created_at <= written_before)
    return int(query.count(database))


def backlog(database: Database) -> list[Backlog]:
    """The letters that wait and those that were given up, together where they have recipient and cause in
    common; those that will never leave first."""
    same = (StoredLetter.state, StoredLetter.recipient, StoredLetter.cause)
    query = StoredLetter.select(*same, fn.COUNT(1)).where(StoredLetter.state != "sent").group_by(*same)
    rows = query.order_by(*same).tuples().execute(database)
    return [Backlog(state, recipient, why or "", count) for state, recipient, why, count in rows]
