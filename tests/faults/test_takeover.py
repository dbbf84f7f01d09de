"""Fault 23 with the app in it: an app, a service and a second app at one terminal; the holder is killed."""

import socket
from contextlib import ExitStack
from pathlib import Path

from factorypos_tui.core.storage.facts import keep_fact
from factorypos_tui.core.storage.lock import holder_of
from tests.faults.world import Bar
from tests.support.waiting import eventually
from tests.support.windows import Terminal, terminal


def holder(bar: Bar) -> int:
    found = holder_of(bar.home / "worker.lock")
    return found.pid if found else 0


def test_23_of_an_app_a_service_and_a_second_app_one_sends_and_the_next_takes_over(
    bar: Bar, tmp_path: Path
) -> None:
    keep_fact(bar.station.database, "welcomed", "yes")
    address = {"FACTORYPOS_CLOUD_URL": bar.cloud_url}
    with ExitStack() as running, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        service = running.enter_context(bar.worker(NOTIFY_SOCKET=str(tmp_path / "notify")))
        eventually(lambda: bar.delivered() == 3)
        apps: dict[int, Terminal] = {}
        for _app in range(2):
            app = running.enter_context(terminal("--home", str(bar.home), environment=address))
            app.sees("sending: service")
            apps[app.pid] = app
        service.kill()
        service.wait()
        bar.sell_and_close()
        eventually(lambda: bar.everything_arrived_once(4))
        first = holder(bar)
        apps.pop(first).break_off()
        bar.sell_and_close()
        eventually(lambda: bar.everything_arrived_once(5))
        (last,) = apps
        assert holder(bar) == last
        apps[last].sees("sending: this app")
    assert {row.result for row in bar.queued()} == {"created"}
