"""The checks of `doctor` on a screen: what each finds, and a file for support."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from textual import work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.doctor.findings import VERDICT_WORDS, Check, Examined, Finding, Verdict, examine
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _, counted, on_the_wall
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.files import free_name
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.looks import DONE, OVER, TROUBLE, WAITS
from factorypos_tui.tui.screens.base.doing import save
from factorypos_tui.tui.screens.base.save import SaveScreen
from factorypos_tui.tui.screens.base.station import StationScreen
from factorypos_tui.tui.waiting import NOTHING_IS_CHANGED
from factorypos_tui.tui.widgets.page import Page

_MARKS = {
    Verdict.FINE: (DONE, "$success"),
    Verdict.PARTIAL: (WAITS, "$warning"),
    Verdict.MISSING: (TROUBLE, "$error"),
    Verdict.CRASHED: (TROUBLE, "$error"),
    Verdict.NOT_AVAILABLE: (OVER, ""),
}
_MOST = 2000
_TO_SEE_TO = (Verdict.MISSING, Verdict.CRASHED, Verdict.PARTIAL)


class ExaminationScreen(StationScreen):
    """Examines as soon as it opens, and when a key says so.

    States: looking, with what was found so far; done, what to see to first; nothing known, where the terminal
    cannot be examined."""

    CSS_PATH = "examination.tcss"

    def _is_done(self) -> bool:
        return not self._is_looking

    BINDINGS = [
        bind("escape", "back", N_("Back"), N_("Back to the screen before.")),
        bind("f4", "look", N_("Look again"), N_("Carry every check out again."), is_there=_is_done),
        bind("e,E", "save", N_("For support"), N_("Write a file for support."), is_there=_is_done),
    ]
    HELP = N_(
        "Each check says in a word how it is, and in a sentence why; some name the command that helps."
        " Nothing is changed and no report is sent. E writes a file for whoever helps you. It holds verdicts,"
        " numbers and times, and no name, no address, no amount and no password."
    )

    def __init__(self) -> None:
        super().__init__()
        self._is_looking = False
        self._examined: Examined = ()

    def content(self) -> Iterable[Widget]:
        """How far it is, above what was found."""
        yield Static("", id="words", markup=False)
        yield Page(_("Examination"), "examination")

    def on_mount(self) -> None:
        """Look at once."""
        self.query_one(Page).focus()
        self.action_look()

    def action_look(self) -> None:
        """Look again, one examination at a time."""
        if not self._is_looking:
            self.look()

    @work
    async def look(self) -> None:
        """Carry the checks out one after the other, and show each finding at once."""
        self._set_looking(looking=True)
        examined: list[tuple[Check, Finding]] = []
        try:
            with self.waiting("", NOTHING_IS_CHANGED):
                checks = await self.app.perform(self.app.examination().checks)
                for check in checks:
                    self._say(_("Looking at {name}...").format(name=_(check.about).rstrip(".")))
                    examined.append((check, await self.app.perform(_carry_out, check)))
                    self._show(examined)
        except FactoryPosError as error:
            self._say(str(error))
        else:
            self._say(_verdict_words(examined))
            self._show(sorted(examined, key=_gravity))
        finally:
            self._examined = tuple(examined)
            self._set_looking(looking=False)

    @work(exclusive=True, group="save")
    async def action_save(self) -> None:
        """Ask for a file, and write what support needs to it."""
        day, examined = on_the_wall(self.app.now()).date(), self._examined
        write_bundle = self.app.examination().write_bundle

        def write(path: Path) -> str:
            self.app.engine.perform(write_bundle, examined, path)
            return _("Written: {file}. It was sent nowhere.").format(file=path)

        proposed = free_name(Path.home(), f"factorypos-support-{day}", ".zip").name
        words = _("Verdicts, numbers and times, and the log without its texts. You decide who gets the file.")
        await save(self.app, SaveScreen(_("For support"), words, proposed, write))

    def _set_looking(self, *, looking: bool) -> None:
        self._is_looking = looking
        self.refresh_bindings()

    def _say(self, words: str) -> None:
        self.query_one("#words", Static).update(words)

    def _show(self, examined: Examined) -> None:
        self.query_one(Page).show([line for check, finding in examined for line in _lines(check, finding)])


def _carry_out(_station: Station, check: Check) -> Finding:
    return examine(check)


def _gravity(examined: tuple[Check, Finding]) -> int:
    """What to see to comes first; else the order of the checks stays."""
    _check, finding = examined
    return _TO_SEE_TO.index(finding.verdict) if finding.verdict in _TO_SEE_TO else len(_TO_SEE_TO)


def _verdict_words(examined: Examined) -> str:
    bad = sum(finding.verdict in _TO_SEE_TO for _check, finding in examined)
    if not bad:
        return _("All that could be looked at is fine.")
    return counted("{n} thing to see to, first in the list.", "{n} things to see to, first in the list.", bad)


def _lines(check: Check, finding: Finding) -> Iterator[Content]:
    mark, style = _MARKS[finding.verdict]
    yield Content.assemble((mark, style), " ", (check.name, "bold"), f"  {_(VERDICT_WORDS[finding.verdict])}")
    yield Content(plain(finding.words, _MOST))
    if finding.remedy:
        yield Content(_("Next: {command}").format(command=plain(finding.remedy)))
