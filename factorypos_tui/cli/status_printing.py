"""The state of a terminal, in lines for a person."""

import os

from factorypos_tui.cli.output import print_facts, tell
from factorypos_tui.core.delivery.link_wording import drainer_name
from factorypos_tui.core.language import _, counted
from factorypos_tui.core.language.money import format_money
from factorypos_tui.core.operations.wording import left_out_words
from factorypos_tui.core.queue.wording import waiting_words
from factorypos_tui.core.recovery.recovery import standing_trouble
from factorypos_tui.core.reports.findings import finding_words
from factorypos_tui.core.station import Station
from factorypos_tui.core.status.judging import Limits, clock_is_off
from factorypos_tui.core.status.status import Status
from factorypos_tui.core.status.wording import clock_words, last_z_words, link_line, sent_words


def show(current: Status, station: Station) -> None:
    """Print them, and what a person should see to."""
    trouble = standing_trouble(station)
    print_facts(_lines(current))
    for words in filter(None, [trouble, *map(finding_words, current.till_view.findings)]):
        if words is trouble or words not in (trouble or ""):
            tell(words)


def _lines(status: Status) -> list[tuple[str, str]]:
    store = status.assignment and f"{status.assignment.store.name} ({status.assignment.company.name})"
    lines = [
        (_("Account"), status.account or _("nobody is logged in")),
        (_("Store"), store or _("not assigned")),
        (_("FactoryCLOUD"), status.cloud_url or _("no address set")),
        (_("Link"), link_line(status)),
        (_("Closed days"), sent_words(status)),
        (_("Newest"), last_z_words(status)),
        (_("Sender"), drainer_name(status.holder, os.getpid())),
    ]
    if status.left_out:
        lines.append((_("Not sent"), left_out_words(status.left_out)))
    lines += [(_("Held back"), waiting_words(waiting)) for waiting in status.stranded]
    if clock_is_off(status, Limits()):
        lines.append((_("Clock"), clock_words(status.contact.offset_s or 0)))
    if status.till is None:
        return [*lines, (_("Till"), status.till_view.reason or "")]
    takings = format_money(status.till.net, status.till.currency)
    today = counted(
        "{n} receipt today, {net}", "{n} receipts today, {net}", status.till.receipts, net=takings
    )
    return [*lines, (_("Till"), f"{status.till.terminal.name}, {today}")]
