"""The steps from nothing to the first Z in FactoryCLOUD: which are done, and which comes next. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from factorypos_tui.core.language import _
from factorypos_tui.core.status.status import Status
from factorypos_tui.core.status.till_view import TillState


class Step(StrEnum):
    """A step, in the order in which they are taken."""

    ACCOUNT = "account"
    TILL = "till"
    STORE = "store"
    FIRST_Z = "first_z"


class Stands(StrEnum):
    """Where a step stands."""

    DONE = "done"
    NEXT = "next"
    LATER = "later"


def first_steps(status: Status) -> Mapping[Step, Stands] | None:
    """Where each step stands; None once a Z of this terminal has arrived, or may have: then they never come
    back."""
    if status.first_delivered_z is not None or status.is_rebuilt:
        return None
    done = {
        Step.ACCOUNT: bool(status.account or status.assignment),
        Step.TILL: status.till is not None,
        Step.STORE: status.assignment is not None,
    }
    following = next((step for step in Step if not done.get(step)), None)
    return {
        step: Stands.DONE if done.get(step) else Stands.NEXT if step is following else Stands.LATER
        for step in Step
    }


def can_make_a_till(status: Status) -> bool:
    """Whether a till is to be made here: there is none, and there never was one that closed a day."""
    view = status.till_view
    is_new = status.last_z is None and first_steps(status) is not None
    return is_new and view.state is TillState.ABSENT and view.can.be_made


def why_no_connection(status: Status) -> str:
    """Why no till of another program can be connected here; empty where one can. One that is connected can
    be named anew: its server may have moved."""
    view = status.till_view
    if view.can.be_made and (status.last_z or status.first_delivered_z):
        return _("This till has closed days: use another folder.")
    return ""


def wants_a_connection(status: Status) -> bool:
    """Whether the till that there is to be is not there: then one of another program can be connected."""
    view = status.till_view
    return can_make_a_till(status) or (not view.can.be_made and view.state is not TillState.OK)


def next_words(status: Status, *, has_till: bool = False) -> str:
    """What a person who has just logged in, or made a till (`has_till`), does next."""
    if not has_till and can_make_a_till(status):
        return _("Next: F6 Make a till.")
    if not status.assignment:
        return _("Next: 2 Assign business.") if status.account else _("Next: 1 Account.")
    return ""
