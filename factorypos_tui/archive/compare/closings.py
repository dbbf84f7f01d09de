"""A day's close as both sides tell it, and where they differ. Pure."""

import json
from collections import Counter
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
    CASH = "cash"
    CURRENCY = "currency"
    PLACE = "place"


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
    cash: Mapping[str, int] | None = None
    """Currency -> the cash in it, in its own minor units; None where it is not told."""
    place: str | None = None
    """Where the register stood, by name; None where it is not told."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the two sides tell a close otherwise. `of`: the rate or the kind of payment, else empty."""

    z_number: int
    field: Field
    of: str = ""
    here: int | str | None = None
    there: int | str | None = None


def our_close(body: bytes, store: str | None = None) -> Close:
    """The close in the bytes of a Z report, which was made for a store of this name."""
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
    number, date, currency = (document[name] for name in ("z_number", "business_date", "currency"))
    return Close(number, date, currency, by_rate, payments, {currency: payments.get(CASH, 0)}, store)


def differences(here: Mapping[int, Close], there: Mapping[int, Close]) -> Iterator[Difference]:
    """Each difference, by number; what the other side closed before or after its own is not compared."""
    misplaced = _misplaced(here, there)
    for number in sorted(here.keys() | there.keys()):
        if number not in here:
            yield Difference(number, Field.MISSING_HERE)
        elif number in there:
            yield from _of_one(here[number], there[number])
            if number in misplaced:
                yield Difference(number, Field.PLACE, "", here[number].place, there[number].place)
        elif min(there, default=number) <= number <= max(there, default=number):
            yield Difference(number, Field.MISSING_THERE)


def _of_one(here: Close, there: Close) -> Iterator[Difference]:
    number = here.z_number
    if here.date != there.date:
        yield Difference(number, Field.DATE, "", here.date, there.date)
    if here.currency != there.currency:
        yield Difference(number, Field.CURRENCY, "", here.currency, there.currency)
        return
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
    yield from _of_payments(here, there)


def _of_payments(here: Close, there: Close) -> Iterator[Difference]:
    number = here.z_number
    ours = _as_told_there(here.payments, there.payments)
    for kind in sorted(ours.keys() | there.payments.keys()):
        if (paid := ours.get(kind, 0)) != (their_paid := there.payments.get(kind, 0)):
            yield Difference(number, Field.PAYMENTS, kind, paid, their_paid)
    if is_cash_compared(here, there):
        paid, their_paid = ((it.cash or {}).get(here.currency, 0) for it in (here, there))
        if paid != their_paid:
            yield Difference(number, Field.CASH, here.currency, paid, their_paid)


def is_cash_compared(here: Close, there: Close) -> bool:
    """Whether both tell the cash of each currency: a Z has one sum, so the other side can have no other."""
    return there.cash is not None and there.cash.keys() <= {here.currency}


def places(here: Mapping[int, Close], there: Mapping[int, Close]) -> Mapping[str, str]:
    """Our stores, each with the place in the file that it is: of the same name, else where most of its closes
    are. No two stores are one place."""
    pairs = Counter(pair for number in here.keys() & there.keys() if (pair := _pair(here, there, number)))
    found: dict[str, str] = {}
    for (ours, theirs), _n in sorted(pairs.items(), key=lambda it: (not _is_same(*it[0]), -it[1], it[0])):
        if ours not in found and theirs not in found.values():
            found[ours] = theirs
    return found


def _misplaced(here: Mapping[int, Close], there: Mapping[int, Close]) -> frozenset[int]:
    usual = places(here, there)
    pairs = ((number, _pair(here, there, number)) for number in here.keys() & there.keys())
    return frozenset(number for number, pair in pairs if pair and usual.get(pair[0]) != pair[1])


def _pair(here: Mapping[int, Close], there: Mapping[int, Close], number: int) -> tuple[str, str] | None:
    ours, theirs = here[number].place, there[number].place
    return (ours, theirs) if ours and theirs else None


def _is_same(ours: str, theirs: str) -> bool:
    return ours.strip().casefold() == theirs.strip().casefold()


def _gross(close: Close) -> int:
    return sum(gross for gross, _tax in close.by_rate.values())


def _as_told_there(ours: Mapping[str, int], theirs: Mapping[str, int]) -> Mapping[str, int]:
    if NOT_CASH not in theirs:
        return ours
    return {CASH: ours.get(CASH, 0), NOT_CASH: ours.get(CARD, 0) + ours.get(OTHER, 0)}
