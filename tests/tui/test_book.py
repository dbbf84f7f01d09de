"""`screens.md` says what is so: its key tables are the bindings', and every picture has its place in it."""

import re

import pytest

from tests.support.stations import Shop
from tests.tui.book import BOOK, key_tables, keys_by_hand, screens_in, with_tables
from tests.tui.conftest import SNAPSHOTS

_HOW = "screens.md is out of date: run `make snapshots`, look at what changed, and commit it"


async def test_key_tables_are_those_of_the_screens(shop: Shop, pytestconfig: pytest.Config) -> None:
    tables = await key_tables(shop)
    book = BOOK.read_text("utf-8")
    assert screens_in(book) == set(tables)
    if pytestconfig.option.update_snapshots:
        BOOK.write_text(with_tables(book, tables), "utf-8")
    else:
        assert with_tables(book, tables) == book, _HOW


def test_every_key_that_it_names_is_that_of_a_binding() -> None:
    book = BOOK.read_text("utf-8")
    assert keys_by_hand(book) == []
    assert keys_by_hand(book.replace("<!-- key QueueScreen.compare -->V<!-- / -->", "V")) == ["V in the"]


def test_every_picture_is_in_the_book_and_no_other() -> None:
    linked = set(re.findall(r"\((snapshots/[^)]+\.svg)\)", BOOK.read_text("utf-8")))
    drawn = {str(picture.relative_to(BOOK.parent)) for picture in SNAPSHOTS.rglob("*.svg")}
    assert linked == drawn, "screens.md and snapshots/ differ: give each picture its place in the book"
