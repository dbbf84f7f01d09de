"""A café that sells as FloCafe does: with its tables and its units. It knows nothing of our program. Amounts
are floating-point numbers in major units, as JavaScript has them."""

import json
import math
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

SCHEMA = (Path(__file__).parent / "flocafe.sql").read_text("utf-8")
FACTORS = {"EUR": 100, "INR": 100, "JPY": 1, "KWD": 1000}
PRODUCTS = [
    ("COF", "Coffee", "BAR", 1.5, "inclusive", "reduced"),
    ("MEN", "Menu", "KIT", 12.5, "inclusive", "reduced"),
    ("WIN", "Wine", "BAR", 9.9, "inclusive", "standard"),
    ("CAK", "Cake", "KIT", 4.0, "exclusive", "reduced"),
]
PACK = {
    "categories": [
        {"id": "reduced", "ruleIds": ["iva10"]},
        {"id": "standard", "ruleIds": ["iva21", "other"]},
    ],
    "rules": [
        {"id": "iva10", "type": "percent", "label": "IVA", "rate": "10"},
        {"id": "iva21", "type": "percent", "label": "IVA", "rate": "21"},
        {
            "id": "other",
            "type": "percent",
            "label": "IVA",
            "rate": "0",
            "conditions": {"customerStateRelation": "interstate"},
        },
    ],
}
TEN, TWENTY_ONE, GST = (("IVA", 10.0),), (("IVA", 21.0),), (("CGST", 2.5), ("SGST", 2.5))
Taxes = Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Of:
    """A line of an order."""

    product: str
    quantity: float = 1
    price: float | None = None
    taxes: Taxes = TEN
    is_inclusive: bool = True
    discount: float = 0.0


