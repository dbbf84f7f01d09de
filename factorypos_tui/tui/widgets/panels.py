"""The home screen's right side: the running day, and what was delivered last."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from textual.widgets import Static

from factorypos_tui.core.hints import command
from factorypos_tui.core.language import _, format_day, format_decimal, format_number, ngettext
from factorypos_tui.core.models import TillStatus
from factorypos_tui.core.money import currency_exponent, format_money
from factorypos_tui.core.shipments import Shipment, State
from factorypos_tui.core.wording import state_name, when_words


class Today(Static):
    """Receipts and takings of the running day, with a bar an hour."""

    def __init__(self) -> None:
        super().__init__("", markup=False, id="today")
        self._draw: Callable[[], str] = self._words_without_a_till

    def show(self, till: TillStatus | None, now: datetime) -> None:
        """Show what the till says; None where there is no till."""
        self.border_title = _("Today")
        self._draw = partial(self._figures, till, now) if till else self._words_without_a_till
        self.on_resize()

    def on_resize(self) -> None:
        """As many hours as fit, as wide as it goes."""
        self.update(self._draw())

    def _words_without_a_till(self) -> str:
        return _(
            "There is no till here yet, or it cannot be read: {status} says which. Make a new one: {init}"
        ).format(status=command("till status"), init=command("till init"))

    def _figures(self, till: TillStatus, now: datetime) -> str:
        receipts = ngettext("{n} receipt", "{n} receipts", till.receipts).format(
            n=format_number(till.receipts)
        )
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
    """The newest Z reports and where they stand."""

    def __init__(self) -> None:
        super().__init__("", markup=False, id="deliveries")
        self._lines: list[str] = []

    def show(self, recent: tuple[Shipment, ...], now: datetime) -> None:
        """Show the newest of them."""
        self.border_title = _("Last deliveries")
        self._lines = [_delivery(shipment, now) for shipment in recent]
        self.on_resize()

    def on_resize(self) -> None:
        """As many as fit."""
        lines = self._lines[: max(1, self.content_size.height)]
        self.update("\n".join(lines) or _("No daily close has been sent yet."))


def _delivery(shipment: Shipment, now: datetime) -> str:
    amount = format_decimal(shipment.net, currency_exponent(shipment.currency))
    if shipment.state is State.DELIVERED and shipment.delivered_at:
        news = _("sent {when}").format(when=when_words(shipment.delivered_at, now))
    else:
        news = state_name(shipment.state)
    return f"Z {shipment.z_number or 0:<5}{format_day(shipment.business_date):>6}{amount:>11}  {news}"


def _apart(left: str, right: str, width: int) -> str:
    """Both on one line, as far from each other as it allows."""
    return left + right.rjust(max(len(right) + 1, width - len(left)))
