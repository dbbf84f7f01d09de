"""Several processes that serve from one listening socket, and the one that watches them.

They share the socket itself, so each has its settings, and what a process had not accepted when it ended goes
to the others."""

import logging
import os
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

LOOK_SECONDS = 0.2
START_SECONDS = 1.0
"""Before another takes the place of one that ended: those that end at once leave time for the others."""
_READY, _ALIVE = ord("r"), ord("a")
_ENDING = (signal.SIGTERM, signal.SIGINT)
logger = logging.getLogger(__name__)

Tell = Callable[[], None]
Serve = Callable[[Tell, Tell], None]
"""Serves until SIGTERM; is given what to call once it takes calls, and again and again while it is alive."""


class Workers:
    """Processes that serve, each at one end of a pipe."""

    def __init__(self, count: int, serve: Serve) -> None:
        self._count = count
        self._serve = serve
        self._pipes: dict[int, int] = {}
        """Of each process, by its number."""
        self._told: dict[int, set[int]] = {}
        """What each has said since `on_alive` was called."""
        self._is_stopping = False
        self._start_at = 0.0

    def run(self, on_listening: Tell, on_alive: Tell) -> None:
        """Keep them serving until SIGTERM or SIGINT, and return once all have ended. `on_listening` is called
        when all take calls, `on_alive` whenever each of them has been alive since the last time."""
        for number in _ENDING:
            signal.signal(number, self._stop)
        is_listening = False
        while self._pipes or not self._is_stopping:
            if (
                len(self._pipes) < self._count
                and not self._is_stopping
                and time.monotonic() >= self._start_at
            ):
                self._start()
            self._hear()
            self._bury()
            is_whole = len(self._pipes) == self._count
            if is_whole and not is_listening and all(_READY in told for told in self._told.values()):
                is_listening = True
                on_listening()
            if is_whole and all(_ALIVE in told for told in self._told.values()):
                self._told = {pid: set[int]() for pid in self._told}
                on_alive()

    def _stop(self, *_: object) -> None:
        self._is_stopping = True
        for pid in self._pipes:
            with suppress(ProcessLookupError):  # it has ended, and is about to be forgotten
                os.kill(pid, signal.SIGTERM)

    def _start(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)  # until both know what a signal means to them
        if self._is_stopping:  # since a moment ago: nobody would end what starts now
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
            return
        reads, writes = os.pipe()
        if pid := os.fork():
            os.close(writes)
            self._pipes[pid], self._told[pid] = reads, set()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        else:
            for pipe in (reads, *self._pipes.values()):
                os.close(pipe)
            self._serve_and_end(writes)

    def _serve_and_end(self, writes: int) -> NoReturn:
        """What the new process does."""

        def tell(what: int) -> None:
            try:
                os.write(writes, bytes([what]))
            except BrokenPipeError:  # nobody watches any more
                os.kill(os.getpid(), signal.SIGTERM)

        code = 1
        try:
            for number in _ENDING:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
            os.setpgrp()  # Ctrl+C reaches the one that watches; it tells the others
            self._serve(lambda: tell(_READY), lambda: tell(_ALIVE))
            code = 0
        except Exception:
            logger.exception("a process could not serve")
        finally:
            os._exit(code)

    def _hear(self) -> None:
        by_pipe = {pipe: pid for pid, pipe in self._pipes.items()}
        for pipe in select.select(list(by_pipe), [], [], LOOK_SECONDS)[0]:
            self._told[by_pipe[pipe]].update(os.read(pipe, 1024))

    def _bury(self) -> None:
        for pid in list(self._pipes):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                os.close(self._pipes.pop(pid))
                del self._told[pid]
                self._start_at = time.monotonic() + START_SECONDS
                if not self._is_stopping:
                    code = os.waitstatus_to_exitcode(status)
                    logger.error("a process that served has ended", extra={"pid": pid, "exit_code": code})
