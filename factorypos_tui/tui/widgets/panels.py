"""The home screen's right side: the running day, and what was delivered last."""

from datetime import datetime

from textual.widgets import Static

from factorypos_tui.core.language import _, format_day, format_decimal, format_number, ngettext
from factorypos_tui.core.models import TillStatus
from factorypos_tui.core.money import currency_exponent, format_money
from factorypos_tui.core.shipments import Shipment, State
from factorypos_tui.core.wording import state_name, when_words


class Today(Static):
    """Receipts and takings of the running day, with a bar an hour."""

    def __init__(self) -> None:
        super().__init__("", markup=False, id="today")

    def show(self, till: TillStatus | None, now: datetime) -> None:
        """Show what the till says; None where there is no till."""
        self.border_title = _("Today")
        if till is None:
            self.update(
                _("There is no till here yet, or it cannot be read. Make one: factorypos-tui till init")
            )
            return
        receipts = ngettext("{n} receipt", "{n} receipts", till.receipts).format(
            n=format_number(till.receipts)
        )
        since = (
            _("Open since {when}").format(when=when_words(till.open_period_since, now))
            if till.open_period_since
            else _("Not open")
        )
        net = _("Net {amount}").format(amount=format_money(till.net, till.currency))
        self.update("\n".join([_apart(since, receipts, self._width), net, *self._bars(till)]))

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

    def show(self, recent: tuple[Shipment, ...], now: datetime) -> None:
        """Show as many as fit."""
        self.border_title = _("Last deliveries")
        zs = recent[: max(1, self.content_size.height)]
        self.update(
            "\n".join(_delivery(shipment, now) for shipment in zs) or _("No daily close has been sent yet.")
        )


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
