"""A terminal about which nothing can have changed is at rest: a look at it would change nothing, and its rest
costs nothing."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from factorypos_tui.server.domain.alarms.settings import WatchForm, set_cash_limit, set_watch
from factorypos_tui.server.domain.alarms.turns import Kind
from factorypos_tui.server.domain.companies import StoreChange, change_store
from factorypos_tui.server.domain.terminals import revoke_terminal
from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.storage.alarm_tables import Alarm, TerminalWatch
from factorypos_tui.server.storage.migrating import migrate
from factorypos_tui.server.storage.tables import Account, Store, Terminal
from tests.server.conftest import KINDS, at_work
from tests.server.shop import Json, Owner, Shop, Till
from tests.server.test_alarms import impatient
from tests.server.test_checking import chained, sent
from tests.server.watch import kinds, watch


@pytest.fixture(params=KINDS)
def own_shop(
    request: pytest.FixtureRequest, tmp_path: Path, new_postgres: Callable[[], str]
) -> Iterator[Shop]:
    """A server whose database nobody else has."""
    if request.param == "sqlite":
        database = databases.sqlite_database(tmp_path / "cloud.db")
    else:
        database = databases.postgresql_database(new_postgres())
    migrate(database)
    with at_work(database) as shop:
        yield shop
    databases.close(database)


@pytest.fixture
def shop(shop_apart: Shop) -> Shop:
    """The server that holds what this module makes, and no more."""
    return shop_apart


@contextmanager
def statements(shop: Shop) -> Iterator[list[str]]:
    """What this thread asks of the database meanwhile."""
    database: Any = shop.cloud.database
    caller, run = threading.current_thread(), list[str]()
    execute_sql = database.execute_sql

    def execute(sql: str, *values: object) -> Any:
        if threading.current_thread() is caller:
            run.append(sql)
        return execute_sql(sql, *values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "execute_sql", execute)
        yield run


def cost(shop: Shop) -> int:
    """The statements of one round."""
    shop.clock.advance(60)
    with statements(shop) as run:
        watch(shop)
    return len(run)


def test_a_round_in_which_nothing_happened_costs_the_same_for_one_and_for_many(own_shop: Shop) -> None:
    owner = own_shop.owner()
    store = owner.store()
    tills = [owner.assign(store)]
    sent(tills[0], chained(tills[0], range(1, 4)))
    watch(own_shop, 16)
    of_one = cost(own_shop)
    for _ in range(30):
        tills.append(till := owner.assign(store))
        reports = chained(till, range(1, 4))
        sent(till, [reports[0], reports[2]])  # so each has an alarm
    watch(own_shop, 16)
    assert cost(own_shop) == of_one


def test_a_look_at_many_terminals_runs_no_more_statements_than_a_look_at_one(own_shop: Shop) -> None:
    owner = own_shop.owner()
    store = owner.store()
    tills = [owner.assign(store) for _ in range(30)]
    days = {till.id: chained(till, range(1, 5)) for till in tills}
    for till in tills:
        sent(till, days[till.id][:2])
    watch(own_shop, 16)
    sent(tills[0], days[tills[0].id][2:])
    of_one = cost(own_shop)
    watch(own_shop, 16)
    for till in tills[1:]:
        sent(till, days[till.id][2:])
    assert cost(own_shop) == of_one


class Life:
    """What may happen to a till and its store, drawn by chance."""

    def __init__(self, shop: Shop, owner: Owner, till: Till, chance: random.Random) -> None:
        self._shop = shop
        self._owner = owner
        self._till = till
        self._chance = chance
        reports = chained(till, range(1, 9))
        self._reports = [*reports, till.z(4, net=2420), till.z(9, cash=self._short(reports[0]))]
        chance.shuffle(self._reports)
        self._contradicting: list[Json] = []

    @staticmethod
    def _short(report: Json) -> Json:
        cash: Json = report["cash"]
        return {**cash, "counted": cash["expected"] - 5_000, "over_short": -5_000}

    def goes_on(self) -> None:
        events = (self._sends, self._sends, self._tells, self._settles, self._is_set)
        self._chance.choice(events)()

    def _sends(self) -> None:
        if self._reports:
            report = self._reports.pop()
            answer = self._till.send(report)
            assert answer.status_code in (201, 409)
            if answer.status_code == 409:
                self._contradicting.append(report)

    def _tells(self) -> None:
        form = {"clock_offset_s": self._chance.choice([0, 200, 4_000])}
        assert self._till.call("PUT", "/terminals/current/state", json=form).status_code == 204

    def _settles(self) -> None:
        if not self._contradicting:
            return
        report, owner = self._contradicting[-1], self._shop.log_in(self._owner.email)
        path = f"/reports/{report['report_id']}/settlement"
        if self._chance.random() < 0.5:
            form = {"content_hash": report["content_hash"]}
            assert owner.call("PUT", path, json=form).status_code == 200
        else:
            assert owner.call("DELETE", path).status_code == 200

    def _is_set(self) -> None:
        hours, may_skip = self._chance.choice([None, 1, 30]), self._chance.random() < 0.3
        form = WatchForm(period_hours=hours, grace_hours=0, may_skip=may_skip)
        database, now = self._shop.cloud.database, self._shop.cloud.now()
        with database.connection_context(), database.atomic():
            terminal = Terminal.select().where(Terminal.id == self._till.id).get(database)
            set_watch(database, now, "a test", terminal, form)


def told(shop: Shop, till: Till) -> list[tuple[object, ...]]:
    """All alarms of a till, with all that is known of them."""
    query = Alarm.select().where(Alarm.terminal_id == till.id).order_by(Alarm.began_at, Alarm.id)
    with shop.cloud.database.connection_context():
        return list(query.tuples().execute(shop.cloud.database))


def look_at_all(shop: Shop) -> None:
    """A round that takes no terminal to be at rest."""
    with shop.cloud.database.connection_context():
        TerminalWatch.update(due_at="").execute(shop.cloud.database)
    watch(shop)


@pytest.mark.parametrize("seed", range(6))
def test_a_look_at_a_terminal_at_rest_would_change_nothing(shop: Shop, owner: Owner, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # it draws what happens, no secret
    till = owner.assign(owner.store())
    life = Life(shop, owner, till, chance)
    seen: set[str] = set()
    for _ in range(24):
        life.goes_on()
        minutes, step = chance.choice([(0, 1), (9, 9), (16, 8), (72, 9), (1_500, 500)])
        watch(shop, minutes, step)
        found = told(shop, till)
        look_at_all(shop)
        assert told(shop, till) == found
        seen |= {str(row[3]) for row in found}
    assert len(seen) > 2, "there were alarms to miss"


def changed(shop: Shop, owner: Owner, change: Callable[[Account, Store], None], till: Till) -> None:
    """An owner changes something about the store of a till."""
    database = shop.cloud.database
    with database.connection_context(), database.atomic():
        store = Store.select().where(Store.id == till.store).get(database)
        change(Account.select().where(Account.email == owner.email).get(database), store)


def test_a_higher_limit_of_cash_ends_the_alarm_of_a_terminal_at_rest(
    shop: Shop, owner: Owner, till: Till
) -> None:
    report = till.z(1)
    sent(till, [till.z(1, cash={**report["cash"], "counted": 0, "over_short": -report["cash"]["expected"]})])
    watch(shop, 120)
    assert kinds(shop, till.id) == [Kind.CASH]

    def raise_limit(account: Account, store: Store) -> None:
        set_cash_limit(shop.cloud.database, shop.cloud.now(), account.id, store, 1_000_000)

    changed(shop, owner, raise_limit, till)
    watch(shop)
    assert kinds(shop, till.id) == []


def test_days_on_which_a_store_opens_after_all_count_at_once(shop: Shop, owner: Owner, till: Till) -> None:
    def close_on(days: str) -> None:
        def change(account: Account, store: Store) -> None:
            form = StoreChange(name="Centro", timezone="Europe/Madrid", closed_weekdays=days)
            change_store(shop.cloud.database, shop.cloud.now(), account, store, form)

        changed(shop, owner, change, till)

    close_on("1")
    impatient(shop, till)
    watch(shop, 120)
    assert kinds(shop, till.id) == []
    close_on("")
    watch(shop)
    assert kinds(shop, till.id) == [Kind.SILENT]


def test_nothing_stays_open_of_a_terminal_that_is_revoked_at_rest(
    shop: Shop, owner: Owner, till: Till
) -> None:
    sent(till, [till.z(1), till.z(3)])
    watch(shop, 120)
    database = shop.cloud.database
    with database.connection_context(), database.atomic():
        terminal = Terminal.select().where(Terminal.id == till.id).get(database)
        revoke_terminal(database, terminal, owner.email, shop.cloud.now())
    watch(shop)
    assert all(row[6] is not None for row in told(shop, till))
