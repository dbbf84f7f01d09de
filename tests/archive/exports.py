"""Frozen reports for tests of exports."""

from dataclasses import replace
from pathlib import Path

from factorypos_tui.archive.export.inputs import Asked, Company, ExportedReport, Format, Store
from factorypos_tui.archive.export.writing import write_export
from factorypos_tui.core.models import Report
from factorypos_tui.core.reports.reports import build_z
from factorypos_tui.core.reports.sales import Period, Receipt

COMPANY = Company("8c1d0a77-55a1-4ad8-8a3e-0d52b8d4c001", "Maritim SL", "B12345678", "ES", "EUR")
STORE = Store("8c1d0a77-55a1-4ad8-8a3e-0d52b8d4c002", "Bar Maritim", "Europe/Madrid", COMPANY)
Days = list[tuple[Period, list[Receipt]]]
"""What was sold, day by day."""


def asked(form: Format) -> Asked:
    """An export of everything."""
    return Asked(form, "2026-11-30T23:00:00.000Z", "factorypos-tui 1.2.3", None, None)


def exported(report: Report, store: Store = STORE) -> ExportedReport:
    """A frozen report of a store."""
    return ExportedReport(report.body, None, store)


def chained(days: Days) -> list[ExportedReport]:
    """Zs of one terminal, numbered from 1 on."""
    zs: list[ExportedReport] = []
    before: str | None = None
    for number, (period, receipts) in enumerate(days, 1):
        named = replace(period, z_number=number, id=f"00000000-0000-4000-8000-{number:012d}")
        report = build_z(named, receipts, before)
        before = report.content_hash
        zs.append(exported(report))
    return zs


def write(target: Path, form: Format, zs: list[ExportedReport]) -> Path:
    """An export in a new directory."""
    write_export(target, asked(form), zs)
    return target