class Counter:
    """Where it sells. Its clock stands until it is told to go on."""

    def __init__(
        self,
        path: Path,
        *,
        zone: str = "Europe/Madrid",
        currency: str = "EUR",
        starts_at: str = "04:00",
        at: datetime = datetime(2026, 11, 2, 8, 0, tzinfo=UTC),
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.at, self.factor = path, at, FACTORS[currency]
        self.zone, self.starts_at = ZoneInfo(zone), time.fromisoformat(starts_at)
        self.db = sqlite3.connect(path, isolation_level=None, timeout=5)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")
        self.db.executescript(SCHEMA)
        facts = {
            "business_name": "Café Sol",
            "country": "ES",
            "currency": currency,
            "timezone": zone,
            "business_day_start_time": starts_at,
            "cloud_pos_hash": "pos_0123456789abcdef",
        }
        self.run("INSERT INTO users (id, name, role) VALUES ('u1', 'Ana', 'owner'), ('u2', 'Ben', 'cashier')")
        self.run("INSERT INTO categories VALUES ('BAR', 'Bar'), ('KIT', 'Kitchen')")
        self.run("INSERT INTO payment_methods VALUES (1, 'Efectivo', 'cash'), (2, 'Tarjeta', 'card')")
        for key, value in facts.items():
            self.run("INSERT INTO settings (key, value) VALUES (?, ?)", key, value)
        for row in PRODUCTS:
            self.run(
                "INSERT INTO products (id, name, category_id, price, tax_type, tax_category_id)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                *row,
            )
        self.run("INSERT INTO country_packs VALUES ('es', 'ES', 'active', 'es-1')")
        self.run("INSERT INTO country_pack_versions VALUES ('es-1', ?)", json.dumps(PACK))

    def close(self) -> None:
        """End the program."""
        self.db.close()

    def run(self, sql: str, *parameters: object) -> int:
        """One statement of its own; returns the id of a new row."""
        return self.db.execute(sql, parameters).lastrowid or 0

    def now(self) -> str:
        """Its clock as it writes it: UTC, without saying so."""
        return written(self.at)

    def sell(
        self,
        *lines: Of,
        paid: Iterable[tuple[str, float]] | None = None,
        user: str = "u1",
        discount: float = 0.0,
        round_off: float = 0.0,
        **charges: float,
    ) -> int:
        """An order, its bill, paid a minute later; returns the bill's id."""
        self.at += timedelta(minutes=1)
        order = self.order(*(lines or (Of("COF"),)), user=user)
        return self.bill(order, paid=paid, discount=discount, round_off=round_off, **charges)

    def order(self, *lines: Of, user: str = "u1") -> int:
        """An order that is not paid yet."""
        number = f"ORD-{self.count('orders') + 1}"
        order = self.run(
            "INSERT INTO orders (order_number, user_id, status, created_at) VALUES (?, ?, 'completed', ?)",
            number,
            user,
            self.now(),
        )
        for line in lines:
            self._add(order, line)
        return order

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])

    def _add(self, order: int, line: Of) -> None:
        name, listed = self.db.execute(
            "SELECT name, price FROM products WHERE id = ?", (line.product,)
        ).fetchone()
        price = listed if line.price is None else line.price
        subtotal = price * line.quantity - line.discount
        whole = sum(rate for _title, rate in line.taxes) / 100
        exact = subtotal - subtotal / (1 + whole) if line.is_inclusive else subtotal * whole
        parts = [
            (title, rate, self.rounded(exact * rate / 100 / whole)) for title, rate in line.taxes if whole
        ]
        tax = sum(amount for _title, _rate, amount in parts)
        self.run(
            "INSERT INTO order_items (order_id, product_id, product_name, unit_price, quantity, subtotal,"
            " tax_amount, tax_breakdown, tax_type, discount_amount, total, status)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'served')",
            order,
            line.product,
            name,
            price,
            line.quantity,
            subtotal,
            tax,
            json.dumps([{"title": title, "rate": rate, "amount": amount} for title, rate, amount in parts]),
            "inclusive" if line.is_inclusive else "exclusive",
            line.discount,
            subtotal if line.is_inclusive else subtotal + tax,
        )

    def bill(
        self,
        order: int,
        *,
        paid: Iterable[tuple[str, float]] | None = None,
        discount: float = 0.0,
        round_off: float = 0.0,
        part: float = 1.0,
        **charges: float,
    ) -> int:
        """A bill of an order, or of a part of it, paid now."""
        subtotal, tax, added = self.db.execute(
            "SELECT SUM(subtotal), SUM(tax_amount),"
            " SUM(CASE tax_type WHEN 'inclusive' THEN 0 ELSE tax_amount END) FROM order_items"
            " WHERE order_id = ? AND status NOT IN ('cancelled', 'voided', 'void_adjustment')",
            (order,),
        ).fetchone()
        subtotal, tax, added = subtotal * part, tax * part, added * part
        ratio = (subtotal - discount) / subtotal if subtotal else 1
        total = (
            self.rounded(subtotal - discount + self.rounded(added * ratio) + sum(charges.values()))
            + round_off
        )
        details = [("cash", total)] if paid is None else list(paid)
        return self.run(
            "INSERT INTO bills (bill_number, order_id, subtotal, tax_amount, discount_amount,"
            " delivery_charge, packaging_charge, service_charge, round_off, total, paid_amount,"
            " payment_status, payment_details, paid_at, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'paid', ?, ?, ?)",
            f"INV-{self.count('bills') + 1:04}",
            order,
            subtotal,
            self.rounded(tax * ratio),
            discount,
            charges.get("delivery", 0.0),
            charges.get("packaging", 0.0),
            charges.get("service", 0.0),
            round_off,
            total,
            sum(amount for _method, amount in details),
            json.dumps(
                [{"method": method, "amount": amount, "timestamp": self.now()} for method, amount in details]
            ),
            self.now(),
            self.now(),
        )

    def refund(
        self, bill: int, *, cents: int | None = None, item: int | None = None, method: str = "cash"
    ) -> int:
        """Give money back for a bill: for an item of it, or an amount. Minor units."""
        self.at += timedelta(minutes=1)
        if item is not None:
            row = self.db.execute(
                "SELECT order_id, product_id, product_name, unit_price, quantity, subtotal, tax_amount,"
                " tax_type, discount_amount, total FROM order_items WHERE id = ?",
                (item,),
            ).fetchone()
            order, product, name, price, quantity, subtotal, tax, kind, discount, total = row
            self.run(
                "INSERT INTO order_items (order_id, product_id, product_name, unit_price, quantity, subtotal,"
                " tax_amount, tax_type, discount_amount, total, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                " 'void_adjustment')",
                *(
                    order,
                    product,
                    f"Refund: {name}",
                    -price,
                    quantity,
                    -subtotal,
                    -tax,
                    kind,
                    -discount,
                    -total,
                ),
            )
            self.run("UPDATE order_items SET status = 'refunded' WHERE id = ?", item)
            cents = self.minor(total)
        return self.run(
            "INSERT INTO refunds (bill_id, order_item_id, amount_cents, method, created_by, created_at)"
            " VALUES (?, ?, ?, ?, 'u2', ?)",
            *(bill, item, cents, method, self.now()),
        )

    def move(self, kind: str, cents: int) -> None:
        """Money into the drawer or out of it, without a sale."""
        self.run(
            "INSERT INTO cash_drawer_movements (business_date, movement_type, amount_cents, created_at)"
            " VALUES (?, ?, ?, ?)",
            *(self.today().isoformat(), kind, cents, self.now()),
        )

    def today(self) -> date:
        """The business date at its clock."""
        local = self.at.astimezone(self.zone)
        return local.date() - timedelta(days=local.time() < self.starts_at)

    def bounds(self, day: date) -> tuple[str, str]:
        """The instants between which a day lies."""
        days = (day, day + timedelta(days=1))
        begins, ends = (datetime.combine(it, self.starts_at, self.zone).astimezone(UTC) for it in days)
        return written(begins), written(ends)

    def minor(self, amount: float) -> int:
        """JavaScript's Math.round of an amount in minor units."""
        return math.floor(amount * self.factor + 0.5)

    def rounded(self, amount: float) -> float:
        """To the minor unit, still in major units."""
        return self.minor(amount) / self.factor


def written(moment: datetime) -> str:
    """An instant as FloCafe writes it."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
