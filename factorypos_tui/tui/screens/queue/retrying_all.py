"""Sends all reports that need attention again, after the operator has agreed."""

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _, counted
from factorypos_tui.core.operations.retrying import retry_all, retryable
from factorypos_tui.core.operations.wording import again_words
from factorypos_tui.tui.screens.base.confirm import ConfirmScreen
from factorypos_tui.tui.screens.base.doing import do
from factorypos_tui.tui.station_app import StationApp


async def ask_to_retry_all(app: StationApp) -> None:
    """Ask with the number of reports; then send them again."""
    try:
        count = await app.perform(retryable)
    except FactoryPosError as error:
        app.complain(error)
        return
    if not count:
        app.tell(_("What needs attention was made for another store. Nothing was changed."))
        return
    question = counted(
        "{n} report of this store needs attention. Send it to FactoryCLOUD again, as it is?",
        "{n} reports of this store need attention. Send them to FactoryCLOUD again, as they are?",
        count,
    )
    accept = counted("Send it", "Send all {n}", count)
    if await app.push_screen_wait(ConfirmScreen(_("Retry all reports"), question, accept)):
        await do(app, retry_all, again_words)
