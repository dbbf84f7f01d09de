"""Hands keys on in the order in which they were typed; of a burst only those that may act."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.events import Key, Paste
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget

from factorypos_tui.tui.tty.bursts import Typed, is_of_scanners
from factorypos_tui.tui.widgets.field import Field

_LONGEST_WAIT_S = 5.0
_MOST_PASSES = 50


class Typist:
    """Gives letters for a field to it at once. Any other key waits until all keys before it are handled,
    since in Textual keys that act overtake letters."""

    class Turn(Message, bubble=False):
        """The app should handle this key now."""

        def __init__(self, event: Key | Paste) -> None:
            self.event = event
            super().__init__()

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: deque[Typed] = deque()
        self._is_at_work = False
        self._goes_on = False  # whether the key before was a letter for the field in focus
        self._is_refused = False  # whether it was one of a burst that is no text for that field

    def take(self, typed: Typed) -> None:
        """Hand a key on when its turn has come: at once where nothing else is being handled. The app calls
        this while it handles the key."""
        if not self._is_at_work and _is_at_rest(self._app):
            self._hand_on(typed)
            return
        self._waiting.append(typed)
        if not self._is_at_work:
            self._is_at_work = True
            self._app.run_worker(self._wait_and_hand_on(), group="typing")

    async def _wait_and_hand_on(self) -> None:
        try:
            while self._waiting:
                typed = self._waiting.popleft()
                if not (_is_text(typed) and self._goes_on):
                    await settle(self._app)
                if not self._app.screen_stack:
                    return  # the app is ending
                self._hand_on(typed)
        finally:
            self._is_at_work = False

    def _hand_on(self, typed: Typed) -> None:
        field, is_text = self._app.focused, _is_text(typed)
        self._goes_on = is_text and isinstance(field, Field) and field.is_typed_in
        self._is_refused = is_text and typed.of_burst and (self._is_refused or _refuses(field, typed.event))
        if not self._is_refused and (self._goes_on or _acts(typed, self._app)):
            self._app.post_message(self.Turn(typed.event))
        elif isinstance(field, Field) and _is_enter(typed):
            field.hold_back()


def _is_text(typed: Typed) -> bool:
    return isinstance(typed.event, Paste) or typed.event.is_printable


def _refuses(focused: Widget | None, event: Key | Paste) -> bool:
    """Whether a burst that begins so is no text for the field, but a code."""
    return isinstance(focused, Field) and isinstance(event, Key) and not focused.takes(event.character or "")


def _acts(typed: Typed, app: App[Any]) -> bool:
    """Whether a key does its action. A scanner's keys go into fields; in a menu, a list or a dialog they
    would do what the operator does not want."""
    if isinstance(typed.event, Paste) or not typed.of_burst or not is_of_scanners(typed.event):
        return True
    return isinstance(app.focused, Field) and (app.focused.takes_a_scanners_enter or not _is_enter(typed))


def _is_enter(typed: Typed) -> bool:
    return isinstance(typed.event, Key) and typed.event.key == "enter"


def _is_at_rest(app: App[Any]) -> bool:
    """Whether nothing waits for the app, and the screen in front and its widgets all wait for a message. To
    ask Textual's queues costs a key a twentieth of what `settle` does."""
    # Textual may have taken the next message out of the queue already, to see what follows.
    if not app.screen_stack or not app._message_queue.empty() or app._pending_message:
        return False
    return all(_waits_for_a_message(widget) for widget in app.screen.walk_children(with_self=True))


def _waits_for_a_message(pump: MessagePump) -> bool:
    return pump._message_queue.empty() and bool(pump._message_queue.ready_event._waiters)


async def settle(app: App[Any]) -> None:
    """Wait until the app and the screen in front have handled all messages, and those that followed from
    them."""
    before: list[MessagePump] = []
    now = _pumps(app)
    for _pass in range(_MOST_PASSES):
        await _deal_with_what_has_come(now)
        after = _pumps(app)  # what was dealt with may have opened another screen
        if before == now == after and all(map(_waits_for_a_message, now)):
            return
        before, now = now, after


def _pumps(app: App[Any]) -> list[MessagePump]:
    """What handles messages; nothing once the app is ending."""
    return [app, *app.screen.walk_children(with_self=True)] if app.screen_stack else []


async def _deal_with_what_has_come(pumps: Sequence[MessagePump]) -> None:
    all_have, left = asyncio.get_running_loop().create_future(), 0

    def has_dealt() -> None:
        nonlocal left
        left -= 1
        if not left and not all_have.done():
            all_have.set_result(None)

    left = sum(pump.call_later(has_dealt) for pump in pumps)
    if left:  # else the app is ending
        with suppress(TimeoutError):  # what was taken away meanwhile never does
            await asyncio.wait_for(all_have, _LONGEST_WAIT_S)
