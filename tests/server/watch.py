"""Rounds as a server makes them each minute, and what they leave."""

from typing import Any

from factorypos_tui.server.domain.alarms.reading import read_facts
from factorypos_tui.server.domain.alarms.rounds import make_round
from factorypos_tui.server.domain.alarms.turns import Facts, Kind
from factorypos_tui.server.storage.alarm_tables import Alarm
from factorypos_tui.server.storage.tables import Account, StoredLetter
from tests.server.shop import Owner, Shop


def no_rest(_seconds: float) -> bool:
    return False


def watch(shop: Shop, minutes: int = 0, step: int = 8) -> None:
    """Make a round now, every few minutes while so much time passes, and at its end."""
    make_round(shop.cloud, no_rest)
    for done in range(0, minutes, step):
        shop.clock.advance(60 * min(step, minutes - done))
        make_round(shop.cloud, no_rest)


def alarms(shop: Shop, terminal: str, *, is_open: bool | None = True) -> list[tuple[str, Facts]]:
    """The alarms of a terminal, the oldest first."""
    query = Alarm.select().where(Alarm.terminal_id == terminal).order_by(Alarm.began_at, Alarm.id)
    if is_open is not None:
        query = query.where(Alarm.ended_at.is_null(is_open))
    with shop.cloud.database.connection_context():
        return [(row.kind, read_facts(row.facts)) for row in query.bind(shop.cloud.database)]


def kinds(shop: Shop, terminal: str, *, is_open: bool | None = True) -> list[Kind]:
    return sorted(Kind(kind) for kind, _facts in alarms(shop, terminal, is_open=is_open))


def letters(shop: Shop, owner: Owner, kind: str = "alarms") -> list[Any]:
    """All that were written to an owner, sent or not."""
    database = shop.cloud.database
    with database.connection_context():
        account = Account.select(Account.id).where(Account.email == owner.email)
        query = StoredLetter.select().where(StoredLetter.account_id == account, StoredLetter.kind == kind)
        return list(query.order_by(StoredLetter.created_at).bind(database))
