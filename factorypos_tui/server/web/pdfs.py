"""A report as a PDF: the same paper as on its page."""

from collections.abc import Iterator
from datetime import datetime

from fastapi import Response

from factorypos_tui.archive.export.pdf import Section, Sheet, pdf_of
from factorypos_tui.server.documents.report import ReportDocument
from factorypos_tui.server.web import papers
from factorypos_tui.server.web import wording as w
from factorypos_tui.server.words import told


def pdf_answer(report: ReportDocument, store: str) -> Response:
    """The PDF, to be saved under a name that says what it is."""
    paper = papers.paper_of(report)
    made_at = report.closed_at or report.taken_at or report.opened_at
    lacks = told("A ? may stand for a letter that this paper's font lacks; the report has it.")
    head = (store, paper.terminal, w.day(paper.day))
    sheet = Sheet(paper.title, head, list(_sections(paper)), datetime.fromisoformat(made_at), lacks)
    number = f"Z{report.z_number}" if report.kind == "Z" else "X"
    name = f"{number}-{report.business_date}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pdf_of(sheet), media_type="application/pdf", headers=headers)


def _sections(paper: papers.Paper) -> Iterator[Section]:
    for it in paper.sections:
        more = told("And {n} more, in the JSON.").format(n=w.number(it.left_out)) if it.left_out else ""
        yield Section(it.title, it.heads, it.rows, more)
    rows = [(told("Hash"), (paper.content_hash,))]
    if paper.previous_hash:
        rows.append((told("Hash of the Z before"), (paper.previous_hash,)))
    yield Section(told("Proof"), (), rows)
