"""A table that goes out and comes in again changes nothing, and a wrong file is taken not at all."""

import csv
import io
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.server.catalogue.difference import compare
from factorypos_tui.server.catalogue.fields import SECTIONS
from factorypos_tui.server.catalogue.tables import LARGEST, FileWrong, taken, written
from factorypos_tui.server.catalogue.wording import change_words
from factorypos_tui.server.words import speak
from tests.server.catalogue.shelves import BAR, catalogues

LANGUAGES = st.sampled_from(["en", "es"])


@given(catalogues(), LANGUAGES, LANGUAGES, st.booleans())
def test_out_and_in_again_changes_nothing(document: Any, out: str, back: str, whole: bool) -> None:
    currency = document["company"]["currency"]
    for section in SECTIONS:
        speak(out)
        table = written(document, section, currency)
        speak(back)
        again = taken(document, section, table.encode(), currency, whole=whole)
        speak("en")
        assert compare(document, again) == []


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "'=1+1", "''-1", "＝1+1"])
def test_no_cell_is_a_formula(name: str) -> None:
    bar = {**BAR, "users": [{"code": name.strip(), "name": name}]}
    table = written(bar, "users", "EUR")
    cells = table.splitlines()[1].split(",")
    assert all(cell.startswith("'") for cell in cells[:2])
    assert taken(bar, "users", table.encode(), "EUR", whole=True)["users"] == bar["users"]


@given(st.text("=+-@＝;, '\t\r\n1\"", min_size=1, max_size=12), LANGUAGES)
def test_nor_part_of_a_cell_where_another_sign_parts_them(name: str, language: str) -> None:
    bar = {**BAR, "users": [{"code": "1", "name": name}]}
    speak(language)
    table = written(bar, "users", "EUR")
    speak("en")
    (cells,) = [*csv.reader(io.StringIO(table, newline=""), delimiter=",;"[language == "es"])][1:]
    for part in re.split("[;,\t\r\n]", cells[1]):
        assert not part.lstrip(' "').startswith(("=", "+", "-", "@", "＝"))
    assert taken(bar, "users", table.encode(), "EUR", whole=True)["users"] == bar["users"]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_comma_and_semicolon_and_both_languages_are_read(mark: str, ends: str) -> None:
    for lines in (
        ["code,name,price BAR,barcode", "BEER,Cold beer,2.50,", "TEA,,,"][:2],
        ["código;nombre;precio BAR;código de barras", "BEER;Cold beer;2,5;"],
        ["Code;Name;Price BAR", "", "BEER;Cold beer;2.5"],
    ):
        edited = taken(BAR, "items", (mark + ends.join(lines)).encode(), "EUR", whole=False)
        assert [change_words(change, "EUR") for change in compare(BAR, edited)] == [
            "BEER Cold beer: BAR 2.00 EUR → 2.50 EUR",
            "BEER Cold beer: name Beer → Cold beer",
        ]


def test_a_file_says_what_is_new_and_what_is_no_longer_used() -> None:
    raw = b"code,name,department,tax,price BAR\nCOFFEE,Coffee,D1,T10,1.50\nTEA,Tea,D1,T10,1.7\n"
    added = taken(BAR, "items", raw, "EUR", whole=False)
    assert [item["code"] for item in added["items"]] == ["BEER", "COFFEE", "TEA", "WATER"]
    assert added["items"][1]["barcode"] == "8412345678905"  # its column is not there
    whole = taken(BAR, "items", raw, "EUR", whole=True)
    assert [item["code"] for item in whole["items"]] == ["COFFEE", "TEA"]


def faults(raw: bytes, section: str = "items") -> list[tuple[int, str, str]]:
    with pytest.raises(FileWrong) as refused:
        taken(BAR, section, raw, "EUR", whole=False)
    return [(fault.line, fault.column, fault.message) for fault in refused.value.faults]


def test_a_wrong_file_is_refused_by_line_and_column() -> None:
    raw = (
        b"code,name,department,tax,price BAR\n"
        b'A,"two\nlines",D1,T10,1\n'
        b"B,Bread,D9,T10,1.505\n"
        b",Nothing,D1,T10,1\n"
        b"A,Again,D1,T10,1\n"
        b"C,Cake,D1,T10,1,too,much\n"
    )
    assert faults(raw) == [
        (4, "price BAR", "This is no price. Write it as in 12.50."),
        (5, "code", "It is needed."),
        (6, "code", "Line 2 has the same code."),
        (7, "", "It has more cells than the heading."),
    ]
    assert faults(b'code,name,department,tax\nB,Bread,D9,T10\n\nC,"two\nlines",D1,T10') == [
        (2, "department", "There is no D9."),
        (4, "name", "It holds characters that are not for print."),
    ]


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (b"", (1, "", "The first line has to name the columns, among them “code”.")),
        (b"name\nBeer", (1, "", "The first line has to name the columns, among them “code”.")),
        (b"code,colour\nA,red", (1, "colour", "There is no such column.")),
        (b"code,price CELLAR\nA,1", (1, "price CELLAR", "There is no such column.")),
        (b"code,name,Name\nA,B,C", (1, "Name", "This column is there twice.")),
        (b"code,name\nA,caf\xe9", (2, "", "This is no text in UTF-8. Save the file as “CSV UTF-8”.")),
        (
            b'code,name\nA,"B',
            (2, "", "The quotation marks of this line do not fit together, or a cell is very long."),
        ),
        (
            b"code,barcode\nBEER,8.41E+12",
            (
                2,
                "barcode",
                "A spreadsheet has shortened this number. Give the column the format “text” there.",
            ),
        ),
        (b"x" * (LARGEST + 1), (1, "", "The file is larger than 4 MiB.")),
    ],
)
def test_what_is_no_table_says_so(raw: bytes, wanted: tuple[int, str, str]) -> None:
    assert faults(raw) == [wanted]


def test_many_faults_are_bounded() -> None:
    raw = "code,name,department,tax,price BAR\n" + "".join(f"I{n},Name,D1,T10,dear\n" for n in range(5000))
    assert len(faults(raw.encode())) == 100


def test_words_are_read_where_a_field_has_few_values() -> None:
    raw = "código;nombre;clase\nCARD;Tarjeta;TARJETA\nCASH;Efectivo;cash\nAPP;Móvil;móvil\n"
    types = {
        method["code"]: method["type"]
        for method in taken(BAR, "payment_methods", raw.encode(), "EUR", whole=True)["payment_methods"]
    }
    assert types == {"CARD": "card", "CASH": "cash", "APP": "mobile"}
    users = taken(BAR, "users", "code,name,in training\n1,Ana,sí\n9,Eva,no\n".encode(), "EUR", whole=True)
    assert [user.get("training") for user in users["users"]] == [True, None]
    assert faults(b"code,in training\n1,perhaps", "users") == [(2, "in training", "It has to be yes or no.")]
