"""A shop whose terminal moves between the stores of two people, and what is to come of it."""

import json
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import Assignment, History, load_assignment
from factorypos_tui.core.delivery.worker import Answers, Claimed
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.models import Kind
from factorypos_tui.core.queue.hash_chain import breaks_of
from factorypos_tui.core.queue.held_up import held_up, out_of_chain
from factorypos_tui.core.queue.left_out import days_left_out
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.recovery import recall_assignment
from factorypos_tui.core.settings import set_setting
from tests.support.stations import PASSWORD, open_shop
from tests.unit.damaging import lose_the_queue
from tests.unit.interrupted import NotingCloud

ANA, EVA = "ana@example.com", "eva@example.com"
OWNER = {"A": ANA, "B": ANA, "E": EVA}


class MovingShop(RuleBasedStateMachine):
    """`may`: the stores that a Z may be queued for, `must`: the Z that some store is to get; by Z number.
    `kept`: the store of each report, which never changes. `final`: the store that is assigned in the end.
    `bad`: the Z of a store whose rows make no report yet. `was_mended`: whether there was one. `told`: the Z
    that another account has got, and that came for this one after a loss, too."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory())) / "shop"
        folder.mkdir()
        self.cloud = cloud = NotingCloud()
        shop = self.stack.enter_context(open_shop(folder))
        self.station = replace(shop.station, cloud=lambda: cloud)
        self.shop = replace(shop, station=self.station)
        self.stores: dict[str, tuple[str, str]] = {}
        self.may: dict[int, set[str]] = defaultdict(set)
        self.must: set[int] = set()
        self.kept: dict[int, str] = {}
        self.bad: set[int] = set()
        self.told: set[int] = set()
        self.was_mended = False
        self.under_way: tuple[Assignment, str, Claimed, Answers | FactoryPosError] | None = None
        self.last = 0
        self.final = ""
        self.moved_with: History | None = None
        for name, email in OWNER.items():
            if name in "AE":
                accounts.register(self.station, email, PASSWORD, email)
                company = accounts.create_company(self.station, name, "ES", "EUR")
            else:
                accounts.log_in(self.station, email, PASSWORD)
                company = accounts.companies(self.station)[0]
            store = accounts.create_store(self.station, company.id, name, "Europe/Madrid")
            self.stores[name] = (company.id, store.id)
        accounts.log_in(self.station, ANA, PASSWORD)
        shop.till.database().execute("DROP TRIGGER a_closed_period_stays")

    def in_force(self) -> Assignment | None:
        return load_assignment(self.station.database)

    def ids(self) -> dict[str, str]:
        return {store_id: name for name, (_company, store_id) in self.stores.items()}

    def queued(self) -> set[int]:
        """The days that are in the queue, or come into it before another store is assigned."""
        left = days_left_out(self.station.database, self.shop.till.terminal().id)
        rows = {row.z_number for row in self.shop.queued() if row.kind is Kind.Z and row.z_number}
        return rows | self.bad | (set(range(1, self.last + 1)) - left if self.in_force() else set())

    def lacking(self, name: str) -> set[int] | None:
        """The days since the first that the cloud has, for the account of a store, that nothing here brings
        there; None where it has none."""
        account = self.cloud._accounts[OWNER[name]]
        held = {r.z_number for r in self.cloud._sent_by(self.shop.till.terminal().id, account) if r.z_number}
        return set(range(min(held), self.last + 1)) - held - self.queued() if held else None

    @rule()
    def mend_the_bad_days(self) -> None:
        self.was_mended |= bool(held_up(self.station.database))
        self.shop.till.database().execute("UPDATE periods SET timezone = 'Europe/Madrid'")

    @precondition(lambda self: self.moved_with is not None and not self.was_mended)
    @rule()
    def lose_the_queue(self) -> None:
        """Once all is in order, the token tells whose each day is. A day that was mended after later ones had
        been built is not in the chain of the new queue."""
        now = self.in_force()
        assert now
        ids = self.ids()
        here = ids[now.store.id]
        for row in self.shop.queued():
            is_arrived = row.z_number and row.state is State.DELIVERED
            if is_arrived and OWNER[ids[row.store_id]] != OWNER[here]:
                self.may[row.z_number or 0].add(here)
                self.told.add(row.z_number or 0)
        self.under_way = None
        self.kept.clear()
        lose_the_queue(self.shop)
        assert recall_assignment(self.station)
        set_setting(self.station.database, "send_x_report", "on")

    @rule(number=st.integers(1, 6))
    def restore_the_cloud(self, number: int) -> None:
        for report in list(self.cloud.reports.values()):
            if (report.z_number or 0) >= number:
                del self.cloud.reports[report.id]

    def judge(self) -> None:
        names = self.ids()
        rows = {row.z_number: row for row in self.shop.queued() if row.z_number}
        assert len(rows) == sum(row.kind is Kind.Z for row in self.shop.queued())
        for number in sorted(self.must):
            assert number in rows, f"Z {number} was never queued"
        held = {r.z_number: r for r in self.cloud.reports.values() if r.z_number}
        for number, row in rows.items():
            store = names[row.store_id]
            assert store in self.may[number], f"Z {number} is {store}'s, was to go to {self.may[number]}"
            came = self.cloud.came[row.report_id]
            assert number in self.told or came <= {row.store_id}, (
                f"Z {number} of {store} came for {[names[s] for s in came]}"
            )
            if OWNER[store] != OWNER[self.final]:
                continue
            assert row.state is State.DELIVERED, f"Z {number} {row.state} for {store}"
            assert number in held, f"Z {number} is not in the cloud"
            assert held[number].content_hash == row.content_hash
            if row.result != "elsewhere":
                assert self.cloud.stores_of_reports[held[number].id] == row.store_id
        assert breaks_of(self.station.database, self.shop.till.terminal().id) == ()
        beside = out_of_chain(self.station.database)
        hashes = {n: json.loads(r.body)["previous_hash"] for n, r in held.items()}
        for number, previous in hashes.items():
            if number - 1 in rows and number - 1 not in beside:
                assert previous == rows[number - 1].content_hash
