"""A report that needed attention is accepted, here or by the owner, and both sides agree."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from factorypos_tui.core.delivery.drain import drain_once, sync_now
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, FactoryPosError
from factorypos_tui.core.operations.accepting import accept, take_back
from factorypos_tui.core.operations.exporting import shipment_document
from factorypos_tui.core.operations.inspecting import inspect, next_in_need
from factorypos_tui.core.operations.resending import resend_all
from factorypos_tui.core.operations.retrying import retry, retry_all, retryable
from factorypos_tui.core.operations.verification import verify
from factorypos_tui.core.operations.verification_wording import finding_words
from factorypos_tui.core.operations.way import history_lines
from factorypos_tui.core.queue import counting, requeueing
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.status.status import read_status
from tests.support.stations import Shop

_LATER_S = timedelta(minutes=16).total_seconds()


@pytest.fixture
def in_conflict(connected: Shop) -> Shop:
    """The cloud holds another Z 2 than this till."""
    drain_once(connected.station)
    connected.change_what_the_cloud_holds(2)
    resend_all(connected.station)
    drain_once(connected.station)
    assert z_2(connected).state is State.ATTENTION
    return connected


@pytest.fixture
def refused(connected: Shop) -> Shop:
    """The cloud finds Z 2 invalid."""
    drain_once(connected.station)
    connected.cloud.reports = {name: z for name, z in connected.cloud.reports.items() if z.z_number != 2}
    connected.cloud.fail_sending_with = CloudRefused("", 422, "invalid")
    connected.station.database.execute("UPDATE shipment SET state = 'pending' WHERE z_number = 2")
    drain_once(connected.station)
    connected.cloud.fail_sending_with = None
    return connected


def z_2(shop: Shop) -> Shipment:
    return next(shipment for shipment in shop.queued() if shipment.z_number == 2)


def attention(shop: Shop) -> int:
    count: int = read_status(shop.station).counts[State.ATTENTION]
    counted = shop.station.database.rows("SELECT state, count(*) FROM shipment GROUP BY 1")
    known = {state.value: n for state, n in counting.counts(shop.station.database).items() if n}
    assert known == dict(counted)
    return count


def there(shop: Shop) -> str | None:
    """What the cloud says of the conflict."""
    (held,) = (z for z in shop.cloud.held_zs(token(shop)) if z.z_number == 2)
    return held.conflict


def token(shop: Shop) -> str:
    return shop.credentials.tokens["terminal"].split()[-1]


def test_accepted_it_needs_nobody_and_the_cloud_hears_of_it(in_conflict: Shop) -> None:
    assert (attention(in_conflict), there(in_conflict)) == (1, "open")
    accept(in_conflict.station, z_2(in_conflict).id)
    assert attention(in_conflict) == 0
    Worker(in_conflict.station).step()
    assert there(in_conflict) == "settled"
    shipment = z_2(in_conflict)
    assert shipment.accepted_at == in_conflict.clock.now()
    assert shipment_document(shipment)["state"] == "attention"
    assert next_in_need(in_conflict.station, None) is None


def test_taken_back_it_needs_a_person_again_and_the_cloud_hears_of_that(in_conflict: Shop) -> None:
    accept(in_conflict.station, z_2(in_conflict).id)
    Worker(in_conflict.station).step()
    take_back(in_conflict.station, z_2(in_conflict).id)
    assert attention(in_conflict) == 1
    Worker(in_conflict.station).step()
    assert (attention(in_conflict), there(in_conflict)) == (1, "open")


@pytest.mark.parametrize("undone", [False, True])
def test_what_is_decided_offline_is_kept_and_told_later(in_conflict: Shop, undone: bool) -> None:
    in_conflict.cloud.fail_with = CloudUnreachable("", "dns")
    accept(in_conflict.station, z_2(in_conflict).id)
    if undone:
        take_back(in_conflict.station, z_2(in_conflict).id)
    Worker(in_conflict.station).step()
    in_conflict.cloud.fail_with = None
    assert there(in_conflict) == "open"
    in_conflict.clock.advance(_LATER_S)
    Worker(in_conflict.station).step()
    assert there(in_conflict) == ("open" if undone else "settled")
    assert attention(in_conflict) == undone


def test_a_cloud_that_knows_of_no_conflicts_changes_nothing_of_it(
    in_conflict: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_facts: object) -> None:
        raise CloudRefused("", 404, "not_found")

    monkeypatch.setattr(in_conflict.cloud, "settle", refuse)
    monkeypatch.setattr(in_conflict.cloud.conflicts, "state", lambda _place: None)
    accept(in_conflict.station, z_2(in_conflict).id)
    for _try in range(2):
        Worker(in_conflict.station).step()
        in_conflict.clock.advance(_LATER_S)
    assert attention(in_conflict) == 0


def by_waiting(shop: Shop) -> None:
    shop.clock.advance(_LATER_S)
    Worker(shop.station).step()


def by_asking(shop: Shop) -> None:
    sync_now(shop.station)
    Worker(shop.station).step()


def by_comparing(shop: Shop) -> None:
    verify(shop.station)


@pytest.mark.parametrize("hear", [by_waiting, by_asking, by_comparing])
def test_the_till_hears_how_the_owner_settled_it(in_conflict: Shop, hear: Callable[[Shop], None]) -> None:
    report_id = z_2(in_conflict).report_id
    in_conflict.cloud.settle(token(in_conflict), report_id, "0" * 64)
    hear(in_conflict)
    assert (attention(in_conflict), z_2(in_conflict).state) == (0, State.ACCEPTED)
    in_conflict.cloud.reopen(token(in_conflict), report_id)
    (by_asking if hear is by_waiting else hear)(in_conflict)
    assert (attention(in_conflict), z_2(in_conflict).state) == (1, State.ATTENTION)


def test_what_the_owner_chose_of_this_till_is_delivered(in_conflict: Shop) -> None:
    ours = z_2(in_conflict)
    in_conflict.cloud.settle(token(in_conflict), ours.report_id, ours.content_hash)
    assert verify(in_conflict.station).holds
    assert (attention(in_conflict), z_2(in_conflict).state) == (0, State.DELIVERED)


def test_a_refused_report_is_accepted_and_still_named(refused: Shop) -> None:
    assert attention(refused) == 1
    accept(refused.station, z_2(refused).id)
    assert attention(refused) == 0
    found = verify(refused.station)
    assert not found.holds
    assert not found.repairable
    assert finding_words(found) == ["Missing there, and accepted so: Z 2. Kept here."]


def test_sent_again_it_stays_accepted_for_the_same_reason_only(in_conflict: Shop) -> None:
    accept(in_conflict.station, z_2(in_conflict).id)
    resend_all(in_conflict.station)
    drain_once(in_conflict.station)
    assert attention(in_conflict) == 0
    resend_all(in_conflict.station)
    in_conflict.cloud.fail_sending_with = CloudRefused("", 413, "too_large")
    Worker(in_conflict.station).step()
    assert z_2(in_conflict).accepted_at is None


def test_delivered_it_is_accepted_no_more(in_conflict: Shop) -> None:
    accept(in_conflict.station, z_2(in_conflict).id)
    in_conflict.cloud.reports = {n: z for n, z in in_conflict.cloud.reports.items() if z.z_number != 2}
    resend_all(in_conflict.station)
    drain_once(in_conflict.station)
    assert (z_2(in_conflict).state, z_2(in_conflict).accepted_at) == (State.DELIVERED, None)
    assert attention(in_conflict) == 0


def test_only_what_needs_attention_is_accepted_and_only_that_is_taken_back(in_conflict: Shop) -> None:
    station, row_id = in_conflict.station, z_2(in_conflict).id
    with pytest.raises(FactoryPosError, match="not accepted"):
        take_back(station, row_id)
    accept(station, row_id)
    with pytest.raises(FactoryPosError, match="already"):
        accept(station, row_id)
    with pytest.raises(FactoryPosError, match="does not need attention"):
        accept(station, in_conflict.queued()[0].id)


def test_it_is_not_sent_again_with_what_needs_attention(in_conflict: Shop) -> None:
    accept(in_conflict.station, z_2(in_conflict).id)
    assert (retryable(in_conflict.station), retry_all(in_conflict.station)) == (0, 0)
    with pytest.raises(FactoryPosError):
        retry(in_conflict.station, z_2(in_conflict).id)
    now = in_conflict.clock.now() + timedelta(days=2)
    requeueing.give_another_chance(in_conflict.station.database, now, now)
    assert z_2(in_conflict).state is State.ACCEPTED


def test_its_way_tells_who_accepted_it(in_conflict: Shop) -> None:
    row_id = z_2(in_conflict).id
    accept(in_conflict.station, row_id)
    take_back(in_conflict.station, row_id)
    Worker(in_conflict.station).step()
    in_conflict.cloud.settle(token(in_conflict), z_2(in_conflict).report_id, "0" * 64)
    verify(in_conflict.station)
    told = [line.split(" ", 3)[3] for line in history_lines(inspect(in_conflict.station, row_id))]
    assert told[-4:] == [
        "refused: FactoryCLOUD holds another report with this number",
        "accepted as it stands",
        "no longer accepted",
        "accepted by the store's owner",
    ]
