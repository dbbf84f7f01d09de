"""Resend all statistics: asks with counts and dates, shows what is left, then what the cloud answered."""

from collections.abc import Iterable

from textual import work
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.engine import Snapshot
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _, format_date, format_number, ngettext
from factorypos_tui.core.link import LinkState
from factorypos_tui.core.resending import Resend, Resendable, resend_all, resendable
from factorypos_tui.core.text import plain
from factorypos_tui.core.wording import link_words, when_words
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.screens.dialog import Dialog
from factorypos_tui.tui.widgets.menu import Menu

_BAR = 54
_LONGEST_NAME = 40


class ResendScreen(Dialog[None]):
    """Esc leaves it at any time: what has been begun goes on by itself."""

    CSS_PATH = "resend.tcss"
    BINDINGS = [Binding("enter", "close", N_("Back"), id="resend.close", show=False)]
    HELP = N_(
        "Accept sends every Z report that this terminal holds for its store to FactoryCLOUD again: where"
        " FactoryCLOUD lost something, or its figures are in doubt. Nothing will be duplicated: each report"
        " has an id of its own, and FactoryCLOUD keeps it once. Esc leaves the resending running."
    )

    def __init__(self) -> None:
        super().__init__(_("Resend all statistics"))
        self._accepted = False
        self._answered = False
        self._counted = False

    def content(self) -> Iterable[Widget]:
        """Words, the bar, the answers, what there is to say."""
        yield Static("", id="words", markup=False)
        yield Static("", id="bar", markup=False)
        yield Menu("leave", "accept")
        yield Static("", id="problem", markup=False)

    def on_mount(self) -> None:
        """Count what would be sent; show how a resending stands that is under way."""
        self.query_one("#bar").display = False
        menu = self.query_one(Menu)
        menu.item("leave").show(_("Leave it as it is"))
        menu.item("accept").show(_("Accept: send all again"), why_not=_("Counting..."))
        menu.item("leave").focus()
        self.app.snapshots.subscribe(self, self.show)
        self.show(self.app.snapshot)

    def show(self, snapshot: Snapshot) -> None:
        """Show how it goes."""
        resend = snapshot.resend
        if not self._counted:
            self.count()
        under_way = resend is not None and resend.left > 0
        if resend is None or not (under_way or self._accepted):
            return
        self._accepted, self._answered = True, not under_way
        self.query_one(Menu).display = False
        words = _("It goes on by itself, also when you leave with Esc.") if under_way else _answered(resend)
        link = snapshot.status.link
        self.query_one("#words", Static).update(words)
        bar = self.query_one("#bar", Static)
        bar.display = True
        bar.update(_progress(resend))
        self.tell("" if link.state is LinkState.ONLINE or not under_way else f"{link_words(link)}.")

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Begin, once; or leave."""
        if message.item_id == "leave":
            self.finish(None)
        elif not self._accepted:
            self._accepted = True
            self.resend()

    def action_close(self) -> None:
        """Leave once all has been answered; until then an impatient Enter does nothing."""
        if self._answered:
            self.finish(None)

    @work(exclusive=True, group="count")
    async def count(self) -> None:
        """Say how many reports of which days it is about."""
        try:
            found = await in_background(lambda: self.app.engine.perform(resendable))
        except FactoryPosError as error:
            self.tell(str(error))
            self.query_one(Menu).item("accept").show(_("Accept: send all again"), why_not=str(error))
            return
        self._counted = True
        if not self._accepted:
            self.query_one("#words", Static).update(self._question(found))
            why_not = "" if found.count else _("There is no Z report here yet.")
            self.query_one(Menu).item("accept").show(_("Accept: send all again"), why_not=why_not)

    @work(exclusive=True, group="resend")
    async def resend(self) -> None:
        """Queue them all again; the snapshots that follow show how it goes."""
        self.tell(_("Queuing them again..."))
        try:
            count = await in_background(lambda: self.app.engine.perform(resend_all))
        except FactoryPosError as error:
            self._accepted = False
            self.tell(str(error))
        else:
            self._accepted = count > 0
            self.tell("" if count else _("Nothing to send again: all of them are waiting already."))

    def tell(self, words: str) -> None:
        """Say something below the rest."""
        self.query_one("#problem", Static).update(words)

    def _question(self, found: Resendable) -> str:
        if found.first is None or found.last is None:
            return _("There is no Z report here yet.")
        snapshot = self.app.snapshot
        store = snapshot.status.assignment.store.name if snapshot.status.assignment else ""
        question = ngettext(
            "{n} Z report goes to {store} again:\n{first}.",
            "{n} Z reports go to {store} again:\n{first} to {last}.",
            found.count,
        ).format(
            n=format_number(found.count),
            store=plain(store, _LONGEST_NAME),
            first=format_date(found.first),
            last=format_date(found.last),
        )
        safe = _("Nothing will be duplicated: FactoryCLOUD keeps each report once, however often it is sent.")
        words = f"{question}\n\n{safe}"
        if snapshot.resend:
            last_time = _("Last time, {when}: {answer}.").format(
                when=when_words(snapshot.resend.begun_at, self.app.now()),
                answer=", ".join(_answers(snapshot.resend)),
            )
            words += f"\n\n{last_time}"
        return words


def _progress(resend: Resend) -> str:
    done = resend.total - resend.left
    filled = _BAR * done // max(1, resend.total)
    words = _("{left} of {total} left") if resend.left else _("All {total} answered")
    left = words.format(left=format_number(resend.left), total=format_number(resend.total))
    return f"{'#' * filled}{'.' * (_BAR - filled)}\n{left}"


def _answered(resend: Resend) -> str:
    lines = [_("FactoryCLOUD has answered:"), *(f"  {answer}" for answer in _answers(resend))]
    if resend.conflicts or resend.refused:
        lines.append(_("F3 on the home screen shows what needs a person."))
    return "\n".join(lines)


def _answers(resend: Resend) -> list[str]:
    parts = [
        ngettext("{n} new there", "{n} new there", resend.new).format(n=format_number(resend.new)),
        ngettext("{n} already there", "{n} already there", resend.there).format(
            n=format_number(resend.there)
        ),
        ngettext("{n} conflict", "{n} conflicts", resend.conflicts).format(n=format_number(resend.conflicts)),
    ]
    if resend.refused:
        parts.append(
            ngettext("{n} refused", "{n} refused", resend.refused).format(n=format_number(resend.refused))
        )
    return parts
