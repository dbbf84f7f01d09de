"""An operator at the keyboard: starts the app over a shop, presses keys, and reads the screen."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from textual.events import Key, Paste
from textual.geometry import Region
from textual.pilot import Pilot

from factorypos_tui.cli.app import examination_of
from factorypos_tui.cli.home import Home
from factorypos_tui.core.engine import Engine
from factorypos_tui.core.snapshot import Snapshot, take_snapshot
from factorypos_tui.tui.app import FactoryPosApp, SnapshotTaken
from factorypos_tui.tui.background import THREAD
from factorypos_tui.tui.tty.bursts import Typed
from factorypos_tui.tui.widgets.explanation import Explanation
from factorypos_tui.tui.widgets.menu import Menu
from factorypos_tui.tui.widgets.pane import Pane
from tests.support.scenes import THIS_APP
from tests.support.stations import Shop

_LOOKS, _LOOK_S = 750, 0.02


class Operator:
    """An operator in front of the running app: what they wait for comes, or the test shows what they saw."""

    def __init__(self, app: FactoryPosApp, pilot: Pilot[None]) -> None:
        self.app = app
        self._pilot = pilot

    @property
    def screen(self) -> str:
        """All that is on the screen, a line a row."""
        # Textual has no public way to read its screen but an SVG.
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def front(self) -> Region:
        """Where what is not behind a dialog lies."""
        dialogs = self.app.screen.query("#dialog")
        return dialogs.first().region if dialogs else self.app.screen.region

    @property
    def focus(self) -> str:
        """The id of what has the focus, in a menu that of the item under the cursor."""
        focused = self.app.focused
        if isinstance(focused, Menu):
            return focused.at
        return (focused.id or "") if focused else ""

    async def presses(self, *keys: str, then: str | tuple[str, ...] = (), at: str = "") -> None:
        """Press keys, by Textual's names for them; each is dealt with before the next, in threads as well.
        `then` is what must be on the screen after them, and `at` what must have the focus."""
        for key in keys:
            await self._pilot.press(key)
            await self.rests()
        await self.sees(*((then,) if isinstance(then, str) else then))
        if at:
            await self.is_at(at)

    async def presses_meanwhile(self, *keys: str) -> None:
        """The same while a thread is at work; the test does not wait for that thread."""
        for key in keys:
            await self._pilot.press(key)
            await self.settles()

    def holds(self, key: str) -> None:
        """A key that repeats faster than the screen follows."""
        self.app.post_message(Key(key, None))

    async def types(self, text: str) -> None:
        """Type a text, as fast as a keyboard buffer gives it."""
        await self.types_ahead(*text)

    async def types_ahead(self, *parts: str) -> None:
        """Texts and keys (`enter`, `tab`, ...) in one burst, as they come over a slow line."""
        for part in parts:
            if part in ("enter", "tab", "down", "f7"):
                self.app.post_message(Key(part, None))
            else:
                for letter in part:
                    self.app.post_message(Key("space" if letter == " " else letter, letter))
        await self.settles()

    async def scans(self, text: str) -> None:
        """A text and Enter in one burst, as scanners and some pastes do."""
        keys = [*(Key("space" if letter == " " else letter, letter) for letter in text), Key("enter", "\r")]
        for key in keys:
            self.app.post_message(Typed(key, of_burst=True))
        await self.settles()

    async def enters(self, text: str, then: str | tuple[str, ...] = (), at: str = "") -> None:
        """Type a text and press Enter."""
        await self.types(text)
        await self.presses("enter", then=then, at=at)

    async def accepts(self, then: str | tuple[str, ...] = ()) -> None:
        """Give the second answer to a question, which has the first one in focus."""
        await self.presses("down", "enter", then=then)

    async def pastes(self, text: str) -> None:
        """Paste a text, as a terminal hands it over in one piece."""
        self.app.post_message(Paste(text))
        await self.settles()

    async def clears(self) -> None:
        """Empty the field in focus."""
        await self.presses("end", "ctrl+u")

    async def sees(self, *texts: str) -> None:
        """Wait until all of `words` are on the screen."""
        await self.until(lambda: all(text in self.screen for text in texts), f"to see {texts}")

    async def sees_behind_messages(self, *texts: str) -> None:
        """The same where an older message may still be shown first."""

        def are_there() -> bool:
            self.app.clear_notifications()
            return all(text in self.screen for text in texts)

        await self.until(are_there, f"to see {texts}")

    async def no_longer_sees(self, text: str) -> None:
        """Wait until `words` have gone from the screen."""
        await self.until(lambda: text not in self.screen, f"not to see {text!r}")

    async def is_at(self, item: str) -> None:
        """Wait until `item` has the focus."""
        await self.until(lambda: self.focus == item, f"the focus on {item!r}")

    async def until(self, condition: Callable[[], bool], wish: str) -> None:
        """Wait until `condition` holds."""
        for _look in range(_LOOKS):
            if condition():
                return
            await self._pilot.pause(_LOOK_S)
        raise AssertionError(f"waited in vain {wish}; the focus is on {self.focus!r}:\n{self.screen}")

    async def resizes(self, columns: int, lines: int) -> None:
        """Pull the window to another size."""
        await self._pilot.resize_terminal(columns, lines)

    async def settles(self) -> None:
        """Wait until nothing is left for the app to do; its threads may still be at work."""
        loop, calm = asyncio.get_running_loop(), 0
        while calm < 3:
            await self._pilot.pause(0)
            await asyncio.sleep(0)
            # Neither asyncio nor Textual has a public way to ask whether all is done.
            calm = 0 if loop._ready else calm + 1  # type: ignore[attr-defined]

    async def rests(self) -> None:
        """The same, and no thread is at work for it, unless it waits on purpose."""
        await self.settles()
        while any(thread.name == THREAD for thread in threading.enumerate()):
            await self.until(lambda: all(t.name != THREAD for t in threading.enumerate()), "for the threads")
            await self.settles()

    async def stands_still(self) -> None:
        """The same, and nothing on the screen changes any more."""
        before = None
        while before != (now := self.app.screen._compositor.render_strips()):
            before = now
            await self.until(lambda: not self._is_behind(), "for what follows the cursor")
            await self.rests()

    def _is_behind(self) -> bool:
        """Whether something beside a cursor will follow it, on any screen that can be seen."""
        followers = [
            follower for screen in self.app.screen_stack for follower in screen.query("Explanation, Pane")
        ]
        return any(isinstance(one, Explanation | Pane) and one.is_behind for one in followers)

    async def shows(self, snapshot: Snapshot) -> None:
        """Hand the app a new state, as the engine does."""
        self.app.post_message(SnapshotTaken(snapshot))
        await self.until(lambda: self.app.snapshot is snapshot, "the new state")
        await self.settles()

    async def takes_a_look(self, shop: Shop) -> None:
        """Hand the app the shop as it is now."""
        await self.shows(take_snapshot(shop.station))


def app_of(shop: Shop, engine: Engine | None = None, **changes: Any) -> FactoryPosApp:
    """The app over a shop as it is now, with `changes` to the status it shows; the engine is not started."""
    first = take_snapshot(shop.station)
    first = replace(first, status=replace(first.status, **changes))
    engine = engine or Engine(shop.station, "app")
    home = Home(shop.station.database.path.parent)
    return FactoryPosApp(
        engine,
        first,
        shop.clock,
        {"theme": "dark"},
        begin=lambda: None,
        examination=lambda: examination_of(home),
    )


def sending_app(shop: Shop) -> FactoryPosApp:
    """The app that is the one which sends, at a shop as it is now."""
    return app_of(shop, holder=THIS_APP)


@asynccontextmanager
async def opened(
    shop: Shop, *, running: bool = True, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Operator]:
    """The app, open before an operator; `running` with the engine at work behind it."""
    engine = Engine(shop.station, "app")
    app = app_of(shop, engine)
    if running:
        engine.start()
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            yield Operator(app, pilot)
    finally:
        if running:
            engine.stop()
