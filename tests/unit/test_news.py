"""News of the configuration: told without being asked for, and only where there are some."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.configuration.accepted import Accepted
from factorypos_tui.core.configuration.after_close import accept_after_close
from factorypos_tui.core.configuration.configuration import Configuration, in_use
from factorypos_tui.core.configuration.document import encode
from factorypos_tui.core.configuration.download import (
    accept_download,
    accept_restoration,
    decline_download,
    look_at_download,
    look_at_restoration,
)
from factorypos_tui.core.configuration.exchange import Connection, Way
from factorypos_tui.core.configuration.news import News, Offer, undecided
from factorypos_tui.core.configuration.state import configuration_status
from factorypos_tui.core.configuration.upload import accept_upload, look_at_upload
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.configurations import compare_news
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.engine import Engine
from factorypos_tui.core.errors import (
    CloudUnreachable,
    ConfigurationInvalid,
    FactoryPosError,
    NothingToDownload,
    TillAbsent,
)
from factorypos_tui.core.operations.enrolment import disconnect
from factorypos_tui.core.snapshot import take_snapshot
from factorypos_tui.core.status.configuration_answer import configuration_answer
from factorypos_tui.tills.bundled.till import BundledTill
from tests.support.catalogues import spring
from tests.support.configurations import with_item
from tests.support.exchanges import LICENSED, in_the_cloud, license_to
from tests.support.stations import MORNING, Shop
from tests.support.waiting import eventually


def keeps_in_touch(shop: Shop) -> None:
    """The process that sends has nothing to send, asks how things are, and compares."""
    shop.clock.advance(301)
    worker = Worker(shop.station, chance=lambda: 1.0)
    while worker.step():
        pass
    compare_news(shop.station)


def news(shop: Shop) -> News:
    """What the home screen has to tell."""
    return take_snapshot(shop.station).news or News()


def said(shop: Shop) -> str:
    """What it tells."""
    told = configuration_answer(news(shop), shop.clock.now())
    return told.words if told else ""


def changes(shop: Shop) -> int:
    """How many changes the home screen tells of."""
    offer = news(shop).offer
    return offer.changes if offer else 0


@pytest.fixture
def told(unlicensed: Shop) -> Shop:
    """The home screen tells of the catalogue of spring."""
    keeps_in_touch(unlicensed)
    assert changes(unlicensed) == 0
    in_the_cloud(unlicensed, spring(unlicensed))
    keeps_in_touch(unlicensed)
    assert changes(unlicensed) == 7
    return unlicensed


def test_since_when_is_when_it_was_heard_of_first(told: Shop) -> None:
    first = news(told).offer
    keeps_in_touch(told)
    assert first
    assert first.seen_at > MORNING
    assert news(told).offer == first


def test_news_are_heard_of_while_reports_arrive_every_minute(unlicensed: Shop) -> None:
    worker = Worker(unlicensed.station, chance=lambda: 1.0)
    in_the_cloud(unlicensed, spring(unlicensed))
    for _minute in range(6):
        unlicensed.clock.advance(60)
        unlicensed.close_day()
        collect(unlicensed.station)
        while worker.step():
            pass
    compare_news(unlicensed.station)
    assert changes(unlicensed) == 7


def take(shop: Shop) -> None:
    accept_download(shop.station, look_at_download(shop.station))


def refuse(shop: Shop) -> None:
    decline_download(shop.station, look_at_download(shop.station))


def take_it_later(shop: Shop) -> None:
    accept_after_close(shop.station, look_at_download(shop.station))


def upload(shop: Shop) -> None:
    license_to(shop, LICENSED)
    shop.cloud.allow_upload(shop.credentials.get("user") or "", shop.till.terminal().id)
    accept_upload(shop.station, look_at_upload(shop.station))


def forget_it_there(shop: Shop) -> None:
    shop.cloud.configurations.clear()


def put_back_there(shop: Shop) -> None:
    in_the_cloud(shop, in_use(shop.till.configuration()))


def go(shop: Shop) -> None:
    disconnect(shop.station)


@pytest.mark.parametrize("act", [take, refuse, take_it_later, upload, forget_it_there, put_back_there, go])
def test_no_news_are_told_of_what_is_done_with(told: Shop, act: Callable[[Shop], None]) -> None:
    act(told)
    keeps_in_touch(told)
    assert changes(told) == 0
    keeps_in_touch(told)
    assert changes(told) == 0


def test_what_was_uploaded_is_no_news_from_that_moment_on(told: Shop) -> None:
    upload(told)
    assert changes(told) == 0


def test_after_each_of_them_the_next_version_is_news_again(told: Shop) -> None:
    for act, price in ((refuse, 200), (take, 300), (refuse, 400)):
        act(told)
        here = in_use(told.till.configuration())
        in_the_cloud(told, with_item(here, "CAFE", prices={"BARRA": price, "TERRAZA": price}))
        keeps_in_touch(told)
        assert changes(told) == 1


def test_a_till_that_was_changed_by_hand_to_just_that_has_no_news(told: Shop) -> None:
    at_the_till = told.till.database()
    at_the_till.execute("UPDATE items SET name = 'Té verde', department = 'REFRESCOS' WHERE code = 'TE'")
    keeps_in_touch(told)
    assert changes(told) == 6


def test_a_backup_that_was_brought_back_is_counted_again_before_anything_is_told(told: Shop) -> None:
    take(told)
    here = in_use(told.till.configuration())
    in_the_cloud(told, with_item(here, "CAFE", name="Café solo corto"))
    keeps_in_touch(told)
    assert changes(told) == 1
    accept_restoration(told.station, look_at_restoration(told.station))
    assert changes(told) == 0
    keeps_in_touch(told)
    assert changes(told) > 1


@pytest.mark.parametrize("there", [b"{}", encode(Configuration()), None])
def test_what_this_till_cannot_take_is_told_with_what_to_do_and_is_not_asked_for_again(
    unlicensed: Shop, there: bytes | None
) -> None:
    wanted = spring(unlicensed)
    dollars = encode(replace(wanted, company=replace(wanted.company, currency="USD")))
    unlicensed.sell()
    in_the_cloud(unlicensed, there or dollars)
    with pytest.raises(FactoryPosError) as refusal:
        keeps_in_touch(unlicensed)
    keeps_in_touch(unlicensed)  # the till is as it was: nothing is downloaded
    assert changes(unlicensed) == 0
    nothing_is_there = isinstance(refusal.value, NothingToDownload)
    assert said(unlicensed) == ("" if nothing_is_there else str(refusal.value))
    in_the_cloud(unlicensed, wanted)  # somebody has corrected it there
    keeps_in_touch(unlicensed)
    assert said(unlicensed).startswith("FactoryCLOUD holds 7 changes for this till")


def test_a_newer_version_that_the_till_cannot_take_is_not_told_beside_what_is_accepted(told: Shop) -> None:
    take_it_later(told)
    waits = said(told)
    in_the_cloud(told, b"{}")
    with pytest.raises(ConfigurationInvalid):
        keeps_in_touch(told)
    assert said(told) == waits


def test_a_till_that_is_away_for_a_moment_has_refused_nothing(
    unlicensed: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_cloud(unlicensed, spring(unlicensed))
    away = iter([TillAbsent("away")])
    configuration = type(unlicensed.till).configuration

    def at_times(till: BundledTill) -> Configuration:
        for error in away:
            raise error
        return configuration(till)

    monkeypatch.setattr(type(unlicensed.till), "configuration", at_times)
    with pytest.raises(TillAbsent):
        look_at_download(unlicensed.station)
    assert said(unlicensed) == ""
    keeps_in_touch(unlicensed)
    assert changes(unlicensed) == 7


def test_where_nobody_is_assigned_nothing_is_asked(shop: Shop) -> None:
    shop.cloud.fail_with = CloudUnreachable("asked", "timeout")
    keeps_in_touch(shop)
    assert changes(shop) == 0


def test_the_document_is_not_asked_for_while_the_line_is_down(told: Shop) -> None:
    in_the_cloud(told, with_item(spring(told), "CAFE", name="Café"))
    configuration_status(told.station)
    assert changes(told) == 0
    told.cloud.fail_with = CloudUnreachable("down", "timeout")
    keeps_in_touch(told)  # raises nothing
    told.cloud.fail_with = None
    keeps_in_touch(told)
    assert changes(told) == 8


def test_a_look_by_a_person_tells_the_home_screen(unlicensed: Shop) -> None:
    in_the_cloud(unlicensed, spring(unlicensed))
    look_at_download(unlicensed.station)
    assert changes(unlicensed) == 7
    in_the_cloud(unlicensed, b"[]")
    with pytest.raises(ConfigurationInvalid):
        look_at_download(unlicensed.station)
    assert changes(unlicensed) == 0


def test_the_engine_tells_by_itself_and_takes_what_was_accepted(unlicensed: Shop) -> None:
    in_the_cloud(unlicensed, spring(unlicensed))
    unlicensed.clock.advance(301)
    engine = Engine(unlicensed.station, "app")
    engine.start()
    try:
        eventually(lambda: changes(unlicensed) == 7)
        engine.perform(lambda station: accept_after_close(station, look_at_download(station)))
        unlicensed.close_day()
        eventually(lambda: bool(unlicensed.till.configuration_backups()))
        eventually(lambda: news(unlicensed).accepted is None)
    finally:
        engine.stop()
    assert in_use(unlicensed.till.configuration()) == spring_of(unlicensed)


def spring_of(shop: Shop) -> Configuration:
    return in_use(look_at_download(shop.station).change.wanted)


ETAGS = st.sampled_from(["a", "b", "c"])
OFFERS = st.builds(
    Offer, st.just("store"), ETAGS, st.just(MORNING), declined=st.booleans(), changes=st.integers(0, 9)
)
CONNECTIONS = st.builds(
    Connection, st.just("store"), st.sampled_from(Way), st.just(MORNING), ETAGS, st.just(""), st.booleans()
)
ACCEPTED = st.builds(
    Accepted, st.just("store"), ETAGS, st.just(""), st.integers(1, 9), st.just(MORNING), st.integers(0, 9)
)


@given(st.none() | OFFERS, st.none() | CONNECTIONS, st.none() | ACCEPTED)
def test_a_version_is_undecided_exactly_where_nobody_has_decided_on_it(
    offer: Offer | None, connection: Connection | None, accepted: Accepted | None
) -> None:
    found = undecided(offer, connection, accepted)
    assert found in (None, offer)
    decided = any(known and offer and known.etag == offer.etag for known in (connection, accepted))
    assert (found is None) == (offer is None or offer.declined or decided)
