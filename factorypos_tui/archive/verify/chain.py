"""The chain of a terminal: each Z names the one before it, and its total since the first sale grows by its
day.

A day that was closed late, or mended, stands beside the chain: it names the Z below it, and so does the Z
above it, which was made before it. The totals have it from the next Z on that is made after it, once.

Of a Z that is of a store or a day that nobody asked for, the export tells only the hash. The chain goes over
it by that; the total does not, since nobody knows what such a day took."""

from collections.abc import Sequence
from itertools import combinations

from factorypos_tui.archive.verify.announced import NotHere
from factorypos_tui.archive.verify.faults import N_, Amount, Kind, found
from factorypos_tui.archive.verify.reports import Perpetual, Z

_MOST_BESIDE = 64
_MOST_TRIED = 10


class Chain:
    """The Zs of one terminal, taken in the order of their numbers."""

    def __init__(self, begins_later: bool, not_here: Sequence[NotHere] = ()) -> None:
        """`begins_later`: the export has a first date, so its first Z may name one that is not in it.
        `not_here`: what was not asked for, by number."""
        self._begins_later = begins_later
        self._to_come = list(reversed(not_here))
        self._may_owe = 0
        """How many Zs that are not here may have been closed late, so that a total has them only later."""
        self._recent: list[Z | NotHere] = []
        """The Zs that the next one may name."""
        self._owed: list[Perpetual] = []
        """What days beside the chain took, as long as no total has it."""
        self.beside: list[int] = []
        """The numbers of the days beside the chain."""
        self.left_out: list[tuple[int, int]] = []
        """Numbers over which the chain closes: first and last of each run."""
        self.not_asked_for: list[tuple[int, int]] = []
        """Numbers over which the chain goes by hashes that only export.json tells: first and last of each
        run."""

    def add(self, z: Z) -> None:
        """Take the next Z; raises `FaultFound` where it does not fit those before it."""
        if self._recent:
            between = (self._recent[-1].z_number + 1, z.z_number - 1)
            is_over_others = self._take_others(z)
            before = self._named_by(z)
            if isinstance(before, Z):
                self._check_total(z, before)
            if is_over_others:
                self.not_asked_for.append(between)
            elif between[0] <= between[1]:
                self.left_out.append(between)
        elif z.previous_hash is not None and z.z_number == 1 and not self._begins_later:
            words = N_("It is the first Z of its terminal, but names one before it.")
            raise found(Kind.CHAIN_BROKEN, z.path, words)
        self._recent = [*self._recent[1 - _MOST_BESIDE :], z]

    def _take_others(self, z: Z) -> bool:
        """Take those below a Z that are not here; whether there are any."""
        there = len(self._to_come)
        while self._to_come and self._to_come[-1].z_number < z.z_number:
            self._recent = [*self._recent[1 - _MOST_BESIDE :], self._to_come.pop()]
        self._may_owe += there - len(self._to_come)
        return len(self._to_come) < there

    def _named_by(self, z: Z) -> Z | NotHere:
        passed: list[Z] = []
        for before in reversed(self._recent):
            if before.content_hash == z.previous_hash:
                break
            if isinstance(before, Z):
                passed.append(before)
        else:
            raise self._broken(z)
        if not all(it.is_late or it.previous_hash == z.previous_hash for it in passed):
            raise self._broken(z)
        for it in reversed(passed):
            if it.z_number not in self.beside[-_MOST_BESIDE:]:
                self.beside.append(it.z_number)
                self._owed.append(it.took)
        return before

    def _broken(self, z: Z) -> Exception:
        before = self._recent[-1].z_number
        if z.z_number == before + 1:
            words = N_("It names another Z before it than Z {before}.")
            return found(Kind.CHAIN_BROKEN, z.path, words, before=before)
        if z.z_number == before + 2:
            words = N_("Z {missing} before it is missing, or was changed.")
            return found(Kind.CHAIN_BROKEN, z.path, words, missing=before + 1)
        words = N_("Z {first} to Z {last} before it are missing, or the newest of them was changed.")
        return found(Kind.CHAIN_BROKEN, z.path, words, first=before + 1, last=z.z_number - 1)

    def _check_total(self, z: Z, before: Z) -> None:
        more = z.perpetual - before.perpetual - z.took
        tried = self._owed[-_MOST_TRIED:]
        for n in range(len(tried) + 1):
            for some in combinations(tried, n):
                if sum(some, Perpetual(0, 0)) == more:
                    if not z.is_late:
                        for settled in some:
                            self._owed.remove(settled)
                    return
        if self._may_owe and more.sales >= 0 and more.refunds >= 0:
            self._may_owe -= 1
            return
        words = N_(
            "The total since the first sale goes from {before} at Z {z_number} to {now}, though the day took"
            " {took}."
        )
        raise found(
            Kind.DOES_NOT_ADD_UP,
            z.path,
            words,
            before=_net(before.perpetual, z),
            z_number=before.z_number,
            now=_net(z.perpetual, z),
            took=_net(z.took, z),
        )


def _net(total: Perpetual, z: Z) -> Amount:
    return Amount(total.sales - total.refunds, z.currency)
