"""A store's day in ten lines, in the language of this call. Closed periods and running ones are never added
together."""

from datetime import date

from peewee import Database

from factorypos_tui.server.documents.money import decimal_text
from factorypos_tui.server.documents.share import read_brief
from factorypos_tui.server.domain.ladders import DayInSteps, Ladder, read_day
from factorypos_tui.server.domain.phrases import per_cent
from factorypos_tui.server.domain.ranges import days_before
from factorypos_tui.server.domain.takings import Compared, Trend, nets, takings_of
from factorypos_tui.server.mail.alarm_letters import Day
from factorypos_tui.server.mail.letters import harmless
from factorypos_tui.server.storage.alarm_tables import Alarm
from factorypos_tui.server.storage.days import shares_between
from factorypos_tui.server.storage.tables import Store
from factorypos_tui.server.words import told

WEEK = 7
MOST_PAYMENTS = 4


def told_day(database: Database, store: Store, company: str, day: date) -> Day:
    """The day of a store, for a letter."""
    steps = read_day(database, store, day)
    week_before = days_before(day, WEEK)
    shares = shares_between(database, [store.id], week_before, week_before)
    before = nets([takings_of(read_brief(row.share) for row in shares).closed])
    lines: list[str] = []
    for ladder in steps.closed:
        lines += _of_closed(ladder, before.get(ladder.currency), week_before)
    lines += _of_tills(steps)
    its_own = (Alarm.store_id == store.id) & Alarm.ended_at.is_null() & Alarm.accepted_at.is_null()
    lines.append(told("Open alarms: {count}").format(count=Alarm.select().where(its_own).count(database)))
    short = ", ".join(_money(it.sums.net, it.currency) for it in steps.closed)
    return Day(store.name, company, day.isoformat(), short or told("no close has arrived"), lines)


def _of_closed(ladder: Ladder, before: int | None, week_before: date) -> list[str]:
    sums, currency, drawers = ladder.sums, ladder.currency, ladder.drawers
    average = _money(sums.average, currency) if sums.average is not None else "–"
    payments = sorted(ladder.groups["payments"], key=lambda row: -abs(row["amount"]))
    paid = [f"{harmless(row['name'])} {_money(row['amount'], currency)}" for row in payments[:MOST_PAYMENTS]]
    best = max(ladder.hours.items(), key=lambda hour: hour[1][1], default=None)
    hour = f"{best[0] % 24}:00–{best[0] % 24}:59, {_money(best[1][1], currency)}" if best else "–"
    counted = told("Cash: nobody counted it")
    if drawers is not None and drawers.counted is not None:
        counted = told("Cash: {counted} counted, over or short {difference}").format(
            counted=_money(drawers.counted, currency), difference=_money(drawers.over_short or 0, currency)
        )
    return [
        told("Net: {amount}").format(amount=_money(sums.net, currency)),
        _beside(Compared(currency, sums.net, before), week_before),
        told("Receipts: {count}, {average} on average").format(count=sums.receipts, average=average),
        told("Gross {gross}, discounts {discounts}, refunds {refunds}").format(
            gross=_money(sums.gross, currency),
            discounts=_money(sums.discounts, currency),
            refunds=_money(sums.refunds, currency),
        ),
        told("Tax in it: {amount}").format(amount=_money(sums.tax, currency)),
        told("Paid: {payments}").format(payments=" · ".join(paid) or "–"),
        counted,
        told("Best hour: {hour}").format(hour=hour),
    ]


def _beside(it: Compared, week_before: date) -> str:
    if it.trend in (Trend.NEW, Trend.NOTHING) or it.before is None:
        return told("The same weekday of last week, {day}: nothing").format(day=week_before)
    change = told("the same") if it.trend is Trend.SAME else per_cent(it)
    words = told("The same weekday of last week, {day}: {amount} ({change})")
    return words.format(day=week_before, amount=_money(it.before, it.currency), change=change)


def _of_tills(steps: DayInSteps) -> list[str]:
    zs = sum(it.heading.kind == "Z" for it in steps.reports)
    so_far = ", ".join(_money(it.sums.net, it.currency) for it in steps.so_far)
    closed = told("Closes that have arrived: {count}").format(count=zs)
    running = told("still open, so far {amount}").format(amount=so_far)
    return [f"{closed}; {running}" if so_far else closed]


def _money(amount: int, currency: str) -> str:
    return f"{decimal_text(amount, currency)} {currency}"
