"""Synchronize configuration data: what FactoryCLOUD and this till hold, Data Download and Data Upload."""

from collections.abc import Iterable
from functools import partial

from textual import on, work
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.configuration.accepted import Accepted
from factorypos_tui.core.configuration.after_close import take_back
from factorypos_tui.core.configuration.backups import backups_beside_now
from factorypos_tui.core.configuration.configuration import Section
from factorypos_tui.core.configuration.holdings import Counts, HeldHere, held_here, held_there
from factorypos_tui.core.configuration.state import (
    ConfigurationStatus,
    configuration_status,
    no_upload_words,
)
from factorypos_tui.core.configuration.wording import (
    backup_words,
    cloud_words,
    connection_words,
    section_name,
)
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _, counted, format_number
from factorypos_tui.core.language.moments import when_words
from factorypos_tui.core.language.text import filled, width
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.core.status.configuration_answer import accepted_words
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.station import StationScreen
from factorypos_tui.tui.screens.configuration_data.accept import AcceptScreen
from factorypos_tui.tui.screens.configuration_data.backups import BackupsScreen
from factorypos_tui.tui.screens.configuration_data.changes import ChangesScreen
from factorypos_tui.tui.screens.configuration_data.proposals import (
    Look,
    propose_download,
    propose_restoration,
    propose_upload,
)
from factorypos_tui.tui.waiting import NOTHING_IS_CHANGED
from factorypos_tui.tui.widgets.menu import Item, Menu

_SHOWN = (
    Section.DEPARTMENTS,
    Section.ITEMS,
    Section.PRICES,
    Section.PRICE_LEVELS,
    Section.TAXES,
    Section.PAYMENT_METHODS,
    Section.USERS,
)
_LOOKS: dict[str, Look] = {"download": propose_download, "upload": propose_upload}
_EXPLAINED = {
    "download": N_("Shows what FactoryCLOUD would change on this till, and takes it when you accept."),
    "upload": N_("Shows what this till would change in FactoryCLOUD, and puts it there when you accept."),
    "restore": N_("Shows what would change back on this till, and does it when you accept."),
    "cancel": N_("What was accepted for after the close of the day is forgotten; nothing is changed."),
}


