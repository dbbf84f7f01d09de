"""What every till does (port `Till`), whichever program it belongs to."""

import json
import pkgutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from factorypos_tui import tills
from factorypos_tui.cli.tills import KINDS
from factorypos_tui.core.configuration.change import UNWATCHED, Change, Why
from factorypos_tui.core.configuration.configuration import RECORD_SECTIONS, Configuration, Section, in_use
from factorypos_tui.core.configuration.difference import compare
from factorypos_tui.core.configuration.document import decode, encode
from factorypos_tui.core.errors import TillAbsent, TillError
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.ports import Till
from factorypos_tui.core.reports.closing import DayToClose, drawer_of
from factorypos_tui.core.reports.doubts import CloseDoubts
from factorypos_tui.core.reports.findings import in_order
from factorypos_tui.core.reports.reports import build_x, freeze_z
from factorypos_tui.core.reports.sales import Period
from tests.contract.tills import ADAPTERS, TillInUse

NO_DAY = DayToClose("none", "EUR", 0, 0, (), None, CloseDoubts((), datetime.now(UTC), None, None, None))


@pytest.fixture(params=ADAPTERS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TillInUse]:
    """Each till in turn."""
    with ADAPTERS[request.param](tmp_path / "till") as place:
        yield place
        place.till.close()


def test_no_adapter_is_left_out() -> None:
    packages = [module.name for module in pkgutil.iter_modules(tills.__path__) if module.ispkg]
    built = {name for name in packages if find_spec(f"{tills.__name__}.{name}.till")}
    assert set(ADAPTERS) == built | {"memory"} == set(KINDS) | {"memory"}


def today(till: Till) -> Period:
    period = till.open_period()
    assert period is not None
    return period


def live_through(place: TillInUse, *days: int) -> None:
    """Sell so many receipts on each day, and close it."""
    for receipts in days:
        for _ in range(receipts):
            place.sell()
        place.end_the_day()


def test_it_says_who_it_is_and_by_which_clocks_it_closes(place: TillInUse) -> None:
    till, terminal = place.till, place.till.terminal()
    assert str(UUID(terminal.id)) == terminal.id
    assert terminal.name
    assert till.status().kind == till.kind in ADAPTERS
    assert (till.terminal(), till.status().terminal, today(till).terminal) == (terminal,) * 3
    assert today(till).timezone == str(till.time_zone())
    assert today(till).currency == till.status().currency


def test_before_the_first_sale_and_close_there_is_nothing_but_a_running_day(place: TillInUse) -> None:
    till, status = place.till, place.till.status()
    assert (status.receipts, status.net, list(status.net_by_hour)) == (0, 0, [])
    assert (status.last_z_number, status.open_period_since) == (None, today(till).opened_at)
    assert (list(till.closes(0)), list(till.closed_periods(0, 10))) == ([], [])
    assert list(till.receipts(today(till).id)) == list(till.receipts("nothing")) == []
    assert (today(till).z_number, today(till).closed_at, today(till).close_reason) == (None, None, None)


def test_a_sale_is_in_the_running_day_at_once(place: TillInUse) -> None:
    till = place.till
    place.sell()
    place.sell()
    receipts, status = list(till.receipts(today(till).id)), till.status()
    net = sum(line.net for receipt in receipts for line in receipt.lines)
    assert net > 0
    assert (status.receipts, status.net) == (len(receipts), net) == (2, net)
    assert sum(amount for _hour, amount in status.net_by_hour) == net
    assert len({receipt.uid for receipt in receipts}) == 2
    assert list(till.receipts(today(till).id)) == receipts
    for receipt in receipts:
        total = sum(line.net for line in receipt.lines)
        assert total == sum(tax.base + tax.tax for tax in receipt.taxes)
        assert total + receipt.rounding == sum(payment.amount for payment in receipt.payments)


def test_the_revision_differs_after_a_sale_and_a_close_and_not_without(place: TillInUse) -> None:
    revisions = [place.till.revision()]
    for happens in (place.sell, place.end_the_day, place.end_the_day, place.sell):
        assert place.till.revision() == revisions[-1]
        happens()
        revisions.append(place.till.revision())
    assert all(one != other for one, other in pairwise(revisions))


