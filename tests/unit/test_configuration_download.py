"""Data download, as a person meets it: look first, take what was shown, and have it back if it was wrong."""

from dataclasses import replace

import pytest

from factorypos_tui.core.configuration.change import Held, Watch
from factorypos_tui.core.configuration.configuration import Configuration, Section, in_use
from factorypos_tui.core.configuration.document import encode
from factorypos_tui.core.configuration.download import (
    accept_download,
    accept_restoration,
    look_at_download,
    look_at_restoration,
)
from factorypos_tui.core.configuration.exchange import Way
from factorypos_tui.core.configuration.state import configuration_status
from factorypos_tui.core.configuration.upload import look_at_upload
from factorypos_tui.core.engine import Engine
from factorypos_tui.core.errors import (
    ConfigurationInvalid,
    DayOpen,
    NotConnected,
    NothingToDownload,
    Stopped,
    TillError,
)
from tests.support.configurations import BAR, with_item, without_item
from tests.support.exchanges import in_the_cloud
from tests.support.stations import Shop


def test_looking_changes_nothing_and_accepting_changes_what_was_shown(unlicensed: Shop) -> None:
    unlicensed.close_day()
    etag = in_the_cloud(unlicensed, BAR)
    before = unlicensed.till.configuration()
    download = look_at_download(unlicensed.station)
    assert unlicensed.till.configuration() == before
    assert download.change.difference.changes
    assert accept_download(unlicensed.station, download)
    assert in_use(unlicensed.till.configuration()) == BAR
    status = configuration_status(unlicensed.station)
    assert (status.etag, status.changed_here, status.changed_there) == (etag, False, False)
    assert status.connection
    assert (status.connection.way, status.connection.at) == (Way.DOWNLOADED, unlicensed.clock.now())
    again = look_at_download(unlicensed.station)
    assert not again.change.difference.changes
    assert accept_download(unlicensed.station, again) is None


@pytest.mark.parametrize(
    ("there", "word"),
    [
        (None, "departments"),
        (Configuration(), "departments"),
        (replace(BAR, items=()), "items"),
        (replace(BAR, items=tuple(replace(item, prices={}) for item in BAR.items)), "prices"),
    ],
)
def test_where_there_is_nothing_to_download_the_documented_warning_comes(
    unlicensed: Shop, there: Configuration | None, word: str
) -> None:
    before = unlicensed.till.configuration()
    if there:
        in_the_cloud(unlicensed, there)
    with pytest.raises(NothingToDownload, match=f"no data available for download.*no {word}") as nothing:
        look_at_download(unlicensed.station)
    assert nothing.value.exit_code == 1
    assert unlicensed.till.configuration() == before


def test_a_document_that_cannot_be_read_is_refused_whole(unlicensed: Shop) -> None:
    before = unlicensed.till.configuration()
    in_the_cloud(unlicensed, encode(with_item(BAR, "BEER", department="NONE")))
    with pytest.raises(ConfigurationInvalid, match=r"items BEER, department: there is no NONE"):
        look_at_download(unlicensed.station)
    assert unlicensed.till.configuration() == before


def test_what_was_shown_is_taken_also_where_the_cloud_has_something_newer_by_now(unlicensed: Shop) -> None:
    unlicensed.close_day()
    in_the_cloud(unlicensed, BAR)
    download = look_at_download(unlicensed.station)
    in_the_cloud(unlicensed, without_item(BAR, "BEER"))
    accept_download(unlicensed.station, download)
    assert in_use(unlicensed.till.configuration()) == BAR
    assert configuration_status(unlicensed.station).changed_there


def test_a_till_changed_since_the_look_is_not_overwritten(unlicensed: Shop) -> None:
    unlicensed.close_day()
    in_the_cloud(unlicensed, BAR)
    download = look_at_download(unlicensed.station)
    unlicensed.till.database().execute("UPDATE items SET name = 'Espresso' WHERE code = 'CAFE'")
    changed = unlicensed.till.configuration()
    with pytest.raises(TillError, match="Look at it again"):
        accept_download(unlicensed.station, download)
    assert unlicensed.till.configuration() == changed
    assert configuration_status(unlicensed.station).connection is None


