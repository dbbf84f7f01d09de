"""A camera for the screens: compares what is on them with a picture kept in `snapshots/`."""

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from factorypos_tui.tui.app import FactoryPosApp
from tests.support.operator import Operator
from tests.support.photograph import torn

Story = Callable[[Operator], Awaitable[None]]
WIDE, WITH_A_PANE, LARGE = (100, 30), (120, 35), (132, 43)


class Camera:
    """Compares the screen, after a story, with the picture of the test's name."""

    def __init__(self, compare: Callable[..., bool]) -> None:
        self._compare = compare

    def finds_as_pictured(
        self,
        app: FactoryPosApp,
        story: Story | None = None,
        size: tuple[int, int] = (80, 24),
        *,
        may_be_cut: bool = False,
    ) -> bool:
        """Whether nothing has changed; and no text may be cut short, unless it comes from outside.

        What is compared is what Textual meant: the driver has to show the same."""

        async def act(pilot: Pilot[None]) -> None:
            operator = Operator(app, pilot)
            if story:
                await story(operator)
            await operator.stands_still()
            assert app.native_ansi_color or not torn(app)
            assert may_be_cut or "…" not in operator.screen, operator.screen

        return self._compare(app, run_before=act, terminal_size=size)


def in_both_languages(english: str = "", spanish: str = "") -> pytest.MarkDecorator:
    """Two pictures, `test_NAME` and `test_NAME_spanish`; in a story, `words` are those of its language."""
    values = [("en", english), ("es", spanish)]
    return pytest.mark.parametrize("words", values, indirect=True, ids=["english", "spanish"])


def keys(*names: str, then: str) -> Story:
    """Press keys until a text is on the screen."""
    return story((*names, then))


def story(*steps: tuple[str, ...]) -> Story:
    """Press keys, wait for the words that stand behind them; and so on."""

    async def told(operator: Operator) -> None:
        for *pressed, words in steps:
            await operator.presses(*pressed, then=words)

    return told
