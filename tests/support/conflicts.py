"""How the clouds of the tests settle what met another report in its place."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Conflicts(Generic[T]):
    """Conflicts of the reports in `held`. A report's place is its id there."""

    def __init__(self, id_of: Callable[[T], str], hash_of: Callable[[T], str]) -> None:
        self._id_of, self._hash_of = id_of, hash_of
        self._others: dict[str, dict[str, T]] = {}
        self._first: dict[str, T] = {}
        self._settled: set[str] = set()

    def meet(self, place: str, other: T) -> None:
        """Another report came for a place; one that came before changes nothing."""
        others = self._others.setdefault(place, {})
        if self._hash_of(other) not in others:
            self._settled.discard(place)
        others[self._hash_of(other)] = other

    def state(self, place: str) -> str | None:
        """What a list of the held reports says."""
        if place not in self._others:
            return None
        return "settled" if place in self._settled else "open"

    def place_of(self, report_id: str) -> str | None:
        """Where the conflict is that a report takes part in."""
        for place, others in self._others.items():
            if report_id in (place, *map(self._id_of, others.values())):
                return place
        return None

    def settle(self, held: dict[str, T], place: str, content_hash: str) -> bool:
        """Let the report with this hash count; False where there is none."""
        hashes = {self._hash_of(held[place]), *self._others[place]}
        if content_hash not in hashes:
            return False
        place = self.reopen(held, place)
        if content_hash != self._hash_of(held[place]):
            first = held[place]
            place = self._exchange(held, place, content_hash)
            self._first[place] = first
        self._settled.add(place)
        return True

    def reopen(self, held: dict[str, T], place: str) -> str:
        """Let the report that came first count again; gives its place."""
        self._settled.discard(place)
        first = self._first.pop(place, None)
        return place if first is None else self._exchange(held, place, self._hash_of(first))

    def _exchange(self, held: dict[str, T], place: str, content_hash: str) -> str:
        before, others = held.pop(place), self._others.pop(place)
        chosen = others.pop(content_hash)
        others[self._hash_of(before)] = before
        held[self._id_of(chosen)] = chosen
        self._others[self._id_of(chosen)] = others
        return self._id_of(chosen)
