"""What would change, record by record, before anything does: browse, filter, then accept or go back."""

from collections import Counter
from collections.abc import Iterable, Sequence

from textual import on, work
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from factorypos_tui.core.configuration.configuration import Section
from factorypos_tui.core.configuration.difference import ChangeKind
from factorypos_tui.core.configuration.wording import change_words, kinds_words, section_name
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _, format_number
from factorypos_tui.core.language.text import width
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.station import StationScreen
from factorypos_tui.tui.screens.closing.close_day import ask_to_close_the_day
from factorypos_tui.tui.screens.configuration_data.accept import AcceptScreen
from factorypos_tui.tui.screens.configuration_data.change_list import ChangeList
from factorypos_tui.tui.screens.configuration_data.change_rows import Rows, Side, side_of
from factorypos_tui.tui.screens.configuration_data.proposals import Look, Proposal
from factorypos_tui.tui.screens.configuration_data.record_pane import Pointed, RecordPane
from factorypos_tui.tui.waiting import NOTHING_IS_CHANGED
from factorypos_tui.tui.widgets.explanation import Explanation
from factorypos_tui.tui.widgets.field import Field
from factorypos_tui.tui.widgets.long_list import place_words


class ChangesScreen(StationScreen):
    """Shows changes; nothing is changed before the operator has accepted what is shown."""

    CSS_PATH = "changes.tcss"

    def _is_filtering(self) -> bool:
        return self.is_mounted and bool(self.query_one("#filter").has_focus)

    def _is_in_the_list(self) -> bool:
        return self._proposal is not None and not self._is_filtering()

    def _has_sections(self) -> bool:
        return self._is_in_the_list() and bool(self._sides[0].sections)

    def _has_another_side(self) -> bool:
        return len(self._sides) > 1 and not self._is_filtering()

    def _is_held_up(self) -> bool:
        return self._is_in_the_list() and bool(self._why_it_is_held_up())

    def _why_it_is_held_up(self) -> str:
        return self._proposal.held if self._proposal else ""

    def _why_no_answer(self) -> str:
        return self._proposal.why_no_answer if self._proposal else ""

    def _why_no_close(self) -> str:
        return self._proposal.why_no_close if self._proposal else ""

    BINDINGS = [
        bind(
            "enter",
            "accept",
            N_("Accept"),
            N_("Asks again, then does it."),
            is_there=_is_in_the_list,
            why_not=_why_no_answer,
        ),
        bind("escape", "back", N_("Back"), N_("End the filter, or leave it all as it is.")),
        bind("down", "to_the_list", N_("List"), N_("Back to the list."), is_there=_is_filtering),
        bind(
            "c,C",
            "close_day",
            N_("Close the day"),
            N_("Make its Z report now."),
            is_there=_is_held_up,
            why_not=_why_no_close,
        ),
        bind(
            "o,O",
            "other_side",
            N_("Other side"),
            N_("What somebody else has changed, and what you would."),
            is_there=_has_another_side,
        ),
        bind("slash", "filter", N_("Filter"), N_("Type a part of a code or name."), is_there=_has_sections),
        bind("s,S", "section", N_("Section"), N_("Only changes of the next kind."), is_there=_has_sections),
        bind(
            "tab",
            "app.focus_next",
            N_("Go on"),
            N_("To the filter, the list, and what stands beside it where there is room."),
            is_shown=False,
        ),
        bind("f4", "look", N_("Look again"), N_("Ask till and FactoryCLOUD again.")),
    ]
    HELP = N_(
        "Each row is something that becomes different when you accept: what it is now, an arrow, and what it"
        " will be. Changes of prices come first. Nothing has been changed yet, and Esc leaves everything as"
        " it is."
    )

    def __init__(self, look: Look) -> None:
        """`look` asks till and cloud, and may take its time."""
        super().__init__()
        self._look = look
        self._proposal: Proposal | None = None
        self._sides: Sequence[Side] = ()
        self._section: Section | None = None

    def content(self) -> Iterable[Widget]:
        """A heading, sections and filter, the list, the row under the cursor in full, or its record beside
        the list, and a line for messages."""
        yield Static("", id="effect", markup=False)
        yield Static("", id="sections", markup=False)
        yield Horizontal(
            Static("", id="counts", markup=False),
            Static("", id="at", markup=False),
            Static("/", id="slash", markup=False),
            Field(placeholder=_("code or name"), id="filter", max_length=60),
            id="head",
        )
        yield ChangeList()
        yield Explanation("detail")
        yield RecordPane(self._pointed)
        yield Static("", id="notice", markup=False)

    def on_mount(self) -> None:
        """Ask till and cloud."""
        self.changes.focus()
        self.action_look()

    @work(exclusive=True, group="look")
    async def action_look(self) -> None:
        """Ask till and cloud; say so meanwhile, and why if it fails."""
        self._show(None, ())
        self.changes.show(Rows(()), "", _("Looking at what would change..."))
        try:
            with self.waiting("", NOTHING_IS_CHANGED):
                proposal, sides = await in_background(self._look_at_both_sides)
        except FactoryPosError as error:
            self.changes.show(Rows(()), "", f"{error} " + _("F4 looks again, Esc goes back."))
        else:
            self._show(proposal, sides)

    @property
    def changes(self) -> ChangeList:
        """The list of changes."""
        return self.query_one(ChangeList)

    @work(exclusive=True, group="dialog")
    async def action_accept(self) -> None:
        """Ask with counts, do it; then look at what follows, or leave."""
        if self._proposal is None or not self.is_current:
            return
        ending = await self.app.push_screen_wait(AcceptScreen(self._proposal))
        if ending and ending.look:
            self._look = ending.look
            self.action_look()
        elif ending:
            self.dismiss()

    @work(exclusive=True, group="dialog")
    async def action_close_day(self) -> None:
        """Close the day where the operator says so, and look again."""
        if self.is_current and await ask_to_close_the_day(self.app):
            self.action_look()

    def action_section(self) -> None:
        """Go to the next section with changes; after the last one show all of them."""
        choices = [None, *self._sides[0].sections]
        self._section = choices[(choices.index(self._section) + 1) % len(choices)]
        self._fill()

    def action_other_side(self) -> None:
        """Go from your changes to those of another person, and back."""
        self._sides = [*self._sides[1:], self._sides[0]]
        self._take_side()

    def action_filter(self) -> None:
        """Move to the filter; the list follows what is typed."""
        self.query_one("#filter").focus()

    @on(Input.Submitted, "#filter")
    def action_to_the_list(self) -> None:
        """Move to the list."""
        self.changes.focus()

    def action_back(self) -> None:
        """End the filter; without a filter, leave everything as it is."""
        field = self.query_one("#filter", Input)
        if field.has_focus or field.value:
            field.value = ""
            self.changes.focus()
        elif self.is_current:
            self.dismiss()

    def on_resize(self) -> None:
        """Break the line of sections between their names."""
        self._show_sections()

    def _look_at_both_sides(self) -> tuple[Proposal, Sequence[Side]]:
        proposal = self.app.engine.perform(self._look)
        sides = [side_of(proposal.effect, proposal.difference)]
        if proposal.meanwhile:
            words = _("This is what somebody else has changed in FactoryCLOUD since you looked.")
            sides.append(side_of(words, proposal.meanwhile))
        return proposal, sides

    def _show(self, proposal: Proposal | None, sides: Sequence[Side]) -> None:
        """Show a proposal; None while it is being asked for."""
        self._proposal, self._sides = proposal, sides
        words = filter(None, (proposal.notice, proposal.held, proposal.way_on)) if proposal else ()
        notice = self.query_one("#notice", Static)
        notice.update("\n".join(words))
        notice.display = bool(notice.content)
        self.set_class(not (proposal and proposal.difference.changes), "-nothing")
        self._take_side()

    def _take_side(self) -> None:
        self._section = None
        self.query_one("#effect", Static).update(self._sides[0].effect if self._sides else "")
        self.query_one("#filter", Input).value = ""
        self._fill()

    @on(Input.Changed, "#filter")
    def _fill(self) -> None:
        """Show the rows of the section that fit the filter."""
        if not self._proposal:
            return
        filtered_by = self.query_one("#filter", Input).value.strip()
        changes = self._sides[0].found(self._section, filtered_by)
        counts = Counter(change.kind for change in changes)
        self.query_one("#counts", Static).update(
            kinds_words({kind: counts[kind] for kind in ChangeKind if counts[kind]})
        )
        self._show_sections()
        nothing = _("Nothing fits. Esc ends the filter.") if filtered_by else self._proposal.same
        self.changes.show(Rows(changes), self._proposal.currency, nothing)
        self.refresh_bindings()

    def _show_sections(self) -> None:
        sections = self._sides[0].sections if self._sides else {}
        names: dict[Section | None, tuple[str, int]] = {None: (_("All"), sum(map(len, sections.values())))}
        names |= {section: (section_name(section), len(found)) for section, found in sections.items()}
        marked = [
            f"[{name} {format_number(n)}]" if section is self._section else f" {name} {format_number(n)} "
            for section, (name, n) in names.items()
        ]
        self.query_one("#sections", Static).update(_in_lines(marked, self.size.width) if sections else "")

    @on(ChangeList.Changed)
    def _explain(self) -> None:
        """Show the whole row under the cursor."""
        changes, at = self.changes, self.query_one("#at", Static)
        where = place_words(changes.cursor + 1, changes.count) if changes.count else ""
        at.update(where, layout=width(where) != width(str(at.content)))
        row, proposal = changes.highlighted, self._proposal
        words = change_words(row.change, proposal.currency) if row and proposal else ""
        self.query_one(Explanation).follow(words)
        self.query_one(RecordPane).look()

    def _pointed(self) -> Pointed | None:
        row, proposal = self.changes.highlighted, self._proposal
        return Pointed(row.change, self._sides[0].whole, proposal.currency) if row and proposal else None


def _in_lines(parts: Sequence[str], columns: int) -> str:
    """Parts side by side; none is broken by the end of a line."""
    lines = [""]
    for part in parts:
        if width(lines[-1]) + width(part) > columns - 1:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)
