"""Calls of a server that all come at once."""

import threading
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


def at_once(calls: list[Callable[[], Answer]]) -> list[Answer]:
    """The answers to calls that all start together."""
    answers: list[Answer] = []
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Answer]) -> None:
        gate.wait()
        answers.append(call())

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
