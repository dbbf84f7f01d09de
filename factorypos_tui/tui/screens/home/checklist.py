"""The first steps, until the first Z has arrived: which are done, which comes next, and the key that does
it."""

import textwrap
from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.content import Content

from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import filled, plain
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.reports.findings import holds_up
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.core.status.answer import Tone, answer
from factorypos_tui.core.status.first_steps import Stands, Step, can_make_a_till, first_steps
from factorypos_tui.core.status.status import Status
from factorypos_tui.core.status.till_view import TillState
from factorypos_tui.tui.screens.home.panels import Line, Panel

_MARKS = {Stands.DONE: ("●", "$success"), Stands.NEXT: ("→", "bold"), Stands.LATER: ("○", "")}
_ALL_DONE = dict.fromkeys(Step, Stands.DONE)


class Checklist(Panel):
    """A line for each step, and what to do now."""

    def __init__(self, panel_id: str) -> None:
        super().__init__(panel_id)
        self.arrived: int | None = None
        """The first Z that has arrived, from that moment on until the next key, or the next closed day."""
        self.line_to_see: int | None = None
        """The line of the next step: no message covers it."""
        self._was_new = False
        self._newest: int | None = None

    def notices_the_first_z(self, status: Status) -> bool:
        """Whether the first Z has arrived since this was last asked."""
        newest = status.last_z.z_number if status.last_z else None
        if is_the_moment := self._was_new and status.first_delivered_z is not None:
            self.arrived = status.first_delivered_z
        elif newest != self._newest:
            self.arrived = None
        self._was_new, self._newest = first_steps(status) is not None, newest
        return is_the_moment

    def is_wanted(self, status: Status) -> bool:
        """Whether there is still a step to do, or the last one was done just now."""
        return self.arrived is not None or first_steps(status) is not None

    def title(self, _snapshot: Snapshot) -> str:
        """What the frame is called."""
        return _("First steps")

    def lines(self, snapshot: Snapshot, _now: datetime, cells: int, _height: int) -> Sequence[Line]:
        """The steps; below them, what comes next."""
        status = snapshot.status
        if not self.is_wanted(status):
            self.line_to_see = None
            return []
        steps = first_steps(status) or _ALL_DONE
        self.line_to_see = next((at for at, s in enumerate(steps.values()) if s is Stands.NEXT), None)
        names = _names()
        wide = max(map(len, names.values())) + 1
        return [
            *(
                _row(stands, f"{filled(names[step], wide)} {plain(self._says(step, stands, status))}", cells)
                for step, stands in steps.items()
            ),
            "",
            *textwrap.wrap(self._advice(steps, status), cells),
        ]

    def _says(self, step: Step, stands: Stands, status: Status) -> str:
        if step is Step.ACCOUNT:
            account = status.account or (status.assignment and status.assignment.assigned_by)
            return (
                (account or _("assigned with a code")) if stands is Stands.DONE else _("1 Log in or register")
            )
        if step is Step.TILL:
            return _till(status)
        if step is Step.STORE:
            return status.assignment.store.name if status.assignment else _("2 Assign business")
        return _("Z {n} is in FactoryCLOUD").format(n=self.arrived) if self.arrived else _first_z(status)

    def _advice(self, steps: Mapping[Step, Stands], status: Status) -> str:
        if self.arrived is not None:
            return _("From now on every day that is closed goes up by itself. You are done here.")
        following = next(step for step, stands in steps.items() if stands is Stands.NEXT)
        if following is Step.FIRST_Z and (words := _advice_after_the_close(status)):
            return words
        if following is Step.TILL and not can_make_a_till(status):
            return _("Is its server on? F7 connects it.")
        return {
            Step.ACCOUNT: _("Press 1. Without a user yet, F6 there registers one."),
            Step.TILL: _("Press F6; or F7, where another program sells (uniCenta, FloCafe)."),
            Step.STORE: _("Press 2: pick the company and the store, or create them there."),
            Step.FIRST_Z: _("Sell, then close the day: its Z report goes up by itself."),
        }[following]


def _names() -> dict[Step, str]:
    return {
        Step.ACCOUNT: _("Account"),
        Step.TILL: _("Till"),
        Step.STORE: _("Store"),
        Step.FIRST_Z: _("First Z"),
    }


def _till(status: Status) -> str:
    """Its name, or that it cannot be read, after its kind where it is not ours; or how one is made."""
    view = status.till_view
    if can_make_a_till(status):
        return _("F6 Make a till")
    if view.status:
        words = view.status.terminal.name
    else:
        words = _("not there") if view.state is TillState.ABSENT else _("cannot be read")
    return words if view.can.be_made else f"{view.kind}: {words}"


def _first_z(status: Status) -> str:
    """How the day is closed; once it is, where its report stands."""
    last = status.last_z
    if last and last.state is State.ATTENTION:
        return _("Z {n}: F3 shows it").format(n=last.z_number)
    if any(map(holds_up, status.till_view.findings)):
        return _("Its rows need mending")
    if number := _waiting(status):
        goes = answer(status).tone is Tone.WAITING
        return (_("Z {n} is on its way") if goes else _("Z {n} waits here, safe")).format(n=number)
    return _("F4 Close the day") if status.till_view.can.close_the_day else _("Close it at the till")


def _waiting(status: Status) -> int | None:
    """The number of a closed day that has not left; None where no day waits."""
    last, not_queued = status.last_z, status.till_view.not_queued
    if last and last.state.about.waits:
        return last.z_number
    return next((close.z_number for close in (*not_queued.uncollected, *not_queued.unassigned)), None)


def _advice_after_the_close(status: Status) -> str:
    """What there is to do once a day is closed, as the first line says it; empty where none is."""
    if status.needing_a_person:
        return _("Press F3: it says why, and what can be done.")
    if not _waiting(status) and not any(map(holds_up, status.till_view.findings)):
        return ""
    if answer(status).tone is Tone.WAITING:
        return _("There is nothing to do: it goes up by itself.")
    return _("The first line says what it waits for.")


def _row(stands: Stands, words: str, cells: int) -> Content:
    mark, style = _MARKS[stands]
    line = Content(words).truncate(max(1, cells - 2), ellipsis=True)
    bold = "bold" if stands is Stands.NEXT else ""
    return Content.assemble((mark, style), " ", (line.plain, bold))
