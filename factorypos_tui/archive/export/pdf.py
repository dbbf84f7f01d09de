"""A report as a PDF that can be read and searched: one column of A4, its text as text.

Without a font of the caller's, it has the letters of windows-1252, which every reader has built in; another
letter is a question mark, and the paper says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from factorypos_tui.archive.export.cells import one_line

if TYPE_CHECKING:  # it is loaded where a PDF is made, and may not be installed
    from fpdf import FPDF

_LETTERS = "windows-1252"
_MARGIN, _LINE, _WIDTH = 18, 5.2, 174
"""Millimetres; the width is that of A4 within the margins."""
_VALUE = 34
_LONG = 26
"""A value of so many characters has lines of its own."""
_LONGEST = 300
_FONTS = (b"\x00\x01\x00\x00", b"true", b"OTTO")
"""How a font of TrueType or OpenType begins."""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of a name and some values, under a title."""

    title: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    more: str = ""
    """What is said below where not every row is here."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper in words."""

    title: str
    head: Sequence[str]
    sections: Sequence[Section]
    made_at: datetime
    """When the report was frozen: the same report gives the same bytes."""
    lacks: str
    """What is said where the font lacks letters."""


class UnfitFontError(Exception):
    """A file is no font that can be embedded."""


def pdf_of(sheet: Sheet, font: Path | None = None) -> bytes:
    """The paper; `font`: a TrueType file that is embedded for letters beyond windows-1252. Raises
    `ModuleNotFoundError` where fpdf2 is not installed, and `UnfitFontError`."""
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    pdf.set_margin(_MARGIN)
    pdf.set_creation_date(sheet.made_at)
    pdf.set_title(_shown(sheet.title))
    family = _embedded(pdf, font) if font else "helvetica"
    pdf.core_fonts_encoding = _LETTERS
    writing = _Writing(pdf, family, is_embedded=font is not None)
    pdf.add_page()
    writing.heading(sheet)
    for section in sheet.sections:
        writing.section(section)
    if writing.lacked:
        writing.words("")
        writing.words(sheet.lacks)
    return bytes(pdf.output())


def _embedded(pdf: "FPDF", font: Path) -> str:
    try:
        with font.open("rb") as file:
            if file.read(4) not in _FONTS:
                raise UnfitFontError(str(font))
        for style in ("", "B"):
            pdf.add_font("own", style, font)
    except Exception as error:
        raise UnfitFontError(str(font)) from error
    return "own"


def _shown(text: str) -> str:
    return one_line(text, _LONGEST)


@dataclass(slots=True)
class _Writing:
    pdf: "FPDF"
    family: str
    is_embedded: bool
    lacked: bool = False
    """Whether a letter was replaced."""

    def heading(self, sheet: Sheet) -> None:
        self.pdf.set_font(self.family, "B", 16)
        self.words(sheet.title, 8)
        self.pdf.set_font(self.family, "", 10)
        for line in sheet.head:
            self.words(line)

    def section(self, section: Section) -> None:
        self.pdf.ln(3)
        if section.title or section.heads:
            self.pdf.set_font(self.family, "B", 10)
            self._cells(section.title, section.heads)
            y = self.pdf.get_y()
            self.pdf.line(_MARGIN, y, _MARGIN + _WIDTH, y)
        self.pdf.set_font(self.family, "", 10)
        for name, values in section.rows:
            self._row(name, values)
        if section.more:
            self.words(section.more)

    def words(self, text: str, height: float = _LINE) -> None:
        self.pdf.multi_cell(_WIDTH, height, self._fit(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def _row(self, name: str, values: Sequence[str]) -> None:
        if any(len(value) > _LONG for value in values):
            self.words(name)
            for value in values:
                self.words("    " + value)
        else:
            self._cells(name, values)

    def _cells(self, name: str, values: Sequence[str]) -> None:
        room = _WIDTH - _VALUE * len(values)
        text = self._fit(name)
        while self.pdf.get_string_width(text) > room - 2 and len(text) > 1:
            text = self._fit(text[: max(1, len(text) * 9 // 10 - 1)].rstrip("… ") + "…")
        self.pdf.cell(room, _LINE, text)
        for value in values:
            self.pdf.cell(_VALUE, _LINE, self._fit(value), align="R")
        self.pdf.ln(_LINE)

    def _fit(self, text: str) -> str:
        """The text in letters that the font has."""
        line = _shown(text) if text.strip() else text
        if self.is_embedded:
            return line
        fit = line.encode(_LETTERS, errors="replace").decode(_LETTERS)
        self.lacked = self.lacked or fit != line
        return fit
