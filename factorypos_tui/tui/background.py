"""Slow work runs in a thread that never keeps the program from ending."""

import asyncio
import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from textual.worker import NoActiveWorker, get_current_worker

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _

THREAD = "background"
"""The name of every thread of `in_background`, for code that waits until all of them are done."""
_log = logging.getLogger(__name__)
R = TypeVar("R")


async def in_background(work: Callable[[], R]) -> R:
    """Run `work` in a thread and give its result, or raise its `FactoryPosError`, here.

    An unexpected error goes to the log, and a `FactoryPosError` says so.

    It is a daemon thread, unlike those of asyncio's own executor: an operator who quits during a slow log-in
    must not wait for it. If the caller's screen is closed meanwhile, the call ends here: Textual removes the
    widgets of a screen before it ends the screen's workers."""
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[R] = loop.create_future()

    def settle(put: Callable[[], object]) -> None:
        if not outcome.done():
            put()

    def run() -> None:
        try:
            result = work()
        except FactoryPosError as error:
            _tell(loop, partial(settle, partial(outcome.set_exception, error)))
        except Exception:  # noqa: BLE001 - a bug of one action must not end the app, which sends reports, too
            _log.exception("unexpected")
            words = _("Something unexpected went wrong. Reports are safe; the log says more.")
            _tell(loop, partial(settle, partial(outcome.set_exception, FactoryPosError(words))))
        else:
            _tell(loop, partial(settle, partial(outcome.set_result, result)))

    threading.Thread(target=run, name=THREAD, daemon=True).start()
    try:
        return await outcome
    finally:
        if _asker_goes():
            raise asyncio.CancelledError


def _asker_goes() -> bool:
    try:
        return not get_current_worker().node.display
    except NoActiveWorker:
        return False


def _tell(loop: asyncio.AbstractEventLoop, call: Callable[[], object]) -> None:
    try:
        loop.call_soon_threadsafe(call)
    except RuntimeError:
        return  # the loop is closed: the program is ending and needs no answer
