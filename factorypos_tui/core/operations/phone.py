"""A terminal that waits until a person approves it with a phone: when it asks again. Pure."""

from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, FactoryPosError

_SLOWER_S = 5.0


def pause_after(error: FactoryPosError, pause_s: float, *, is_over: bool) -> float | None:
    """The seconds until the next question, after one that came to nothing; None where no further one helps.

    `pause_s`: the pause before this question; `is_over`: whether the code has ended by the clock of this
    machine. A line that is down says nothing about the approval, so the terminal asks on until then."""
    if isinstance(error, CloudUnreachable):
        return None if is_over else pause_s
    if not isinstance(error, CloudRefused):
        return None
    return {"authorization_pending": pause_s, "slow_down": pause_s + _SLOWER_S}.get(error.code)
