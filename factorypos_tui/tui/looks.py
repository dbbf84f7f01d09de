"""What a state looks like: its mark, and the look that says the same by a colour."""

from factorypos_tui.core.queue.states import State
from factorypos_tui.core.queue.wording import state_name

DONE, WAITS, GOES, TROUBLE, OVER = "●", "○", "▶", "▲", "·"
"""Delivered or in order; waiting; on its way; refused or in trouble; replaced, or accepted as it stands."""
_MARKS = {
    State.PENDING: WAITS,
    State.SENDING: GOES,
    State.DELIVERED: DONE,
    State.ATTENTION: TROUBLE,
    State.ACCEPTED: OVER,
    State.SUPERSEDED: OVER,
}
_LOOKS = {State.PENDING: "waiting", State.DELIVERED: "done", State.ATTENTION: "refused"}


def state_look(state: State) -> str:
    """`done`, `waiting`, `refused`, or `line` for what is plain."""
    return _LOOKS.get(state, "line")


def marked_state(state: State) -> str:
    """A state in a word, after its mark."""
    return f"{_MARKS[state]} {state_name(state)}"
