"""How bills were paid. FloCafe names a payment by its method of that name, else by a word."""

from collections.abc import Mapping, Sequence
from typing import Any

from factorypos_tui.core.reports.sales import Payment
from factorypos_tui.tills.flocafe.rows import Bill
from factorypos_tui.tills.flocafe.values import loaded, major, objects, text, to_minor

UNKNOWN = "unknown"
_TYPES = {
    "cash": "cash",
    "card": "card",
    "credit_card": "card",
    "debit_card": "card",
    "upi": "mobile",
    "mobile": "mobile",
    "cheque": "check",
    "check": "check",
    "wallet": "store_credit",
    "loyalty": "store_credit",
    "store_credit": "store_credit",
    "gift_card": "store_credit",
    "credit": "debt",
    "bank": "bank",
    "bank_transfer": "bank",
    "free": "free",
}
_OTHER = "other"


def method_type(method: str) -> str:
    """The kind of payment that a method's word means."""
    return _TYPES.get(method.casefold().replace(" ", "_"), _OTHER)


def paid(bill: Bill, methods: Mapping[object, str], exponent: int) -> Sequence[Payment]:
    """The payments of a bill, named as FloCafe's own report names them. Raises `Unreportable`."""
    payments = []
    for line in objects(loaded(bill.payment_details)):
        amount = line.get("amount")
        if isinstance(amount, int | float) and not isinstance(amount, bool):
            method, name = text(line.get("method"), UNKNOWN), _name(line, methods)
            minor = to_minor(major(amount, bill.number), exponent)
            payments.append(Payment(name, name, method_type(method), minor))
    return payments


def _name(line: Mapping[str, Any], methods: Mapping[object, str]) -> str:
    id_ = line.get("payment_method_id")
    named = methods.get(id_) if isinstance(id_, int | str) else None
    return text(named, text(line.get("method"), UNKNOWN))
