"""A report on narrow paper, and two reports side by side. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import cut, filled, width
from factorypos_tui.core.reports.paper import Paper, PaperRow, Section

PAPER_WIDTH = 40
_NOTE, _VALUE, _BAR = 8, 12, 15
_NONE = ("", "")


@dataclass(frozen=True, slots=True)
class Side:
    """One line of a comparison."""

    section: str
    label: str
    here: str
    """Empty where this till's report has no such line."""
    there: str
    """Empty where FactoryCLOUD's report has no such line."""

    @property
    def differs(self) -> bool:
        """Whether the two reports say different things."""
        return self.here != self.there


def printed(paper: Paper) -> list[str]:
    """The lines of a report on paper that is 40 columns wide."""
    amounts = _("Amounts in {currency}").format(currency=paper.currency)
    head = (paper.title.upper(), paper.terminal, paper.day, amounts)
    return [*map(_centred, head), *(line for section in paper.sections for line in ("", *_section(section)))]


def side_by_side(here: Paper, there: Paper) -> list[Side]:
    """Every line of two reports, in the order of the first."""
    ours, theirs = _lines(here), _lines(there)
    return [
        Side(
            place[0],
            (ours.get(place) or theirs[place])[0],
            ours.get(place, _NONE)[1],
            theirs.get(place, _NONE)[1],
        )
        for place in dict.fromkeys([*ours, *theirs])
    ]


def _lines(paper: Paper) -> dict[tuple[str, str], tuple[str, str]]:
    """(section, key) -> label, value."""
    head = Section(
        "",
        (
            PaperRow("title", _("Report"), paper.title),
            PaperRow("terminal", _("Terminal"), paper.terminal),
            PaperRow("day", _("Date"), paper.day),
            PaperRow("currency", _("Currency"), paper.currency),
        ),
    )
    return {
        (section.title, row.key): (row.label.strip(), f"{row.note}  {row.value}".strip())
        for section in (head, *paper.sections)
        for row in section.rows
    }


def _centred(line: str) -> str:
    line = cut(line, PAPER_WIDTH)
    return " " * ((PAPER_WIDTH - width(line)) // 2) + line


def _section(section: Section) -> Iterator[str]:
    if section.title:
        yield _columns(section.title.upper(), *section.heads)
        yield "-" * PAPER_WIDTH
    best = max((row.share or 0 for row in section.rows), default=0)
    for row in section.rows:
        bar = "#" * round(_BAR * max(0, row.share) / best) if row.share is not None and best > 0 else ""
        yield from _row(row, f"{row.label} {bar}".rstrip())


def _row(row: PaperRow, label: str) -> Iterator[str]:
    """One line of paper. A long label is cut; a long value goes on below."""
    if len(row.value) <= _VALUE + _NOTE:
        yield _columns(label, row.note, row.value)
        return
    yield label
    for start in range(0, len(row.value), PAPER_WIDTH - 2):
        yield "  " + row.value[start : start + PAPER_WIDTH - 2]


def _columns(label: str, note: str, value: str) -> str:
    right = f"{note:>{_NOTE}}{value:>{_VALUE}}" if note else value
    if not right:
        return cut(label, PAPER_WIDTH)
    room = PAPER_WIDTH - width(right) - 1
    return f"{filled(cut(label, room), room)} {right}".rstrip()
