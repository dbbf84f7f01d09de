"""Today: what was taken so far, beside last week at the same hour, and how long ago each terminal spoke."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from factorypos_tui.server.domain.pulses import FRESH, LATE, SILENT_CLOSED, Pulse, pulse_of
from factorypos_tui.server.domain.takings import Compared
from factorypos_tui.server.storage.report_tables import XReport
from factorypos_tui.server.storage.tables import Store
from tests.server.days import closed, running, today_of
from tests.server.shop import Owner, Till, sealed


def test_the_day_so_far_stands_beside_last_week_at_the_same_hour(till: Till) -> None:
    till.send_all(
        [
            closed(till, 1, "2026-02-23 09:00", "2026-02-23 21:00", h9=100, h12=40, h13=500, h20=900),
            running(till, str(uuid.uuid4()), "2026-03-02 09:05", "2026-03-02 13:20", h9=160, h13=30),
        ]
    )
    today = today_of(till.shop, till.store)
    assert (today.day.isoformat(), today.last_week.isoformat()) == ("2026-03-02", "2026-02-23")
    assert (today.until, today.as_of) == (13, "2026-03-02T12:20:00Z")
    assert today.compared == (Compared("EUR", 160, 140),)  # the hour 13 is not over
    assert (today.takings.so_far["EUR"].net, today.takings.closed) == (190, {})


@pytest.mark.parametrize(
    ("opened", "read", "until", "before"),
    [
        ("2026-10-24 18:00", "2026-10-25T00:40:00Z", 26, 140),  # 2:40, for the first time
        ("2026-10-24 18:00", "2026-10-25T01:40:00Z", 26, 140),  # 2:40 again
        ("2026-10-24 18:00", "2026-10-25T02:10:00Z", 27, 640),  # 3:10
        ("2026-03-28 18:00", "2026-03-29T00:40:00Z", 25, 140),  # 1:40; there is no 2 o'clock
        ("2026-03-28 18:00", "2026-03-29T01:10:00Z", 27, 640),  # 3:10
    ],
)
def test_the_same_hour_is_that_of_the_wall_in_nights_in_which_clocks_change(
    till: Till, opened: str, read: str, until: int, before: int
) -> None:
    earlier = date.fromisoformat(opened[:10]) - timedelta(days=7)
    closes = f"{earlier + timedelta(days=1)} 04:00"
    x = running(till, str(uuid.uuid4()), opened, f"{opened[:10]} 23:59", h18=160, h23=30)
    till.send_all(
        [
            closed(till, 1, f"{earlier} 18:00", closes, h18=100, h0=40, h2=500, h3=900),
            sealed({**x, "taken_at": read}),
        ]
    )
    till.shop.clock.jump(datetime.fromisoformat(read))
    today = today_of(till.shop, till.store)
    assert (today.until, today.compared) == (until, (Compared("EUR", 190, before),))


def test_a_day_that_is_closed_is_compared_whole(till: Till) -> None:
    till.send_all(
        [
            closed(till, 1, "2026-02-23 09:00", "2026-02-23 21:00", h9=100, h20=900),
            closed(till, 2, "2026-03-02 09:00", "2026-03-02 11:00", h9=50),
        ]
    )
    today = today_of(till.shop, till.store)
    assert (today.until, today.as_of, today.compared) == (None, None, (Compared("EUR", 50, 1000),))


def test_before_the_first_report_of_the_day_last_week_is_told_until_now(till: Till) -> None:
    till.send(closed(till, 1, "2026-02-23 09:00", "2026-02-23 21:00", h9=100, h20=900))
    today = today_of(till.shop, till.store)  # 13:00 in Madrid
    assert (today.until, today.takings.currencies) == (13, [])
    assert today.compared == (Compared("EUR", 0, 100),)


def test_the_till_that_told_least_decides_how_far_days_are_compared(owner: Owner) -> None:
    store = owner.store()
    quick, slow = owner.assign(store), owner.assign(store)
    quick.send(closed(quick, 1, "2026-02-23 09:00", "2026-02-23 21:00", h9=10, h10=20, h11=40))
    quick.send(running(quick, str(uuid.uuid4()), "2026-03-02 09:00", "2026-03-02 12:50", h9=1, h11=4))
    slow.send(running(slow, str(uuid.uuid4()), "2026-03-02 09:00", "2026-03-02 11:10", h10=2))
    today = today_of(quick.shop, store)
    assert (today.until, today.as_of) == (11, "2026-03-02T10:10:00Z")
    assert today.compared == (Compared("EUR", 3, 30),)


def test_an_x_is_gone_once_its_z_is_here(till: Till) -> None:
    period = str(uuid.uuid4())
    till.send(running(till, period, "2026-03-02 09:00", "2026-03-02 12:00", h9=100))
    assert today_of(till.shop, till.store).is_open
    till.send(closed(till, 1, "2026-03-02 09:00", "2026-03-02 12:30", h9=120, period=period))
    today = today_of(till.shop, till.store)
    assert (today.takings.so_far, today.takings.closed["EUR"].net) == ({}, 120)


def test_terminals_say_when_they_were_heard_and_what_is_open(owner: Owner) -> None:
    store = owner.store()
    names = {name: owner.assign(store, name=name) for name in ("Bar", "Door", "Never", "Sent away")}
    bar, door = names["Bar"], names["Door"]
    bar.send(running(bar, str(uuid.uuid4()), "2026-02-28 09:00", "2026-02-28 10:00", h9=1))
    door.send(closed(door, 1, "2026-03-02 09:00", "2026-03-02 10:00"))
    assert owner.call("DELETE", f"/terminals/{names['Sent away'].id}").status_code == 204
    found = [
        (it.name, it.pulse, it.open_day and it.open_day.day) for it in today_of(owner.shop, store).terminals
    ]
    assert found == [
        ("Bar", Pulse.FRESH, 28),
        ("Door", Pulse.CLOSED, None),
        ("Never", Pulse.SILENT, None),
    ]


def test_a_terminal_that_only_tells_how_it_is_is_heard_of(till: Till) -> None:
    till.send(running(till, str(uuid.uuid4()), "2026-03-02 09:00", "2026-03-02 12:00", h9=1))
    till.shop.clock.jump(datetime(2026, 3, 2, 13, 30, tzinfo=UTC))
    (it,) = today_of(till.shop, till.store).terminals
    assert it.pulse is Pulse.LATE
    assert till.call("PUT", "/terminals/current/state", json={"software": "x"}).status_code == 204
    (it,) = today_of(till.shop, till.store).terminals
    assert (it.pulse, it.heard_at) == (Pulse.FRESH, "2026-03-02T13:30:00.000Z")


@pytest.mark.parametrize(
    ("silence", "is_open", "pulse"),
    [
        (FRESH, True, Pulse.FRESH),
        (FRESH + timedelta(seconds=1), True, Pulse.LATE),
        (LATE, True, Pulse.LATE),
        (LATE + timedelta(seconds=1), True, Pulse.SILENT),
        (SILENT_CLOSED, False, Pulse.CLOSED),
        (SILENT_CLOSED + timedelta(seconds=1), False, Pulse.SILENT),
        (timedelta(seconds=-5), True, Pulse.FRESH),
    ],
)
def test_silence_is_judged_by_what_is_open(silence: timedelta, is_open: bool, pulse: Pulse) -> None:
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    heard = (now - silence).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert pulse_of(heard, is_open, now, "Europe/Madrid", []) is pulse
    assert pulse_of(None, is_open, now, "Europe/Madrid", []) is Pulse.SILENT


def test_a_closed_till_is_not_silent_over_days_off(owner: Owner) -> None:
    """Of a store that is closed on Sundays and Mondays; the clock shows a Monday."""
    store = owner.store()
    till = owner.assign(store)
    clock, database = owner.shop.clock, owner.shop.cloud.database
    clock.jump(datetime(2026, 2, 28, 22, tzinfo=UTC))
    till.send(till.z(1))
    for weekdays, monday in (("", Pulse.SILENT), ("17", Pulse.CLOSED), ("1234567", Pulse.CLOSED)):
        with database.connection_context():
            Store.update(closed_weekdays=weekdays).where(Store.id == store).execute(database)
        clock.jump(datetime(2026, 3, 2, 12, tzinfo=UTC))
        (it,) = today_of(owner.shop, store).terminals
        assert it.pulse is monday, weekdays


def test_a_damaged_report_stops_no_page(till: Till) -> None:
    report = running(till, str(uuid.uuid4()), "2026-03-02 09:00", "2026-03-02 12:00", h9=100)
    till.send(report)
    database = till.shop.cloud.database
    with database.connection_context():
        XReport.update(document=b"{").where(XReport.id == report["report_id"]).execute(database)
    today = today_of(till.shop, till.store)
    assert (today.takings.so_far["EUR"].net, today.reports) == (100, ())