def test_closed_days_come_ascending_in_pages_and_in_short(place: TillInUse) -> None:
    till = place.till
    live_through(place, 1, 0, 2, 0, 1)
    closed = till.closed_periods(0, 100)
    numbers = [period.z_number or 0 for period in closed]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 5
    assert till.status().last_z_number == numbers[-1]
    assert list(till.closed_periods(numbers[1], 2)) == list(closed[2:4])
    assert (list(till.closed_periods(numbers[-1], 2)), list(till.closes(numbers[-1]))) == ([], [])
    for close, period in zip(till.closes(numbers[0]), closed[1:], strict=True):
        assert period.closed_at
        assert (close.z_number, close.period_id) == (period.z_number, period.id)
        assert close.closed_at == rfc3339(period.closed_at)


def test_days_follow_each_other_without_a_gap_in_time_or_money(place: TillInUse) -> None:
    till = place.till
    live_through(place, 2, 0, 1)
    days = [*till.closed_periods(0, 10), today(till)]
    assert len({day.id for day in days}) == len(days)
    for day, following in pairwise(days):
        assert day.closed_at
        assert day.close_reason
        assert day.opened_at <= day.closed_at <= following.opened_at
        net = sum(line.net for receipt in till.receipts(day.id) for line in receipt.lines)
        assert following.perpetual_before.net == day.perpetual_before.net + net


def test_a_closed_day_stays_as_it_was(place: TillInUse) -> None:
    till = place.till
    live_through(place, 2)
    (closed,) = till.closed_periods(0, 10)
    receipts = list(till.receipts(closed.id))
    assert len(receipts) == 2
    live_through(place, 1)
    place.sell()
    assert till.closed_periods(0, 1) == [closed]
    assert list(till.receipts(closed.id)) == receipts


def test_every_day_becomes_the_same_report_whenever_it_is_made(place: TillInUse) -> None:
    till = place.till
    live_through(place, 2, 0)
    place.sell()
    for _ in range(2):
        previous: str | None = None
        bodies: list[bytes] = []
        for period in till.closed_periods(0, 10):
            frozen = freeze_z(period, till.receipts(period.id), previous)
            previous = frozen.chain_hash
            bodies.append(frozen.report.body)
        running = today(till)
        bodies.append(build_x(running, till.receipts(running.id), 1, running.opened_at).body)
        assert [json.loads(body)["receipts"]["count"] for body in bodies] == [2, 0, 1]
    again = [freeze_z(period, till.receipts(period.id), None).report for period in till.closed_periods(0, 1)]
    assert again[0].body == bodies[0]


def test_nothing_is_found_where_nothing_is_wrong(place: TillInUse) -> None:
    live_through(place, 1, 1)
    assert list(place.till.findings()) == list(in_order(place.till.findings())) == []
    assert list(place.till.late_closes()) == []


def test_its_configuration_can_be_uploaded_and_its_sales_refer_to_it(place: TillInUse) -> None:
    till, held = place.till, place.till.configuration()
    assert decode(encode(held)).configuration == in_use(held)
    for section in RECORD_SECTIONS:
        codes = [record.code for record in getattr(held, section.value)]
        assert section is Section.PRICE_LEVELS or codes == sorted(set(codes))
    assert held.company.currency == till.status().currency
    assert (till.sold().ever, till.sold().taxes, till.sold().payment_methods) == (False, set(), set())
    place.sell()
    sold = till.sold()
    assert sold.ever
    assert sold.taxes
    assert sold.taxes <= {tax.code for tax in held.taxes}
    assert sold.payment_methods
    assert sold.payment_methods <= {method.code for method in held.payment_methods}
    place.end_the_day()
    assert (till.sold().ever, till.sold().taxes, till.sold().payment_methods) == (True, set(), set())


def dearer(held: Configuration) -> Configuration:
    """The same, with another price."""
    first, *others = held.items
    prices = {level: price + 1 for level, price in first.prices.items()}
    return replace(held, items=(replace(first, prices=prices), *others))


