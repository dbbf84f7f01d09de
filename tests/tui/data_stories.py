"""The way through option 6, as the pictures of its screens go it."""

from collections.abc import Callable, Sequence

from tests.support.operator import Operator
from tests.tui.camera import Story

Step = str | Sequence[str] | Callable[[], object]


def steps(*parts: Step) -> Story:
    """Open option 6, then go on: a tuple is keys to press, a text is waited for, anything else is done."""

    async def story(operator: Operator) -> None:
        await operator.presses("6")
        for part in parts:
            if isinstance(part, str):
                await operator.sees(part)
            elif callable(part):
                part()
            else:
                await operator.presses(*part)
        await operator.settles()

    return story


DOWNLOAD = ("1 D", "45         45", ["1"], "CAFE ")
ASK = (["enter"], "   Ac")
ACCEPT = (*ASK, ["down", "enter"])
