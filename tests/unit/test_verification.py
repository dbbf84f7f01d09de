"""What is closed here against what the cloud holds: named, and repaired."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.answers import HeldZ
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.errors import CloudUnreachable, NotConnected
from factorypos_tui.core.operations.verification import LocalZ, Verification, compare, resend_missing, verify
from factorypos_tui.core.operations.verification_wording import finding_words, verdict_words
from factorypos_tui.core.queue.hash_chain import Break, Fault
from factorypos_tui.core.queue.states import State
from tests.support.stations import Shop

NOW = datetime(2026, 11, 22, 22, 1, tzinfo=UTC)


def here(number: int, digest: str = "a") -> LocalZ:
    return LocalZ(number, f"id-{number}", number, date(2026, 11, 22), digest, State.DELIVERED)


def there(number: int, digest: str = "a") -> HeldZ:
    return HeldZ(f"id-{number}", number, digest, NOW)


def test_missing_different_and_only_there_are_told_apart() -> None:
    found = compare([here(1), here(2), here(3, "b")], [there(1), there(3), there(9)])
    assert [z.z_number for z in found.missing] == [2]
    assert [(d.here.z_number, d.there.content_hash) for d in found.different] == [(3, "a")]
    assert [z.z_number for z in found.only_there] == [9]
    assert not found.holds


_SIDE = st.dictionaries(st.integers(1, 9), st.sampled_from("ab"))


@given(_SIDE, _SIDE)
def test_every_number_is_equal_missing_different_or_only_there(
    ours: dict[int, str], theirs: dict[int, str]
) -> None:
    comparison = compare(
        [here(n, ours[n]) for n in sorted(ours)], [there(n, digest) for n, digest in theirs.items()]
    )
    equal = {n for n in ours if theirs.get(n) == ours[n]}
    groups = [
        equal,
        {z.z_number for z in comparison.missing},
        {d.here.z_number for d in comparison.different},
        {z.z_number for z in comparison.only_there},
    ]
    assert set().union(*groups) == ours.keys() | theirs.keys()
    assert sum(map(len, groups)) == len(ours.keys() | theirs.keys())
    assert comparison.holds == (equal == ours.keys())


def test_a_break_of_the_chain_alone_does_not_hold() -> None:
    assert not compare([], [], (Break(3, Fault.MISSING),)).holds


def test_what_the_cloud_lost_is_named_and_sent_again(connected: Shop) -> None:
    drain_once(connected.station)
    seen: list[tuple[int, int]] = []
    assert verify(connected.station, lambda done, total: seen.append((done, total))) == Verification(3)
    assert seen == [(3, 3)]
    lost = next(report for report in connected.cloud.reports.values() if report.z_number == 2)
    del connected.cloud.reports[lost.id]
    found = verify(connected.station)
    assert [(z.z_number, z.state) for z in found.missing] == [(2, State.DELIVERED)]
    assert resend_missing(connected.station, found) == 1
    assert resend_missing(connected.station, found) == 0
    drain_once(connected.station)
    assert connected.cloud.reports[lost.id].body == lost.body
    assert verify(connected.station).holds


def test_a_day_that_was_closed_and_not_yet_sent_is_missing_and_needs_no_repair(connected: Shop) -> None:
    drain_once(connected.station)
    connected.close_day()
    found = verify(connected.station)
    assert [z.z_number for z in found.missing] == [4]
    assert found.repairable == ()


def test_a_day_that_arrives_while_the_cloud_answers_is_on_its_way_and_not_lost(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    drain_once(connected.station)
    connected.close_day()
    ask = connected.cloud.held_zs

    def answer_slowly(token: str, progress: Callable[[int], object]) -> Sequence[HeldZ]:
        held = ask(token, progress)
        drain_once(connected.station)
        return held

    monkeypatch.setattr(connected.cloud, "held_zs", answer_slowly)
    found = verify(connected.station)
    assert [z.z_number for z in found.waiting] == [4]
    assert found.repairable == ()
    assert verify(connected.station).holds


def test_other_content_there_is_named(connected: Shop) -> None:
    drain_once(connected.station)
    connected.change_what_the_cloud_holds(3)
    assert [d.here.z_number for d in verify(connected.station).different] == [3]


def test_without_a_line_it_says_so(connected: Shop) -> None:
    connected.cloud.fail_with = CloudUnreachable("no network", "connection")
    with pytest.raises(CloudUnreachable):
        verify(connected.station)


def test_without_a_store_it_says_so(shop: Shop) -> None:
    with pytest.raises(NotConnected):
        verify(shop.station)


def test_it_says_all_only_where_all_are_identical() -> None:
    assert verdict_words(compare([], [])) == "There is no Z report here yet."
    assert verdict_words(compare([here(1)], [there(1)])) == "The only Z report is in FactoryCLOUD, identical."
    assert verdict_words(compare([here(1), here(2)], [there(1), there(2)])).startswith("All 2 Z reports")
    found = compare(
        [here(1), here(2, "b"), here(3)], [there(2), there(3), there(9)], (Break(4, Fault.MISSING),)
    )
    assert verdict_words(found) == "1 of 3 Z reports are in FactoryCLOUD, identical."
    assert [words.partition(".")[0] for words in finding_words(found)] == [
        "Missing there: Z 1",
        "Different there: Z 2",
        "Only there: Z 9",
        "Missing at the till, though later days were closed: Z 4",
    ]
    assert finding_words(compare([here(1)], [there(1)])) == []


def test_what_a_store_lost_that_was_left_is_named_and_sent_there_again(connected: Shop) -> None:
    drain_once(connected.station)
    connected.assign_new_store("Second bar", History.NONE)
    lost = next(report for report in connected.cloud.reports.values() if report.z_number == 2)
    del connected.cloud.reports[lost.id]
    found = verify(connected.station)
    assert finding_words(found) == ["Missing there: Z 2. Safe here."]
    assert resend_missing(connected.station, found) == 1
    drain_once(connected.station)
    assert verify(connected.station).holds
