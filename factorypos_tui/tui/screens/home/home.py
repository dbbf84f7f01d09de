"""Home: what the operator can do, and today's figures."""

from collections.abc import Iterable

from textual import work
from textual.containers import Horizontal, Vertical
from textual.events import Key
from textual.widget import Widget

from factorypos_tui.core.language import N_, _
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.core.status.first_steps import can_make_a_till, wants_a_connection
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.keyed import of_status
from factorypos_tui.tui.screens.base.station import StationScreen
from factorypos_tui.tui.screens.home.checklist import Checklist
from factorypos_tui.tui.screens.home.options import OPTIONS, Option, why_no_close
from factorypos_tui.tui.screens.home.panels import (
    AnswerLine,
    LastDays,
    LastDeliveries,
    Money,
    NewsLine,
    Panel,
    Today,
)
from factorypos_tui.tui.widgets.menu import Item, Menu


class HomeScreen(StationScreen):
    """The menu with each option's present value, today's figures and the last deliveries."""

    CSS_PATH = "home.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]
    BINDINGS = [
        bind(
            "f3",
            "attention",
            N_("Attention"),
            N_("Reports that need a person."),
            is_there=of_status(lambda status: status.needing_a_person > 0),
        ),
        bind(
            "f4",
            "close_day",
            N_("Close the day"),
            N_("Today's figures, the cash counted, and the Z report."),
            is_there=of_status(lambda status: not why_no_close(status)),
        ),
        bind(
            "f6",
            "make_a_till",
            N_("Make a till"),
            N_("A till on this machine: shop, country, currency, time zone, catalogue."),
            is_there=of_status(can_make_a_till),
        ),
        bind(
            "f7",
            "connect_a_till",
            N_("Connect a till"),
            N_("A till of another program, such as uniCenta."),
            is_there=of_status(wants_a_connection),
        ),
        bind(
            "f,F",
            "figures",
            N_("Figures"),
            N_("What was taken by day, week and month."),
            is_shown=False,
        ),
    ]
    HELP = N_(
        "From here you connect this till to FactoryCLOUD and see whether its reports arrive. Log in, assign a"
        " store, and every daily close goes up by itself from then on. Once the line below says that all is"
        " sent, this machine can be switched off; what has not left stays here, safe, until it is on again."
        " The first steps stand to the right until the first Z report has arrived."
    )

    def content(self) -> Iterable[Widget]:
        """The answer above; the menu to the left, panels to the right."""
        menu = Menu(*(Item(option.id, _(option.label)) for option in OPTIONS))
        menu.border_title = _("Synchronization")
        yield AnswerLine()
        yield NewsLine()
        yield Horizontal(
            Vertical(menu, Money("money"), id="options"),
            Vertical(
                Checklist("first"),
                Today("today"),
                LastDays("days"),
                LastDeliveries("deliveries"),
                id="panels",
            ),
        )

    def __init__(self) -> None:
        super().__init__()
        self._next_step = ""

    async def build_again(self) -> None:
        """Show all texts in the language of now."""
        self._next_step = ""
        await self.recompose()
        self.show(self.app.snapshot)

    def show(self, snapshot: Snapshot) -> None:
        """Show values, figures and deliveries. When a step was done, the cursor goes to the next one."""
        super().show(snapshot)
        status = snapshot.status
        menu = self.query_one(Menu)
        menu.offer(*(option.item(snapshot) for option in OPTIONS))
        self.refresh_bindings()
        self.query_one(AnswerLine).show(snapshot)
        self.query_one(NewsLine).show(snapshot, self.app.now())
        checklist = self.query_one(Checklist)
        if checklist.notices_the_first_z(status):
            self.app.tell(_("Z {n} is in FactoryCLOUD.").format(n=status.first_delivered_z))
        self.set_class(checklist.is_wanted(status), "-new")
        for panel in self.query(Panel):
            panel.show(snapshot, self.app.now())
        step = "queue" if status.assignment else "assign" if status.account else "account"
        if step != self._next_step:
            self._next_step = step
            menu.go_to(step)
            self.set_focus(menu)

    def on_key(self, event: Key) -> None:
        """Let a number pick even if it was typed before the menu had the focus."""
        self._go_on()
        self.query_one(Menu).on_key(event)

    def _go_on(self) -> None:
        """The operator has seen that the first Z has arrived: show the days in place of the first steps."""
        if self.query_one(Checklist).arrived is not None:
            self.query_one(Checklist).arrived = None
            self.show(self.app.snapshot)

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Open what was picked."""
        self.choose(message.item_id)

    def choose(self, option_id: str) -> None:
        """Open an option once, even if its key was pressed twice."""
        if self.is_current and not any(worker.node is self and worker.is_running for worker in self.workers):
            self._go_on()
            self.query_one(Menu).go_to(option_id)
            self.open(next(option for option in OPTIONS if option.id == option_id))

    @work
    async def open(self, option: Option) -> None:
        """Open an option. One of several steps is done when the last step is."""
        await option.open(self.app)

    @work(exclusive=True, group="close")
    async def action_close_day(self) -> None:
        """Close the day, if the operator accepts."""
        from factorypos_tui.tui.screens.closing.close_day import ask_to_close_the_day

        await ask_to_close_the_day(self.app)

    @work(exclusive=True, group="make")
    async def action_make_a_till(self) -> None:
        """Make a till with the operator."""
        from factorypos_tui.tui.screens.till.new_till import ask_to_make_a_till

        await ask_to_make_a_till(self.app)

    @work(exclusive=True, group="make")
    async def action_connect_a_till(self) -> None:
        """Connect a till of another program with the operator."""
        from factorypos_tui.tui.screens.till.connect_till import ask_to_connect_a_till

        await ask_to_connect_a_till(self.app)

    def action_attention(self) -> None:
        """Show what needs a person."""
        from factorypos_tui.tui.screens.queue.queue import QueueScreen

        self.app.push_screen(QueueScreen(State.ATTENTION))

    def action_figures(self) -> None:
        """Show what was taken."""
        from factorypos_tui.tui.screens.figures.figures import FiguresScreen

        self.app.push_screen(FiguresScreen())
