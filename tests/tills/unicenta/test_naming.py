"""How tables are spelled, and what an administrator's file adds for a fork."""

from pathlib import Path

import pytest

from factorypos_tui.core.errors import StorageError, TillAbsent, UsageError
from factorypos_tui.tills.unicenta.naming import FILE, read_names, spell


def written(home: Path, text: str, mode: int = 0o600) -> Path:
    file = home / FILE
    file.write_text(text, "utf-8")
    file.chmod(mode)
    return home


def columns_of(home: Path) -> list[tuple[str, str, str]]:
    """A catalogue that has every table and column."""
    return [
        (table.table, column, "int")
        for table in read_names(home).tables.values()
        for column in [*table.columns.values(), *table.optional.values()]
    ]


def test_a_fork_names_its_own_tables_columns_and_codes(tmp_path: Path) -> None:
    own = (
        '[closedcash]\ntable = "zetas"\n[people.columns]\nname = "nick"\n'
        '[payment_types]\nmobile = ["Bizum"]\n'
    )
    names = read_names(written(tmp_path, own + "[kinds]\nrefund = [7]\n"))
    assert names.codes.payment_types["bizum"] == "mobile"
    assert names.codes.payment_types["cash"] == "cash"
    assert names.codes.refund_kinds == {1, 7}
    assert names.tables["closedcash"].table == "zetas"
    assert names.tables["people"].columns["name"] == "nick"


def test_a_code_means_what_the_administrator_says(tmp_path: Path) -> None:
    names = read_names(written(tmp_path, '[payment_types]\nbank = ["slip"]\n[kinds]\nrefund = [3]\n'))
    assert names.codes.payment_types["slip"] == "bank"
    assert names.codes.refund_kinds == {1, 3}
    assert names.codes.settlement_kinds == {2}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('[closedcahs]\ntable = "x"', "no setting closedcahs. The nearest one is closedcash"),
        ('[closedcash]\ntabel = "x"', r"no setting closedcash\.tabel. The nearest one is closedcash\.table"),
        ('[closedcash]\ntable = "x; DROP TABLE y"', r"closedcash\.table has a value"),
        ("[closedcash]\ntable = 7", r"closedcash\.table has a value"),
        ('closedcash = "x"', "closedcash has a value"),
        ('[payment_types]\nmovil = ["x"]', r"The nearest one is payment_types\.mobile"),
        ("format = 2", "format has a value"),
        ('[kinds]\nrefund = ["1"]', r"kinds\.refund has a value"),
        ("[closedcash", "cannot be read"),
        ("\xff", "cannot be read"),
    ],
)
def test_what_is_not_known_is_refused(tmp_path: Path, text: str, error: str) -> None:
    (tmp_path / FILE).write_bytes(text.encode("latin-1"))
    (tmp_path / FILE).chmod(0o600)
    with pytest.raises(UsageError, match=error):
        read_names(tmp_path)


def test_a_file_that_others_may_use_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="0600"):
        read_names(written(tmp_path, "format = 1", mode=0o644))


def test_the_database_says_how_its_tables_are_spelled(tmp_path: Path) -> None:
    names, lower = read_names(tmp_path), columns_of(tmp_path)
    upper = [(table.upper(), column.upper(), type_) for table, column, type_ in lower]
    assert str(spell(names, lower)["receipts"]) == "receipts receipts"
    assert str(spell(names, upper)["receipts"]) == "RECEIPTS receipts"
    assert spell(names, upper)["receipts"]["money"] == "receipts.MONEY"
    both = [*upper, ("receipts", "id", "int"), *lower]
    assert spell(names, both)["closedcash"].spelling == "closedcash"
    mixed = [(table.title(), column, type_) for table, column, type_ in lower]
    assert spell(names, mixed)["closedcash"].spelling == "Closedcash"


def test_what_is_optional_may_be_missing_and_what_is_needed_is_named(tmp_path: Path) -> None:
    names, columns = read_names(tmp_path), columns_of(tmp_path)
    few = [it for it in columns if it[0] != "lineremoved" and it[1] != "nosales"]
    tables = spell(names, few)
    assert "lineremoved" not in tables
    assert tables["closedcash"]["nosales"] == "NULL"
    lacking = [it for it in columns if it[0] != "taxlines" and it[:2] != ("payments", "total")]
    with pytest.raises(TillAbsent, match=r": taxlines, payments\.total\."):
        spell(names, lacking)
