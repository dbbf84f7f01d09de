"""What a driver gives becomes our rows. A value that is none is marked, not refused: the period that it is in
cannot be told, the others can."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from factorypos_tui.tills.unicenta.rows import NO_ITEM, Item, LineRow, PaymentRow, RateRow, TaxRow, TicketRow
from factorypos_tui.tills.unicenta.tables import Row

NO_MOMENT = datetime.min  # noqa: DTZ901 - a wall clock
"""In place of a time that no calendar has, such as 0000-00-00."""
_NO_NUMBER = Decimal("NaN")
_SALE = 0


def number(value: object) -> Decimal:
    """A DOUBLE by its shortest text: 2.4 stays 2.4. NaN where it is no number."""
    if isinstance(value, float) and value:
        return _shortest(value)
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return _NO_NUMBER


@lru_cache(1 << 12)
def _shortest(value: float) -> Decimal:
    """Most amounts come again and again. No zero comes here: -0.0 equals 0.0, and is another text."""
    return Decimal(repr(value))


def moment(value: object) -> datetime:
    """A time of the till's wall clock, naive; `NO_MOMENT` where it is none."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else NO_MOMENT


def text(value: object) -> str:
    """A text; empty where there is none."""
    return "" if value is None else str(value)


def flag(value: object) -> bool:
    """Yes or no: MySQL gives a bit(1) as a byte, and every byte is true to Python."""
    return any(value) if isinstance(value, bytes) else bool(value)


def ticket(row: Row) -> TicketRow:
    """A receipt with its ticket."""
    id_, at, ticket_id, kind, ticket_number, person, name, _money = row
    is_ticket = ticket_id is not None
    return TicketRow(
        id=str(id_),
        at=moment(at),
        kind=int(kind or _SALE) if is_ticket else None,
        number=int(ticket_number or 0),
        person=text(person),
        person_name=text(name),
    )


def item(row: Row) -> Item:
    """What an item is called today."""
    _product, name, reference, category, category_name = row
    return Item(text(name), text(reference), text(category), text(category_name))


def line(row: Row, items: Mapping[str, Item]) -> LineRow:
    """A line of a ticket. `items`: as they are today, by the product of their lines."""
    ticket_id, place, product, units, price, tax, attributes = row
    today = items.get(str(product), NO_ITEM)
    return LineRow(
        ticket=str(ticket_id),
        line=int(place),
        product=None if product is None else str(product),
        units=number(units),
        price=number(price),
        tax=text(tax),
        attributes=attributes.encode() if isinstance(attributes, str) else attributes,
        product_name=today.name,
        product_reference=today.reference,
        category=today.category,
        category_name=today.category_name,
    )


def rate(row: Row) -> RateRow:
    """A tax as it is today."""
    tax_id, name, today, parent, cascades, order = row
    return RateRow(
        str(tax_id),
        text(name),
        number(today),
        None if parent is None else str(parent),
        flag(cascades),
        None if order is None else int(order),
    )


def tax(row: Row) -> TaxRow:
    """What a receipt says of one tax."""
    receipt, tax_id, base, amount = row
    return TaxRow(str(receipt), text(tax_id), number(base), number(amount))


def payment(row: Row) -> PaymentRow:
    """A payment, or a movement of cash."""
    receipt, name, total, notes = row
    return PaymentRow(str(receipt), text(name), number(total), text(notes))
