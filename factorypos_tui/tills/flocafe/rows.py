"""The rows of FloCafe's bills, as facts. What SQLite holds is checked when a receipt is made of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from factorypos_tui.tills.flocafe.flo_database import Row, Snapshot
from factorypos_tui.tills.flocafe.values import instant, text

_LEFT_OUT = frozenset({"cancelled", "voided", "void_adjustment"})
"""A row of the last kind takes back an item that was paid back: that is counted by its refund."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of an order; amounts as they are in the file, in major units."""

    id: int
    code: str
    name: str
    category_code: str
    category_name: str
    quantity: Any
    on_the_bill: Any
    """How many of them are on this bill where it is one of several of its order; None: all."""
    subtotal: Any
    discount: Any
    tax: Any
    tax_type: str
    tax_parts: tuple[Any, Any]
    """JSON: the snapshot of the taxes, and the breakdown of older versions."""


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that was given back for a bill."""

    id: int
    bill_id: int
    bill_number: str
    item_id: int | None
    amount: Any
    """In minor units."""
    method: str
    user_code: str
    user_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill that was paid; amounts in major units."""

    id: int
    number: str
    user_code: str
    user_name: str
    paid_at: datetime
    amounts: Mapping[str, Any]
    """By the name of their column."""
    payment_details: Any
    items: Sequence[Item]
    refunds: Sequence[Refund]


AMOUNTS = (
    "tax_amount",
    "discount_amount",
    "delivery_charge",
    "packaging_charge",
    "service_charge",
    "round_off",
    "total",
    "paid_amount",
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """The rows of the bills that were paid within a span of time."""

    bills: Sequence[Row]
    items: Sequence[Row]
    refunds: Sequence[Row]
    methods: Mapping[object, str]
    """Id of a payment method -> its name."""


def fetch(snapshot: Snapshot, since: str, until: str) -> Fetched:
    """Fetch the bills paid from `since` on and before `until`, both as FloCafe writes instants: it compares
    them as texts, too. `until` may be empty: then there is no end."""
    # An end that may be none would have SQLite read all bills since: it sees what an index is good for only
    # where the statement says it.
    within = "bills.paid_at >= ?1 AND " + ("bills.paid_at < ?2" if until else "?2 = ''")
    between = since, until
    amounts = ", ".join(snapshot.column("bills", name) for name in AMOUNTS)
    return Fetched(
        snapshot.rows(
            "SELECT bills.id, bill_number, orders.user_id, users.name, paid_at, payment_details,"
            f" {amounts} FROM bills LEFT JOIN orders ON orders.id = order_id"
            f" LEFT JOIN users ON users.id = orders.user_id WHERE {within} ORDER BY paid_at, bills.id",
            *between,
        ),
        snapshot.rows(_items_of_bills(snapshot, within), *between),
        snapshot.rows(
            "SELECT bill_id, bill_number, refunds.id, order_item_id, amount_cents, method, created_by, name,"
            " refunds.created_at FROM bills JOIN refunds ON bill_id = bills.id"
            f" LEFT JOIN users ON users.id = created_by WHERE {within}"
            " ORDER BY refunds.created_at, refunds.id",
            *between,
        ),
        dict(snapshot.rows("SELECT id, name FROM payment_methods"))
        if snapshot.has("payment_methods", "id", "name")
        else {},
    )


def _items_of_bills(snapshot: Snapshot, within: str) -> str:
    """A bill has all items of its order, or those in `bill_items` where the order was split."""
    columns = (
        "SELECT bills.id, order_items.id, product_id, product_name, products.category_id, categories.name,"
        " order_items.quantity, {share}, order_items.subtotal, order_items.discount_amount,"
        " order_items.tax_amount, order_items.tax_type,"
        f" {snapshot.column('order_items', 'tax_snapshot')},"
        f" {snapshot.column('order_items', 'tax_breakdown')},"
        " order_items.status FROM bills JOIN order_items ON order_items.order_id = bills.order_id {split}"
        " LEFT JOIN products ON products.id = product_id"
        f" LEFT JOIN categories ON categories.id = products.category_id WHERE {within}"
    )
    if not snapshot.has("bill_items", "bill_id", "order_item_id", "quantity"):
        return columns.format(share="NULL", split="")
    alone = " AND NOT EXISTS (SELECT 1 FROM bill_items WHERE bill_items.bill_id = bills.id)"
    split = "JOIN bill_items ON bill_items.bill_id = bills.id AND order_item_id = order_items.id"
    return (
        columns.format(share="NULL", split="")
        + alone
        + " UNION ALL "
        + columns.format(share="bill_items.quantity", split=split)
        + " ORDER BY 1, 2"
    )


def bills_of(fetched: Fetched) -> Sequence[Bill]:
    """The bills in the order in which they were paid. Pure."""
    items: defaultdict[object, list[Item]] = defaultdict(list)
    for bill_id, *row, status in fetched.items:
        if status not in _LEFT_OUT:
            items[bill_id].append(_item(row))
    refunds: defaultdict[object, list[Refund]] = defaultdict(list)
    for given_back in fetched.refunds:
        refunds[given_back[0]].append(_refund(given_back))
    return [
        Bill(
            id_,
            text(number, str(id_)),
            text(user),
            text(name, text(user)),
            instant(paid_at),
            dict(zip(AMOUNTS, amounts, strict=True)),
            details,
            items[id_],
            refunds[id_],
        )
        for id_, number, user, name, paid_at, details, *amounts in fetched.bills
    ]


def _item(row: Sequence[Any]) -> Item:
    id_, product, name, category, category_name, quantity, share, subtotal, discount, tax, *taxes = row
    tax_type, snapshot, breakdown = taxes
    code = text(product, "none")
    return Item(
        id_,
        code,
        text(name, code),
        text(category, "none"),
        text(category_name, text(category, "none")),
        quantity,
        share,
        subtotal,
        discount,
        tax,
        text(tax_type),
        (snapshot, breakdown),
    )


def _refund(row: Row) -> Refund:
    bill_id, number, id_, item_id, amount, method, user, name, created_at = row
    who = text(user)
    method = text(method, "unknown")
    return Refund(
        id_, bill_id, text(number), item_id, amount, method, who, text(name, who), instant(created_at)
    )
