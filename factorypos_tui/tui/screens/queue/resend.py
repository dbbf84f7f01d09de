"""Resend all statistics: asks with counts and dates, then shows the progress."""

from collections.abc import Iterable
from datetime import datetime

from textual import work
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.delivery.link import Link, LinkState
from factorypos_tui.core.delivery.link_wording import link_words
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _, counted, format_date
from factorypos_tui.core.language.moments import when_words
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.operations.resending import Resend, Resendable, resend_all, resendable
from factorypos_tui.core.operations.wording import passed_over_words
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.tui.screens.base.dialog import Dialog
from factorypos_tui.tui.waiting import GOES_ON, NOTHING_IS_CHANGED
from factorypos_tui.tui.widgets.bar import bar_of
from factorypos_tui.tui.widgets.menu import Answers, Item, Menu

_LONGEST_NAME = 40


class ResendScreen(Dialog[Resend]):
    """Ends with FactoryCLOUD's answers. Esc leaves at any time; a resending goes on by itself."""

    CSS_PATH = "resend.tcss"
    HELP = N_(
        "Accept sends every Z report that this terminal holds for its store to FactoryCLOUD again: where"
        " FactoryCLOUD lost something, or its figures are in doubt. Nothing will be duplicated: each report"
        " has an id of its own, and FactoryCLOUD keeps it once. Esc leaves the resending running. When all"
        " have been answered, every closed day is compared with what FactoryCLOUD holds."
    )

    def __init__(self) -> None:
        super().__init__(_("Resend all statistics"))
        self._accepted = False
        self._counted = False
        self._before: datetime | None = None

    def content(self) -> Iterable[Widget]:
        """Texts, the bar, a place for messages, and the answers."""
        yield Static("", id="words", markup=False)
        yield Static("", id="bar", markup=False)
        yield Static("", id="problem", markup=False)
        yield Answers(*_ways(_("Counting...")))

    def on_mount(self) -> None:
        """Count what would be sent; if a resending is under way, show its progress."""
        self.query_one("#bar").display = False
        self.app.snapshots.subscribe(self, self.show)
        self.show(self.app.snapshot)

    def show(self, snapshot: Snapshot) -> None:
        """Show the progress."""
        resend = snapshot.resend
        if not self._counted:
            self.count()
        if resend and resend.left:
            self._accepted, self._before = True, None
            self._show_progress(resend, snapshot.status.link)
        elif resend and self._accepted and resend.begun_at != self._before:
            self.finish(resend)

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Begin, once; or leave."""
        if message.item_id == "leave":
            self.finish(None)
        elif not self._accepted:
            last = self.app.snapshot.resend
            self._accepted, self._before = True, last.begun_at if last else None
            self.resend()

    @work(exclusive=True, group="count")
    async def count(self) -> None:
        """Say how many reports of which days would be sent."""
        try:
            with self.waiting("", NOTHING_IS_CHANGED):
                sendable = await self.app.perform(resendable)
        except FactoryPosError as error:
            self.tell(str(error))
            self.query_one(Menu).offer(*_ways(str(error)))
            return
        self._counted = True
        if not self._accepted:
            self.query_one("#words", Static).update(self._question(sendable))
            self.query_one(Menu).offer(*_ways("" if sendable.count else _nothing_words(sendable)))

    @work(exclusive=True, group="resend")
    async def resend(self) -> None:
        """Queue them all again; later snapshots show the progress."""
        try:
            with self.waiting(_("Queuing them again..."), GOES_ON):
                count = await self.app.perform(resend_all)
        except FactoryPosError as error:
            self._accepted = False
            self.tell(str(error))
        else:
            self._accepted = count > 0
            self.tell("" if count else _("Nothing to send again: all of them are waiting already."))

    def _show_progress(self, resend: Resend, link: Link) -> None:
        self.query_one(Menu).display = False
        self.query_one("#words", Static).update(_("It goes on by itself, also when you leave with Esc."))
        bar = self.query_one("#bar", Static)
        bar.display = True
        bar.update(bar_of(resend.total - resend.left, resend.total))
        self.tell("" if link.state is LinkState.ONLINE else f"{link_words(link)}.")

    def _question(self, sendable: Resendable) -> str:
        snapshot = self.app.snapshot
        passed_over = passed_over_words(sendable, snapshot.status.left_out)
        if sendable.first is None or sendable.last is None:
            return "\n".join([_nothing_words(sendable), *passed_over])
        store = snapshot.status.assignment.store.name if snapshot.status.assignment else ""
        question = counted(
            "{n} Z report goes to {store} again:\n{first}.",
            "{n} Z reports go to {store} again:\n{first} to {last}.",
            sendable.count,
            store=_("their own stores") if sendable.stores > 1 else plain(store, _LONGEST_NAME),
            first=format_date(sendable.first),
            last=format_date(sendable.last),
        )
        safe = _("Nothing will be duplicated: FactoryCLOUD keeps each report once, however often it is sent.")
        sentences = "\n".join([f"{question}\n\n{safe}", *passed_over])
        if snapshot.resend:
            last_time = _("Last time, {when}: {answer}.").format(
                when=when_words(snapshot.resend.begun_at, self.app.now()),
                answer=", ".join(_answers(snapshot.resend)),
            )
            sentences += f"\n\n{last_time}"
        return sentences


def _nothing_words(sendable: Resendable) -> str:
    if sendable.waiting or sendable.of_others:
        return _("Nothing to send again.")
    return _("There is no Z report here yet.")


def _ways(why_not: str) -> Iterable[Item]:
    """The answers; `why_not`: why nothing can be sent, empty where it can."""
    yield Item("leave", _("Leave it as it is"))
    yield Item("accept", _("Accept: send all again"), why_not=why_not)


def answered_words(resend: Resend) -> str:
    """What FactoryCLOUD has answered to all of them."""
    words = _("FactoryCLOUD has answered: {answer}.").format(answer=", ".join(_answers(resend)))
    if resend.conflicts or resend.refused:
        words += " " + _("F3 on the home screen shows what needs a person.")
    return words


def _answers(resend: Resend) -> list[str]:
    parts = [
        counted("{n} new there", "{n} new there", resend.new),
        counted("{n} already there", "{n} already there", resend.there),
        counted("{n} conflict", "{n} conflicts", resend.conflicts),
    ]
    if resend.refused:
        parts.append(counted("{n} refused", "{n} refused", resend.refused))
    return parts
