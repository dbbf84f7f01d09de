"""The till takes a configuration whole or not at all, and gives back the one it had."""

import io
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings

from factorypos_tui.core.configuration.change import UNWATCHED, Applied, Change, Watch, Why
from factorypos_tui.core.configuration.configuration import (
    Configuration,
    Department,
    Item,
    PaymentMethod,
    User,
    in_use,
)
from factorypos_tui.core.configuration.difference import compare
from factorypos_tui.core.configuration.document import decode, encode
from factorypos_tui.core.errors import DayOpen, TillError
from factorypos_tui.tills.bundled.importing import import_receipts
from factorypos_tui.tills.bundled.till import BundledTill
from tests.support.configurations import BAR, configurations, with_item, without_item
from tests.tills.bar import Bar, check_the_books
from tests.tills.exchange import take


def apply(bar: Bar, wanted: Configuration, watch: Watch = UNWATCHED, why: Why = Why.DOWNLOAD) -> Applied:
    here = bar.till.configuration()
    return bar.till.apply_configuration(Change(here, wanted, compare(here, wanted), (), why), watch)


def bring_back(bar: Bar, backup_id: int) -> Applied:
    return apply(bar, bar.till.configuration_of_backup(backup_id), why=Why.RESTORE)


def record(configuration: Configuration, section: str, code: str) -> object:
    return next(found for found in getattr(configuration, section) if found.code == code)


def test_a_till_says_all_of_its_configuration(bar: Bar) -> None:
    configuration = bar.till.configuration()
    assert record(configuration, "items", "CAFE") == Item(
        "CAFE", "Café solo", "CAFES", "IVA10", {"BARRA": 140, "TERRAZA": 170}
    )
    assert record(configuration, "payment_methods", "CASH") == PaymentMethod("CASH", "Cash", "cash")
    assert record(configuration, "users", "99") == User("99", "Practice", training=True)
    assert [level.code for level in configuration.price_levels] == ["BARRA", "TERRAZA"]
    assert (configuration.company.name, configuration.company.currency) == ("Bar Maritim, S.L.", "EUR")
    assert configuration == in_use(configuration)


@given(configurations())
@settings(max_examples=25)
def test_whatever_was_taken_is_uploaded_in_the_very_bytes_that_came(wanted: Configuration) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, second = Bar(Path(folder) / "1" / "till.db"), Bar(Path(folder) / "2" / "till.db")
        apply(first, wanted)
        document = encode(first.till.configuration())
        apply(second, decode(document).configuration)
        assert encode(second.till.configuration()) == document == encode(wanted)
        for bar in (first, second):
            bar.till.close()


