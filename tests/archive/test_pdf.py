"""A PDF of a report can be read and searched, whatever its names are."""

import re
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from factorypos_tui.archive.export.pdf import Section, Sheet, UnfitFontError, pdf_of

_LACKS = "A letter is missing."


def sheet(name: str) -> Sheet:
    """A paper with a name in its head and in a row."""
    rows = [(name, ("2", "12.10")), ("Hash", ("0123456789abcdef" * 4,))]
    section = Section("Departments", ("Quantity", "Amount"), rows)
    return Sheet("Z Report 412", [name], [section], datetime(2026, 11, 22, 22, tzinfo=UTC), _LACKS)


def words_of(pdf: bytes) -> str:
    """The text that a search finds in a PDF with built-in fonts."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    text = b"".join(zlib.decompressobj().decompress(it) for it in streams if it[:1] == b"\x78")
    return b" ".join(re.findall(rb"\((.*?)\) Tj", text)).decode("windows-1252")


def test_its_words_can_be_found() -> None:
    words = words_of(pdf_of(sheet("Café Maño – 5 €")))
    for word in ("Z Report 412", "Café Maño – 5 €", "12.10", "0123456789abcdef" * 4):
        assert word in words
    assert _LACKS not in words


def test_the_same_paper_has_the_same_bytes() -> None:
    assert pdf_of(sheet("Bar")) == pdf_of(sheet("Bar"))


@pytest.mark.parametrize("name", ["Łódź", "Καφές", "مقهى", "=1+1\x1b\u202e", "é" * 10_000])
def test_any_name_is_written_or_said_to_lack_letters(name: str) -> None:
    words = words_of(pdf_of(sheet(name)))
    assert "12.10" in words
    assert (_LACKS in words) == (name[0] != "é")


def test_a_font_of_the_shop_has_the_letters_of_its_names() -> None:
    fonts = list(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"))
    if not fonts:
        pytest.skip("no DejaVuSans.ttf is installed under /usr/share/fonts")
    pdf = pdf_of(sheet("Καφές"), fonts[0])
    assert b"DejaVuSans" in pdf
    assert b"/ToUnicode" in pdf  # what a search reads


def test_what_is_no_font_is_refused(tmp_path: Path) -> None:
    (tmp_path / "font.ttf").write_bytes(b"no font")
    with pytest.raises(UnfitFontError):
        pdf_of(sheet("Bar"), tmp_path / "font.ttf")
