"""What the codes in the tables mean; forks differ in them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Codes:
    """The meaning of the codes of payments and tickets."""

    payment_types: Mapping[str, str]
    """`payments.payment`, in lower case: a payment type of a report, or `movement` of cash in or out."""
    refund_kinds: frozenset[int]
    """`tickets.tickettype` of a refund."""
    settlement_kinds: frozenset[int]
    """... of a customer who pays what was sold on account."""
