"""What a tall terminal has room for below the figures: their sums, and an average day of the week."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from textual.content import Content

from factorypos_tui.core.language import _, counted, format_number, format_weekday
from factorypos_tui.core.language.money import format_money
from factorypos_tui.core.language.text import filled, to_the_right
from factorypos_tui.core.reports.takings import Takings
from factorypos_tui.tui.charts import bar

_NAME, _AMOUNT = 24, 18


def summary(days: Sequence[Takings], room: int) -> list[Content]:
    """The lines for days; each bar has so much `room`. Currencies are told one after the other."""
    by_currency: defaultdict[str, list[Takings]] = defaultdict(list)
    for day in days:
        by_currency[day.currency].append(day)
    return [
        line
        for currency in sorted(by_currency)
        for line in (*_sums(by_currency[currency], currency), *_weekdays(by_currency[currency], room))
    ]


def _sums(days: Sequence[Takings], currency: str) -> Iterator[Content]:
    receipts, net = sum(day.receipts for day in days), sum(day.net for day in days)
    amounts = {
        _("Gross"): sum(day.gross for day in days),
        _("Discounts"): sum(day.discounts for day in days),
        _("Refunds"): sum(day.refunds for day in days),
        _("Net"): net,
        _("Tax included"): sum(day.tax for day in days),
        _("Tips"): sum(day.tips for day in days),
    }
    yield Content("")
    heading = counted("In sum, {n} day", "In sum, {n} days", len(days))
    yield Content.styled(heading, "bold")
    for name, amount in amounts.items():
        yield _fact(name, format_money(amount, currency))
    yield _fact(_("Receipts"), format_number(receipts))
    if receipts:
        yield _fact(_("Net of a receipt"), format_money(round(net / receipts), currency))


def _weekdays(days: Sequence[Takings], room: int) -> Iterator[Content]:
    """What a Monday takes on average, and so on; the day that still runs would lower its average."""
    nets: defaultdict[int, list[Takings]] = defaultdict(list)
    for day in days:
        if not day.is_running:
            nets[day.first.weekday()].append(day)
    averages = {at: round(sum(day.net for day in nets[at]) / len(nets[at])) for at in sorted(nets)}
    if not averages:
        return
    yield Content("")
    yield Content.styled(_("An average day of the week"), "bold")
    best = max(averages.values())
    for at, average in averages.items():
        name = filled(format_weekday(nets[at][0].first), _NAME)
        amount = to_the_right(format_money(average, days[0].currency), _AMOUNT)
        yield Content.assemble(name, " ", (bar(average, best, room), "$primary"), amount)


def _fact(name: str, value: str) -> Content:
    return Content(f"{filled(name, _NAME)} {to_the_right(value, _AMOUNT)}")
