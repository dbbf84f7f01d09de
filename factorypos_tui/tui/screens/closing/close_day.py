"""Close the day: its figures, the cash that was counted, what speaks against it, and the last word."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from textual import on
from textual.widget import Widget
from textual.widgets import Input, Static

from factorypos_tui.core.errors import DayChanged, FactoryPosError
from factorypos_tui.core.language import N_, _, counted
from factorypos_tui.core.language.money import format_money, read_money
from factorypos_tui.core.language.text import at_both_ends, plain
from factorypos_tui.core.reports.closing import (
    DayToClose,
    Drawer,
    closed_words,
    drawer_words,
)
from factorypos_tui.core.reports.doubts import doubt_words
from factorypos_tui.core.station import Station
from factorypos_tui.tui.screens.base.accept_line import AcceptLine
from factorypos_tui.tui.screens.base.form import FormScreen, Question
from factorypos_tui.tui.station_app import StationApp
from factorypos_tui.tui.waiting import PLEASE_WAIT
from factorypos_tui.tui.widgets.field import Field

_COLUMNS = 62
_MOST_PAYMENTS = 4


async def ask_to_close_the_day(app: StationApp) -> bool:
    """Show the day, and close it if the operator accepts; returns whether it was closed."""
    try:
        seen = await app.perform(lambda station: station.till.day_to_close())
    except FactoryPosError as error:
        app.complain(error)
        return False
    words = await app.push_screen_wait(CloseDayScreen(seen))
    if words:
        app.tell(words)
    return bool(words)


class CloseDayScreen(FormScreen[str]):
    """Ends with what was closed, in words. The day is closed as it is shown here, or not at all."""

    HELP = N_(
        "Count the cash in the drawer and type how much it is: you see at once whether that is over or short."
        " Where you type nothing, the report says that the cash was not counted. Enter goes to the last line."
        " Enter there closes the day: its Z report is made and goes to FactoryCLOUD by itself, and the next"
        " day begins. Esc leaves the day open."
    )
    ACCEPT = N_("Close the day")
    BUSY = N_("Closing the day...")
    SO_FAR = PLEASE_WAIT

    def __init__(self, seen: DayToClose) -> None:
        super().__init__(_("Close the day"))
        self._seen = seen

    def introduction(self) -> str:
        """The figures, and what speaks against the close."""
        seen = self._seen
        receipts = counted("{n} receipt", "{n} receipts", seen.receipts)
        net = _("Net {amount}").format(amount=format_money(seen.net, seen.currency))
        payments = seen.payments[:_MOST_PAYMENTS]
        lines = [_row(receipts, net)]
        lines += [_row(name, format_money(amount, seen.currency)) for name, amount in payments]
        if (more := len(seen.payments) - _MOST_PAYMENTS) > 0:
            lines.append(counted("and {n} more", "and {n} more", more))
        if seen.drawer:
            expected = format_money(seen.drawer.expected, seen.currency)
            lines.append(_row(_("Cash expected in the drawer"), expected))
        else:
            lines.append(_("What the drawer should hold cannot be told: no report can carry these receipts."))
        lines += [f"▲ {doubt_words(doubt, seen.doubts)}" for doubt in seen.doubts.doubts]
        return "\n".join([*lines, _("A close cannot be taken back.")])

    def questions(self) -> Iterable[Question]:
        """The cash."""
        yield Question(
            "counted",
            _("Cash counted (optional)"),
            _("The notes and coins in the drawer, added up, with point or comma. It may stay empty."),
            wrong=_("An amount, such as {example}").format(example=format_money(12050, self._seen.currency)),
            fits=lambda typed: self._amount(typed) is not None,
            longest=24,
        )

    def content(self) -> Iterable[Widget]:
        """The form, and above its last line what the drawer is over or short."""
        for widget in super().content():
            if isinstance(widget, AcceptLine):
                yield Static("", id="drawer", markup=False)
            yield widget

    @on(Input.Changed)
    def weigh(self) -> None:
        """Say what the drawer is over or short by what is typed so far."""
        self.query_one("#drawer", Static).update(self._weighed())

    def _weighed(self) -> str:
        """That; where it cannot be told, how the amount was understood."""
        typed = self.typed("counted")
        words, amount = drawer_words(self._drawer(typed)), self._amount(typed)
        if not words and amount is not None:
            return _("{amount} counted.").format(amount=format_money(amount, self._seen.currency))
        return words

    def action_next(self) -> None:
        """From the field to the last line: one Enter too many must not close the day."""
        if isinstance(at := self.focused, Field) and not self._objection(at):
            self.set_focus(self.query_one(AcceptLine))
            again = _("Enter again closes the day.")
            self.query_one("#drawer", Static).update(f"{self._weighed()} {again}".strip())
        else:
            super().action_next()

    def send(self, answers: Mapping[str, str]) -> str:
        """Close the day as it was seen. Where it has changed, look at it again."""
        typed = answers["counted"]

        def close(station: Station) -> str:
            try:
                closing = station.till.close_day(self._seen, self._amount(typed))
            except DayChanged:
                self._seen = station.till.day_to_close()
                raise
            return f"{closed_words(closing)} {drawer_words(self._drawer(typed))}".strip()

        return self.app.engine.perform(close)

    def explain(self, error: FactoryPosError) -> str:
        """Show the figures as they are now; what was typed stays."""
        self.query_one("#introduction", Static).update(self.introduction())
        self.weigh()
        return str(error)

    def action_back(self) -> None:
        """Leave the day open. A close that has begun is waited for: it cannot be taken back."""
        if self._trying:
            self.app.tell(_("The day is being closed. Wait for the answer."))
        else:
            super().action_back()

    def _amount(self, typed: str) -> int | None:
        return read_money(typed, self._seen.currency)

    def _drawer(self, typed: str) -> Drawer | None:
        drawer = self._seen.drawer
        return replace(drawer, counted=self._amount(typed)) if drawer else None


def _row(name: str, amount: str) -> str:
    return at_both_ends(plain(name), amount, _COLUMNS)
