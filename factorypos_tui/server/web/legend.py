"""The words and signs of what a day, a terminal or a chain is; a colour never says it alone."""

from typing import Any

from factorypos_tui.server.domain.days import Mark, StoreDay
from factorypos_tui.server.domain.ladders import Chain
from factorypos_tui.server.domain.pulses import Pulse
from factorypos_tui.server.words import marked, told

SIGNS = {
    Mark.CLOSED.value: "✓",
    Mark.OPEN.value: "…",
    Mark.MISSING.value: "▲",
    Mark.CONFLICT.value: "✗",
    Mark.SHUT.value: "–",
    Mark.QUIET.value: "·",
    Mark.AHEAD.value: "",
}
MARKS = {
    Mark.CLOSED.value: marked("closed: all that is known of it are Z reports"),
    Mark.OPEN.value: marked("still open"),
    Mark.MISSING.value: marked("a Z number is missing"),
    Mark.CONFLICT.value: marked("two reports contradict each other"),
    Mark.SHUT.value: marked("the store is closed on that day of the week"),
    Mark.QUIET.value: marked("no report: nobody sold, or nothing has arrived"),
}
PULSES = {
    Pulse.FRESH.value: marked("fresh"),
    Pulse.LATE.value: marked("late"),
    Pulse.SILENT.value: marked("silent"),
    Pulse.CLOSED.value: marked("day closed"),
}
CHAINS = {
    Chain.FIRST.value: marked("It is the first Z of its terminal."),
    Chain.FOLLOWS.value: marked("It follows the Z before: its hash is right."),
    Chain.NOT_HERE.value: marked("The Z before is not here, so the chain cannot be checked."),
    Chain.BROKEN.value: marked("It does not follow the Z before: the chain is broken."),
}
VALUES: dict[str, Any] = {"SIGNS": SIGNS, "MARKS": MARKS, "PULSES": PULSES, "CHAINS": CHAINS}
"""What templates with figures get."""
_MOST_GAPS = 3


def gap_words(day: StoreDay) -> str:
    """Which Z numbers are missing."""
    numbers = [f"{it.first}" if it.first == it.last else f"{it.first}–{it.last}" for it in day.gaps]
    cut = [*numbers[:_MOST_GAPS], "…"] if len(numbers) > _MOST_GAPS else numbers
    return told("Z {numbers} missing").format(numbers=", ".join(cut))
