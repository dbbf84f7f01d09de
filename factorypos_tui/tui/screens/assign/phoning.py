"""Assign this terminal with a phone: it shows a code, and waits until a person has approved it."""

from asyncio import sleep
from collections.abc import Iterable

from rich.style import Style
from rich.text import Text
from textual import work
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.account.assignment import Assignment
from factorypos_tui.core.answers import PhoneCode
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.operations.enrolment import ask_for_approval, enrol_approved
from factorypos_tui.core.operations.phone import pause_after
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.qr import qr_lines, scanned
from factorypos_tui.tui.screens.assign.assigning import what_became_of_it
from factorypos_tui.tui.screens.base.dialog import Dialog
from factorypos_tui.tui.station_app import StationApp
from factorypos_tui.tui.tty.policy import Colours, Glyphs

_MOST_LINES = 19
"""What a screen of 22 lines leaves inside the frame."""
_ON_PAPER = Style(color="#000000", bgcolor="#ffffff")


class PhoneScreen(Dialog[Assignment]):
    """Ends once a person has approved this terminal; stays open where nobody does, and says why."""

    CSS_PATH = "phoning.tcss"

    def _is_over(self) -> bool:
        return self.is_over

    BINDINGS = [
        bind("enter", "again", N_("New code"), N_("Ask for another code."), is_there=_is_over),
    ]
    HELP = N_(
        "Whoever owns or manages the store approves this terminal with a phone or a computer, and chooses the"
        " store and the days to send there. Compare the two codes: they must be the same. This terminal gets"
        " a token of its own, and never learns a password. Give the code to nobody whom you do not know."
    )

    def __init__(self) -> None:
        super().__init__(_("Log in with a phone"))
        self.is_over = False
        """Whether no approval can come any more."""
        self._until = 0.0

    def content(self) -> Iterable[Widget]:
        """The QR code, beside it the code and what to do, and a place for messages."""
        with_words = [Static("", id=name, markup=False) for name in ("scan", "address", "compare", "code")]
        with_words += [Static("", id=name, markup=False) for name in ("then", "left", "problem")]
        yield Horizontal(Static("", id="qr"), Vertical(*with_words, id="words"), id="sides")

    def on_mount(self) -> None:
        """Ask for the first code, and count down."""
        self.set_interval(1, self._count)
        self.action_again()

    @work(exclusive=True, group="asking")
    async def action_again(self) -> None:
        """Ask for a code, show it, and wait until a person has decided."""
        self._set_over(False)
        self.tell(_("Asking FactoryCLOUD for a code..."))
        try:
            code = await self.app.perform(ask_for_approval)
        except FactoryPosError as error:
            self._end(error)
            return
        self.tell("")
        self._show(code)
        await self._wait_for(code)

    async def _wait_for(self, code: PhoneCode) -> None:
        pause: float | None = code.interval_s
        while pause is not None:
            await sleep(pause)
            try:
                assignment = await self.app.perform(enrol_approved, code)
            except FactoryPosError as error:
                pause = pause_after(error, pause, is_over=self.app.monotonic() > self._until)
                self._end(error) if pause is None else self._say_why_it_waits(error)
            else:
                self.finish(assignment)
                return

    def _say_why_it_waits(self, error: FactoryPosError) -> None:
        """A line that is down is said; that nobody has approved yet goes without saying."""
        code = getattr(error, "code", "")
        self.tell("" if code in ("authorization_pending", "slow_down") else str(error))

    def _show(self, code: PhoneCode) -> None:
        qr = self._qr(code)
        self._reveal(is_shown=True)
        self.query_one("#qr", Static).update(qr)
        self.query_one("#qr").display = bool(qr)
        scan = _("Scan this with a phone, or open:") if qr else _("Open on a phone or a computer:")
        words = {
            "scan": scan,
            "address": code.address,
            "compare": _("The page must show this code:"),
            "code": "  " + " ".join(code.user_code),
            "then": _(
                "Log in there, and choose the store and the days. No password is typed at this till, and it"
                " goes on by itself."
            ),
        }
        for name, text in words.items():
            self.query_one(f"#{name}", Static).update(text)
        self._until = self.app.monotonic() + code.lasts_s
        self._count()

    def _qr(self, code: PhoneCode) -> Text:
        """The QR code, where the terminal has its glyphs and room for it."""
        policy = self.app.policy
        if policy.glyphs is not Glyphs.ALL:
            return Text("")
        has_colours = policy.colours is not Colours.NONE
        lines = qr_lines(scanned(code), _MOST_LINES, is_ink_light=not has_colours)
        return Text("\n".join(lines), style=_ON_PAPER if has_colours else "")

    def _count(self) -> None:
        """Say how long the code is good."""
        left = max(0, round(self._until - self.app.monotonic()))
        words = _("Good for {time} more.").format(time=f"{left // 60}:{left % 60:02}") if left else ""
        self.query_one("#left", Static).update(words)

    def _end(self, error: FactoryPosError) -> None:
        """No approval can come any more: take the code away and say why."""
        self._until = 0.0
        self._set_over(True)
        self.tell(" ".join([str(error), _("Enter asks for a new code.")]))

    def _set_over(self, is_over: bool) -> None:
        self.is_over = is_over
        self._reveal(is_shown=False)
        self.refresh_bindings()

    def _reveal(self, *, is_shown: bool) -> None:
        """Show the code and what to do with it, or take all of it away."""
        for name in ("qr", "scan", "address", "compare", "code", "then", "left"):
            self.query_one(f"#{name}").display = is_shown


async def assign_with_phone(app: StationApp) -> bool:
    """Show a code until a person has approved this terminal; whether it is assigned."""
    assignment = await app.push_screen_wait(PhoneScreen())
    if assignment is None:
        return False
    app.tell(await what_became_of_it(app, assignment.store, stays=False))
    return True
