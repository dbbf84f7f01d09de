"""A report or a closing as a PDF: the same paper as on its page."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from fastapi import Response

from factorypos_tui.archive.export.pdf import Section, Sheet, pdf_of
from factorypos_tui.server.documents.report import ReportDocument
from factorypos_tui.server.web import wording as w
from factorypos_tui.server.web.papers import Paper, paper_of
from factorypos_tui.server.words import told


def report_answer(report: ReportDocument, store: str) -> Response:
    """The PDF of a report."""
    made_at = report.closed_at or report.taken_at or report.opened_at
    number = f"Z{report.z_number}" if report.kind == "Z" else "X"
    return pdf_answer(paper_of(report), (store,), made_at, f"{number}-{report.business_date}.pdf")


def pdf_answer(paper: Paper, places: Sequence[str], made_at: str, name: str) -> Response:
    """The PDF, to be saved under a name that says what it is. `places`: whose it is, above its own head."""
    lacks = told("A ? may stand for a letter that this paper's font lacks; the JSON has it.")
    head = (*places, *paper.head)
    sheet = Sheet(paper.title, head, list(_sections(paper)), datetime.fromisoformat(made_at), lacks)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pdf_of(sheet), media_type="application/pdf", headers=headers)


def _sections(paper: Paper) -> Iterator[Section]:
    for it in paper.sections:
        more = told("And {n} more, in the JSON.").format(n=w.number(it.left_out)) if it.left_out else ""
        yield Section(it.title, it.heads, it.rows, more)
    yield Section(told("Proof"), (), paper.proof)
