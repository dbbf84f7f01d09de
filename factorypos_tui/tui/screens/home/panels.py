"""The home screen's right side: the running day, and the last deliveries."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from textual.widgets import Static

from factorypos_tui.core.delivery.closes import moment_of
from factorypos_tui.core.language import _, counted, format_day, format_decimal, on_the_wall
from factorypos_tui.core.language.moments import when_words
from factorypos_tui.core.language.money import currency_exponent, format_money
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.models import Close, TillStatus
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.queue.wording import state_name
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.core.status.till_view import TillView
from factorypos_tui.core.status.wording import not_queued_days

_MOST_DAYS = 50


class Today(Static):
    """Receipts and takings of the running day, with a bar an hour."""

    def __init__(self) -> None:
        super().__init__("", markup=False, id="today")
        self._draw: Callable[[], str] = str

    def show(self, till: TillView, now: datetime) -> None:
        """Show what the till says, or why it cannot be read."""
        self.border_title = _("Today")
        why_not = plain(till.reason or "")
        self._draw = partial(self._figures, till.status, now) if till.status else lambda: why_not
        self.on_resize()

    def on_resize(self) -> None:
        """Show as many hours as fit, as wide as possible."""
        self.update(self._draw())

    def _figures(self, till: TillStatus, now: datetime) -> str:
        receipts = counted("{n} receipt", "{n} receipts", till.receipts)
        since = (
            _("Open since {when}").format(when=when_words(till.open_period_since, now))
            if till.open_period_since
            else _("Not open")
        )
        net = _("Net {amount}").format(amount=format_money(till.net, till.currency))
        return "\n".join([_apart(since, receipts, self._width), net, *self._bars(till)])

    @property
    def _width(self) -> int:
        return max(1, self.content_size.width)

    def _bars(self, till: TillStatus) -> list[str]:
        """The latest hours that fit, the best one as wide as the panel, each with its takings."""
        exponent = currency_exponent(till.currency)
        shown = till.net_by_hour[-max(1, self.content_size.height - 2) :]
        amounts = [format_decimal(net, exponent) for _hour, net in shown]
        best = max((net for _hour, net in shown), default=0)
        if best <= 0:
            return []
        room = max(1, self._width - 4 - max(map(len, amounts)))
        return [
            _apart(f"{hour:02} " + "#" * round(room * max(0, net) / best), amount, self._width)
            for (hour, net), amount in zip(shown, amounts, strict=True)
        ]


class LastDeliveries(Static):
    """The newest closed days and their states."""

    def __init__(self) -> None:
        super().__init__("", markup=False, id="deliveries")
        self._lines: list[str] = []

    def show(self, snapshot: Snapshot, now: datetime) -> None:
        """Show the newest days; those that are not queued yet come first."""
        self.border_title = _("Last deliveries")
        self._lines = [
            _not_queued(close, why) for close, why in not_queued_days(snapshot.status)[:_MOST_DAYS]
        ]
        self._lines += [_delivery(shipment, now) for shipment in snapshot.recent]
        self.on_resize()

    def on_resize(self) -> None:
        """Show as many as fit."""
        lines = self._lines[: max(1, self.content_size.height)]
        self.update("\n".join(lines) or _("No daily close has been sent yet."))


def _not_queued(close: Close, why: str) -> str:
    closed_at = moment_of(close)
    day = format_day(on_the_wall(closed_at).date()) if closed_at else ""
    return f"Z {close.z_number:<5}{day:>6}{'':>11}  {why}"


def _delivery(shipment: Shipment, now: datetime) -> str:
    amount = format_decimal(shipment.net, currency_exponent(shipment.currency))
    if shipment.state is State.DELIVERED and shipment.delivered_at:
        news = _("sent {when}").format(when=when_words(shipment.delivered_at, now))
    else:
        news = state_name(shipment.state)
    return f"Z {shipment.z_number or 0:<5}{format_day(shipment.business_date):>6}{amount:>11}  {news}"


def _apart(left: str, right: str, width: int) -> str:
    """Two texts on one line, one at each end."""
    return left + right.rjust(max(len(right) + 1, width - len(left)))
