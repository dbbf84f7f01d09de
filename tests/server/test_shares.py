"""What reports add to their days is kept beside them; whatever happens, it is what the reports say."""

import json
import uuid
from collections.abc import Callable
from random import Random

import pytest
from peewee import Database

from factorypos_tui.server.domain.figures import summarise
from factorypos_tui.server.storage.bodies import zs_with_bodies
from factorypos_tui.server.storage.report_tables import XReport, ZReport
from tests.server.shop import Json, Owner, Shop, Till
from tests.server.test_checking import found

DAYS = ("2026-03-01", "2026-03-02", "2026-03-03")


@pytest.fixture
def shop(shop_apart: Shop) -> Shop:
    """The server that holds what this module makes, and no more."""
    return shop_apart


def added_up(database: Database, store: str) -> list[Json]:
    """The days of a store out of the documents of its reports: each period counts as its Z, or as its X."""
    with database.connection_context():
        zs = list(zs_with_bodies(ZReport).objects().bind(database))
        closed = {(it.terminal_id, it.period_id) for it in zs}
        xs = list(XReport.select().where(XReport.store_id == store).bind(database))
    open_xs = [it for it in xs if (it.terminal_id, it.period_id) not in closed]
    counting = [it.document for it in zs if it.store_id == store] + [it.document for it in open_xs]
    return summarise(json.loads(bytes(document)) for document in counting)


def told(owner: Owner, store: str) -> list[Json]:
    days: list[Json] = owner.call("GET", f"/stores/{store}/figures?limit=200").json()["items"]
    return days


class History:
    """Tills of two stores to which anything may happen."""

    def __init__(self, owner: Owner, seed: int) -> None:
        self.owner, self.chance = owner, Random(seed)  # noqa: S311
        self.stores = [owner.store(), owner.store()]
        self.tills = [owner.assign(self.chance.choice(self.stores)) for _ in range(2)]
        self.periods = [str(uuid.uuid4()) for _ in range(4)]
        self.sent: list[tuple[Till, Json]] = []

    def report(self, till: Till) -> Json:
        chance = self.chance
        changes: Json = {
            "business_date": chance.choice(DAYS),
            "currency": chance.choice(("EUR", "EUR", "USD")),
            "net": chance.randrange(1000),
        }
        period = chance.choice(self.periods)
        if chance.random() < 0.5:
            return till.x(chance.randrange(5), period, **changes)
        return till.z(chance.randrange(1, 6), period, **changes)

    def send(self) -> None:
        till = self.chance.choice(self.tills)
        report = self.report(till)
        till.send(report)
        self.sent.append((till, report))

    def send_many(self) -> None:
        till = self.chance.choice(self.tills)
        reports = [self.report(till) for _ in range(self.chance.randrange(1, 6))]
        till.send_all(reports, store=till.store)
        self.sent += [(till, report) for report in reports]

    def settle(self) -> None:
        if self.sent:
            _till, report = self.chance.choice(self.sent)
            form = {"content_hash": report["content_hash"]}
            self.owner.call("PUT", f"/reports/{report['report_id']}/settlement", json=form)

    def take_back(self) -> None:
        if self.sent:
            _till, report = self.chance.choice(self.sent)
            self.owner.call("DELETE", f"/reports/{report['report_id']}/settlement")

    def move(self) -> None:
        index = self.chance.randrange(len(self.tills))
        self.tills[index] = self.owner.assign(
            self.chance.choice(self.stores), self.tills[index].id, move=True
        )

    def go_on(self) -> None:
        steps: list[Callable[[], None]] = [self.send, self.send, self.send_many, self.settle, self.take_back]
        self.chance.choice([*steps, self.move])()


@pytest.mark.parametrize("seed", range(6))
def test_figures_are_what_the_reports_say_whatever_happens(owner: Owner, seed: int) -> None:
    history = History(owner, seed)
    for _ in range(40):
        history.go_on()
        for store in history.stores:
            assert told(owner, store) == added_up(owner.shop.cloud.database, store)
    assert any(told(owner, store) for store in history.stores)


def test_a_report_that_was_lost_without_its_share_is_taken_again_and_counts_once(owner: Owner) -> None:
    database, store = owner.shop.cloud.database, owner.store()
    till = owner.assign(store)
    lost, other = till.z(1, net=1000), till.z(2, net=500)
    for report in (lost, other):
        till.send(report)
    before = told(owner, store)
    for send in (till.send, lambda report: till.send_all([report])):
        with database.connection_context():
            ZReport.delete().where(ZReport.id == lost["report_id"]).execute(database)
        send(lost)
        assert told(owner, store) == added_up(database, store) == before


def test_an_x_that_was_lost_without_its_share_is_named_and_its_z_counts_once(owner: Owner) -> None:
    database, store, period = owner.shop.cloud.database, owner.store(), str(uuid.uuid4())
    till = owner.assign(store)
    x = till.x(0, period, net=7)
    till.send(x)
    with database.connection_context():
        XReport.delete().where(XReport.id == x["report_id"]).execute(database)
    assert found(till, store) == {"counted_without_report": ([], 1)}
    till.send(till.z(1, period, net=1000))
    assert told(owner, store) == added_up(database, store)
    assert found(till, store) == {}
