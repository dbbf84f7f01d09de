"""Any order of the queue's transitions, by hypothesis."""

import tempfile
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)

from factorypos_tui.core.account.stores import note_open_stores
from factorypos_tui.core.models import Kind, Report, Store
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.requeueing import resend_all, retry_all
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.storage.sync_db import open_sync_db
from tests.support.queued import every
from tests.unit.test_queue import CONFLICT, NOW, STORE, receipt, x, z


class AnyOrderOfTransitions(RuleBasedStateMachine):
    """Whatever happens in whatever order, no Z is lost, doubled or delivered without a receipt."""

    rows: Bundle[tuple[int, Report]] = Bundle("rows")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.database = open_sync_db(Path(self.folder.name) / "sync.db")
        note_open_stores(self.database, [Store(STORE, "Bar")])
        self.queue = Outbox(self.database)
        self.queued: set[str] = set()
        self.acknowledged: set[str] = set()

    @rule(number=st.integers(1, 5))
    def close_a_day(self, number: int) -> None:
        self.queue.enqueue(z(number), STORE, NOW, NOW)
        self.queued.add(z(number).id)

    @rule(number=st.integers(1, 5), revision=st.integers(1, 3))
    def read_the_day(self, number: int, revision: int) -> None:
        self.queue.enqueue(x(number, revision), STORE, NOW, NOW)

    @rule(target=rows, limit=st.integers(1, 3))
    def claim(self, limit: int) -> MultipleResults[tuple[int, Report]]:
        return multiple(*self.queue.claim(STORE, limit, NOW))

    @rule(claimed=consumes(rows))
    def deliver(self, claimed: tuple[int, Report]) -> None:
        self.queue.acknowledge(claimed[0], receipt(claimed[1]), NOW)
        self.acknowledged.add(claimed[1].id)

    @rule(claimed=consumes(rows))
    def refuse(self, claimed: tuple[int, Report]) -> None:
        self.queue.set_aside(claimed[0], CONFLICT, NOW)

    @rule(claimed=consumes(rows))
    def fail(self, claimed: tuple[int, Report]) -> None:
        self.queue.put_back([claimed[0]], None, "timeout", NOW)

    @rule()
    def restart(self) -> None:
        self.queue.recover(NOW, killed=False)

    @rule()
    def resend(self) -> None:
        resend_all(self.database, NOW)

    @rule()
    def retry(self) -> None:
        retry_all(self.database, NOW)

    @invariant()
    def every_z_is_there_once_and_delivered_only_on_a_receipt(self) -> None:
        found = [shipment for shipment in every(self.database) if shipment.kind is Kind.Z]
        assert sorted(shipment.report_id for shipment in found) == sorted(self.queued)
        delivered = {shipment.report_id for shipment in found if shipment.state is State.DELIVERED}
        assert delivered <= self.acknowledged
        assert all(shipment.state is not State.SUPERSEDED for shipment in found)

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()


TestAnyOrderOfTransitions = AnyOrderOfTransitions.TestCase
