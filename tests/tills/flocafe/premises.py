"""FloCafe's program, and our till that reads beside it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from factorypos_tui.core.models import TillFinding
from factorypos_tui.core.reports.reports import build_x, freeze_z
from factorypos_tui.tills.flocafe.till import FloCafeTill, Setup
from tests.support.flocafe import FloCafe

TERMINAL_ID = str(UUID(int=11))
Report = dict[str, Any]


class Cafe:
    """Both, with one clock."""

    def __init__(self, folder: Path, *, scope: str = "day", **program: Any) -> None:
        self.folder = folder
        self.program = FloCafe(folder / "flo.db", **program)
        self.till = self.another_till(scope=scope)

    def another_till(self, *, kept: str = "frozen.db", scope: str = "day", **facts: str) -> FloCafeTill:
        """The same till as another process has it."""
        setup = Setup(TERMINAL_ID, scope, **facts)
        return FloCafeTill(self.program.path, setup, self.folder / kept, lambda: self.program.at)

    @contextmanager
    def open(self) -> Iterator["Cafe"]:
        """Both are closed at the end."""
        yield self
        self.till.close()
        self.program.close()

    def reports(self, till: FloCafeTill | None = None) -> list[Report]:
        """Every Z, as it is sent."""
        till = till or self.till
        bodies: list[Report] = []
        previous: str | None = None
        for period in till.closed_periods(0, 1000):
            frozen = freeze_z(period, till.receipts(period.id), previous)
            previous = frozen.chain_hash
            bodies.append(json.loads(frozen.report.body))
        return bodies

    def running(self) -> Report:
        """The X of the running day."""
        period = self.till.open_period()
        assert period
        return json.loads(build_x(period, self.till.receipts(period.id), 1, self.program.at).body)  # type: ignore[no-any-return]

    def row(self, z_number: int) -> dict[str, Any]:
        """A close as FloCafe has it."""
        found = self.program.db.execute("SELECT * FROM cash_closures WHERE z_number = ?", (z_number,))
        names = [column[0] for column in found.description]
        return dict(zip(names, found.fetchone(), strict=True))

    def found(self) -> Sequence[TillFinding]:
        """What a person is told."""
        return self.till.findings()

    def codes(self) -> list[tuple[str, int | None]]:
        """What is found, in short."""
        return [(str(finding.code), finding.z_number) for finding in self.found()]


def amounts(rows: Sequence[dict[str, Any]], key: str = "code") -> dict[Any, int]:
    """A breakdown in short."""
    return {row[key]: row["amount"] for row in rows}


def holds(report: Report, row: dict[str, Any]) -> None:
    """Every invariant of a report, and what its row says."""
    totals, net = report["totals"], report["totals"]["net"]
    assert totals["gross"] - totals["discounts"] - totals["refunds"] == net
    assert sum(amounts(report["departments"]).values()) == net
    assert sum(amounts(report["items"]).values()) == net
    assert sum(amounts(report["users"]).values()) == net
    assert sum(amounts(report["hours"], "hour").values()) == net
    assert sum(tax["gross"] for tax in report["taxes"]) == net
    assert sum(tax["tax"] for tax in report["taxes"]) == totals["tax"]
    assert sum(amounts(report["payments"]).values()) == net + totals["rounding"] + totals["tips"]
    assert net + totals["rounding"] == row["net_collected_cents"]
    assert totals["refunds"] == row["refunded_cents"]
    paid = {it["method"]: it["total_cents"] for it in json.loads(row["payment_methods_json"])}
    assert {code: amount for code, amount in amounts(report["payments"]).items() if amount} == {
        method: cents for method, cents in paid.items() if cents
    }
    cash = report["cash"]
    assert (cash["opening_float"], cash["counted"]) == (row["opening_float_cents"], row["counted_cash_cents"])
    assert cash["expected"] == row["expected_cash_cents"]
    assert cash["over_short"] == row["counted_cash_cents"] - row["expected_cash_cents"]
