"""A café that sells and closes as FloCafe does, with its own sums. It knows nothing of our program."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tests.support.flocafe_counter import Counter, Of

__all__ = ["FloCafe", "Of"]


class FloCafe(Counter):
    """The program, over its file."""

    def close_day(self, *, day: date | None = None, counted: int | None = None) -> int:
        """Close a day; returns its Z number."""
        closing = day or self.today()
        movements = self._moved("business_date = ?", closing.isoformat())
        return self._close(
            "day", closing, *self.bounds(closing), movements.get("opening_float", 0), movements, counted
        )

    def end_the_day(self, counted: int | None = None) -> int:
        """Close the running day at 22:00; the clock goes on to the fourth hour of the next one."""
        closing = self.today()
        local = datetime.combine(closing, time(22), self.zone).astimezone(UTC)
        self.at = max(self.at, local)
        number = self.close_day(counted=counted)
        self.at = datetime.combine(closing + timedelta(days=1), self.starts_at, self.zone).astimezone(UTC)
        self.at += timedelta(hours=4)
        return number

    def open_session(self, opening_float: int = 0) -> None:
        """Begin a session of the drawer."""
        self.run(
            "INSERT INTO cash_sessions (opened_by, opened_at, opening_float_cents, status)"
            " VALUES ('u1', ?, ?, 'open')",
            *(self.now(), opening_float),
        )

    def close_session(self, counted: int | None = None) -> int:
        """Close the open session; returns its Z number."""
        id_, since, opening_float = self.db.execute(
            "SELECT id, opened_at, opening_float_cents FROM cash_sessions WHERE status = 'open'"
        ).fetchone()
        self.at += timedelta(minutes=1)
        movements = self._moved("created_at >= ?", since)
        z_number = self._close("session", self.today(), since, self.now(), opening_float, movements, counted)
        self.run("UPDATE cash_sessions SET status = 'closed', closed_at = ? WHERE id = ?", self.now(), id_)
        return z_number

    def _moved(self, where: str, value: str) -> dict[str, int]:
        return dict(
            self.db.execute(
                f"SELECT movement_type, SUM(amount_cents) FROM cash_drawer_movements"
                f" WHERE voided_at IS NULL AND {where} GROUP BY 1",
                (value,),
            ).fetchall()
        )

    def _close(
        self,
        scope: str,
        day: date,
        since: str,
        until: str,
        opening: int,
        moved: dict[str, int],
        counted: int | None,
    ) -> int:
        span = (since, until)
        bills, gross = self.db.execute(
            "SELECT COUNT(*), COALESCE(SUM(paid_amount), 0) FROM bills WHERE paid_at >= ? AND paid_at < ?",
            span,
        ).fetchone()
        refunds, refunded = self.db.execute(
            "SELECT COUNT(*), COALESCE(SUM(amount_cents), 0) FROM refunds JOIN bills ON bills.id = bill_id"
            " WHERE paid_at >= ? AND paid_at < ?",
            span,
        ).fetchone()
        methods = self._methods(span)
        cash = sum(amount for method, amount in self._lines(span) if method == "cash")
        back = self.db.execute(
            "SELECT COALESCE(SUM(amount_cents), 0) FROM refunds WHERE method = 'cash' AND created_at >= ?"
            " AND created_at < ?",
            span,
        ).fetchone()[0]
        paid_in, paid_out, dropped = (moved.get(kind, 0) for kind in ("pay_in", "pay_out", "safe_drop"))
        expected = opening + self.minor(cash) - back + paid_in - paid_out - dropped
        gross_cents = self.minor(gross)
        number = self.db.execute("SELECT COALESCE(MAX(z_number), 0) + 1 FROM cash_closures").fetchone()[0]
        values = {
            "scope": scope,
            "business_date": day.isoformat(),
            "period_start": since,
            "period_end": until,
            "opening_float_cents": opening,
            "expected_cash_cents": expected,
            "counted_cash_cents": expected if counted is None else counted,
            "variance_cents": 0 if counted is None else counted - expected,
            "gross_collected_cents": gross_cents,
            "refunded_cents": refunded,
            "net_collected_cents": gross_cents - refunded,
            "bill_count": bills,
            "refund_count": refunds,
            "payment_methods_json": json.dumps(methods),
            "tax_components_json": "[]",
            "pay_in_cents": paid_in,
            "pay_out_cents": paid_out,
            "safe_drop_cents": dropped,
            "z_number": number,
            "closed_by": "u1",
            "created_at": self.now(),
        }
        marks = ", ".join("?" * len(values))
        self.run(f"INSERT INTO cash_closures ({', '.join(values)}) VALUES ({marks})", *values.values())
        return int(number)

    def _lines(self, span: tuple[str, str]) -> list[tuple[str, float]]:
        rows = self.db.execute("SELECT payment_details FROM bills WHERE paid_at >= ? AND paid_at < ?", span)
        return [
            (line["method"], line["amount"]) for (details,) in rows for line in json.loads(details or "[]")
        ]

    def _methods(self, span: tuple[str, str]) -> list[dict[str, Any]]:
        totals: dict[str, float] = {}
        for method, amount in self._lines(span):
            totals[method] = totals.get(method, 0.0) + amount
        for method, cents in self.db.execute(
            "SELECT method, amount_cents FROM refunds JOIN bills ON bills.id = bill_id"
            " WHERE paid_at >= ? AND paid_at < ?",
            span,
        ).fetchall():
            totals[method] = totals.get(method, 0.0) - cents / self.factor
        return [
            {"method": method, "count": 1, "total_cents": self.minor(it)} for method, it in totals.items()
        ]

    def checkpoint(self) -> bool:
        """A truncating checkpoint, as before a copy of the file; whether a reader kept it from that."""
        return bool(self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
