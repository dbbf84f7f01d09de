"""Fault 18: a clock that shows 1970 or 2099, and one that jumps while the service runs or waits."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.delivery.link import LinkState, load_link
from tests.faults.elsewhen import Clocks
from tests.faults.proxy import Proxy, problem
from tests.faults.world import Bar
from tests.support.fakes import FrozenClock
from tests.support.tiny_cloud import TinyCloud
from tests.support.waiting import eventually

_JUMPS = [("now", "1970"), ("now", "2099"), ("1970", "2099"), ("2099", "1970")]


def seconds_to(year: str) -> float:
    """How far ahead a clock is that shows that year."""
    now = datetime.now(UTC)
    return 0 if year == "now" else (datetime(int(year), 6, 1, tzinfo=UTC) - now).total_seconds()


@pytest.fixture
def clocks(tmp_path: Path) -> Clocks:
    return Clocks(tmp_path / "clocks")


def test_18_a_clock_that_jumps_far_ahead_and_back_stops_nothing(bar: Bar) -> None:
    clock = FrozenClock(datetime(2026, 11, 24, tzinfo=UTC))
    station = replace(bar.station, clock=clock)
    for year in (2099, 1970, 2026, 1980, 2030):
        clock.jump(datetime(year, 1, 1, tzinfo=UTC))
        bar.sell_and_close()
        assert drain_once(station).waiting == 0
    assert bar.everything_arrived_once(8)


@pytest.mark.parametrize(("before", "after"), _JUMPS)
def test_18_a_clock_that_jumps_while_the_service_waits_for_its_next_try_makes_it_wait_no_longer(
    bar: Bar, line: Proxy, clocks: Clocks, before: str, after: str
) -> None:
    clocks.set(seconds_to(before))
    line.misbehave(problem(503, "busy"))
    with replace(bar, program=clocks.program()).worker(line.address) as service:
        eventually(lambda: load_link(bar.station.database).state is LinkState.OFFLINE)
        clocks.set(seconds_to(after))
        line.behave()
        bar.sell_and_close()
        eventually(lambda: bar.everything_arrived_once(4))
        assert service.poll() is None


@pytest.mark.parametrize(("before", "after"), _JUMPS)
def test_18_an_hour_that_a_wrong_clock_wrote_down_is_not_waited_for_after_a_start(
    bar: Bar, line: Proxy, clocks: Clocks, before: str, after: str
) -> None:
    clocks.set(seconds_to(before))
    service = replace(bar, program=clocks.program())
    line.misbehave(problem(429, "busy", "Retry-After: 3600\r\n"))
    with service.worker(line.address):
        eventually(lambda: load_link(bar.station.database).reason == "overloaded")
    line.behave()
    clocks.set(seconds_to(after))
    with service.worker(line.address):
        eventually(lambda: bar.everything_arrived_once(3))


@pytest.fixture(params=["from_2099.pem", "until_2001.pem"])
def out_of_its_time(request: pytest.FixtureRequest) -> Iterator[tuple[str, Path]]:
    """The address of a cloud whose certificate this machine's clock takes for one of another time, as a
    clock that is wrong does with one that is good; and the authority that has signed it."""
    certificate = Path(__file__).with_name(request.param)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with TinyCloud(tls=context) as cloud:
        yield cloud.address.replace("127.0.0.1", "localhost"), certificate


def test_18_a_certificate_of_another_time_says_to_check_the_clock_and_sends_nothing(
    bar: Bar, out_of_its_time: tuple[str, Path]
) -> None:
    address, authority = out_of_its_time
    (bar.home / "config.toml").write_text(f'ca_file = "{authority}"\n')
    refused = bar.run("worker", "--once", url=address)
    assert refused.returncode == 4
    assert "clock" in refused.stderr
    assert "clock" in bar.run("status").stdout
    assert load_link(bar.station.database).state is LinkState.HELD
    assert bar.delivered() == 0
    assert bar.drain() == 0
    assert bar.everything_arrived_once(3)
