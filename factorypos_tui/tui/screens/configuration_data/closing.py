"""Closes the day from here, where today's sales keep a change from being taken: asks with the takings, then
does it."""

from factorypos_tui.core.language import _, counted, format_number
from factorypos_tui.core.language.money import format_money
from factorypos_tui.core.reports.findings import Code, finding_words
from factorypos_tui.tui.screens.base.confirm import ConfirmScreen
from factorypos_tui.tui.station_app import StationApp


async def ask_to_close_the_day(app: StationApp) -> bool:
    """Ask, and close the day if the operator accepts; returns whether it was closed."""
    sentences = [
        _taken_words(app),
        *_doubt_words(app),
        _(
            "Its Z report is made and goes to FactoryCLOUD by itself; the next day begins."
            " No cash is counted."
        ),
        _("A close cannot be taken back."),
    ]

    async def act() -> None:
        number = await app.perform(lambda station: station.till.close_day())
        app.tell(_("The day is closed: Z {number}.").format(number=format_number(number)))

    question = ConfirmScreen(
        _("Close the day"), "\n\n".join(sentences), _("Accept: close the day"), act, _("Closing the day...")
    )
    closed = await app.push_screen_wait(question)
    return bool(closed)


def _doubt_words(app: StationApp) -> list[str]:
    """The reasons not to close it now."""
    findings = app.snapshot.status.till_view.findings
    return [finding_words(found) for found in findings if found.code in (Code.CLOCK_BEHIND, Code.DAY_OPEN)]


def _taken_words(app: StationApp) -> str:
    till = app.snapshot.status.till
    if till is None:
        return _("Close the running day?")
    return counted(
        "Close the running day, with {n} receipt and {net}?",
        "Close the running day, with {n} receipts and {net}?",
        till.receipts,
        net=format_money(till.net, till.currency),
    )
