"""What is told again: a trouble that stays is told when it begins, then ever more rarely, with how often it
was met meanwhile."""

from dataclasses import dataclass

_FIRST_GAP_S, _LONGEST_GAP_S = 3600.0, 86_400.0
_MOST = 200


@dataclass(slots=True)
class _Told:
    at: float
    gap_s: float = _FIRST_GAP_S
    since: int = 0


class Repeats:
    """The troubles that were told, by what makes them the same."""

    def __init__(self) -> None:
        self._told: dict[object, _Told] = {}

    def again(self, trouble: object, at: float) -> int | None:
        """How often it was met since it was told last, this time left out; None where it is not to be told
        now. `at`: seconds of the monotonic clock."""
        told = self._told.get(trouble)
        if told is None:
            while len(self._told) >= _MOST:
                del self._told[next(iter(self._told))]
            self._told[trouble] = _Told(at)
            return 0
        if at < told.at + told.gap_s:
            told.since += 1
            return None
        self._told[trouble] = _Told(at, min(told.gap_s * 2, _LONGEST_GAP_S))
        return told.since

    def forget(self) -> None:
        """Tell each trouble at once when it is met next."""
        self._told.clear()
