"""`docs/tour.cast` can be played: it shows the whole tour at its size, and ends where it began."""

from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.support.cast import Cast, Moment, read_cast

FILM = Path(__file__).parents[2] / "docs/tour.cast"
SEEN_BY_THE_WAY = (
    "Password",
    "Maritim SL",
    "Everything is sent",
    "The drawer is",
    "Z REPORT 15",
    "The last 12 weeks",
    "CORTADO",
    "What it does",
)


@pytest.fixture(scope="module")
def film() -> Cast:
    return read_cast(FILM.read_text("utf-8"))


def test_it_is_small_and_takes_a_minute_or_so(film: Cast) -> None:
    assert FILM.stat().st_size < 200_000
    assert film.moments[0].at_s == 0
    assert 50 <= film.moments[-1].at_s <= 100
    times = [moment.at_s for moment in film.moments]
    assert times == sorted(times)


def test_it_shows_the_whole_tour_in_its_order(film: Cast) -> None:
    to_come = list(SEEN_BY_THE_WAY)
    for _at, rows in film.frames():
        assert len(rows) == film.lines
        assert all(cell_len(row) == film.columns for row in rows)
        while to_come and to_come[0] in "\n".join(rows):
            del to_come[0]
    assert to_come == []


def test_it_leaves_the_terminal_as_it_was(film: Cast) -> None:
    said = "".join(moment.output for moment in film.moments)
    assert said.rfind("\x1b[?1049l") > said.rfind("\x1b[?1049h") >= 0
    assert said.rfind("\x1b[?25h") > said.rfind("\x1b[?25l")


def test_what_is_written_is_read_again() -> None:
    film = Cast("a title", 80, 24, [Moment(0.0, "ñ\x1b[H"), Moment(1.25, "│")])
    assert read_cast(film.text) == film
    with pytest.raises(ValueError, match="asciicast"):
        read_cast(film.text.replace('"o"', '"i"'))