class DataScreen(StationScreen):
    """Both sides in numbers, and what can be done. Each choice first shows its changes, then asks."""

    CSS_PATH = "data.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]
    BINDINGS = [
        bind("escape", "back", N_("Back"), N_("Back to the home screen.")),
        bind("f4", "load", N_("Load again"), N_("Ask FactoryCLOUD again.")),
    ]
    HELP = N_(
        "Data Download brings what FactoryCLOUD has for this store into this till; Data Upload gives it what"
        " this till has, and is there only while that is allowed. Each one shows first what would change, and"
        " nothing is changed before you accept. What the till had before can be brought back."
    )

    def __init__(self) -> None:
        super().__init__()
        self._here: HeldHere | None = None
        self._there: Counts | None = None
        self._status: ConfigurationStatus | None = None
        self._accepted: Accepted | None = None

    def content(self) -> Iterable[Widget]:
        """Both sides in numbers and in words; what can be done; why not, and errors."""
        yield Horizontal(
            Static("", id="numbers", markup=False), Static("", id="standing", markup=False), id="sides"
        )
        yield Menu()
        yield Static("", id="words", markup=False)
        yield Static("", id="explained", markup=False)

    def on_mount(self) -> None:
        """Ask both sides."""
        self.query_one("#numbers").border_title = _("In numbers")
        self.query_one("#standing").border_title = _("How it stands")
        self.query_one("#explained").border_title = _("What each choice does")
        menu = self.query_one(Menu)
        menu.border_title, menu.display = _("Synchronize configuration data"), False
        self._accepted = _accepted(self.app.snapshot)
        self.action_load()

    def show(self, snapshot: Snapshot) -> None:
        """Load again once the day was closed, and what waited for that was taken or refused."""
        super().show(snapshot)
        before, self._accepted = self._accepted, _accepted(snapshot)
        if self._accepted != before and self.is_current:
            self.action_load()

    @work(exclusive=True, group="load")
    async def action_load(self) -> None:
        """Ask the till, then FactoryCLOUD; each answer is shown as soon as it comes."""
        self._there, self._status = None, None
        self._show_sides(_("Asking FactoryCLOUD..."))
        try:
            with self.waiting("", NOTHING_IS_CHANGED):
                self._here = await self.app.perform(held_here)
                self._show_sides(_("Asking FactoryCLOUD..."))
                self._status = await self.app.perform(configuration_status)
                self._offer()
                self._show_sides("")
                self._there = await self.app.perform(held_there)
        except FactoryPosError as error:
            self._offer()
            self._show_sides(f"{error} " + _("F4 asks again."))
        else:
            self._show_sides("")

    @on(AcceptScreen.Ended)
    def _see_how_it_ended(self) -> None:
        self.action_load()

    @work(exclusive=True, group="dialog")
    async def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Show what the choice would change, or take back what waits for the close."""
        if not self.is_current:
            return
        if message.item_id == "cancel":
            await self._take_back()
        elif look := _LOOKS.get(message.item_id) or await self._look_at_a_backup():
            self.app.push_screen(ChangesScreen(look), self._look_again)

    async def _take_back(self) -> None:
        try:
            await self.app.perform(take_back)
        except FactoryPosError as error:
            self.app.complain(error)
        else:
            self._accepted = None  # so that the news of it asks for nothing again
        self.action_load()

    async def _look_at_a_backup(self) -> Look | None:
        """The look at the only backup, or at the one that the operator picks."""
        if self._here is None or len(self._here.backups) == 1:
            return propose_restoration
        self._show_sides(_("Comparing the backups with what is here now..."))
        try:
            found = await self.app.perform(backups_beside_now)
        except FactoryPosError as error:
            self._show_sides(str(error))
            return None
        self._show_sides("")
        backup_id = await self.app.push_screen_wait(BackupsScreen(found))
        return None if backup_id is None else partial(propose_restoration, backup_id=backup_id)

    def _look_again(self, _nothing: None) -> None:
        self.action_load()

    def _offer(self) -> None:
        """Show the choices as far as they are known; the cursor stays on its choice."""
        backups = self._here.backups if self._here else ()
        choices = {"download": (_("Data Download"), _("from FactoryCLOUD to this till"))}
        if self._status and not self._status.no_upload:
            choices["upload"] = (_("Data Upload"), _("from this till to FactoryCLOUD"))
        if backups:
            until = _("until {when}").format(when=when_words(backups[0].taken_at, self.app.now()))
            choices["restore"] = (_("Bring back what was here before"), until)
        if accepted := self._here.accepted if self._here else None:
            takes_back = (
                _("Forget what was not taken") if accepted.refusal else _("Take nothing after the close")
            )
            how_many = counted("{n} change", "{n} changes", accepted.changes)
            choices["cancel"] = (takes_back, how_many)
        why_not = {"download": self._here.can.why_no_configuration} if self._here else {}
        items = [
            Item(name, *words, why_not.get(name, ""), _(_EXPLAINED[name])) for name, words in choices.items()
        ]
        lines = [line for item in items for line in (item.label, f"  {item.explained}", "")]
        self.query_one("#explained", Static).update("\n".join(lines[:-1]))
        menu = self.query_one(Menu)
        menu.offer(*items)
        menu.display = True
        menu.focus()

    def _show_sides(self, news: str) -> None:
        """Show what is known so far. `news`: what is being done, or what failed."""
        self.query_one("#numbers", Static).update(self._numbers())
        self.query_one("#standing", Static).update(self._standing())
        status, no_upload = self._status, ""
        if status and status.no_upload:
            why_not = no_upload_words(status.no_upload, status.can)
            no_upload = _("Data Upload is not offered.") + " " + why_not
        accepted = accepted_words(self._here.accepted) if self._here and self._here.accepted else ""
        self.query_one("#words", Static).update("\n".join(filter(None, (news, accepted, no_upload))))

    def _numbers(self) -> str:
        names = [section_name(section) for section in _SHOWN]
        columns = [
            [heading, *(format_number(counts[section]) if counts else "-" for section in _SHOWN)]
            for heading, counts in (
                (_("FactoryCLOUD"), self._there),
                (_("This till"), self._here.counts if self._here else None),
            )
        ]
        first = max(map(width, names))
        widths = [max(map(width, column)) for column in columns]
        return "\n".join(
            filled(name, first) + "".join(f"  {cell:>{w}}" for cell, w in zip(cells, widths, strict=True))
            for name, *cells in zip(["", *names], *columns, strict=True)
        )

    def _standing(self) -> str:
        status = self._status
        if status is None:
            return ""
        now = self.app.now()
        backups = [backup_words(backup, now) for backup in status.backups]
        if not self.has_class("-tall"):
            backups = [", ".join(when_words(backup.taken_at, now) for backup in status.backups[:3])]
        facts = {
            _("FactoryCLOUD"): [cloud_words(status)],
            _("This till"): connection_words(status, now),
            _("Backups"): backups if status.backups else [_("no backup yet")],
        }
        return "\n".join(line for name, words in facts.items() for line in (name, *(f"  {w}" for w in words)))


def _accepted(snapshot: Snapshot) -> Accepted | None:
    return snapshot.news.accepted if snapshot.news else None
