"""What was accepted for after the close, where till, store or mind change in the meantime."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from factorypos_tui.core.account.assignment import History, load_assignment
from factorypos_tui.core.configuration.accepted import load_accepted
from factorypos_tui.core.configuration.after_close import accept_after_close, take_after_close, take_back
from factorypos_tui.core.configuration.change import Applied, Change, Watch
from factorypos_tui.core.configuration.download import (
    accept_download,
    look_at_download,
)
from factorypos_tui.core.configuration.upload import accept_upload, look_at_upload
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.operations.enrolment import assign, disconnect
from factorypos_tui.core.station import Station
from tests.support.catalogues import spring, with_another_tax
from tests.support.configurations import with_item
from tests.support.exchanges import LICENSED, in_the_cloud, license_to
from tests.support.stations import Shop
from tests.unit.later import WAITS, accepted, price, said


@pytest.fixture
def waiting(unlicensed: Shop) -> Shop:
    return accepted(unlicensed)


def take_now(station: Station) -> None:
    accept_download(station, look_at_download(station))


def test_what_is_sold_in_the_last_moment_holds_up_what_it_refers_to(
    unlicensed: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = unlicensed
    shop.sell()
    in_the_cloud(shop, with_another_tax(shop))
    accept_after_close(shop.station, look_at_download(shop.station))
    before = shop.till.configuration()
    shop.close_day()
    with in_the_last_moment(monkeypatch, shop, shop.sell):
        assert not take_after_close(shop.station)
    assert (shop.till.configuration(), said(shop)) == (before, WAITS.replace("7", "8"))
    shop.close_day()
    assert take_after_close(shop.station)
    assert price(shop) == 150


@contextmanager
def in_the_last_moment(
    monkeypatch: pytest.MonkeyPatch,
    shop: Shop,
    before: Callable[[], object],
    after: Callable[[], object] = int,
) -> Iterator[None]:
    """Somebody else does something right before the till begins to write, or right after that."""
    apply = type(shop.till).apply_configuration

    def slow(_till: object, change: Change, watch: Watch) -> Applied:
        before()
        applied = apply(shop.till, change, watch)
        after()
        return applied

    with monkeypatch.context() as patched:
        patched.setattr(type(shop.till), "apply_configuration", slow)
        yield


def test_taken_back_in_the_last_moment_nothing_is_written(
    waiting: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting.close_day()
    with in_the_last_moment(monkeypatch, waiting, lambda: take_back(waiting.station)):
        assert not take_after_close(waiting.station)
    assert price(waiting) == 140


@pytest.mark.parametrize("take", [take_after_close, take_now])
def test_what_a_person_accepts_while_another_one_is_taken_is_kept(
    waiting: Shop, monkeypatch: pytest.MonkeyPatch, take: Callable[[Station], object]
) -> None:
    waiting.close_day()
    newer = with_item(spring(waiting), "CAFE", prices={"BARRA": 999, "TERRAZA": 999})

    def accept_newer() -> None:
        waiting.clock.advance(1)
        in_the_cloud(waiting, newer)
        accept_after_close(waiting.station, look_at_download(waiting.station))

    with in_the_last_moment(monkeypatch, waiting, int, accept_newer):
        take(waiting.station)
    assert price(waiting) == 150
    assert said(waiting) == "1 change of the configuration will be taken after the close of the day."
    waiting.close_day()
    assert take_after_close(waiting.station)
    assert price(waiting) == 999


def test_another_store_does_not_take_it(waiting: Shop) -> None:
    waiting.assign_new_store("Bar Nou")
    waiting.close_day()
    assert not take_after_close(waiting.station)
    assert (price(waiting), said(waiting)) == (140, "")
    disconnect(waiting.station)
    assert not take_after_close(waiting.station)


def test_what_was_accepted_for_a_store_is_not_taken_when_that_is_assigned_again(waiting: Shop) -> None:
    first = load_assignment(waiting.station.database)
    assert first
    waiting.assign_new_store("Bar Alameda")
    waiting.close_day()
    assign(waiting.station, first.company.id, first.store.id, History.NONE, move=True)
    assert not take_after_close(waiting.station)
    assert (price(waiting), load_accepted(waiting.station.database, first.store.id)) == (140, None)


def test_what_was_looked_at_for_one_store_is_not_accepted_for_another(unlicensed: Shop) -> None:
    shop = unlicensed
    in_the_cloud(shop, spring(shop))
    license_to(shop, LICENSED)
    shop.cloud.allow_upload(shop.credentials.get("user") or "", shop.till.terminal().id)
    download, upload, before = (
        look_at_download(shop.station),
        look_at_upload(shop.station),
        dict(shop.cloud.configurations),
    )
    shop.assign_new_store("Bar Nou")
    for accept in (
        lambda: accept_after_close(shop.station, download),
        lambda: accept_download(shop.station, download),
        lambda: accept_upload(shop.station, upload),
    ):
        with pytest.raises(FactoryPosError, match="Another store was assigned"):
            accept()
    assert (price(shop), said(shop), shop.cloud.configurations) == (140, "", before)


def replace_the_till(shop: Shop) -> None:
    """Another till stands here now, with the same catalogue, and has closed a day more."""
    shop.till.database().execute("UPDATE terminal SET id = ?", str(uuid4()))


def test_another_till_does_not_take_what_was_accepted_at_the_one_before(waiting: Shop) -> None:
    waiting.close_day()
    replace_the_till(waiting)
    assert take_after_close(waiting.station)
    assert price(waiting) == 140
    assert "The till was changed in the meantime." in said(waiting)


def test_what_was_accepted_at_a_till_is_dropped_when_another_one_is_assigned_to_the_store(
    waiting: Shop,
) -> None:
    first = load_assignment(waiting.station.database)
    assert first
    replace_the_till(waiting)
    assign(waiting.station, first.company.id, first.store.id, History.NONE, move=True)
    assert load_accepted(waiting.station.database, first.store.id) is None
    waiting.close_day()
    assert not take_after_close(waiting.station)
    assert price(waiting) == 140


def test_a_till_that_came_back_from_an_older_copy_does_not_take_it(waiting: Shop) -> None:
    waiting.station.database.execute("UPDATE accepted_configuration SET after_z = 2")
    waiting.close_day()
    assert take_after_close(waiting.station)
    assert "The till was changed in the meantime." in said(waiting)


def test_to_assign_the_same_store_again_takes_nothing_back(waiting: Shop) -> None:
    first = load_assignment(waiting.station.database)
    assert first
    assign(waiting.station, first.company.id, first.store.id, History.NONE, move=True)
    assert said(waiting) == WAITS
