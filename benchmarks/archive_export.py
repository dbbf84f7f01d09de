"""How long ten years of one till take to export, and how much memory."""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from factorypos_tui.archive.export.inputs import Asked, Company, ExportedReport, Format, Store
from factorypos_tui.archive.export.writing import write_export
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.reports.reports import build_z
from factorypos_tui.core.reports.sales import Period
from factorypos_tui.tills.bundled.demo_bar import open_demo_bar
from factorypos_tui.tills.bundled.seeding import seed_days
from factorypos_tui.tills.bundled.till import BundledTill

_DAYS, _SEEDED = 3_650, 30
_STORE = Store(
    "8c1d0a77-55a1-4ad8-8a3e-0d52b8d4c002",
    "Bar Maritim",
    "Europe/Madrid",
    Company("8c1d0a77-55a1-4ad8-8a3e-0d52b8d4c001", "Maritim SL", "B12345678", "ES", "EUR"),
)


def main() -> None:
    """Print seconds and peak memory of each form."""
    days = int(sys.argv[1]) if len(sys.argv) > 1 else _DAYS
    with tempfile.TemporaryDirectory() as folder:
        zs = list(_zs(Path(folder), days))
        print(f"{len(zs)} Zs, {sum(len(z.document) for z in zs) >> 20} MiB")
        for form in Format:
            before, began = _peak(), time.perf_counter()
            asked = Asked(form, "2026-11-30T23:00:00.000Z", "factorypos-tui 1", None, None)
            target = Path(folder) / form.value
            write_export(target, asked, iter(zs))
            seconds = time.perf_counter() - began
            size = sum(it.stat().st_size for it in target.rglob("*") if it.is_file())
            print(f"{form.value}: {seconds:.1f} s, {size >> 20} MiB, {_peak() - before} MiB more memory")


def _zs(folder: Path, days: int) -> Iterator[ExportedReport]:
    """A chain of so many days, made of some seeded ones over and over."""
    seeded, before = _seeded(folder), None
    for number in range(1, days + 1):
        period, receipts = seeded[number % len(seeded)]
        moved = timedelta(days=number)
        one = replace(
            period,
            id=f"00000000-0000-4000-8000-{number:012d}",
            z_number=number,
            business_date=period.business_date + moved,
        )
        report = build_z(one, receipts, before)
        before = report.content_hash
        yield ExportedReport(report.body, None, _STORE)


def _seeded(folder: Path) -> list[tuple[Period, list]]:  # type: ignore[type-arg]
    path, now = folder / "till.db", utc_now()
    open_demo_bar(path, now=now - timedelta(hours=1), name="Terminal 01")
    seed_days(path, days=_SEEDED, seed=1, now=now, terminal_name="Terminal 01", receipts=120)
    till = BundledTill(path)
    return [(period, list(till.receipts(period.id))) for period in till.closed_periods(0, _SEEDED)]


def _peak() -> int:
    """The most memory so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


if __name__ == "__main__":
    main()
