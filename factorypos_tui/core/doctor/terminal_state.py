"""What the terminal itself knows: its till, its store, its queue, and who sends. All of it is judged as the
command `check` judges it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from factorypos_tui.core.delivery.link import LinkState
from factorypos_tui.core.delivery.link_wording import drainer_words
from factorypos_tui.core.doctor.findings import Facts, Finding, Verdict
from factorypos_tui.core.doctor.tokens import look_at_tokens
from factorypos_tui.core.language import N_, _, format_number
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.language.moments import when_words
from factorypos_tui.core.language.text import as_sentence
from factorypos_tui.core.queue.hash_chain import breaks_of, breaks_words
from factorypos_tui.core.reports.findings import finding_words, needs_a_person
from factorypos_tui.core.station import Station
from factorypos_tui.core.status.judging import GRADES, Grade, Limits, Matter, Surroundings, judge
from factorypos_tui.core.status.judging_wording import matter_words
from factorypos_tui.core.status.status import Status, read_status
from factorypos_tui.core.status.surroundings import look_around
from factorypos_tui.core.status.till_view import TillState
from factorypos_tui.core.status.wording import (
    exception_words,
    last_z_words,
    link_line,
    not_queued_words,
    sent_words,
)

_VERDICTS = {
    Grade.CRITICAL: Verdict.MISSING,
    Grade.WARNING: Verdict.PARTIAL,
    Grade.UNKNOWN: Verdict.NOT_AVAILABLE,
}


@dataclass
class TerminalState:
    """The state of a terminal, read once for all of its checks. Every check raises `StorageError` where
    `sync.db` cannot be read."""

    station: Station

    @cached_property
    def _status(self) -> Status:
        return read_status(self.station)

    @cached_property
    def _around(self) -> Surroundings:
        return look_around(self.station)

    def look_at_files(self) -> Finding:
        """Damaged files that were set aside, and what is wrong with those in use."""
        size_mib = self.station.database.path.stat().st_size >> 20
        words = _("No file is damaged. The queue's file has {n} MiB.").format(n=format_number(size_mib))
        facts = {"unseen": len(self._around.unseen), "queue_mib": size_mib}
        return self._judged({Matter.SET_ASIDE, Matter.STANDING}, words, facts)

    def look_at_till(self) -> Finding:
        """Whether the till can be read, and what it has closed last."""
        view = self._status.till_view
        facts: Facts = {"state": view.state.value, "kind": view.kind}
        if view.state is not TillState.OK or view.status is None:
            verdict = Verdict.NOT_AVAILABLE if view.state is TillState.ABSENT else Verdict.MISSING
            if Matter.NO_TILL in self._matters:
                verdict = Verdict.MISSING
            return Finding(verdict, view.reason or "", facts=facts)
        zone = str(self.station.till.time_zone())
        facts = {**facts, "last_z": view.status.last_z_number, "receipts": view.status.receipts, "zone": zone}
        number, n = view.status.last_z_number, format_number(view.status.receipts)
        last = (
            _("Its last close is Z {number}.").format(number=number)
            if number
            else _("It has closed no day yet.")
        )
        words = _("The till answers. {last} Receipts since then: {n}. Time zone: {zone}.")
        return Finding(Verdict.FINE, words.format(last=last, n=n, zone=zone), facts=facts)

    def look_at_records(self) -> Finding:
        """What the till's records have that a person should know: late receipts, sums that do not add up."""
        if self._status.till_view.state is not TillState.OK:
            words = _("It cannot be looked at: see the check till.")
            return Finding(Verdict.NOT_AVAILABLE, words)
        found = self._status.till_view.findings
        codes = sorted({finding.code for finding in found})
        facts: Facts = {"findings": len(found), "codes": " ".join(codes)}
        if not found:
            return Finding(Verdict.FINE, _("The till's records are in order."), facts=facts)
        verdict = Verdict.PARTIAL if any(map(needs_a_person, found)) else Verdict.FINE
        return Finding(verdict, " ".join(map(finding_words, found)), command("status"), facts)

    def look_at_store(self) -> Finding:
        """Which store this terminal sends for."""
        assignment = self._status.assignment
        facts: Facts = {
            "is_assigned": assignment is not None,
            "first_z": assignment.first_z if assignment else None,
        }
        if bad := self._bad({Matter.NO_STORE}, facts, command("assign")):
            return bad
        if assignment is None:
            words = _("No store is assigned, and no closed day waits for one.")
            return Finding(Verdict.NOT_AVAILABLE, words, command("assign"), facts)
        words = _("Reports go to {store}, {company}, from Z {first} on.").format(
            store=assignment.store.name, company=assignment.company.name, first=assignment.first_z
        )
        return Finding(Verdict.FINE, words, facts=facts)

    def look_at_credentials(self) -> Finding:
        """Where the token that sends is kept, and whether it is there."""
        if self._status.assignment is None:
            words = _("No token is needed before a store is assigned.")
            return Finding(Verdict.NOT_AVAILABLE, words)
        return look_at_tokens(self.station, self._status.assignment)

    def look_at_sender(self) -> Finding:
        """Which process sends, and since when."""
        holder = self._status.holder
        facts: Facts = {
            "kind": holder.kind if holder else None,
            "since": holder.since if holder else None,
        }
        if bad := self._bad({Matter.NOBODY_SENDS}, facts, command("worker")):
            return bad
        words = as_sentence(drainer_words(holder, 0))
        if self._status.assignment is None:
            return Finding(
                Verdict.NOT_AVAILABLE, _("Nothing is sent before a store is assigned."), facts=facts
            )
        if holder is None:
            return Finding(Verdict.PARTIAL, words, command("worker"), facts)
        since = when_words(instant_of(holder.since), self._status.at)
        words = _("{sender} Since {when}.").format(sender=words, when=since)
        return Finding(Verdict.FINE, words, facts=facts)

    def look_at_last_z(self) -> Finding:
        """The last Z at the till, in the queue and in FactoryCLOUD, and what lies between."""
        status, till = self._status, self._status.till
        queued = self.station.database.value("SELECT max(z_number) FROM shipment WHERE kind = 'Z'")
        there = self.station.database.value(
            "SELECT max(z_number) FROM shipment WHERE kind = 'Z' AND delivered_at IS NOT NULL"
        )
        last = till.last_z_number if till else None
        facts: Facts = {"till": last, "queue": queued, "cloud": there}
        words = _("Last Z at the till: {till}; in the queue: {queue}; in FactoryCLOUD: {cloud}.").format(
            till=last or "-", queue=queued or "-", cloud=there or "-"
        )
        between = [*not_queued_words(status), *exception_words(status)]
        if bad := self._bad({Matter.LEFT_BEHIND}, facts, command("queue list")):
            return Finding(bad.verdict, f"{words} {bad.words}", bad.remedy, facts)
        if between:
            words = f"{words} {as_sentence(', '.join(between))}"
            return Finding(Verdict.PARTIAL, words, command("queue list"), facts)
        return Finding(Verdict.FINE, words, facts=facts)

    def look_at_queue(self) -> Finding:
        """How many reports are in which state."""
        counts = self._status.counts
        facts: Facts = {state.value: n for state, n in counts.items()}
        words = as_sentence(", ".join([sent_words(self._status), last_z_words(self._status)]))
        return self._judged({Matter.ATTENTION}, words, facts, command("queue list --state attention"))

    def look_at_chain(self) -> Finding:
        """Whether each Z was built on the Z before it, and none is missing."""
        assignment = self._status.assignment
        if assignment is None:
            return Finding(Verdict.NOT_AVAILABLE, _("Nothing is sent before a store is assigned."))
        breaks = breaks_of(self.station.database, assignment.terminal.id)
        facts: Facts = {f"z_{found.z_number}": found.fault.value for found in breaks}
        if breaks:
            return Finding(Verdict.MISSING, " ".join(breaks_words(breaks)), command("verify"), facts)
        return Finding(Verdict.FINE, _("No close is missing, and none was changed."))

    def look_at_clock(self) -> Finding:
        """This machine's clock beside FactoryCLOUD's, as its last answer told."""
        offset = self._status.contact.offset_s
        facts = {"offset_s": offset}
        if offset is None:
            words = _("FactoryCLOUD has not told its time yet.")
            return Finding(Verdict.NOT_AVAILABLE, words, facts=facts)
        words = _("The clock is {n} s off FactoryCLOUD's.").format(n=format_number(abs(offset)))
        return self._judged({Matter.CLOCK}, words, facts)

    def look_at_link(self) -> Finding:
        """How the link to FactoryCLOUD was at the last try."""
        link = self._status.last_try
        if self._status.assignment is None:
            return Finding(Verdict.NOT_AVAILABLE, _("Nothing is sent before a store is assigned."))
        if not self._around.has_token:
            return Finding(
                Verdict.NOT_AVAILABLE, _("Nothing is sent without a token: see the check credentials.")
            )
        facts = {"state": link.state.value, "reason": link.reason, "cause": link.cause}
        words = as_sentence(link_line(self._status))
        if self._status.link.state is LinkState.OFFLINE:
            return Finding(Verdict.PARTIAL, words, command("doctor network"), facts)
        return self._judged({Matter.HELD}, words, facts)

    def look_at_integrity(self) -> Finding:
        """Every page of `sync.db`. Raises `DamagedError` where one is damaged."""
        self.station.database.check()
        return Finding(Verdict.FINE, _("Every page of the queue's file is sound."))

    @cached_property
    def _matters(self) -> tuple[Matter, ...]:
        return judge(self._status, self._around, Limits())

    def _judged(self, matters: set[Matter], well: str, facts: Facts, remedy: str = "") -> Finding:
        return self._bad(matters, facts, remedy) or Finding(Verdict.FINE, well, facts=facts)

    def _bad(self, matters: set[Matter], facts: Facts, remedy: str = "") -> Finding | None:
        """What is wrong of these matters, the worst first; None where nothing is."""
        found = [matter for matter in self._matters if matter in matters]
        if not found:
            return None
        words = " ".join(matter_words(matter, self._status, self._around) for matter in found)
        facts = {**facts, "matters": " ".join(matter.value for matter in found)}
        return Finding(_VERDICTS[GRADES[found[0]]], words, remedy, facts)


Look = tuple[str, str, Callable[[TerminalState], Finding]]
"""Name, what it looks at, and the check."""
LOOKS: Sequence[Look] = (
    ("till", N_("Whether the till can be read."), TerminalState.look_at_till),
    ("records", N_("Late receipts, and what else the till's records say."), TerminalState.look_at_records),
    ("store", N_("The store that reports go to."), TerminalState.look_at_store),
    (
        "credentials",
        N_("Where the token is kept, and whether it is there."),
        TerminalState.look_at_credentials,
    ),
    ("sender", N_("Which process sends, and since when."), TerminalState.look_at_sender),
    ("last-z", N_("The last Z at the till, in the queue and sent."), TerminalState.look_at_last_z),
    ("queue", N_("What waits, and what needs a person."), TerminalState.look_at_queue),
    ("chain", N_("Missing and changed closes."), TerminalState.look_at_chain),
    ("link", N_("The link at the last try."), TerminalState.look_at_link),
    ("clock", N_("The clock beside FactoryCLOUD's."), TerminalState.look_at_clock),
)
SLOW_LOOKS: Sequence[Look] = (
    ("integrity", N_("Each page of the queue's file."), TerminalState.look_at_integrity),
)
