"""What FloCafe's file must have to be read. Its migrations only add, so a newer version can be read as long
as every column is there."""

from collections.abc import Mapping

OLDEST_VERSION = 81
"""The first `user_version` with closed days."""

_NEEDED = {
    "cash_closures": "id scope business_date period_start period_end opening_float_cents expected_cash_cents"
    " counted_cash_cents gross_collected_cents refunded_cents net_collected_cents bill_count refund_count"
    " payment_methods_json tax_components_json z_number created_at",
    "bills": "id bill_number order_id tax_amount discount_amount delivery_charge packaging_charge round_off"
    " total paid_amount payment_details paid_at",
    "orders": "id user_id",
    "order_items": "id order_id product_id product_name quantity subtotal tax_amount tax_type"
    " discount_amount total status",
    "refunds": "id bill_id order_item_id amount_cents method created_by created_at",
    "settings": "key value",
    "users": "id name",
    "categories": "id name",
    "products": "id name category_id price",
}
NEEDED: Mapping[str, frozenset[str]] = {table: frozenset(names.split()) for table, names in _NEEDED.items()}
"""Table -> its columns that must be there; others are read where they are."""
