"""What a till cannot do is refused before anything happens, in words, in commands as in core."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from factorypos_tui.cli import configuration
from factorypos_tui.cli.home import Home
from factorypos_tui.core.capabilities import READ_ONLY, Capabilities, refuse
from factorypos_tui.core.configuration.holdings import held_here
from factorypos_tui.core.configuration.state import NoUpload, configuration_status, no_upload_words
from factorypos_tui.core.errors import TillError
from factorypos_tui.core.language import use_language
from factorypos_tui.core.station import Station
from tests.support.configurations import BAR, with_item
from tests.support.exchanges import in_the_cloud
from tests.support.stations import Shop
from tests.support.tills import MemoryTill


@pytest.fixture
def other(shop: Shop) -> Shop:
    """A shop with a till of another program, whose store has a dearer beer."""
    other = replace(shop, station=replace(shop.station, till=MemoryTill()))
    other.connect()
    in_the_cloud(other, with_item(BAR, "BEER", prices={"BAR": 210}))
    return other


def run(other: Shop, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    @contextmanager
    def open_station(_home: Home) -> Iterator[Station]:
        yield other.station

    monkeypatch.setattr(configuration, "open_station", open_station)
    configuration.config.main(list(arguments), standalone_mode=False, obj=Home(Path("nowhere")))


def test_the_words_are_there_in_both_languages() -> None:
    reasons = {}
    for language in ("en", "es"):
        use_language(language)
        reasons[language] = (READ_ONLY.why_no_configuration, READ_ONLY.why_no_close)
        with pytest.raises(TillError, match=reasons[language][1]):
            refuse(READ_ONLY.why_no_close)
    assert not set(reasons["en"]) & set(reasons["es"])
    refuse(Capabilities(take_configuration=True, close_the_day=True).why_no_close)


def test_what_a_till_takes_is_known_where_its_configuration_is_looked_at(other: Shop, shop: Shop) -> None:
    assert configuration_status(other.station).can == READ_ONLY
    assert held_here(other.station).can == READ_ONLY
    assert configuration_status(shop.station).can == shop.till.can


@pytest.mark.parametrize("command", [("pull", "--yes"), ("pull", "--json"), ("restore", "--yes")])
def test_no_command_changes_a_till_that_takes_nothing(
    other: Shop, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    with pytest.raises(TillError, match=r"changed at the till only\. Nothing was changed"):
        run(other, monkeypatch, *command)


def test_no_reason_against_an_upload_sends_the_operator_to_a_download_that_there_is_not() -> None:
    for why in NoUpload:
        if why is not NoUpload.DOWNLOADED:
            assert "download" not in no_upload_words(why, READ_ONLY)


def test_the_difference_is_shown_with_the_reason_why_it_stays(
    other: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(other, monkeypatch, "diff")
    said = capsys.readouterr()
    assert "BEER Beer: BAR 2.00 EUR → 2.10 EUR" in said.out
    assert said.err.strip() == READ_ONLY.why_no_configuration
    run(other, monkeypatch, "status")
    assert READ_ONLY.why_no_configuration in capsys.readouterr().out
    run(other, monkeypatch, "status", "--json")
    assert '"download": {"offered": false' in capsys.readouterr().out.replace("\n", "").replace("  ", "")
