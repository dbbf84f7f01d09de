"""Changes as lines of a table: every one of them, in words that fit, however many there are."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.configuration.configuration import Configuration
from factorypos_tui.core.configuration.difference import ChangeKind, compare
from factorypos_tui.core.language.text import width
from factorypos_tui.tui.screens.configuration_data.change_rows import Row, Rows, row_words, side_of
from factorypos_tui.tui.screens.configuration_data.record_pane import Pointed, record_lines
from tests.support.configurations import BAR, configurations, with_item, without_item


@given(configurations(), configurations(), st.integers(80, 200))
def test_every_change_has_its_rows_in_order_and_none_is_wider_than_the_screen(
    old: Configuration, new: Configuration, columns: int
) -> None:
    difference = compare(old, new)
    rows = Rows(difference.changes)
    seen = [rows[number] for number in range(len(rows))]
    assert list(dict.fromkeys(id(row.change) for row in seen)) == [id(c) for c in difference.changes]
    for change in difference.changes:
        fields = [row.field for row in seen if row.change is change]
        if change.kind is ChangeKind.CHANGED:
            assert fields == list(change.fields)
        else:
            assert fields[0] is None
    for row in seen:
        assert width(row_words(row, "EUR", columns)) <= columns


def test_a_new_item_shows_its_prices_and_one_that_leaves_does_not() -> None:
    fewer = with_item(BAR, "BEER", prices={"BAR": 210, "TERRACE": 240})
    (price,) = compare(BAR, fewer).changes
    assert row_words(Row(price, price.fields[0]), "EUR", 80).split() == (
        ["BEER", "Beer", "BAR", "2.00", "EUR", "→", "2.10", "EUR"]
    )
    without = without_item(BAR, "BEER")
    (added,) = compare(without, BAR).changes
    assert len(Rows([added])) == 3
    (removed,) = compare(BAR, without).changes
    assert len(Rows([removed])) == 1


def test_a_filter_finds_codes_names_and_barcodes_without_case_and_accents() -> None:
    side = side_of("", compare(Configuration(), BAR))
    assert [change.code for change in side.found(None, "CAFE  cof")] == ["COFFEE"]
    assert [change.code for change in side.found(None, "84123")] == ["COFFEE"]
    assert side.found(None, "café beer") == []


def test_a_record_shows_old_and_new_beside_each_other_or_below_their_label_where_they_are_long() -> None:
    address = "Carrer de la Mare de Déu del Carme 123, entresòl"
    new = replace(BAR, company=replace(BAR.company, city="Inca", address=address))
    difference = compare(BAR, new)
    (company,) = difference.changes
    lines = [line.plain for line in record_lines(Pointed(company, difference.whole, "EUR"))]
    assert lines == [
        "Company",
        "",
        "name             Bar Ana, S.L.",
        "tax number       B1",
        "address",
        "  Calle Mayor 1 →",
        f"  {address}",
        "city             Palma → Inca",
        "country          ES",
        "currency         EUR",
    ]
