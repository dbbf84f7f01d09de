"""The states of a shipment, declared once: names, words, order on screens, and what is true in each.

`transitions` has the moves between them. A new state is a member here and its moves there: other code asks
what is true in a state, or which moves start from it or lead to it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from factorypos_tui.core.language import N_, counted


def _accepted(n: int) -> str:
    return counted("{n} accepted as it stands", "{n} accepted as they stand", n)


@dataclass(frozen=True, slots=True)
class About:
    """All that there is to know of a state."""

    word: str
    """Its name in lists; a search finds it by that name."""
    meaning: str
    """The sentence below the list for a selected report."""
    waits: bool = False
    """The report still has to leave; it is on no other way."""
    needs_a_person: bool = False
    is_done: bool = False
    """The cloud has the report, or has no use for it: nothing is left to do."""
    stays: Callable[[int], str] | None = None
    """How many a person wants to stay here, in words: then not all is sent. A state that has no such words
    waits, needs a person or is done."""
    says_why: bool = False
    """The reason of the last failure says why the report has not arrived."""
    is_rare: bool = False
    """Screens count it only where there is one."""
    is_in_status: bool = True
    """`status --json` counts it."""
    promised: str | None = None
    """Its name for other programs, where that differs from ours."""


class State(StrEnum):
    """The state of a shipment, in the order of the screens."""

    _value_: str
    about: About

    PENDING = (
        "pending",
        About(
            N_("waiting"),
            N_("It waits here, safe, and goes by itself when the link allows."),
            waits=True,
            says_why=True,
        ),
    )
    SENDING = "sending", About(N_("sending"), N_("It is on its way."), waits=True, says_why=True)
    DELIVERED = "delivered", About(N_("delivered"), N_("FactoryCLOUD has confirmed it."), is_done=True)
    ATTENTION = (
        "attention",
        About(
            N_("attention"),
            N_("Refused as it stands. It is safe here; A says what to do."),
            needs_a_person=True,
            says_why=True,
        ),
    )
    ACCEPTED = (
        "accepted",
        About(
            N_("accepted"),
            N_("Accepted as it stands, so it needs no person. L takes that back."),
            stays=_accepted,
            says_why=True,
            is_rare=True,
            is_in_status=False,
            promised="attention",
        ),
    )
    SUPERSEDED = (
        "superseded",
        About(
            N_("superseded"),
            N_("A newer report took its place before it left."),
            is_done=True,
            is_in_status=False,
        ),
    )

    def __new__(cls, value: str, *declared: About) -> "State":
        member = str.__new__(cls, value)
        member._value_ = value
        (member.about,) = declared
        return member

    @property
    def promised(self) -> str:
        """Its name for other programs."""
        return self.about.promised or self.value


def in_states(states: Iterable[State]) -> str:
    """The SQL condition that a row of `shipment` is in one of these states."""
    names = [f"'{state}'" for state in states]
    return f"state IN ({', '.join(names)})" if len(names) > 1 else f"state = {names[0]}"


WAITS = in_states(state for state in State if state.about.waits)
"""Word for word that of the index `shipment_waiting`: SQLite uses the index for no other words."""
TO_SEND = in_states([State.PENDING])
"""Word for word that of the index `shipment_to_send`."""
NEEDS_A_PERSON = in_states(state for state in State if state.about.needs_a_person)
IS_ACCEPTED = in_states([State.ACCEPTED])
SAYS_WHY = in_states(state for state in State if state.about.says_why)
REFUSED = f"{NEEDS_A_PERSON} AND last_status IS NOT NULL AND last_error IS NOT 'report_conflict'"
"""Refused by the cloud, and no conflict."""
