"""Any order of days, deliveries, faults and changes of the store, by hypothesis: in the end each closed day
is in the store that it was queued for, once, or waits there for the log-in of another account."""

from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import History, terminal_token
from factorypos_tui.core.account.stores import OPEN
from factorypos_tui.core.delivery.collector import collect, enqueue_x
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.delivery.worker import Answers, Worker
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, FactoryPosError
from factorypos_tui.core.operations.enrolment import assign, disconnect
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.requeueing import resend_all
from factorypos_tui.core.queue.waiting import next_store
from factorypos_tui.core.recovery.recovery import recall_assignment
from factorypos_tui.core.settings import set_setting
from tests.support.stations import PASSWORD
from tests.unit.interrupted import Killed, killed_at
from tests.unit.moving_shop import OWNER, MovingShop

NO_LINE = CloudUnreachable("no network", "connection")


class AnyOrderOfMoves(MovingShop):
    """What may happen to a shop in any order, and the peace after it."""

    @initialize(days=st.integers(0, 2), history=st.sampled_from(History))
    def begin(self, days: int, history: History) -> None:
        set_setting(self.station.database, "send_x_report", "on")
        for _day in range(days):
            self.close_a_day()
        self.move("A", history, "nothing")

    @rule()
    def close_a_day(self) -> None:
        self.shop.clock.advance(60)
        self.shop.sell()
        number = self.shop.close_day()
        self.last = number
        assignment = self.in_force()
        if assignment and number >= assignment.first_z:
            self.may[number].add(self.ids()[assignment.store.id])
            self.must.add(number)

    @rule(collected=st.booleans())
    def close_a_bad_day(self, collected: bool) -> None:
        """Its rows make no report until they are mended."""
        self.close_a_day()
        self.shop.till.database().execute(
            "UPDATE periods SET timezone = 'Mars/Olympus' WHERE z_number = ?", self.last
        )
        if self.last in self.must:
            self.bad.add(self.last)
        if collected:
            collect(self.station)

    @rule()
    def read_the_day(self) -> None:
        self.shop.clock.advance(3600)
        self.shop.sell()
        enqueue_x(self.station)

    @rule()
    def collect(self) -> None:
        collect(self.station)

    @rule()
    def step(self) -> None:
        self.shop.clock.advance(1)
        Worker(self.station).step()

    @rule()
    def drain(self) -> None:
        self.shop.clock.advance(3600)
        drain_once(self.station)

    @precondition(lambda self: self.under_way is None)
    @rule(limit=st.integers(1, 3), arrives=st.booleans())
    def claim(self, limit: int, arrives: bool) -> None:
        assignment = self.in_force()
        if assignment is None:
            return
        store_id = next_store(self.station.database)
        if store_id is None:
            return
        claimed = Outbox(self.station.database).claim(store_id, limit, self.shop.clock.now())
        answers: Answers | FactoryPosError = NO_LINE
        if arrives:
            try:
                token = terminal_token(self.station, assignment)
                answers = self.cloud.send_batch(token, [report for _row, report in claimed], store_id)
            except FactoryPosError as error:
                answers = error
        self.under_way = (assignment, store_id, claimed, answers)

    @precondition(lambda self: self.under_way is not None)
    @rule(end=st.sampled_from(["answer", "lost", "refused", "killed"]))
    def end_of_the_try(self, end: str) -> None:
        assert self.under_way
        self.shop.clock.advance(1)
        (assignment, store_id, claimed, answers), self.under_way = self.under_way, None
        worker = Worker(self.station)
        if end == "killed":
            Outbox(self.station.database).recover(self.shop.clock.now(), killed=True)
        elif end == "refused":
            refusal = CloudRefused("no", 422, "invalid", ())
            worker._settle(assignment, claimed, [refusal for _ in claimed])
        elif end == "lost":
            worker._fail(assignment, claimed, NO_LINE)
        elif isinstance(answers, FactoryPosError):
            if not worker._is_closed(assignment, store_id, claimed, answers):
                worker._fail(assignment, claimed, answers)
        else:
            worker._settle(assignment, claimed, answers)

    @rule()
    def resend(self) -> None:
        resend_all(self.station.database, self.shop.clock.now())

    @rule(told=st.booleans())
    def disconnect(self, told: bool) -> None:
        self.shop.clock.advance(1)
        self.cloud.fail_with = None if told else NO_LINE
        self.moved_with = None
        disconnect(self.station)
        self.cloud.fail_with = None
        assert not recall_assignment(self.station)
        assert self.in_force() is None

    @rule()
    def revoke(self) -> None:
        self.moved_with = None
        self.cloud.revoke(self.shop.till.terminal().id)

    @rule()
    def release(self) -> None:
        self.moved_with = None
        self.cloud.release(self.shop.till.terminal().id)

    @invariant()
    def a_report_keeps_its_store(self) -> None:
        for row in self.shop.queued() if self.stores else ():
            assert self.kept.setdefault(row.id, row.store_id) == row.store_id

    @rule(
        name=st.sampled_from("ABE"),
        history=st.sampled_from(History),
        meanwhile=st.sampled_from(
            ["nothing", "close", "resend", "resend and claim", "close and claim", "no line", "no sending"]
        ),
    )
    def move(self, name: str, history: History, meanwhile: str) -> None:
        self.assign(name, history, meanwhile)

    @rule(name=st.sampled_from("ABE"), history=st.sampled_from(History), commit=st.integers(1, 30))
    def move_and_die(self, name: str, history: History, commit: int) -> None:
        with suppress(Killed), killed_at(commit):
            self.assign(name, history, "nothing")

    def assign(self, name: str, history: History, meanwhile: str) -> None:
        self.shop.clock.advance(1)
        company, store_id = self.stores[name]
        accounts.log_in(self.station, OWNER[name], PASSWORD)
        known = self.last
        closed, lacking = set(range(1, known + 1)), self.lacking(name)
        if history is not History.NONE:
            for number in closed - self.queued():
                self.may[number].add(name)
        before, self.moved_with = self.in_force(), None

        self.cloud.meanwhile = lambda: self.happen(name, meanwhile)
        self.cloud.fail_sending_with = NO_LINE if meanwhile == "no sending" else None
        try:
            assignment = assign(self.station, company, store_id, history, move=before is None or name != "E")
        except FactoryPosError:
            return
        finally:
            self.cloud.fail_sending_with = None
            self.cloud.meanwhile = lambda: None
        assert assignment.store.id == store_id
        self.moved_with = history
        if history is History.ALL:
            self.must.update(closed)
        elif history is History.MISSING:
            self.must.update(lacking or ())
        self.must.update(range(known + 1, self.last + 1))

    def happen(self, name: str, meanwhile: str) -> None:
        """Do what happens while the terminal is being bound to the store of this name."""
        if "close" in meanwhile:
            self.close_a_day()
            if self.in_force() is None:
                self.may[self.last].add(name)
            collect(self.station)
        if "resend" in meanwhile:
            self.resend()
        if "claim" in meanwhile and self.under_way is None:
            self.claim(3, arrives=False)
        if meanwhile == "no line":
            raise NO_LINE

    def make_peace(self) -> None:
        if self.under_way:
            self.end_of_the_try("answer")
        self.mend_the_bad_days()
        now = self.in_force()
        self.final = self.ids()[now.store.id] if now else "A"
        self.shop.clock.advance(3600)
        for name in (self.final, "E", "A"):  # a terminal that has sent stays with its account
            if self.moved_with is None:
                self.final = name
                self.assign(name, list(History)[len(self.must) % len(History)], "nothing")
        now = self.in_force()
        assert self.moved_with
        assert now
        assert now.store.id == self.stores[self.final][1]
        for _day in range(4):
            self.shop.clock.advance(26 * 3600)
            with self.station.database.transaction():
                self.station.database.execute(
                    f"UPDATE shipment SET state = 'pending' WHERE state = 'attention' AND store_id IN {OPEN}"
                )
            drain_once(self.station)

    def teardown(self) -> None:
        try:
            if (self.stores and self.last >= 0 and self.in_force() is not None) or self.must:
                self.make_peace()
                self.judge()
        finally:
            self.stack.close()


AnyOrderOfMoves.TestCase.settings = settings(max_examples=30, stateful_step_count=15, deadline=None)
TestAnyOrderOfMoves = AnyOrderOfMoves.TestCase
