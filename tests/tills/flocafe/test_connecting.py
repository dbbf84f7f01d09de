"""What `till connect` finds in FloCafe's file, and what is uploaded from it."""

from datetime import datetime
from pathlib import Path

import pytest

from factorypos_tui.core.configuration.document import decode, encode
from factorypos_tui.core.connecting.found import Access
from factorypos_tui.core.errors import TillAbsent, TillError
from factorypos_tui.tills.flocafe.connecting import hosts, last_closes
from tests.support.flocafe import Of
from tests.tills.flocafe.premises import Cafe


def access(cafe: Cafe) -> Access:
    return Access("flocafe", str(cafe.program.path))


def test_it_finds_one_till_with_its_facts_and_closes(cafe: Cafe) -> None:
    for _ in range(3):
        cafe.program.sell()
        cafe.program.end_the_day()
    (host,) = hosts(access(cafe), cafe.folder)
    assert (host.host, host.identity) == ("FloCafe", "pos_0123456789abcdef")
    assert (host.closes, host.last_z, host.last_closed) == (3, 3, datetime(2026, 11, 4, 22, 0))  # noqa: DTZ001
    assert host.facts == {
        "company": "Café Sol",
        "country": "ES",
        "currency": "EUR",
        "timezone": "Europe/Madrid",
        "day_starts_at": "04:00",
    }


def test_its_last_closes_are_told_as_its_paper_has_them_newest_first(cafe: Cafe) -> None:
    for quantity in (1, 2, 3):
        bill = cafe.program.sell(Of("COF", quantity), paid=[("card", 1.5 * quantity)])
        cafe.program.refund(bill, cents=50)
        cafe.program.end_the_day()
    newest, before = last_closes(access(cafe), cafe.folder, "FloCafe", "EUR", 2)
    assert (newest.z_number, newest.total, newest.receipts) == (3, 400, 1)
    assert sorted(newest.payments) == [("card", 450), ("cash", -50)]
    assert (before.z_number, before.total) == (2, 250)


def test_an_identity_outlives_a_backup_and_needs_a_first_sale_where_nothing_else_is_there(cafe: Cafe) -> None:
    cafe.program.run("DELETE FROM settings WHERE key = 'cloud_pos_hash'")
    with pytest.raises(TillError, match="Nothing was ever sold"):
        hosts(access(cafe), cafe.folder)
    cafe.program.sell()
    (first,) = hosts(access(cafe), cafe.folder)
    cafe.program.sell()
    assert hosts(access(cafe), cafe.folder)[0].identity == first.identity == "INV-0001 2026-11-02 08:01:00"


def test_a_path_without_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(TillAbsent, match="no file of FloCafe"):
        hosts(Access("flocafe", str(tmp_path / "flo.db")), tmp_path)


def test_what_it_sells_can_be_uploaded(cafe: Cafe) -> None:
    cafe.program.run("UPDATE products SET is_active = 0 WHERE id = 'WIN'")
    cafe.program.run("UPDATE products SET category_id = 'GONE' WHERE id = 'COF'")
    cafe.program.sell(Of("CAK", taxes=(("IVA", 21.0),), is_inclusive=False))
    held = decode(encode(cafe.till.configuration())).configuration
    assert [(it.code, it.department, it.tax, dict(it.prices)) for it in held.items] == [
        ("CAK", "KIT", "IVA 21", {"list": 484}),  # as it was sold last, with the tax on top
        ("COF", "none", "IVA 10", {"list": 150}),
        ("MEN", "KIT", "IVA 10", {"list": 1250}),
    ]
    assert [(it.code, it.rate) for it in held.taxes] == [("0", "0"), ("IVA 10", "10"), ("IVA 21", "21")]
    assert [it.name for it in held.users] == ["Ana", "Ben"]
    assert {it.code for it in held.payment_methods} == {"Efectivo", "Tarjeta", "card", "cash"}
    assert (held.company.name, held.company.country) == ("Café Sol", "ES")


def test_a_catalogue_without_packs_of_taxes_is_read(cafe: Cafe) -> None:
    for table in ("country_packs", "country_pack_versions"):
        cafe.program.run(f"DROP TABLE {table}")
    cafe.program.run("ALTER TABLE products DROP COLUMN tax_category_id")
    assert {it.tax for it in cafe.till.configuration().items} == {"0"}
