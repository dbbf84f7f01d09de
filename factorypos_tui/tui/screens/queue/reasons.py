"""Why a key of the queue's screens cannot be used now; empty where it can. All pure."""

from factorypos_tui.core.language import _
from factorypos_tui.core.operations.accepting import why_not_accept
from factorypos_tui.core.operations.retrying import why_not_retry
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.status.status import Status


def why_no_retry(shipment: Shipment, status: Status) -> str:
    """Only a report that needs attention and can be sent now is sent again."""
    return why_not_retry(shipment, status.open_stores)


def why_not_leave_it(shipment: Shipment, _status: Status) -> str:
    """The same key takes back that a report was accepted."""
    return "" if shipment.state is State.ACCEPTED else why_not_accept(shipment)


def why_no_attention(shipment: Shipment, _status: Status) -> str:
    """Only a report that needs a person has advice."""
    return "" if shipment.state.about.needs_a_person else _("This report does not need attention.")


def why_not_retry_all(status: Status) -> str:
    """At least one report must need attention."""
    return "" if status.needing_a_person else _("No report needs attention. Nothing was changed.")


def why_no_next(status: Status) -> str:
    """At least one more report must need attention."""
    return "" if status.needing_a_person > 1 else _("No other report needs attention.")


def why_not_compare(status: Status) -> str:
    """Only a terminal that can send can ask."""
    return "" if status.assignment else _("Assign a business first.")


def why_not_export(status: Status) -> str:
    """An empty file is of no use."""
    any_report = sum(status.counts.values())
    return "" if any_report else _("There is nothing to write yet: close a day at the till.")
