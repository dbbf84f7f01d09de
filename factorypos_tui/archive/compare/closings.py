"""A day's close as both sides tell it, and where they differ. Pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

CASH, CARD, OTHER, NOT_CASH = "cash", "card", "other", "not_cash"


class Field(StrEnum):
    """What of a close is compared."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    DATE = "date"
    GROSS = "gross"
    TAX = "tax"
    TOTAL = "total"
    PAYMENTS = "payments"


@dataclass(frozen=True, slots=True)
class Close:
    """A close; amounts in minor units of `currency`, tax included."""

    z_number: int
    date: str
    currency: str
    by_rate: Mapping[Decimal, tuple[int, int]]
    """Rate in per cent -> gross and the tax in it."""
    payments: Mapping[str, int]
    """`CASH`, `CARD` and `OTHER`; or `CASH` and `NOT_CASH` where more is not told."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the two sides tell a close otherwise. `of`: the rate or the kind of payment, else empty."""

    z_number: int
    field: Field
    of: str = ""
    here: int | str | None = None
    there: int | str | None = None


def our_close(body: bytes) -> Close:
    """The close in the bytes of a Z report."""
    document = json.loads(body)
    by_rate: dict[Decimal, tuple[int, int]] = {}
    for row in document["taxes"]:
        rate = Decimal(row["rate"]).normalize()
        gross, tax = by_rate.get(rate, (0, 0))
        by_rate[rate] = gross + row["gross"], tax + row["tax"]
    payments: dict[str, int] = {}
    for row in document["payments"]:
        kind = row["type"] if row["type"] in (CASH, CARD) else OTHER
        payments[kind] = payments.get(kind, 0) + row["amount"]
    return Close(document["z_number"], document["business_date"], document["currency"], by_rate, payments)


def differences(here: Mapping[int, Close], there: Mapping[int, Close]) -> Iterator[Difference]:
    """Each difference, by number; what the other side closed before or after its own is not compared."""
    for number in sorted(here.keys() | there.keys()):
        if number not in here:
            yield Difference(number, Field.MISSING_HERE)
        elif number in there:
            yield from _of_one(here[number], there[number])
        elif min(there, default=number) <= number <= max(there, default=number):
            yield Difference(number, Field.MISSING_THERE)


def _of_one(here: Close, there: Close) -> Iterator[Difference]:
    number = here.z_number
    if here.date != there.date:
        yield Difference(number, Field.DATE, "", here.date, there.date)
    for rate in sorted(here.by_rate.keys() | there.by_rate.keys()):
        (gross, tax), (their_gross, their_tax) = (
            here.by_rate.get(rate, (0, 0)),
            there.by_rate.get(rate, (0, 0)),
        )
        if gross != their_gross:
            yield Difference(number, Field.GROSS, f"{rate:f}", gross, their_gross)
        if tax != their_tax:
            yield Difference(number, Field.TAX, f"{rate:f}", tax, their_tax)
    if (total := _gross(here)) != (their_total := _gross(there)):
        yield Difference(number, Field.TOTAL, "", total, their_total)
    ours = _as_told_there(here.payments, there.payments)
    for kind in sorted(ours.keys() | there.payments.keys()):
        if (paid := ours.get(kind, 0)) != (their_paid := there.payments.get(kind, 0)):
            yield Difference(number, Field.PAYMENTS, kind, paid, their_paid)


def _gross(close: Close) -> int:
    return sum(gross for gross, _tax in close.by_rate.values())


def _as_told_there(ours: Mapping[str, int], theirs: Mapping[str, int]) -> Mapping[str, int]:
    if NOT_CASH not in theirs:
        return ours
    return {CASH: ours.get(CASH, 0), NOT_CASH: ours.get(CARD, 0) + ours.get(OTHER, 0)}