def test_todays_sales_hold_it_up_and_the_look_says_so_before(unlicensed: Shop) -> None:
    unlicensed.sell("CAFE")
    in_the_cloud(unlicensed, BAR)
    download = look_at_download(unlicensed.station)
    assert download.change.held == [Held(Section.TAXES, "IVA10")]
    with pytest.raises(DayOpen, match="IVA10"):
        accept_download(unlicensed.station, download)
    unlicensed.close_day()
    accept_download(unlicensed.station, look_at_download(unlicensed.station))
    assert in_use(unlicensed.till.configuration()) == BAR


def test_a_sale_between_the_look_and_the_accept_holds_it_up_as_well(unlicensed: Shop) -> None:
    in_the_cloud(unlicensed, BAR)
    download = look_at_download(unlicensed.station)
    assert not download.change.held
    unlicensed.sell("CAFE")
    before = unlicensed.till.configuration()
    with pytest.raises(DayOpen, match="Close the day first"):
        accept_download(unlicensed.station, download)
    assert unlicensed.till.configuration() == before


def test_it_can_be_stopped_and_nothing_is_remembered_then(unlicensed: Shop) -> None:
    in_the_cloud(unlicensed, BAR)
    download = look_at_download(unlicensed.station)
    with pytest.raises(Stopped):
        accept_download(unlicensed.station, download, Watch(stopped=lambda: True))
    assert configuration_status(unlicensed.station).connection is None


def test_another_currency_is_refused_by_a_till_that_has_sold(unlicensed: Shop) -> None:
    unlicensed.sell()
    unlicensed.close_day()
    in_the_cloud(unlicensed, replace(BAR, company=replace(BAR.company, currency="USD")))
    with pytest.raises(TillError, match=r"USD.*EUR"):
        look_at_download(unlicensed.station)


def test_what_a_document_does_not_say_of_the_company_stays(unlicensed: Shop) -> None:
    unlicensed.close_day()
    here = unlicensed.till.configuration().company
    in_the_cloud(unlicensed, replace(BAR, company=replace(BAR.company, tax_id=None, currency=None)))
    accept_download(unlicensed.station, look_at_download(unlicensed.station))
    company = unlicensed.till.configuration().company
    assert (company.name, company.tax_id, company.currency) == ("Bar Ana, S.L.", here.tax_id, "EUR")


def test_what_was_replaced_comes_back_and_that_can_be_undone(unlicensed: Shop) -> None:
    unlicensed.close_day()
    before = unlicensed.till.configuration()
    with pytest.raises(TillError, match="no backup yet"):
        look_at_restoration(unlicensed.station)
    in_the_cloud(unlicensed, BAR)
    accept_download(unlicensed.station, look_at_download(unlicensed.station))
    restoration = look_at_restoration(unlicensed.station)
    assert restoration.change.difference.changes
    accept_restoration(unlicensed.station, restoration)
    assert in_use(unlicensed.till.configuration()) == in_use(before)
    assert configuration_status(unlicensed.station).changed_here
    newest = look_at_restoration(unlicensed.station)
    accept_restoration(unlicensed.station, newest)
    assert in_use(unlicensed.till.configuration()) == BAR
    first = look_at_restoration(unlicensed.station, restoration.backup.id)
    assert first.change.wanted == before
    with pytest.raises(TillError, match="no backup 99"):
        look_at_restoration(unlicensed.station, 99)


def test_todays_sales_hold_a_restoration_up_too(unlicensed: Shop) -> None:
    unlicensed.close_day()
    in_the_cloud(unlicensed, BAR)
    accept_download(unlicensed.station, look_at_download(unlicensed.station))
    unlicensed.sell("COFFEE")
    with pytest.raises(DayOpen, match="Close the day first"):
        accept_restoration(unlicensed.station, look_at_restoration(unlicensed.station))


def test_without_a_store_everything_says_to_assign_one(shop: Shop) -> None:
    for ask in (look_at_download, look_at_upload, configuration_status):
        with pytest.raises(NotConnected, match="Assign"):
            ask(shop.station)


def test_a_screen_asks_through_the_engine(unlicensed: Shop) -> None:
    in_the_cloud(unlicensed, BAR)
    unlicensed.close_day()
    engine = Engine(unlicensed.station, "app")
    download = engine.perform(look_at_download)
    assert engine.perform(accept_download, download)
    assert in_use(unlicensed.till.configuration()) == BAR
