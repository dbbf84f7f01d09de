"""The one judgement of a terminal, over every state it can be in."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factorypos_tui.core.account.assignment import Assignment
from factorypos_tui.core.delivery.closes import NotQueued
from factorypos_tui.core.delivery.contact import Contact
from factorypos_tui.core.delivery.link import NOT_ASSIGNED, Link, LinkState
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.models import Close, Company, Store, Terminal, TillFinding, TillStatus
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.queue.waiting import Waiting
from factorypos_tui.core.status.judging import (
    GRADES,
    Grade,
    Limits,
    Matter,
    Surroundings,
    all_is_sent,
    grade_of,
    judge,
)
from factorypos_tui.core.status.plugin_line import plugin_line
from factorypos_tui.core.status.status import Status
from factorypos_tui.core.status.till_view import TillState, TillView
from factorypos_tui.core.status.wording import sent_words
from factorypos_tui.core.storage.lock import Holder

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
JUST_NOW, LONG_AGO = timedelta(minutes=5), timedelta(hours=2)
STORE = Assignment(Company("c", "Maritim SL"), Store("s", "Bar"), Terminal("t", "Till"), 1, 0, NOW)
TILL = TillStatus("bundled", Terminal("t", "Till"), "EUR", True, 15, NOW, 0, 0)
HOLDER = Holder(1, "2026-11-29T08:00:00.000Z", "worker")


ELSEWHERE = Waiting(Store("t", "Kiosk"), "eva@example.com", 1)


@dataclass(frozen=True)
class Case:
    """A terminal as an operator sees it; spans are ages, None where there is none."""

    has_store: bool = True
    has_address: bool = True
    somebody_sends: bool = True
    z_waits: timedelta | None = None
    uncollected: timedelta | None = None
    unassigned: bool = False
    stranded: bool = False
    attention: bool = False
    left_out: bool = False
    accepted: bool = False
    till: TillState = TillState.OK
    link: LinkState = LinkState.ONLINE
    has_token: bool = True
    unseen: bool = False
    clock_off_s: int | None = 0
    findings: bool = False
    free_mib: int | None = 5000
    standing: bool = False

    def status(self) -> Status:
        """What the program would read."""
        uncollected = (Close(15, "p", rfc3339(NOW - self.uncollected)),) if self.uncollected else ()
        unassigned = (Close(15, "p", rfc3339(NOW - JUST_NOW)),) if self.unassigned else ()
        counts = dict.fromkeys(State, 0) | {State.ATTENTION: int(self.attention)}
        counts[State.ACCEPTED] = int(self.accepted)
        counts[State.PENDING] = int(self.z_waits is not None) + int(self.stranded)
        waiting_since = NOW - (self.z_waits or JUST_NOW) if self.z_waits or self.stranded else None
        ok = self.till is TillState.OK
        return Status(
            account=None, assignment=STORE if self.has_store else None,
            cloud_url="https://cloud.example.com" if self.has_address else None, send_x_report=False,
            x_interval=timedelta(minutes=30), next_x_at=None, last_x_at=None, last_z=None, counts=counts,
            waiting_since=waiting_since, z_waiting_since=NOW - self.z_waits if self.z_waits else None,
            open_stores=frozenset({"s"}), stranded=(ELSEWHERE,) if self.stranded else (),
            left_out=((13, 14),) if self.left_out else (),
            last_try=Link(self.link) if self.has_store else NOT_ASSIGNED,
            contact=Contact(NOW - JUST_NOW, self.clock_off_s), holder=HOLDER if self.somebody_sends else None,
            till_view=TillView(
                self.till, None if ok else "it cannot be read", TILL if ok else None,
                NotQueued(uncollected, unassigned) if ok else NotQueued(),
                (TillFinding("late_sale", 14),) if self.findings else (),
            ),
            token_place="file", version="test", at=NOW,
        )  # fmt: skip

    def around(self) -> Surroundings:
        """What the judgement is told beside it."""
        unseen = ("sync.db.damaged-1",) if self.unseen else ()
        standing = "Something stands." if self.standing else None
        return Surroundings(self.has_token and self.has_store, unseen, self.free_mib, standing)

    def matters(self) -> tuple[Matter, ...]:
        """The judgement."""
        return judge(self.status(), self.around(), Limits())


AGES = st.sampled_from([None, JUST_NOW, LONG_AGO])
CASES = st.builds(
    Case,
    has_store=st.booleans(),
    has_address=st.booleans(),
    somebody_sends=st.booleans(),
    z_waits=AGES,
    uncollected=AGES,
    unassigned=st.booleans(),
    stranded=st.booleans(),
    attention=st.booleans(),
    left_out=st.booleans(),
    accepted=st.booleans(),
    till=st.sampled_from(TillState),
    link=st.sampled_from([LinkState.ONLINE, LinkState.OFFLINE, LinkState.HELD]),
    has_token=st.booleans(),
    unseen=st.booleans(),
    clock_off_s=st.sampled_from([None, 0, 300, -300, 301, -301]),
    findings=st.booleans(),
    free_mib=st.sampled_from([None, 0, 99, 100, 5000]),
    standing=st.booleans(),
)


@pytest.mark.parametrize(
    ("case", "matters", "grade"),
    [
        (Case(), (), Grade.OK),
        (Case(somebody_sends=False), (), Grade.OK),
        (Case(z_waits=JUST_NOW), (), Grade.OK),
        (Case(uncollected=JUST_NOW), (), Grade.OK),
        (Case(link=LinkState.OFFLINE), (), Grade.OK),
        (Case(z_waits=JUST_NOW, somebody_sends=False), (Matter.NOBODY_SENDS,), Grade.CRITICAL),
        (Case(uncollected=JUST_NOW, somebody_sends=False), (Matter.NOBODY_SENDS,), Grade.CRITICAL),
        (Case(z_waits=LONG_AGO, somebody_sends=False), (Matter.NOBODY_SENDS,), Grade.CRITICAL),
        (Case(z_waits=LONG_AGO), (Matter.LEFT_BEHIND,), Grade.CRITICAL),
        (Case(uncollected=LONG_AGO), (Matter.LEFT_BEHIND,), Grade.CRITICAL),
        (Case(left_out=True), (), Grade.OK),
        (Case(accepted=True), (), Grade.OK),
        (Case(attention=True), (Matter.ATTENTION,), Grade.CRITICAL),
        (Case(stranded=True), (Matter.NO_STORE,), Grade.CRITICAL),
        (Case(unassigned=True), (Matter.NO_STORE,), Grade.CRITICAL),
        (Case(unassigned=True, has_store=False), (Matter.NO_STORE,), Grade.CRITICAL),
        (Case(has_store=False), (), Grade.OK),
        (Case(till=TillState.ABSENT), (Matter.NO_TILL,), Grade.CRITICAL),
        (Case(till=TillState.UNREADABLE), (Matter.NO_TILL,), Grade.CRITICAL),
        (Case(till=TillState.DAMAGED), (Matter.NO_TILL,), Grade.CRITICAL),
        (Case(till=TillState.ABSENT, has_store=False), (Matter.CANNOT_TELL,), Grade.UNKNOWN),
        (Case(till=TillState.DAMAGED, has_store=False), (Matter.CANNOT_TELL,), Grade.UNKNOWN),
        (Case(till=TillState.DAMAGED, has_store=False, attention=True),
         (Matter.ATTENTION, Matter.CANNOT_TELL), Grade.CRITICAL),
        (Case(unseen=True), (Matter.SET_ASIDE,), Grade.CRITICAL),
        (Case(link=LinkState.HELD), (Matter.HELD,), Grade.WARNING),
        (Case(link=LinkState.HELD, somebody_sends=False), (Matter.HELD,), Grade.WARNING),
        (Case(has_address=False), (Matter.NO_ADDRESS,), Grade.WARNING),
        (Case(has_token=False), (Matter.HELD,), Grade.WARNING),
        (Case(clock_off_s=301), (Matter.CLOCK,), Grade.WARNING),
        (Case(clock_off_s=-301), (Matter.CLOCK,), Grade.WARNING),
        (Case(clock_off_s=300), (), Grade.OK),
        (Case(clock_off_s=None), (), Grade.OK),
        (Case(findings=True), (Matter.FINDINGS,), Grade.WARNING),
        (Case(free_mib=99), (Matter.DISK,), Grade.WARNING),
        (Case(free_mib=100), (), Grade.OK),
        (Case(free_mib=None), (), Grade.OK),
        (Case(standing=True), (Matter.STANDING,), Grade.WARNING),
    ],
)  # fmt: skip
def test_the_truth_table(case: Case, matters: tuple[Matter, ...], grade: Grade) -> None:
    assert case.matters() == matters
    assert grade_of(matters) is grade


@given(CASES)
def test_it_is_never_well_while_a_closed_day_is_on_no_way(case: Case) -> None:
    reads_till = case.till is TillState.OK
    to_leave = case.has_store and (case.z_waits or (reads_till and case.uncollected))
    no_way = (
        (to_leave and not case.somebody_sends)
        or (reads_till and case.unassigned)
        or case.stranded
        or case.attention
        or (case.has_store and not reads_till)
        or case.unseen
    )
    grade = grade_of(case.matters())
    if no_way:
        assert grade is Grade.CRITICAL
    elif not reads_till:
        assert grade in (Grade.UNKNOWN, Grade.CRITICAL)


@given(CASES)
def test_what_gets_worse_never_looks_better(case: Case) -> None:
    gravity = [Grade.OK, Grade.WARNING, Grade.UNKNOWN, Grade.CRITICAL]
    worse = [
        replace(case, attention=True),
        replace(case, unseen=True),
        replace(case, findings=True),
        replace(case, somebody_sends=False),
        replace(case, has_token=False),
        replace(case, clock_off_s=9999),
    ]
    before = gravity.index(grade_of(case.matters()))
    assert all(gravity.index(grade_of(changed.matters())) >= before for changed in worse)


@given(CASES)
@example(Case(accepted=True))
@example(Case(left_out=True))
def test_all_is_said_to_be_sent_only_where_all_is(case: Case) -> None:
    status, matters = case.status(), case.matters()
    is_sent = all_is_sent(status)
    if is_sent:
        assert case.till is TillState.OK
        assert not any((case.z_waits, case.uncollected, case.unassigned, case.stranded, case.attention))
        assert not any((case.left_out, case.accepted))
    assert (sent_words(status) == "all sent") == (is_sent and case.has_store)
    line = plugin_line(grade_of(matters), matters, status, case.around(), Limits())
    assert is_sent or "All closed days are in FactoryCLOUD" not in line


@pytest.mark.parametrize("state", State)
def test_what_is_said_of_a_single_report_is_what_its_state_declares(state: State) -> None:
    counts, about = dict.fromkeys(State, 0) | {state: 1}, state.about
    status = replace(Case().status(), counts=counts, waiting_since=NOW if about.waits else None)
    assert [about.waits, about.needs_a_person, about.is_done, bool(about.stays)].count(True) == 1
    assert (status.waiting, status.needing_a_person) == (about.waits, about.needs_a_person)
    assert all_is_sent(status) is about.is_done
    assert (sent_words(status) == "all sent") is about.is_done
    assert (Matter.ATTENTION in judge(status, Case().around(), Limits())) is about.needs_a_person


def test_vouchers_above_the_total_warn_nobody_every_day() -> None:
    status = Case(findings=True).status()
    of_every_day = TillFinding("voucher_excess", 14)
    view = replace(status.till_view, findings=(of_every_day,))
    assert judge(replace(status, till_view=view), Case().around(), Limits()) == ()
    view = replace(status.till_view, findings=(of_every_day, TillFinding("late_sale", 14)))
    line = plugin_line(
        Grade.WARNING, (Matter.FINDINGS,), replace(status, till_view=view), Case().around(), Limits()
    )
    assert line.startswith("WARNING - 1 finding in the till's records")


def test_a_day_that_was_not_closed_is_told_as_open() -> None:
    status = Case(findings=True).status()
    view = replace(status.till_view, findings=(TillFinding("day_open", None), TillFinding("late_sale", 14)))
    status = replace(status, till_view=view)
    line = plugin_line(Grade.WARNING, (Matter.FINDINGS,), status, Case().around(), Limits())
    assert line.startswith("WARNING - 2 findings in the till's records: factorypos-tui status names them.")
    assert "The running day: the last receipt is more than 36 hours old, and the day is still open." in line


def test_a_day_that_is_not_there_as_it_was_closed_is_counted_where_nothing_waits() -> None:
    case = Case(left_out=True, accepted=True)
    line = plugin_line(Grade.OK, (), case.status(), case.around(), Limits())
    assert line.startswith(
        "OK - No closed day waits: 2 left out, 1 accepted as it stands, last Z 14 left out,"
    )
    assert sent_words(case.status()) == "all sent but 2 left out, 1 accepted as it stands"


@given(CASES)
def test_the_line_says_that_all_is_in_factorycloud_only_where_all_is(case: Case) -> None:
    """Not of what is on its way for a moment only, which is no reason to warn; nor of what was left out."""
    for status in (case.status(), replace(case.status(), left_out=[(1, 2)])):
        line = plugin_line(Grade.OK, (), status, case.around(), Limits())
        if "All closed days are in FactoryCLOUD" in line:
            assert all_is_sent(status)
            assert not status.left_out


@given(CASES)
def test_the_line_is_one_line_in_the_form_of_a_plugin(case: Case) -> None:
    matters = case.matters()
    grade = grade_of(matters)
    line = plugin_line(grade, matters, case.status(), case.around(), Limits())
    words, figures = line.split(" | ")
    assert "\n" not in line
    assert words.removeprefix(f"{grade} - ") not in ("", words)
    for figure in figures.split():
        label, value = figure.split("=")
        assert label.replace("_", "").isalpha()
        assert value.split(";")[0]


def test_every_matter_has_a_grade() -> None:
    assert set(GRADES) == set(Matter)
    for present in product([(), (Matter.CLOCK,)], [(), (Matter.CANNOT_TELL,)], [(), (Matter.ATTENTION,)]):
        matters = sum(present, ())
        expected = next(
            (grade for grade in (Grade.CRITICAL, Grade.UNKNOWN, Grade.WARNING)
             if grade in {GRADES[matter] for matter in matters}),
            Grade.OK,
        )  # fmt: skip
        assert grade_of(matters) is expected
