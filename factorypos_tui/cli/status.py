"""`status`: the state of this terminal at a glance."""

import os

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option, print_facts, print_json, tell
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.account.assignment import has_token
from factorypos_tui.core.delivery.link_wording import drainer_name
from factorypos_tui.core.language import _, format_number, ngettext
from factorypos_tui.core.language.money import format_money
from factorypos_tui.core.operations.wording import left_out_words
from factorypos_tui.core.queue.wording import waiting_words
from factorypos_tui.core.recovery.recovery import standing_trouble
from factorypos_tui.core.reports.findings import finding_words
from factorypos_tui.core.status.judging import Limits, clock_is_off
from factorypos_tui.core.status.status import Status, read_status, status_document
from factorypos_tui.core.status.wording import clock_words, last_z_words, link_line, sent_words


@click.command(
    help=_(
        "Show account, store, queue, link and till at a glance.\n\n"
        "With --json, money is in minor units (cents) and times are in UTC."
    )
)
@json_option
@click.pass_obj
def status(home: Home, as_json: bool) -> None:
    with open_station(home) as station:
        found, trouble = read_status(station), standing_trouble(station)
        connected = has_token(station) if as_json else False
    if as_json:
        print_json(status_document(found, connected=connected))
    else:
        print_facts(_lines(found))
        for words in filter(None, [trouble, *map(finding_words, found.till_view.findings)]):
            if words is trouble or words not in (trouble or ""):
                tell(words)


def _lines(found: Status) -> list[tuple[str, str]]:
    store = found.assignment and f"{found.assignment.store.name} ({found.assignment.company.name})"
    lines = [
        (_("Account"), found.account or _("nobody is logged in")),
        (_("Store"), store or _("not assigned")),
        (_("FactoryCLOUD"), found.cloud_url or _("no address set")),
        (_("Link"), link_line(found)),
        (_("Closed days"), sent_words(found)),
        (_("Newest"), last_z_words(found)),
        (_("Sender"), drainer_name(found.holder, os.getpid())),
    ]
    if found.left_out:
        lines.append((_("Not sent"), left_out_words(found.left_out)))
    lines += [(_("Held back"), waiting_words(waiting)) for waiting in found.stranded]
    if clock_is_off(found, Limits()):
        lines.append((_("Clock"), clock_words(found.contact.offset_s or 0)))
    if found.till is None:
        return [*lines, (_("Till"), found.till_view.reason or "")]
    takings = format_money(found.till.net, found.till.currency)
    today = ngettext("{n} receipt today, {net}", "{n} receipts today, {net}", found.till.receipts)
    today = today.format(n=format_number(found.till.receipts), net=takings)
    return [*lines, (_("Till"), f"{found.till.terminal.name}, {today}")]
