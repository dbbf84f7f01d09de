"""Taking a configuration after the close of the day: what was seen, once the day is closed, or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from factorypos_tui.core.configuration.accepted import load_accepted
from factorypos_tui.core.configuration.after_close import accept_after_close, take_after_close, take_back
from factorypos_tui.core.configuration.configuration import in_use
from factorypos_tui.core.configuration.download import (
    accept_download,
    accept_restoration,
    decline_download,
    look_at_download,
    look_at_restoration,
)
from factorypos_tui.core.configuration.exchange import Way, load_connection
from factorypos_tui.core.configuration.upload import accept_upload, look_at_upload
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.errors import DamagedError, FactoryPosError, StorageError, TillAbsent, TillError
from factorypos_tui.core.models import TillStatus
from factorypos_tui.core.recovery.recovery import mend
from tests.support.catalogues import spring, with_another_tax
from tests.support.configurations import with_item, without_item
from tests.support.exchanges import LICENSED, in_the_cloud, license_to
from tests.support.stations import Shop
from tests.unit.later import WAITS, accepted, price, said


@pytest.fixture
def waiting(unlicensed: Shop) -> Shop:
    return accepted(unlicensed)


def test_nothing_changes_before_the_close_and_right_after_it_what_was_seen_is_there(waiting: Shop) -> None:
    wanted = spring(waiting)
    assert not take_after_close(waiting.station)
    assert (price(waiting), said(waiting)) == (140, WAITS)
    waiting.close_day()
    assert take_after_close(waiting.station)
    assert in_use(waiting.till.configuration()) == wanted
    connection = load_connection(waiting.station.database, look_at_download(waiting.station).store_id)
    assert connection
    assert connection.way is Way.DOWNLOADED
    assert said(waiting) == ""
    assert not take_after_close(waiting.station)


def test_whatever_process_sends_takes_it(waiting: Shop) -> None:
    drain_once(waiting.station)
    assert price(waiting) == 140
    waiting.close_day()
    drain_once(waiting.station)
    assert price(waiting) == 150


def test_without_a_line_it_is_taken_as_well(waiting: Shop) -> None:
    waiting.cloud.fail_with = StorageError("no line")  # type: ignore[assignment]
    waiting.close_day()
    assert take_after_close(waiting.station)
    assert price(waiting) == 150


def test_what_was_seen_is_taken_and_what_is_newer_stays_news(waiting: Shop) -> None:
    in_the_cloud(waiting, with_item(spring(waiting), "CAFE", prices={"BARRA": 999, "TERRAZA": 999}))
    look_at_download(waiting.station)
    assert "FactoryCLOUD holds newer ones" in said(waiting)
    waiting.close_day()
    take_after_close(waiting.station)
    assert price(waiting) == 150
    look_at_download(waiting.station)
    assert "holds 1 change for this till" in said(waiting)


def test_what_todays_sales_refer_to_can_be_taken_after_their_close(unlicensed: Shop) -> None:
    unlicensed.sell()
    in_the_cloud(unlicensed, with_another_tax(unlicensed))
    accept_after_close(unlicensed.station, look_at_download(unlicensed.station))
    unlicensed.close_day()
    take_after_close(unlicensed.station)
    assert {tax.code: tax.rate for tax in unlicensed.till.configuration().taxes}["IVA10"] == "10.5"


def test_where_nobody_sent_at_the_close_and_the_new_day_has_sold_it_waits_for_the_next_close(
    waiting: Shop,
) -> None:
    before = waiting.till.configuration()
    waiting.close_day()
    waiting.sell("TE")
    assert not take_after_close(waiting.station)
    assert (waiting.till.configuration(), said(waiting)) == (before, WAITS)
    waiting.close_day()
    assert take_after_close(waiting.station)
    assert price(waiting) == 150


def test_a_till_that_was_changed_since_refuses_and_the_home_screen_says_so(waiting: Shop) -> None:
    waiting.till.database().execute("UPDATE items SET name = 'Espresso' WHERE code = 'CAFE'")
    before = waiting.till.configuration()
    waiting.close_day()
    assert take_after_close(waiting.station)
    assert waiting.till.configuration() == before
    refusal = "The till did not take 7 changes of the configuration after the close. The till was changed"
    assert said(waiting).startswith(refusal)
    waiting.close_day()
    assert not take_after_close(waiting.station)
    decline_download(waiting.station, look_at_download(waiting.station))
    assert said(waiting) == ""


def test_a_till_that_cannot_be_read_for_a_moment_is_asked_again(
    waiting: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def status(_till: object) -> TillStatus:
        raise TillError("The till is busy.")

    waiting.close_day()
    with monkeypatch.context() as patched:
        patched.setattr(type(waiting.till), "status", status)
        with pytest.raises(TillError):
            take_after_close(waiting.station)
    assert take_after_close(waiting.station)
    assert price(waiting) == 150


def test_another_currency_by_then_is_refused(unlicensed: Shop) -> None:
    wanted = spring(unlicensed)
    in_the_cloud(unlicensed, replace(wanted, company=replace(wanted.company, currency="USD")))
    accept_after_close(unlicensed.station, look_at_download(unlicensed.station))
    unlicensed.sell()
    unlicensed.close_day()
    take_after_close(unlicensed.station)
    assert "in USD" in said(unlicensed)


def test_taken_back_it_is_not_taken(waiting: Shop) -> None:
    take_back(waiting.station)
    waiting.close_day()
    assert not take_after_close(waiting.station)
    assert price(waiting) == 140
    with pytest.raises(FactoryPosError, match="Nothing waits"):
        take_back(waiting.station)


def test_whatever_a_person_does_to_the_configuration_takes_its_place(unlicensed: Shop) -> None:
    shop, database = unlicensed, unlicensed.station.database

    def waits() -> bool:
        return load_accepted(database, look_at_download(shop.station).store_id) is not None

    accepted(shop)
    decline_download(shop.station, look_at_download(shop.station))  # of now, that is
    assert waits()
    accept_download(shop.station, look_at_download(shop.station))
    assert not waits()
    in_the_cloud(shop, without_item(in_use(shop.till.configuration()), "TE"))
    accept_after_close(shop.station, look_at_download(shop.station))
    restored = look_at_restoration(shop.station)
    accept_restoration(shop.station, restored)
    assert not waits()
    accept_after_close(shop.station, look_at_download(shop.station))
    accept_restoration(shop.station, look_at_restoration(shop.station, restored.backup.id))  # as it is now
    assert waits()
    license_to(shop, LICENSED)
    accept_after_close(shop.station, look_at_download(shop.station))
    shop.cloud.allow_upload(shop.credentials.get("user") or "", shop.till.terminal().id)
    accept_upload(shop.station, look_at_upload(shop.station))
    assert not waits()


def test_it_outlives_a_damaged_file_of_the_queue(waiting: Shop) -> None:
    mend(waiting.station, waiting.station.database.damaged())
    assert said(waiting) == WAITS
    waiting.close_day()
    take_after_close(waiting.station)
    assert price(waiting) == 150


def test_a_document_whose_bits_flipped_is_damage_and_nothing_is_taken(waiting: Shop) -> None:
    waiting.station.database.execute("UPDATE accepted_configuration SET document = x'00' || document")
    waiting.close_day()
    with pytest.raises(DamagedError) as damaged:
        take_after_close(waiting.station)
    mend(waiting.station, damaged.value)
    assert not take_after_close(waiting.station)
    assert price(waiting) == 140


@contextmanager
def dying(monkeypatch: pytest.MonkeyPatch, where: str) -> Iterator[None]:
    """The process ends before `where`."""

    def die(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(where, die)
        with pytest.raises(KeyboardInterrupt):
            yield


@pytest.mark.parametrize(
    "where",
    [
        "factorypos_tui.tills.bundled.configuring.write_difference",
        "factorypos_tui.core.configuration.download.keep_connection",
        "factorypos_tui.core.configuration.state.drop_this",
    ],
)
def test_a_process_that_dies_on_the_way_leaves_all_or_nothing_and_the_next_one_ends_it(
    waiting: Shop, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    before, wanted = in_use(waiting.till.configuration()), spring(waiting)
    waiting.close_day()
    with dying(monkeypatch, where):
        take_after_close(waiting.station)
    assert in_use(waiting.till.configuration()) in (before, wanted)
    assert take_after_close(waiting.station)
    assert in_use(waiting.till.configuration()) == wanted
    assert len(waiting.till.configuration_backups()) == 1
    assert said(waiting) == ""


def test_a_till_that_is_away_for_a_moment_is_asked_again(
    waiting: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting.close_day()

    def away(_till: object) -> None:
        raise TillAbsent("away")

    with monkeypatch.context() as patched:
        patched.setattr(type(waiting.till), "configuration", away)
        with pytest.raises(TillAbsent):
            take_after_close(waiting.station)
    assert take_after_close(waiting.station)
    assert price(waiting) == 150
