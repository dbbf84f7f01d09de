"""The moments at which X reports are due: each terminal's own, evenly spread over all of them."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_DNS, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.delivery.phases import next_moment, phase_of

IDS = st.uuids().map(str) | st.text()
INTERVALS = st.integers(1, 1440).map(lambda minutes: timedelta(minutes=minutes))
INSTANTS = st.integers(0, 4_000_000_000_000).map(
    lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)


@given(IDS, INTERVALS)
def test_a_phase_lies_within_the_interval_and_stays(terminal_id: str, interval: timedelta) -> None:
    phase = phase_of(terminal_id, interval)
    assert timedelta() <= phase < interval
    assert phase_of(terminal_id, interval) == phase


@given(IDS, INTERVALS, INSTANTS)
def test_the_next_moment_is_at_most_one_interval_away_and_the_one_after_it_exactly_one(
    terminal_id: str, interval: timedelta, after: datetime
) -> None:
    moment = next_moment(terminal_id, interval, after)
    assert after < moment <= after + interval
    assert next_moment(terminal_id, interval, moment) == moment + interval
    assert next_moment(terminal_id, interval, moment - timedelta(microseconds=1)) == moment


@given(IDS, INTERVALS, INSTANTS, st.integers(0, 10_000))
def test_the_moments_do_not_depend_on_when_one_asks(
    terminal_id: str, interval: timedelta, after: datetime, seconds: int
) -> None:
    later = next_moment(terminal_id, interval, after + timedelta(seconds=seconds))
    assert (later - next_moment(terminal_id, interval, after)) % interval == timedelta()


@pytest.mark.parametrize("minutes", [1, 30, 1440])
@pytest.mark.parametrize("named", ["{}", "till {}"])
def test_many_terminals_spread_evenly(minutes: int, named: str) -> None:
    interval, parts = timedelta(minutes=minutes), 30
    ids = (str(uuid5(NAMESPACE_DNS, str(n))) if named == "{}" else named.format(n) for n in range(9_000))
    found = Counter(int(phase_of(terminal_id, interval) / interval * parts) for terminal_id in ids)
    assert len(found) == parts
    assert max(abs(n - 300) for n in found.values()) < 5 * 300**0.5
