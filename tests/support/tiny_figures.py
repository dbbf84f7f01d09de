"""What the tiny FactoryCLOUD tells of a store's days. It imports nothing of the program."""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


def days_of(reports: Iterable[Json], first: str, last: str) -> list[Json]:
    """Reports added up by date and currency; each period counts once, as its Z or its newest X."""
    reports = [report for report in reports if first <= report["business_date"] <= last]
    closed = {report["period_id"] for report in reports if report["kind"] == "Z"}
    days: dict[tuple[str, str], Json] = {}
    for report in reports:
        if report["kind"] == "X" and report["period_id"] in closed:
            continue
        key = (report["business_date"], report["currency"])
        empty = {"provisional": False, "z_reports": 0, "receipts": 0, "totals": {}}
        day = days.setdefault(key, {"date": key[0], "currency": key[1], **empty})
        day["provisional"] |= report["kind"] == "X"
        day["z_reports"] += report["kind"] == "Z"
        day["receipts"] += report["receipts"]["count"]
        for name, amount in report["totals"].items():
            day["totals"][name] = day["totals"].get(name, 0) + amount
    return [days[key] for key in sorted(days)]
