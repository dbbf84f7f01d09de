"""The rows of a period as uniCenta's tables have them: spelled in our words, and not yet interpreted.

A DOUBLE is a `Decimal` of its shortest text. A time is the wall clock of the till, naive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CashRow:
    """A row of `closedcash`: one period of one host."""

    money: str
    """The period's id."""
    sequence: int
    """The Z number."""
    opened: datetime
    closed: datetime | None
    no_sales: int = 0


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A row of `receipts` with its row of `tickets`, if any."""

    id: str
    at: datetime
    kind: int | None
    """`tickets.tickettype`; None where there is no ticket: cash in or out."""
    number: int
    person: str
    person_name: str


@dataclass(frozen=True, slots=True)
class Item:
    """What is known of an item today."""

    name: str = ""
    reference: str = ""
    category: str = ""
    category_name: str = ""


NO_ITEM = Item()


@dataclass(frozen=True, slots=True)
class LineRow:
    """A row of `ticketlines`."""

    ticket: str
    line: int
    product: str | None
    units: Decimal
    price: Decimal
    """Net, of one unit."""
    tax: str
    attributes: bytes | None
    """Java properties as XML: the names as sold."""
    product_name: str = ""
    """Today's, as are `product_reference`, `category` and `category_name`; empty where there is none."""
    product_reference: str = ""
    category: str = ""
    category_name: str = ""


@dataclass(frozen=True, slots=True)
class TaxRow:
    """A row of `taxlines`."""

    ticket: str
    tax: str
    base: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A row of `payments`."""

    ticket: str
    name: str
    total: Decimal
    notes: str = ""


@dataclass(frozen=True, slots=True)
class RateRow:
    """A row of `taxes`, as it is today."""

    tax: str
    name: str
    rate: Decimal
    """0.21 for 21 %."""
    parent: str | None
    """The compound tax that it is a part of."""
    cascades: bool = False
    """Whether a part is also on what the parts before it have added."""
    order: int | None = None
    """The place of a part among its siblings; last where there is none."""


@dataclass(frozen=True, slots=True)
class PeriodRows:
    """All that a period consists of, read in one snapshot; each list in the order of (at, kind, number)."""

    cash: CashRow
    tickets: Sequence[TicketRow]
    lines: Sequence[LineRow]
    taxes: Sequence[TaxRow]
    payments: Sequence[PaymentRow]
    rates: Sequence[RateRow]
    categories: Mapping[str, str] = field(default_factory=dict)
    """Names of today by id: lines keep the category that they were sold under as an id."""
    voided_lines: int = 0
    no_sale_opens: int = 0
    open_tickets: int = 0
