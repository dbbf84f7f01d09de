"""What a failure means, and how long the link rests after it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.delivery.link import (
    MAX_BATCH,
    Link,
    LinkState,
    after_answer,
    failed,
    succeeded,
    try_now,
)
from factorypos_tui.core.delivery.retry import (
    LONGEST_ASKED_WAIT,
    LONGEST_WAIT,
    SHORTEST_WAIT,
    Failure,
    classify,
    wait_after,
)
from factorypos_tui.core.errors import (
    CloudRefused,
    CloudUnreachable,
    FactoryPosError,
    NotConnected,
    TokenRefused,
    UsageError,
)

NOW = datetime(2026, 11, 22, 22, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        *(
            (CloudUnreachable("", reason), Failure.LATER)
            for reason in ("dns", "connection", "timeout", "overloaded", "server_error")
        ),
        *(
            (CloudUnreachable("", reason), Failure.HOLD)
            for reason in ("not_factorycloud", "wrong_receipt", "tls")
        ),
        *((CloudRefused("", status, "x"), Failure.SET_ASIDE) for status in (400, 409, 413, 415, 422)),
        *((CloudRefused("", status, "x"), Failure.HOLD) for status in (402, 403, 404, 410)),
        (CloudRefused("", 403, "report_elsewhere"), Failure.ELSEWHERE),
        (TokenRefused("", 401, "terminal_revoked"), Failure.HOLD),
        (NotConnected(""), Failure.HOLD),
        (UsageError(""), Failure.HOLD),
    ],
)
def test_each_failure_has_its_kind(error: FactoryPosError, failure: Failure) -> None:
    assert classify(error) is failure


@given(st.integers(1, 10**6), st.floats(0, 1, exclude_max=True), st.none() | st.floats(-1e9, 1e12))
def test_a_wait_is_never_shorter_or_longer_than_promised(
    failures: int, chance: float, asked: float | None
) -> None:
    for failure in (Failure.LATER, Failure.HOLD):
        wait = wait_after(failure, failures, chance, asked)
        assert SHORTEST_WAIT <= wait <= LONGEST_ASKED_WAIT
        if asked is None:
            assert wait <= LONGEST_WAIT


@pytest.mark.parametrize(("failures", "most"), [(1, 4), (2, 8), (5, 64), (9, 900), (40, 900)])
def test_waits_grow_with_full_jitter(failures: int, most: int) -> None:
    assert wait_after(Failure.LATER, failures, 0.0, None) == SHORTEST_WAIT
    assert wait_after(Failure.LATER, failures, 0.5, None) == timedelta(seconds=most / 2)


def test_retry_after_is_a_lower_bound_and_not_one_moment_for_all() -> None:
    assert wait_after(Failure.LATER, 1, 0.0, 120.0) == timedelta(seconds=120)
    assert wait_after(Failure.LATER, 1, 0.5, 120.0) == timedelta(seconds=180)
    assert wait_after(Failure.LATER, 1, 0.5, 7200.0) == timedelta(minutes=67.5)
    assert wait_after(Failure.LATER, 9, 0.9, 1.0) > timedelta(seconds=1)


def test_a_held_link_is_probed_at_the_cap() -> None:
    assert wait_after(Failure.HOLD, 1, 0.0, None) == LONGEST_WAIT


def test_a_batch_shrinks_until_the_report_that_breaks_it_is_alone_and_grows_again() -> None:
    link, sizes = Link(), []
    for _ in range(9):
        link = failed(link, Failure.LATER, "server_error", NOW, link.batch_limit)
        sizes.append(link.batch_limit)
    assert sizes == [100, 50, 25, 12, 6, 3, 1, 1, 1]
    assert link.failures == 9
    for _ in range(9):
        link = succeeded(link)
    assert (link.batch_limit, link.failures, link.state) == (MAX_BATCH, 0, LinkState.ONLINE)


def test_the_link_rests_until_its_next_try() -> None:
    link = failed(Link(), Failure.LATER, "dns", NOW + timedelta(minutes=5), 1)
    assert link.rests(NOW)
    assert not link.rests(NOW + timedelta(minutes=5))
    assert not try_now(link).rests(NOW)


def test_a_clock_set_back_does_not_silence_the_link() -> None:
    link = failed(Link(), Failure.LATER, "dns", NOW + timedelta(minutes=5), 1)
    assert not link.rests(NOW - timedelta(days=1))


def test_only_a_cloud_that_asked_for_it_is_left_alone_for_longer_than_fifteen_minutes() -> None:
    late = NOW + timedelta(minutes=40)
    for reason in ("overloaded", "server_error", "timeout"):
        assert failed(Link(), Failure.LATER, reason, late, 1).rests(NOW)
    assert not failed(Link(), Failure.LATER, "dns", late, 1).rests(NOW)


def test_a_row_of_refusals_has_a_beginning_and_an_acceptance_ends_it() -> None:
    link = after_answer(after_answer(Link(), 1, 0, NOW), 2, 0, NOW + timedelta(minutes=1))
    assert link.refused_since == NOW
    assert after_answer(link, 0, 0, NOW).refused_since == NOW
    assert after_answer(link, 5, 1, NOW).refused_since is None
