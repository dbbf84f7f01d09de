"""What FloCafe sells, to be uploaded. An item has the tax that it was sold with last, else that of its
category of taxes: FloCafe keeps the tax itself with each line that it sells."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from factorypos_tui.core.configuration.change import Sold
from factorypos_tui.core.configuration.configuration import (
    CompanyData,
    Configuration,
    Department,
    Item,
    PaymentMethod,
    PriceLevel,
    Tax,
    User,
)
from factorypos_tui.core.reports.sales import Receipt
from factorypos_tui.tills.flocafe.facts import Facts, facts_of, settings_of
from factorypos_tui.tills.flocafe.flo_database import Row, Snapshot
from factorypos_tui.tills.flocafe.payments import method_type
from factorypos_tui.tills.flocafe.tax_pack import fetch_tax_pack, taxes_in
from factorypos_tui.tills.flocafe.taxes import NO_TAX, TaxGroup, group_in
from factorypos_tui.tills.flocafe.values import major, text, to_minor

_LAST_LINES = 20_000
_LEVEL = PriceLevel("list", "list")
_LONGEST_CODE, _LONGEST_NAME = 40, 100
_ALWAYS = ("cash", "card")


def fetch_configuration(snapshot: Snapshot) -> dict[str, Sequence[Row]]:
    """All rows of it."""
    active = {table: snapshot.column(table, "is_active") for table in ("products", "users", "categories")}
    products = ", ".join(
        snapshot.column("products", name) for name in ("barcode", "sku", "tax_type", "tax_category_id")
    )
    parts = ", ".join(snapshot.column("order_items", name) for name in ("tax_snapshot", "tax_breakdown"))
    methods = snapshot.has("payment_methods", "id", "name")
    return {
        "settings": [*settings_of(snapshot).items()],
        "categories": snapshot.rows(f"SELECT id, name, {active['categories']} FROM categories"),
        "users": snapshot.rows(f"SELECT id, name, {active['users']} FROM users"),
        "products": snapshot.rows(
            f"SELECT id, name, category_id, price, {products}, {active['products']} FROM products"
        ),
        "pack": fetch_tax_pack(snapshot),
        "taxes": snapshot.rows(
            f"SELECT product_id, tax_amount, {parts} FROM order_items"
            " WHERE id > (SELECT MAX(id) FROM order_items) - ? ORDER BY id",
            _LAST_LINES,
        ),
        "methods": snapshot.rows("SELECT name FROM payment_methods") if methods else (),
        "paid": snapshot.rows(
            "SELECT DISTINCT method FROM refunds UNION SELECT DISTINCT json_extract(value, '$.method')"
            " FROM (SELECT payment_details AS paid FROM bills ORDER BY id DESC LIMIT ?),"
            " json_each(CASE WHEN json_valid(paid) THEN paid ELSE '[]' END) WHERE json_valid(value)",
            _LAST_LINES,
        ),
    }


def configuration_of(rows: dict[str, Sequence[Row]], configured: Mapping[str, str]) -> Configuration:
    """The configuration. Pure."""
    facts = facts_of(dict(rows["settings"]), configured)
    departments = {
        text(id_): Department(*_named(id_, name), active=_is_active(active))
        for id_, name, active in rows["categories"]
    }
    departments = {"none": Department("none", "none")} | departments
    pack = taxes_in(rows["pack"])
    taxes = {text(row[0]): pack[text(row[7])] for row in rows["products"] if text(row[7]) in pack}
    taxes |= {text(product): group_in(tax, parts) for product, tax, *parts in rows["taxes"]}
    groups = {group.code: group for group in (NO_TAX, *pack.values(), *taxes.values())}
    methods = {text(row[0]) for row in (*rows["methods"], *rows["paid"])}
    return Configuration(
        company=CompanyData(facts.company, country=facts.country or None, currency=facts.currency or None),
        departments=[department for _code, department in sorted(departments.items())],
        taxes=[Tax(group.code, group.name, rate=group.rate) for _at, group in sorted(groups.items())],
        price_levels=[_LEVEL],
        payment_methods=[
            PaymentMethod(*_named(name, name), type=method_type(name))
            for name in sorted({*_ALWAYS, *filter(None, methods)})
        ],
        users=[
            User(*_named(id_, name), active=_is_active(active))
            for id_, name, active in sorted(rows["users"], key=lambda row: text(row[0]))
        ],
        items=[
            _item(row, facts, taxes, departments)
            for row in sorted(rows["products"], key=lambda row: text(row[0]))
        ],
    )


def sold_of(receipts: Sequence[Receipt], *, ever: bool) -> Sold:
    """What the sales of the running day refer to."""
    return Sold(
        frozenset(tax.code for receipt in receipts for tax in receipt.taxes),
        frozenset(payment.code for receipt in receipts for payment in receipt.payments),
        ever,
    )


def _item(
    row: Row, facts: Facts, taxes: Mapping[str, TaxGroup], departments: Mapping[str, Department]
) -> Item:
    id_, name, category, price, barcode, sku, tax_type, _tax_category, active = row
    code = text(id_)
    group = taxes.get(code, NO_TAX)
    amount = major(price if isinstance(price, int | float) else None, code)
    if tax_type != "inclusive":
        amount *= 1 + Decimal(group.rate) / 100
    return Item(
        *_named(id_, name),
        department=departments.get(text(category), departments["none"]).code,
        tax=group.code,
        prices={_LEVEL.code: max(to_minor(amount, facts.exponent), 0)},
        barcode=_code(text(barcode)) or _code(text(sku)) or None,
        active=_is_active(active),
    )


def _is_active(value: object) -> bool:
    """Where FloCafe does not say, it is in use."""
    return value is None or bool(value)


def _code(found: str) -> str:
    return found[:_LONGEST_CODE].strip()


def _named(id_: object, name: object) -> tuple[str, str]:
    """Code and name of a record."""
    code = text(id_)
    return _code(code), text(name, code)[:_LONGEST_NAME].strip()