def test_what_was_sold_stays_out_of_use_and_what_was_not_goes(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00", "CAFE", pay="CARD")
    bar.sell("2026-06-12 12:01", "TE", user="99")
    bar.close("2026-06-12 23:00")
    applied = apply(bar, BAR)
    found = bar.till.configuration()
    assert in_use(found) == BAR
    gone = {
        section: {r.code for r in getattr(found, section) if not r.active}
        for section in ("items", "departments", "taxes", "payment_methods", "users")
    }
    assert gone == {
        "items": {"CAFE"},
        "departments": {"CAFES"},
        "taxes": {"IVA10"},
        "payment_methods": set(),
        "users": {"99"},
    }
    assert applied.kept == 4
    assert check_the_books(bar.till) == 1
    for sale in ({"items": ("CAFE",)}, {"items": ("COFFEE",), "user": "99"}):
        with pytest.raises(TillError):
            bar.sell("2026-06-13 12:00", *sale.pop("items"), **sale)
    bar.sell("2026-06-13 12:00", "COFFEE")


def test_what_is_wanted_again_is_used_again(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00", "CAFE")
    bar.close("2026-06-12 23:00")
    before = bar.till.configuration()
    apply(bar, without_item(before, "CAFE"))
    assert (
        not bar.till.configuration()
        .items[[item.code for item in bar.till.configuration().items].index("CAFE")]
        .active
    )
    apply(bar, before)
    assert bar.till.configuration() == before


def test_items_may_swap_barcodes_and_prices_and_levels_their_places(bar: Bar) -> None:
    first = with_item(with_item(BAR, "BEER", barcode="1"), "COFFEE", barcode="2")
    apply(bar, first)
    swapped = with_item(with_item(BAR, "BEER", barcode="2", prices={}), "COFFEE", barcode="1")
    swapped = replace(swapped, price_levels=BAR.price_levels[::-1])
    apply(bar, swapped)
    assert bar.till.configuration() == swapped


def test_a_level_between_two_that_another_program_placed_with_gaps_stands_between_them(bar: Bar) -> None:
    bar.database.execute("UPDATE price_levels SET position = 10 * position")
    here = bar.till.configuration()
    night = replace(here.price_levels[0], code="NIGHT", name="Night")
    wanted = replace(here, price_levels=(here.price_levels[0], night, here.price_levels[1]))
    apply(bar, wanted)
    assert bar.till.configuration() == wanted


def test_a_backup_brings_back_everything_also_what_was_out_of_use_and_can_be_undone(bar: Bar) -> None:
    bar.database.execute("UPDATE items SET active = 0, barcode = '84' WHERE code = 'TE'")
    before = bar.till.configuration()
    tea = Item("TEA", "Tea", "D1", "T10", {"BAR": 1}, "84")
    wanted = replace(BAR, items=(*BAR.items[:2], tea, *BAR.items[2:]))
    download = apply(bar, wanted)
    assert bar.till.configuration_of_backup(download.backup_id) == before
    restored = bring_back(bar, download.backup_id)
    assert bar.till.configuration() == before
    bring_back(bar, restored.backup_id)
    assert in_use(bar.till.configuration()) == wanted
    assert [backup.why for backup in bar.till.configuration_backups()] == [
        Why.RESTORE,
        Why.RESTORE,
        Why.DOWNLOAD,
    ]
    assert bar.till.configuration_backups()[0].taken_at == bar.clock


def test_the_last_five_backups_are_kept(bar: Bar) -> None:
    made = [apply(bar, with_item(BAR, "BEER", prices={"BAR": n})).backup_id for n in range(8)]
    assert [backup.id for backup in bar.till.configuration_backups()] == made[:2:-1]
    with pytest.raises(TillError, match=f"no backup {made[0]}"):
        bar.till.configuration_of_backup(made[0])


def test_todays_sales_hold_a_change_up_until_the_close(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00", "CAFE", pay="CARD")
    before = bar.till.configuration()
    dearer = with_item(before, "CAFE", prices={"BARRA": 150})
    for wanted in (
        replace(before, taxes=(replace(before.taxes[0], rate="12"), before.taxes[1])),
        replace(before, payment_methods=before.payment_methods[1:]),
    ):
        with pytest.raises(DayOpen, match="Close the day first"):
            apply(bar, wanted)
        assert bar.till.configuration() == before
    apply(bar, dearer)
    bar.close("2026-06-12 23:00")
    apply(bar, BAR)
    assert in_use(bar.till.configuration()) == BAR


def test_what_sales_have_fixed_is_told(bar: Bar) -> None:
    assert not bar.till.sold().ever
    bar.sell("2026-06-12 12:00", "CAFE", pay="CARD")
    sold = bar.till.sold()
    assert (sold.taxes, sold.payment_methods, sold.ever) == ({"IVA10"}, {"CARD"}, True)
    bar.close("2026-06-12 23:00")
    sold = bar.till.sold()
    assert (sold.taxes, sold.payment_methods, sold.ever) == (set(), set(), True)


def test_a_till_that_was_changed_since_it_was_looked_at_is_left_alone(bar: Bar) -> None:
    here = bar.till.configuration()
    bar.database.execute("UPDATE prices SET amount = 1 WHERE item = 'CAFE'")
    changed = bar.till.configuration()
    with pytest.raises(TillError, match="Look at it again"):
        bar.till.apply_configuration(Change(here, BAR, compare(here, BAR), (), Why.DOWNLOAD), UNWATCHED)
    assert bar.till.configuration() == changed
    assert not bar.till.configuration_backups()


def test_a_till_of_the_first_version_is_brought_up_with_all_that_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    bar = Bar(path)
    bar.sell("2026-06-12 12:00", "CAFE")
    before = bar.till.configuration()
    bar.till.close()
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as made, made:
        made.executescript(files("factorypos_tui.tills.bundled").joinpath("schema.sql").read_text("utf-8"))
        made.execute("ATTACH ? AS new", [str(path)])
        for (table,) in made.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            columns = ", ".join(row[1] for row in made.execute(f"PRAGMA main.table_info({table})"))
            made.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
        made.execute("PRAGMA user_version = 1")
    till = BundledTill(old)
    assert till.configuration() == before
    assert check_the_books(till) == 0
    take(till, with_item(before, "CAFE", prices={"BARRA": 1}))
    till.close()


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ('{"configuration_upload": true}', True),
        ('{"configuration_upload": 1}', False),
        ('{"configuration_upload": false}', False),
        ("{}", False),
        ('["configuration_upload"]', False),
    ],
)
def test_the_licence_says_whether_uploading_is_allowed(bar: Bar, licence: str, allowed: bool) -> None:
    bar.database.execute("UPDATE terminal SET licence = ?", licence)
    assert bar.till.status().upload_licensed == allowed


class _SlowFile(io.BytesIO):
    """A file during whose reading something else happens."""

    def __init__(self, content: bytes, meanwhile: Callable[[], object]) -> None:
        super().__init__(content)
        self._meanwhile = meanwhile

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if not line:
            self._meanwhile()
        return line


def test_receipts_made_of_prices_that_were_replaced_meanwhile_are_not_imported(bar: Bar) -> None:
    before = bar.till.configuration()
    line = (
        b'{"receipt_uid": "5b0a4f5e-3c58-4f1e-8a30-6a1d0e6c9f01", "sold_at": "2026-06-12T13:05:00+02:00",'
        b' "lines": [{"item": "CAFE", "quantity": 1}], "payments": [{"code": "CASH", "amount": 140}]}\n'
    )
    dearer = with_item(before, "CAFE", prices={"BARRA": 150})
    with pytest.raises(TillError, match="Nothing was imported"):
        import_receipts(bar.database, _SlowFile(line, lambda: take(bar.till, dearer)))
    assert bar.till.status().receipts == 0


def test_a_department_that_only_an_unused_item_needs_stays(bar: Bar) -> None:
    bar.database.execute("UPDATE items SET active = 0 WHERE code = 'CAMISETA'")
    before = bar.till.configuration()
    wanted = replace(in_use(before), departments=tuple(d for d in before.departments if d.code != "TIENDA"))
    apply(bar, wanted)
    assert record(bar.till.configuration(), "departments", "TIENDA") == Department(
        "TIENDA", "Shop", active=False
    )
