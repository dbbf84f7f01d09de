"""Disconnect from FactoryCLOUD: says what stops, what stays and how much waits, then does it."""

from factorypos_tui.core.language import _
from factorypos_tui.core.operations.enrolment import disconnect
from factorypos_tui.core.operations.wording import disconnected_words, kept_words
from factorypos_tui.tui.screens.base.confirm import ConfirmScreen
from factorypos_tui.tui.station_app import StationApp


async def ask_to_disconnect(app: StationApp) -> None:
    """Ask, and disconnect where the operator accepts."""
    status = app.snapshot.status
    sentences = [
        _(
            "The X and Z reports of this till are no longer sent until you log in and assign a store again,"
            " or use a code."
        ),
        _("Every report stays in the queue, and so do all sales in the till."),
        kept_words(status.waiting),
    ]

    async def act() -> None:
        app.tell(disconnected_words(await app.perform(disconnect)))

    title, accept = _("Disconnect from FactoryCLOUD"), _("Accept: disconnect")
    await app.push_screen_wait(
        ConfirmScreen(title, "\n\n".join(sentences), accept, act, _("Disconnecting..."))
    )
