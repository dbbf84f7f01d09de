"""Closing the day: what a person sees before, and what is told afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from factorypos_tui.core.errors import DayChanged, Unreportable
from factorypos_tui.core.language import _, counted, format_date
from factorypos_tui.core.language.money import format_money
from factorypos_tui.core.reports.doubts import CloseDoubts
from factorypos_tui.core.reports.sales import CloseReason, Period, Receipt

if TYPE_CHECKING:
    from factorypos_tui.core.reports.figures import Figures


@dataclass(frozen=True, slots=True)
class Drawer:
    """The cash of a day, minor units."""

    expected: int
    counted: int | None
    """None where the cash was not counted."""
    currency: str

    @property
    def over_short(self) -> int | None:
        """What was counted more than expected, negative where it is less; None where it was not counted."""
        return None if self.counted is None else self.counted - self.expected


@dataclass(frozen=True, slots=True)
class DayToClose:
    """The running day as a person sees it before the close; money in minor units of `currency`."""

    period_id: str
    currency: str
    receipts: int
    net: int
    payments: tuple[tuple[str, int], ...]
    """Names and amounts; empty where the day has no report, as `drawer` is None then."""
    drawer: Drawer | None
    """Not counted yet."""
    doubts: CloseDoubts


@dataclass(frozen=True, slots=True)
class Closing:
    """A Z in short."""

    period_id: str
    z_number: int
    business_date: date
    opened_at: datetime
    closed_at: datetime
    close_reason: CloseReason
    receipts: int
    net: int
    """Its takings, in minor units of `currency`."""
    currency: str
    counted: int | None


def day_to_close(period: Period, sold: Iterable[Receipt], doubts: CloseDoubts) -> DayToClose:
    """The figures of a running day."""
    receipts = list(sold)
    net = sum(line.net for receipt in receipts for line in receipt.lines)
    payments: tuple[tuple[str, int], ...] = ()
    drawer = None
    try:
        figures = _figures(period, receipts)
    except Unreportable:  # the day can be closed all the same; a finding tells why it has no report
        pass
    else:
        payments = tuple((paid["name"], paid["amount"]) for paid in figures["payments"])
        drawer = Drawer(figures["cash"]["expected"], None, period.currency)
    return DayToClose(
        period.id,
        period.currency,
        sum(bool(receipt.lines) for receipt in receipts),
        net,
        payments,
        drawer,
        doubts,
    )


def drawer_of(period: Period, receipts: Iterable[Receipt]) -> Drawer | None:
    """The drawer as the report of a closed day tells it; None where the day has no report."""
    try:
        cash = _figures(period, receipts)["cash"]
    except Unreportable:
        return None
    return Drawer(cash["expected"], cash["counted"], period.currency)


def refuse_another_day(seen: DayToClose, found: DayToClose) -> None:
    """Raise `DayChanged` where the day is no longer the one that a person has seen and agreed to close."""
    if found.period_id != seen.period_id:
        raise DayChanged(
            _("The day was closed meanwhile, as Z {z}. These are the figures of the new day.").format(
                z=found.doubts.last_z
            )
        )
    if replace(found, doubts=seen.doubts) != seen:
        raise DayChanged(
            _("The till has recorded something meanwhile. Nothing was closed: look at the new figures.")
        )
    if not set(found.doubts.doubts) <= set(seen.doubts.doubts):
        raise DayChanged(
            _("Something speaks against a close right now. Nothing was closed: read it above first.")
        )


def closed_words(closing: Closing) -> str:
    """What was closed."""
    text = counted(
        "Z {number} of {day}: {n} receipt, {net}.",
        "Z {number} of {day}: {n} receipts, {net}.",
        closing.receipts,
        number=closing.z_number,
        day=format_date(closing.business_date),
        net=format_money(closing.net, closing.currency),
    )
    if not closing.receipts:
        text += " " + _("Nothing was sold in it.")
    if closing.close_reason is CloseReason.LATE:
        text += " " + _("It was closed late, on another day.")
    return text


def drawer_words(drawer: Drawer | None) -> str:
    """What the drawer is over or short; empty where it was not counted."""
    if drawer is None or drawer.counted is None or drawer.over_short is None:
        return ""
    if drawer.over_short < 0:
        sentence = _("The drawer is short by {difference}: {expected} expected, {counted} counted.")
    elif drawer.over_short > 0:
        sentence = _("The drawer is over by {difference}: {expected} expected, {counted} counted.")
    else:
        sentence = _("The drawer holds what it should: {expected}.")
    return sentence.format(
        difference=format_money(abs(drawer.over_short), drawer.currency),
        expected=format_money(drawer.expected, drawer.currency),
        counted=format_money(drawer.counted, drawer.currency),
    )


def _figures(period: Period, receipts: Iterable[Receipt]) -> Figures:
    from factorypos_tui.core.reports.adding_up import add_up  # the app's first frame needs none
    from factorypos_tui.core.reports.figures import figures_of

    return figures_of(period, add_up(period, receipts))
