"""Compares every closed day with FactoryCLOUD, and offers to send what is missing."""

from collections.abc import Callable, Iterable
from functools import partial

from textual import work
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _, counted
from factorypos_tui.core.operations.sending_left_out import send_left_out
from factorypos_tui.core.operations.verification import Verification, resend_missing, verify_on_screen
from factorypos_tui.core.operations.verification_wording import finding_words, verdict_words
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.core.station import Station
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.dialog import Dialog
from factorypos_tui.tui.waiting import GOES_ON, NOTHING_IS_CHANGED
from factorypos_tui.tui.widgets.bar import bar_of
from factorypos_tui.tui.widgets.menu import Answers, Item, Menu

_LOOK_AGAIN_S = 0.5


class VerifyScreen(Dialog[None]):
    """Compares as soon as it opens, and again when what was missing has been sent.

    States: comparing, with the progress; all identical; days missing, different or only at FactoryCLOUD, or a
    broken chain at the till; nothing known, where FactoryCLOUD cannot be asked."""

    CSS_PATH = "verify.tcss"
    BINDINGS = [
        bind("f4", "compare", N_("Load again"), N_("Ask FactoryCLOUD again.")),
    ]
    HELP = N_(
        "Every Z report that was closed here is compared with what FactoryCLOUD holds, by its hash: a number"
        " that only the very same report has. Comparing changes nothing, here or there. What is missing there"
        " can be sent again; nothing will be duplicated."
    )

    class Read(Message):
        """How many of all reports have been read."""

        def __init__(self, done: int, total: int) -> None:
            self.done = done
            self.total = total
            super().__init__()

    def __init__(self, answer: str = "") -> None:
        """`answer`: what FactoryCLOUD has answered to a resending that ends with this comparison."""
        super().__init__(_("Compare with FactoryCLOUD"))
        self._answer = answer
        self._found: Verification | None = None
        self._counts: object = None
        self._busy = False

    def content(self) -> Iterable[Widget]:
        """FactoryCLOUD's answer, the result, the progress, a place for messages, and the choices."""
        if self._answer:
            yield Static(self._answer, id="answer", markup=False)
        yield Static("", id="words", markup=False)
        yield Static("", id="bar", markup=False)
        yield Static("", id="problem", markup=False)
        yield Answers(Item("good", _("Back")))

    def on_mount(self) -> None:
        """Compare at once."""
        self.app.snapshots.subscribe(self, self.show)
        self.action_compare()

    def show(self, snapshot: Snapshot) -> None:
        """Compare again once the queue has changed, where a missing day was still waiting."""
        moved = snapshot.status.counts != self._counts or not snapshot.status.waiting
        if self._found and self._found.waiting and moved:
            self.action_compare()

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Leave, or send what is missing or was left out."""
        if message.item_id == "good":
            self.finish(None)
        elif self._found and not self._busy:
            self.resend(_repair_of(self._found))

    def action_compare(self) -> None:
        """Ask FactoryCLOUD what it holds, one question at a time."""
        if not self._busy:
            self.compare()

    @work
    async def compare(self) -> None:
        """Show the result, or that nothing is known."""
        self._counts, self._found = self.app.snapshot.status.counts, None
        self._begin()
        try:
            with self.waiting("", NOTHING_IS_CHANGED):
                self._found = await self.app.perform(verify_on_screen, self._tell_progress)
        except FactoryPosError as error:
            unknown = _("Nothing could be compared, so nothing is known. F4 asks again.")
            self._end(f"{error}\n\n{unknown}")
        else:
            self._end("\n".join([verdict_words(self._found), "", *finding_words(self._found)]).strip())
            # A waiting day may have left before the answer came: no later change would start a comparison.
            self.set_timer(_LOOK_AGAIN_S, lambda: self.show(self.app.snapshot))

    @work
    async def resend(self, queue: Callable[[Station], int]) -> None:
        """Queue the missing days, then compare again."""
        self._busy, count = True, None
        try:
            with self.waiting("", GOES_ON):
                count = await self.app.perform(queue)
        except FactoryPosError as error:
            self.tell(str(error))
        finally:
            self._busy = False
        if count:
            self.action_compare()
        elif count == 0:
            self.tell(_("What is missing was made for another store. Nothing was changed."))

    def on_verify_screen_read(self, message: Read) -> None:
        """Show the progress."""
        self.query_one("#bar", Static).update(bar_of(message.done, message.total))

    def _tell_progress(self, done: int, total: int) -> None:
        self.post_message(self.Read(done, total))

    def _begin(self) -> None:
        self._busy = True
        self.query_one("#words", Static).update(_("Comparing every closed day with FactoryCLOUD..."))
        bar = self.query_one("#bar", Static)
        bar.update(bar_of(0, 0))
        bar.display = True
        self.tell("")
        self._offer()

    def _end(self, words: str) -> None:
        self._busy = False
        self.query_one("#words", Static).update(words)
        self.query_one("#bar").display = False
        self._offer()

    def _offer(self) -> None:
        """Show the choices, the safe one first. Days that were left out are offered only where no other day
        is missing."""
        again = len(self._found.repairable) if self._found else 0
        left_out = len(self._found.left_out) if self._found and not again else 0
        words = counted("Send {n} missing report again", "Send {n} missing reports again", again)
        if left_out:
            words = counted("Send {n} day that was left out", "Send {n} days that were left out", left_out)
        resend = [Item("resend", words)] if again or left_out else []
        self.query_one(Menu).offer(Item("good", _("Back")), *resend)


def _repair_of(found: Verification) -> Callable[[Station], int]:
    """The verb that queues what is offered."""
    if found.repairable:
        return partial(resend_missing, found=found)
    return partial(send_left_out, numbers=[z.z_number for z in found.left_out])
