"""The home screen, alive: what happens at the till and on the line shows up by itself."""

import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from factorypos_tui.core.delivery import closes, collector
from factorypos_tui.core.errors import CloudUnreachable
from factorypos_tui.core.reports.sales import Period
from factorypos_tui.core.snapshot import take_snapshot
from factorypos_tui.core.storage.facts import drop_fact
from tests.support import scenes
from tests.support.operator import Operator, opened
from tests.support.stations import Shop

_HOLD = """
import sys
from pathlib import Path
from factorypos_tui.core.language.instants import SystemClock
from factorypos_tui.core.storage.lock import DrainLock
lock = DrainLock(Path(sys.argv[1]))
print(lock.acquire("worker", SystemClock().now()), flush=True)
sys.stdin.read()
"""


@contextmanager
def another_process_sends(lock: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that holds the right to drain until it is killed."""
    command = [sys.executable, "-c", _HOLD, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "True\n"
        try:
            yield holder
        finally:
            holder.kill()


async def test_a_sale_and_a_close_show_up_without_a_key_pressed(shop: Shop) -> None:
    shop.connect()
    async with opened(shop) as operator:
        await operator.sees("0 receipts", "last Z 5 sent 10:00")
        shop.sell("CAFE")
        await operator.sees("1 receipt", "Net 1.40 EUR", "████████ ", "10", " 1.40")
        shop.close_day()
        await operator.sees("0 receipts", "last Z 6 sent 10:00", "Z 6")


async def test_offline_says_why_and_until_when_and_f2_tries_at_once(shop: Shop) -> None:
    shop.connect()
    shop.cloud.fail_with = CloudUnreachable("unreachable", "connection")
    async with opened(shop) as operator:
        await operator.sees(
            "▲ Offline", "5 waiting", "FactoryCLOUD cannot be reached; check the network (next"
        )
        shop.cloud.fail_with = None
        await operator.presses("f2", then=("● Online", "all sent", "last Z 5 sent"))


async def test_f2_tries_at_once_also_where_the_link_is_held_and_nobody_is_logged_in(shop: Shop) -> None:
    """As after a loss of the queue: the token still tells the store, but not the account."""
    shop.connect()
    drop_fact(shop.station.database, "account")
    shop.cloud.fail_with = CloudUnreachable("a login page", "not_factorycloud")
    async with opened(shop) as operator:
        await operator.sees("5 waiting", "(next")
        shop.cloud.fail_with = None
        await operator.presses("f2", then=("● Online", "all sent", "last Z 5 sent"))


async def test_f2_says_why_there_is_nothing_to_try(shop: Shop) -> None:
    async with opened(shop) as operator:
        await operator.presses("f2", then="Log in first.")
        scenes.with_companies(shop, [])
        await operator.is_at("assign")
        await operator.presses("f2", then="Assign a business first.")
        shop.assign_new_store("Bar Maritim")
        await operator.sees("last Z 5 sent")
        await operator.presses("f2", then="All closed days are in FactoryCLOUD.")


async def test_f2_does_not_say_that_all_was_sent_where_the_till_cannot_be_asked(busy: Shop) -> None:
    async with opened(busy) as operator:
        await operator.sees("last Z 5 sent", "Online")
        busy.till._path.unlink()
        await operator.sees("There is no till at")
        await operator.presses("f2", then="Trying now.")


async def test_f2_survives_a_full_disk_and_says_so(shop: Shop) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    shop.station.database.execute(
        "CREATE TRIGGER full BEFORE INSERT ON link BEGIN SELECT raise(ABORT, 'database or disk is full'); END"
    )
    async with opened(shop, running=False) as operator:
        await operator.presses("f2", then="The disk is full: nothing new can be saved")
        await operator.presses("4", then="It waits here, safe")


async def test_an_option_that_cannot_be_used_says_why_and_does_nothing(shop: Shop) -> None:
    async with opened(shop, running=False) as operator:
        for key, why in (("2", "Log in first."), ("5", "Log in first.")):
            await operator.presses(key, "enter", then=why)
        assert len(operator.app.screen_stack) == 1
        await operator.presses("1", at="email")


async def test_arrows_go_round_and_tab_goes_on(shop: Shop) -> None:
    async with opened(shop, running=False) as operator:
        for key, item in (
            ("down", "assign"),
            ("tab", "settings"),
            ("up", "assign"),
            ("up", "account"),
            ("up", "disconnect"),
            ("down", "account"),
        ):
            await operator.presses(key, at=item)


async def test_a_number_that_is_no_option_does_nothing(shop: Shop) -> None:
    async with opened(shop, running=False) as operator:
        await operator.presses("9", "0", "x", "escape")
        assert operator.focus == "account"


async def test_an_observer_takes_over_when_the_sender_goes(shop: Shop) -> None:
    shop.connect()
    with another_process_sends(shop.station.worker_lock) as sender:
        async with opened(shop) as operator:
            await operator.sees("sending: service", "5 closed days not queued")
            sender.kill()
            await operator.sees("sending: this app", "last Z 5 sent 10:00")


async def test_a_new_state_arrives_whatever_is_in_front(busy: Shop) -> None:
    before = take_snapshot(busy.station)
    after = replace(before, trouble="The disk is full.")

    async def both_states(operator: Operator) -> None:
        await operator.shows(after)
        await operator.sees("The disk is full.")
        await operator.shows(before)
        await operator.no_longer_sees("The disk is full.")

    async with opened(busy, running=False) as operator:
        await both_states(operator)
        for to_it in (["f1"], ["1"], ["2"], ["4"], ["4", "f1"]):
            await operator.presses(*to_it)
            await both_states(operator)
            await operator.presses(*("escape" for _key in to_it), then="Enter Choose")


async def test_ctrl_c_says_which_key_leaves(shop: Shop) -> None:
    async with opened(shop, running=False) as operator:
        await operator.presses("ctrl+c", then="F10 leaves the program.")


@pytest.mark.parametrize("to_it", [[], ["1"], ["2"], ["2", "f1"], ["4"], ["4", "f1"], ["f1"]])
async def test_every_key_that_is_shown_works_everywhere(busy: Shop, to_it: list[str]) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses(*to_it)
        await operator.settles()
        depth = len(operator.app.screen_stack)
        if "F1 Help" in operator.screen:
            await operator.presses("f1", then="─ Help ─")
            await operator.presses("f1")
            await operator.no_longer_sees("─ Help ─")
        if "Esc Back" in operator.screen:
            await operator.presses("escape")
            await operator.until(lambda: len(operator.app.screen_stack) == depth - 1, "one screen less")
        assert "F10 Quit" in operator.screen
        await operator.presses("f10")
        assert operator.app.return_code == 0


async def test_a_resized_window_is_filled(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.sees("█████ █████")
        await operator.resizes(132, 43)
        await operator.until(lambda: len(operator.screen.splitlines()) == 43, "43 lines")
        await operator.until(lambda: "████████ ████████" in operator.screen, "wider columns")
        await operator.sees("15.40", "Payments today")


async def test_the_frame_of_the_last_days_names_the_key_to_the_figures(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.sees("F Figures")
        await operator.presses("f", then="D Days")


async def test_while_many_days_are_read_home_says_how_far_it_is_and_goes_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (closes, collector):
        monkeypatch.setattr(module, "A_PAGE", 2)
    shop.connect()
    go_on, closed_periods = threading.Event(), shop.till.closed_periods

    def wait(after: int, limit: int) -> Sequence[Period]:
        if after >= 2:
            go_on.wait(60)
        return closed_periods(after, limit)

    monkeypatch.setattr(shop.till, "closed_periods", wait)
    async with opened(shop) as operator:
        await operator.sees("○ Reading the till's days: 2 of 5. It goes on by itself.")
        await operator.presses("f9", then="Find")
        await operator.presses("escape")
        go_on.set()
        await operator.sees("Everything is sent", "last Z 5")
