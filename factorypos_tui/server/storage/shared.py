"""Transactions that callers share: a commit costs the same for one and for many."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

from peewee import Database

logger = logging.getLogger(__name__)

Piece = TypeVar("Piece")
Answer = TypeVar("Answer")
Work = Callable[[Sequence[Piece], bool], Sequence[Answer | None]]
"""Carries out pieces inside a transaction and answers each. It may leave some out (None), unless it is told
that the piece is alone."""

MOST_WEIGHT = 64
"""What the pieces of one transaction may weigh together; a heavier one goes alone."""


def _held() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Waiting(Generic[Piece, Answer]):
    """A piece of work whose caller waits for it."""

    piece: Piece
    weight: int
    answer: Answer | None = None
    group: "list[_Waiting[Piece, Answer]]" = field(default_factory=list)
    """What its caller has to commit, if that one leads."""
    awake: threading.Lock = field(default_factory=_held)
    """Free once its caller leads, or need not wait any more."""


class SharedTransactions(Generic[Piece, Answer]):
    """Carries out the pieces of many threads in few transactions.

    A thread leads if no other does: it commits what waits, then wakes the first of those who came meanwhile
    to lead next. If a transaction fails, or leaves a piece out, its caller carries it out alone: no piece
    ever fails because of another."""

    def __init__(self, database: Database, most_leaders: int) -> None:
        """`most_leaders`: how many transactions there may be at once."""
        self._database = database
        self._free = most_leaders
        self._waiting: list[_Waiting[Piece, Answer]] = []
        self._lock = threading.Lock()

    def carry_out(self, work: Work[Piece, Answer], piece: Piece, weight: int) -> Answer:
        """The answer to a piece, once it is committed; raises what the work raises for it."""
        mine: _Waiting[Piece, Answer] = _Waiting(piece, weight)
        with self._lock:
            self._waiting.append(mine)
            if self._free:
                self._free -= 1
                mine.group = self._next_group()
        if not mine.group:
            mine.awake.acquire()
        if mine.group:
            self._lead(work, mine.group)
        return self._alone(work, piece) if mine.answer is None else mine.answer

    def _next_group(self) -> list[_Waiting[Piece, Answer]]:
        weight, length = 0, 0
        for waiting in self._waiting:
            weight += waiting.weight
            if length and weight > MOST_WEIGHT:
                break
            length += 1
        group, self._waiting = self._waiting[:length], self._waiting[length:]
        return group

    def _lead(self, work: Work[Piece, Answer], group: list[_Waiting[Piece, Answer]]) -> None:
        try:
            self._together(work, group)
        except Exception:
            if len(group) == 1:
                raise
            logger.warning("a shared transaction failed; its parts are tried singly", exc_info=True)
        finally:
            with self._lock:
                following = self._next_group()
                self._free += not following
            if following:
                following[0].group = following
                following[0].awake.release()
            for waiting in group[1:]:
                waiting.awake.release()

    def _together(self, work: Work[Piece, Answer], group: list[_Waiting[Piece, Answer]]) -> None:
        with self._database.connection_context(), self._database.atomic():
            answers = work([waiting.piece for waiting in group], False)
        for waiting, answer in zip(group, answers, strict=True):
            waiting.answer = answer

    def _alone(self, work: Work[Piece, Answer], piece: Piece) -> Answer:
        with self._database.connection_context(), self._database.atomic():
            (answer,) = work([piece], True)
        return cast(Answer, answer)