def change(here: Configuration, wanted: Configuration) -> Change:
    return Change(here, wanted, compare(here, wanted), (), Why.DOWNLOAD)


def test_it_takes_a_configuration_whole_and_gives_back_what_it_had_or_takes_none(place: TillInUse) -> None:
    till, before = place.till, place.till.configuration()
    wanted = dearer(before)
    with pytest.raises(TillError):
        till.configuration_of_backup(1)
    if not till.can.take_configuration:
        with pytest.raises(TillError, match="at the till only"):
            till.apply_configuration(change(before, wanted), UNWATCHED)
        assert (till.configuration(), list(till.configuration_backups())) == (before, [])
        return
    applied = till.apply_configuration(change(before, wanted), UNWATCHED)
    assert till.configuration() == wanted
    with pytest.raises(TillError):
        till.apply_configuration(change(before, wanted), UNWATCHED)
    assert [backup.id for backup in till.configuration_backups()] == [applied.backup_id]
    back = till.configuration_of_backup(applied.backup_id)
    till.apply_configuration(change(wanted, back), UNWATCHED)
    assert till.configuration() == before


def test_its_day_is_closed_from_here_or_it_is_not(place: TillInUse) -> None:
    till = place.till
    place.sell()
    running = today(till)
    if till.can.close_the_day:
        seen = till.day_to_close()
        assert (seen.period_id, seen.receipts, seen.currency) == (running.id, 1, running.currency)
        assert seen.net == sum(amount for _name, amount in seen.payments) == till.status().net
        assert seen.drawer
        closing = till.close_day(seen, seen.drawer.expected - 1)
        (closed,) = till.closed_periods(0, 10)
        assert (closed.id, closed.z_number) == (running.id, closing.z_number)
        drawer = drawer_of(closed, till.receipts(closed.id))
        assert drawer
        assert (drawer.expected, drawer.over_short) == (seen.drawer.expected, -1)
        assert today(till).id != running.id
        return
    for ask in (till.day_to_close, partial(till.close_day, NO_DAY)):
        with pytest.raises(TillError, match="at the till only"):
            ask()
    assert (today(till), list(till.closes(0))) == (running, [])


def test_what_it_cannot_has_words_that_say_why(place: TillInUse) -> None:
    can = place.till.can
    assert bool(can.why_no_configuration) != can.take_configuration
    assert bool(can.why_no_close) != can.close_the_day
    assert bool(can.why_not_made) != can.be_made
    assert (place.absent.can, place.absent.kind) == (can, place.till.kind)


def questions(till: Till) -> dict[str, Callable[[], Any]]:
    """Every method of the port that needs a till, ready to be called."""
    given: dict[str, tuple[Any, ...]] = {
        "closed_periods": (0, 10),
        "closes": (0,),
        "receipts": ("nothing",),
        "configuration_of_backup": (1,),
        "close_day": (NO_DAY,),
        "apply_configuration": (change(Configuration(), Configuration()), UNWATCHED),
    }
    not_asked = ("can", "kind", "leaves_out_numbers", "late_closes", "make", "close")
    names = [name for name in vars(Till) if not name.startswith("_") and name not in not_asked]
    return {name: partial(getattr(till, name), *given.get(name, ())) for name in names}


def test_where_there_is_no_till_every_question_says_so(place: TillInUse) -> None:
    backups = {"configuration_backups", "configuration_of_backup"}
    refused = {"apply_configuration", "close_day", "day_to_close", *backups}
    for name, ask in questions(place.absent).items():
        if place.till.can.take_configuration or name not in refused:
            with pytest.raises(TillAbsent):
                list(ask())
    place.absent.close()


def test_it_can_be_asked_from_any_thread_and_again_after_it_was_let_go(place: TillInUse) -> None:
    live_through(place, 1)
    answers: list[object] = []

    def ask() -> None:
        answers.append([place.till.status(), place.till.closed_periods(0, 10), place.till.configuration()])
        place.till.close()

    ask()
    for _ in range(2):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    ask()
    assert answers == [answers[0]] * 4
