"""Bars, columns and sparklines: exactly as wide as asked for, and a larger number never looks smaller,
whatever the terminal's font has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from factorypos_tui.tui.charts import ACROSS, SHADED, UPWARDS, bar, columns, progress, sparkline
from tests.support.fonts import SETS, ink

AMOUNTS, CELLS = st.integers(-(10**12), 10**12), st.integers(0, 60)
STEPS = st.sampled_from((ACROSS, UPWARDS, SHADED))


@given(AMOUNTS, AMOUNTS, CELLS, STEPS)
def test_a_bar_is_as_wide_as_asked_for_and_what_is_not_above_zero_is_blank(
    value: int, best: int, cells: int, steps: str
) -> None:
    drawn = bar(value, best, cells, steps)
    assert cell_len(drawn) == len(drawn) == cells
    assert bool(drawn.strip()) == (value > 0 and best > 0 and cells > 0)
    assert bar(max(value, best), best, cells, steps) == (steps[-1] if best > 0 else " ") * cells


@given(AMOUNTS, AMOUNTS, AMOUNTS, CELLS, STEPS)
def test_a_larger_value_never_looks_shorter_in_any_font(
    one: int, other: int, best: int, cells: int, steps: str
) -> None:
    smaller, larger = (bar(value, best, cells, steps) for value in sorted((one, other)))
    for glyphs, encoding in SETS:
        pairs = zip(smaller, larger, strict=True)
        assert all(ink(low, glyphs, encoding) <= ink(high, glyphs, encoding) for low, high in pairs)


def test_a_bar_has_eight_steps_a_cell() -> None:
    assert [bar(value, 16, 2) for value in (0, 1, 8, 13, 16)] == ["  ", "▏ ", "█ ", "█▋", "██"]
    assert bar(1, 10**9, 2) == "▏ "


@given(st.lists(AMOUNTS, max_size=30), st.integers(0, 12), st.none() | AMOUNTS, STEPS)
def test_a_column_is_a_bar_that_stands(values: list[int], height: int, best: int | None, steps: str) -> None:
    lines = columns(values, height, best, steps)
    assert [len(line) for line in lines] == [len(values)] * height
    most = max(values, default=0) if best is None else best
    for place, value in enumerate(values):
        assert "".join(line[place] for line in reversed(lines)) == bar(value, most, height, steps)


def test_the_best_of_the_values_fills_the_height() -> None:
    assert columns([0, 4, 8, -3], 2) == ["  █ ", " ██ "]
    assert columns([4, 8], 2, best=16) == ["  ", "▄█"]
    assert columns([1, 2], 2, steps=SHADED) == [" ░", "░░"]


def test_a_sparkline_is_blank_where_there_is_nothing() -> None:
    assert sparkline([]) == ""
    assert sparkline([0, 0]) == "  "
    assert sparkline([1, 0, 4, 8, -2]) == "▁ ▄█ "


@given(st.integers(-5, 10**9), st.integers(0, 10**9), CELLS)
def test_progress_is_full_only_where_all_is_done(done: int, total: int, cells: int) -> None:
    drawn = progress(done, total, cells)
    assert len(drawn) == cells
    assert drawn == "■" * drawn.count("■") + "─" * drawn.count("─")
    assert ("─" not in drawn) == (cells == 0 or done >= total > 0)


@pytest.mark.parametrize(("done", "drawn"), [(0, "────"), (1, "■───"), (3, "■■■─"), (4, "■■■■")])
def test_progress_is_a_quarter_at_a_quarter(done: int, drawn: str) -> None:
    assert progress(done, 4, 4) == drawn
