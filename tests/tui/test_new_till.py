"""Make a till: what is proposed, how one picks from a list, and what becomes of what was typed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from factorypos_tui.core.account.place import Place
from factorypos_tui.core.configuration.configuration import in_use
from factorypos_tui.core.configuration.document import encode
from factorypos_tui.core.language.text import folded
from factorypos_tui.tui.screens.till.new_till import NewTillScreen
from factorypos_tui.tui.widgets import chooser
from factorypos_tui.tui.widgets.field import Field
from tests.support.configurations import BAR
from tests.support.operator import Operator, opened
from tests.support.stations import Shop, open_shop


@pytest.fixture
def no_till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A machine in Lima on which no till was made yet."""
    monkeypatch.setenv("TZ", "America/Lima")
    with open_shop(tmp_path / "bar") as bar:
        bar.till._path.unlink()
        yield bar


def answers(operator: Operator) -> list[str]:
    return [field.value for field in operator.app.screen.query(Field) if field.display]


async def test_six_enters_make_what_is_proposed(no_till: Shop) -> None:
    async with opened(no_till) as operator:
        await operator.presses("f6", at="shop")
        await operator.types("Bar Lima")
        for field in ("country", "currency", "timezone", "catalogue"):
            await operator.presses("enter", at=field)
        assert answers(operator)[1:4] == ["Peru (PE)", "PEN Peruvian Sol", "America/Lima Peru"]
        await operator.presses("enter", then=("Bar Lima has its till.", "nothing can be sold"))
        await operator.sees_behind_messages("● Till     Terminal 01")
    company = no_till.till.configuration().company
    assert (company.name, company.country, company.currency) == ("Bar Lima", "PE", "PEN")
    assert str(no_till.till.time_zone()) == "America/Lima"


async def test_typing_in_a_field_searches_its_list_and_a_country_brings_its_currency_and_zones(
    no_till: Shop,
) -> None:
    async with opened(no_till) as operator:
        await operator.presses("f6", at="shop")
        await operator.types_ahead(*"Bar", "enter", *"es")
        await operator.sees("Spain (ES)", "of 248")
        await operator.presses("enter", at="currency")
        await operator.until(
            lambda: answers(operator)[1:4] == ["Spain (ES)", "EUR Euro", "Europe/Madrid Spain"], "Spain"
        )
        await operator.presses("down", "f4", then="419 of 419")
        first, second = "Europe/Madrid Spain", "Africa/Ceuta Spain"
        assert operator.screen.index(first) < operator.screen.index(second)
        await operator.types("canary")
        await operator.presses("enter", at="catalogue")
        assert answers(operator)[3] == "Atlantic/Canary Spain"
        await operator.presses("backspace", "delete", "ctrl+u", "escape")
        assert no_till.till._path.exists() is False


async def test_esc_in_the_list_leaves_the_answer_and_none_that_fits_says_so(no_till: Shop) -> None:
    async with opened(no_till) as operator:
        await operator.presses("f6", "down", at="country")
        await operator.types("atlantis")
        await operator.presses("enter", then="None of the 248 contains this.")
        await operator.presses("escape", at="country")
        assert answers(operator)[1] == "Peru (PE)"


async def test_a_machine_that_is_nowhere_proposes_nothing_and_asks(
    no_till: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    for name in ("LC_ALL", "LC_MONETARY", "LANG"):
        monkeypatch.delenv(name, raising=False)
    async with opened(no_till) as operator:
        await operator.presses("f6", at="shop")
        await operator.enters("Bar", at="country")
        await operator.presses("enter", then="! Pick the country.", at="country")
        await operator.types("peru")
        await operator.presses("enter", at="currency")
        assert answers(operator)[1:4] == ["Peru (PE)", "PEN Peruvian Sol", "America/Lima Peru"]


async def test_a_zone_of_no_country_that_is_proposed_is_shown(
    no_till: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Etc/UTC")
    for name in ("LC_ALL", "LC_MONETARY", "LANG"):
        monkeypatch.delenv(name, raising=False)
    async with opened(no_till) as operator:
        await operator.presses("f6", at="shop")
        assert answers(operator)[1:4] == ["", "", "Etc/UTC"]


async def test_what_cannot_be_shown_is_asked_for_and_not_sent(no_till: Shop) -> None:
    async with opened(no_till) as operator:
        await operator.app.push_screen(NewTillScreen(Place("ES", "ESP", "Europe/Madrid")))
        await operator.is_at("shop")
        await operator.enters("Bar", at="country")
        await operator.presses("enter", "enter", then="! Pick the currency.", at="currency")


async def test_the_field_in_focus_says_how_it_is_answered_and_no_other_does(no_till: Shop) -> None:
    def saying(operator: Operator) -> list[str | None]:
        fields = operator.app.screen.query(Field)
        return [field.id for field in fields if "F4: the list" in str(field.border_subtitle)]

    async with opened(no_till) as operator:
        await operator.presses("f6", at="shop")
        assert saying(operator) == []
        for field in ("country", "currency", "timezone", "catalogue"):
            await operator.presses("down", at=field)
            assert saying(operator) == [field]
        await operator.presses("down", at="accept")
        assert saying(operator) == []


async def test_a_letter_folds_what_is_typed_and_not_the_whole_list_again(
    no_till: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []

    def note(text: str) -> str:
        texts.append(text)
        return folded(text)

    async with opened(no_till) as operator:
        await operator.presses("f6", "down", "f4", then="248 of 248")
        monkeypatch.setattr(chooser, "folded", note)
        await operator.types("per")
        await operator.sees("Peru (PE)")
    assert set(texts) <= {"p", "pe", "per"}


async def test_a_file_is_checked_and_nothing_typed_is_lost(no_till: Shop, tmp_path: Path) -> None:
    file = tmp_path / "shop.json"
    file.write_text("{")
    async with opened(no_till) as operator:
        await operator.presses("f6", at="shop")
        await operator.enters("Bar", at="country")
        await operator.presses("up", "up", "up", at="catalogue")
        await operator.types("file")
        await operator.presses("enter", at="file")
        await operator.types(str(tmp_path / "none.json"))
        await operator.presses("enter", then="! There is no such file.")
        await operator.clears()
        await operator.enters(str(file), then="has no catalogue that can be used")
        file.write_bytes(encode(BAR))
        await operator.presses("enter", then="are in EUR: a till in PEN cannot have them.")
        assert answers(operator) == [
            "Bar",
            "Peru (PE)",
            "PEN Peruvian Sol",
            "America/Lima Peru",
            "From a file: a configuration document",
            str(file),
        ]
        await operator.presses("up", "up", "up", at="currency")
        await operator.types("eur")
        await operator.presses("enter", at="timezone")
        await operator.presses("enter", "enter", "enter", then="Bar is ready to sell.")
    assert in_use(no_till.till.configuration()).items == in_use(BAR).items


async def test_find_makes_a_till_from_any_screen_and_says_where_there_is_one(
    no_till: Shop, shop: Shop
) -> None:
    async with opened(no_till) as operator:
        await operator.presses("4", "f9")
        await operator.enters("make a till", at="shop")
    async with opened(shop) as operator:
        await operator.presses("f9")
        await operator.types("make a till")
        await operator.sees("There is a till.")
