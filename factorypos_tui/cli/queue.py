"""`queue` and `resend`: what waits, what was delivered, and sending again."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import agreed, json_option, print_json, print_table, say, whole_number
from factorypos_tui.cli.station import open_station
from factorypos_tui.core import shipments
from factorypos_tui.core.assignment import assigned_store
from factorypos_tui.core.errors import FactoryPosError, UsageError
from factorypos_tui.core.exporting import export_queue, shipment_document, write_queue
from factorypos_tui.core.files import disk_errors_in_words
from factorypos_tui.core.inspecting import document_of
from factorypos_tui.core.language import _, format_date, ngettext
from factorypos_tui.core.money import format_money
from factorypos_tui.core.resending import resend_all
from factorypos_tui.core.retrying import existing, retry, retry_all
from factorypos_tui.core.shipments import Shipment, State
from factorypos_tui.core.station import Station
from factorypos_tui.core.wording import again_words, reason_words, state_name

_LARGEST_INTEGER = 2**63 - 1  # of SQLite
_ID = whole_number(1, _LARGEST_INTEGER)
_MOST_ROWS = 50


@click.group(help=_("Look at the reports on their way to FactoryCLOUD."))
def queue() -> None:
    pass


@queue.command(
    "list",
    help=_(
        "List the reports, the newest first.\n\n"
        "With --json there is one JSON object a line, money in minor units (cents).\n\n"
        "The states: pending waits to be sent, also after a failed try; sending is on its way; delivered has "
        "arrived; attention was refused by FactoryCLOUD and a person must look; superseded is an X report "
        "that a newer one replaced before it was sent."
    ),
)
@click.option(
    "--state",
    type=click.Choice([state.value for state in State]),
    help=_("Only reports in this state (default: all)."),
)
@click.option(
    "--limit",
    type=whole_number(1),
    metavar="N",
    help=_("At most N reports (default: 50; with --json all of them)."),
)
@json_option
@click.pass_obj
def list_(home: Home, state: str | None, limit: int | None, as_json: bool) -> None:
    with open_station(home) as station:
        most = min(limit or (_LARGEST_INTEGER if as_json else _MOST_ROWS), _LARGEST_INTEGER)
        found = shipments.newest(station.database, most, State(state) if state else None)
    if as_json:
        for shipment in found:
            print_json(shipment_document(shipment))
    elif found:
        _print_shipments(found)
    else:
        say(_("No reports here."))


@queue.command(
    "show",
    help=_(
        "Show where one report stands.\n\n"
        "ID is its number in `queue list`. With --json the report itself is shown too, money in minor units "
        "(cents)."
    ),
)
@click.argument("row_id", metavar=_("ID"), type=_ID)
@json_option
@click.pass_obj
def show(home: Home, row_id: int, as_json: bool) -> None:
    with open_station(home) as station:
        shipment = existing(station, row_id)
        report = document_of(station, row_id)
    if as_json:
        print_json(shipment_document(shipment) | {"report": report})
    else:
        _print_shipments([shipment])


@queue.command(
    "retry",
    help=_(
        "Send a report that was refused once more.\n\n"
        "ID is its number in `queue list`; --all takes every report in the state attention."
    ),
)
@click.argument("row_id", metavar=_("[ID]"), type=_ID, required=False)
@click.option("--all", "everything", is_flag=True, help=_("Every report that needs attention."))
@click.pass_obj
def retry_(home: Home, row_id: int | None, everything: bool) -> None:
    if (row_id is None) != everything:
        raise UsageError(_("Say which report: queue retry ID, or queue retry --all."))
    with open_station(home) as station:
        if row_id is None:
            count = retry_all(station)
        else:
            retry(station, row_id)
            count = 1
        _say_again(count, _("No report needs attention. Nothing was changed."))


@queue.command(
    "export",
    help=_(
        "Write every report with its state to a new FILE.\n\n"
        "One JSON object a line, money in minor units (cents). A FILE that exists is not overwritten; - is "
        "standard output."
    ),
)
@click.argument("file", metavar=_("FILE"), type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.pass_obj
def export(home: Home, file: Path) -> None:
    with open_station(home) as station:
        count = _print_queue(station) if str(file) == "-" else export_queue(station, file)
    say(ngettext("{n} report was written.", "{n} reports were written.", count).format(n=count))


def _print_queue(station: Station) -> int:
    with disk_errors_in_words(Path("-")), os.fdopen(os.dup(1), "w", encoding="utf-8") as lines:
        return write_queue(station, lines)


@click.command(
    help=_(
        "Send all Z reports to FactoryCLOUD again.\n\n"
        "All that are known here are sent; those that FactoryCLOUD has already stay as they are, so nothing "
        "is duplicated."
    )
)
@click.option("--yes", is_flag=True, help=_("Do not ask first."))
@click.pass_obj
def resend(home: Home, yes: bool) -> None:
    with open_station(home) as station:
        store = assigned_store(station.database)
        question = _("Send all Z reports to {store} again? Nothing will be duplicated.")
        if not yes and not agreed(question.format(store=store.name)):
            raise FactoryPosError(_("Nothing was changed."))
        count = resend_all(station)
        _say_again(
            count, _("Nothing to send again: no Z report has arrived yet, or all are waiting already.")
        )


def _say_again(count: int, none: str) -> None:
    say(again_words(count) if count else none)


def _print_shipments(found: Sequence[Shipment]) -> None:
    headings = (_("Id"), _("Kind"), _("No."), _("Date"), _("Net"), _("State"), _("Tries"), _("Why not"))
    rows = [
        (
            str(shipment.id),
            shipment.kind.value,
            str(shipment.z_number or "-"),
            format_date(shipment.business_date),
            format_money(shipment.net, shipment.currency),
            state_name(shipment.state),
            str(shipment.attempts),
            reason_words(shipment.last_error) if shipment.last_error else "",
        )
        for shipment in found
    ]
    print_table(headings, rows)
