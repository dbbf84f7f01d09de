"""The home screen's panels: the running day, the days before, the last deliveries, the money."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from factorypos_tui.core.delivery.closes import moment_of
from factorypos_tui.core.language import (
    _,
    counted,
    format_day,
    format_decimal,
    format_weekday,
    on_the_wall,
    weekday_letter,
)
from factorypos_tui.core.language.moments import when_words
from factorypos_tui.core.language.money import currency_exponent, format_money
from factorypos_tui.core.language.text import at_both_ends, filled, plain, width
from factorypos_tui.core.models import Close, TillStatus
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.queue.wording import state_name
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.core.status.answer import Answer, Tone, answer
from factorypos_tui.core.status.first_steps import can_make_a_till
from factorypos_tui.core.status.past_days import PastDays
from factorypos_tui.core.status.wording import not_queued_days
from factorypos_tui.tui.charts import SHADED, columns, sparkline

if TYPE_CHECKING:
    from factorypos_tui.core.configuration.news import News

Line = str | Content
_MARKS = {Tone.SENT: "●", Tone.WAITING: "○", Tone.WRONG: "▲", Tone.STEP: "→"}
_MOST_DAYS = 50
_CHART = "$primary"
_LEAST_FOR_AMOUNTS = 4
_LONGEST_NEWS = 400
_WIDEST = 9
"""Cells of an hour of the chart."""


class AnswerLine(Static):
    """Whether all is sent, and whether the machine can be switched off."""

    def __init__(self) -> None:
        super().__init__("", markup=False, id="answer")

    def show(self, snapshot: Snapshot) -> None:
        """Say it."""
        told = answer(snapshot.status, snapshot.trouble)
        for tone in Tone:
            self.set_class(tone is told.tone, f"-{tone}")
        self.update(f"{_MARKS[told.tone]} {told.words}")


class NewsLine(Static):
    """What there is to know of the configuration; no line where there is nothing."""

    def __init__(self) -> None:
        super().__init__("", markup=False, id="news")
        self.display = False

    def show(self, snapshot: Snapshot, now: datetime) -> None:
        """Say it."""
        told = _of_news(snapshot.news, now) if snapshot.news else None
        self.display = told is not None
        for tone in Tone:
            self.set_class(told is not None and tone is told.tone, f"-{tone}")
        self.update(f"{_MARKS[told.tone]} {plain(told.words, _LONGEST_NEWS)}" if told else "")


class Panel(Static):
    """A frame whose lines are made for the room that it has."""

    def __init__(self, panel_id: str) -> None:
        super().__init__("", markup=False, id=panel_id)
        self._shown: tuple[Snapshot, datetime] | None = None

    def show(self, snapshot: Snapshot, now: datetime) -> None:
        """Show a new state."""
        self.border_title = self.title(snapshot)
        self._shown = snapshot, now
        self.on_resize()

    def on_resize(self) -> None:
        """Make the lines again: there is other room for them."""
        if self._shown:
            size = self.content_size
            lines = self.lines(*self._shown, max(1, size.width), max(1, size.height))
            self.update(
                Content("\n").join(Content(line) if isinstance(line, str) else line for line in lines)
            )

    def title(self, snapshot: Snapshot) -> str:
        """What the frame is called."""
        raise NotImplementedError

    def lines(self, snapshot: Snapshot, now: datetime, cells: int, height: int) -> Sequence[Line]:
        """The lines, so many cells wide."""
        raise NotImplementedError


class Today(Panel):
    """Receipts and takings of the running day; by the hour, beside those of the same weekday a week ago."""

    def title(self, _snapshot: Snapshot) -> str:
        """What the frame is called."""
        return _("Today")

    def lines(self, snapshot: Snapshot, now: datetime, cells: int, height: int) -> Sequence[Line]:
        """The sums and the chart; or why the till cannot be read."""
        view = snapshot.status.till_view
        if view.status is None:
            none_yet = can_make_a_till(snapshot.status) and _("There is no till on this machine yet.")
            return textwrap.wrap(none_yet or plain(view.reason or ""), cells)
        return [
            *_sums(view.status, snapshot.past, now, cells),
            *_chart(view.status, snapshot.past, cells, height - 2),
        ]


class LastDays(Panel):
    """The days before as a line of columns, and their sum; the frame names the key to the figures."""

    def show(self, snapshot: Snapshot, now: datetime) -> None:
        """Show a new state."""
        super().show(snapshot, now)
        self.border_subtitle = _("F Figures")

    def title(self, snapshot: Snapshot) -> str:
        """What the frame is called."""
        past = snapshot.past
        if not past.nets:
            return _("Last days")
        if _is_in_part(snapshot):
            return counted("Last day, in part", "Last {n} days, in part", len(past.nets))
        total = format_money(sum(net for _day, net in past.nets), past.currency)
        return counted("Last day: {amount}", "Last {n} days: {amount}", len(past.nets), amount=total)

    def lines(self, snapshot: Snapshot, _now: datetime, cells: int, _height: int) -> Sequence[Line]:
        """The columns, two cells a day, above the letters of their weekdays."""
        past = snapshot.past
        if not past.nets:
            return [_("No day has been closed yet.")]
        values = [net for _day, net in past.nets]
        letters = "".join(filled(weekday_letter(day), 2) for day, _net in past.nets)
        return [Content.styled("".join(cell * 2 for cell in sparkline(values)), _CHART), letters[:cells]]


class Money(Panel):
    """What was taken by each payment method, and how the drawer was at the last close."""

    def title(self, _snapshot: Snapshot) -> str:
        """What the frame is called."""
        return _("Payments today")

    def lines(self, snapshot: Snapshot, _now: datetime, cells: int, height: int) -> Sequence[Line]:
        """A line for each payment method; below them the drawer."""
        till, past = snapshot.status.till, snapshot.past
        payments: list[str] = []
        if till:
            exponent = currency_exponent(till.currency)
            payments = [
                at_both_ends(plain(name), format_decimal(amount, exponent), cells)
                for name, amount in till.payments
            ]
        return [*(payments or [_("None yet.")])[: max(1, height - 2)], "", _drawer_words(past)]


class LastDeliveries(Panel):
    """The newest closed days and their states."""

    def title(self, _snapshot: Snapshot) -> str:
        """What the frame is called."""
        return _("Last deliveries")

    def lines(self, snapshot: Snapshot, now: datetime, _cells: int, height: int) -> Sequence[Line]:
        """As many as fit; those that are not queued yet come first."""
        lines = [_not_queued(close, why) for close, why in not_queued_days(snapshot.status)[:_MOST_DAYS]]
        lines += [_delivery(shipment, now) for shipment in snapshot.recent[:height]]
        return lines[:height] or [_("No daily close has been sent yet.")]


def _of_news(news: News, now: datetime) -> Answer | None:
    from factorypos_tui.core.status.configuration_answer import configuration_answer  # only with a store

    return configuration_answer(news, now)


def _is_in_part(snapshot: Snapshot) -> bool:
    """Whether closed days may be among the last ones and not in the queue: their sum would be of a part."""
    status, first_z = snapshot.status, snapshot.past.first_z or 1
    return bool(status.till_view.not_queued) or any(last >= first_z - 1 for _first, last in status.left_out)


def _sums(till: TillStatus, past: PastDays, now: datetime, cells: int) -> list[str]:
    receipts = counted("{n} receipt", "{n} receipts", till.receipts)
    since = (
        _("Open since {when}").format(when=when_words(till.open_period_since, now))
        if till.open_period_since
        else _("Not open")
    )
    net = _("Net {amount}").format(amount=format_money(till.net, till.currency))
    hour, before = on_the_wall(now).hour, ""
    if past.week_ago and past.currency == till.currency:
        sold_by_now = [amount for at, amount in past.net_by_hour if _place(at, till) < _place(hour, till)]
        before = _("░ {weekday} to {hour}:00 {amount}").format(
            weekday=format_weekday(past.week_ago),
            hour=f"{hour:02}",
            amount=format_decimal(sum(sold_by_now), currency_exponent(past.currency)),
        )
    has_room = before and width(net) + width(before) < cells  # an amount is never cut
    return [at_both_ends(since, receipts, cells), at_both_ends(net, before, cells) if has_room else net]


def _chart(till: TillStatus, past: PastDays, cells: int, height: int) -> list[Line]:
    """Two columns an hour, today's and those of a week ago, above the numbers of the hours; where there is
    room, with today's takings of each."""
    today = dict(till.net_by_hour)
    before = dict(past.net_by_hour) if past.currency == till.currency else {}
    best = max([*today.values(), *before.values()], default=0)
    if best <= 0 or height < 2:
        return []
    places = [_place(hour, till) for hour in today.keys() | before.keys()]
    hours = [(place + till.day_starts_at) % 24 for place in range(min(places), max(places) + 1)]
    exponent = currency_exponent(till.currency)
    amounts = [format_decimal(today[hour], exponent) if hour in today else "" for hour in hours]
    of_each = max(1, min(_WIDEST, cells // len(hours)))
    below = [_below([f"{hour:02}" for hour in hours], of_each)[:cells]]
    if height > _LEAST_FOR_AMOUNTS and max(map(len, amounts)) < of_each:
        below.append(_below(amounts, of_each))
    gap = int(of_each > 2)
    shaded = (of_each - gap) // 2 if before else 0
    pairs = zip(
        columns([today.get(hour, 0) for hour in hours], height - len(below), best),
        columns([before.get(hour, 0) for hour in hours], height - len(below), best, SHADED),
        strict=True,
    )
    rows = ["".join(_hour(*tops, of_each, shaded, gap) for tops in zip(*pair, strict=True)) for pair in pairs]
    return [*(Content.styled(row, _CHART) for row in rows), *below]


def _place(hour: int, till: TillStatus) -> int:
    """An hour's place in the business day, which may go on after midnight."""
    return (hour - till.day_starts_at) % 24


def _hour(today: str, before: str, cells: int, shaded: int, gap: int) -> str:
    return today * (cells - shaded - gap) + before * shaded + " " * gap


def _below(labels: Sequence[str], of_each: int) -> str:
    """Each label that has room, below its column."""
    line = ""
    for place, label in enumerate(labels):
        if label and len(line) <= place * of_each:
            line = f"{filled(line, place * of_each)}{label} "
    return line


def _drawer_words(past: PastDays) -> str:
    if past.last_z is None:
        return ""
    if past.over_short is None:
        return _("Z {n}: cash not counted").format(n=past.last_z)
    amount = format_decimal(abs(past.over_short), currency_exponent(past.currency))
    if past.over_short < 0:
        return _("Z {n}: drawer short by {amount}").format(n=past.last_z, amount=amount)
    if past.over_short > 0:
        return _("Z {n}: drawer over by {amount}").format(n=past.last_z, amount=amount)
    return _("Z {n}: drawer as it should be").format(n=past.last_z)


def _not_queued(close: Close, why: str) -> str:
    closed_at = moment_of(close)
    day = format_day(on_the_wall(closed_at).date()) if closed_at else ""
    return f"Z {close.z_number:<5}{day:>6}  ○ {why}"


def _delivery(shipment: Shipment, now: datetime) -> str:
    amount = format_decimal(shipment.net, currency_exponent(shipment.currency))
    if shipment.state is State.DELIVERED and shipment.delivered_at:
        news = _("sent {when}").format(when=when_words(shipment.delivered_at, now))
    else:
        news = state_name(shipment.state)
    return f"Z {shipment.z_number or 0:<5}{format_day(shipment.business_date):>6}{amount:>10}  {news}"
