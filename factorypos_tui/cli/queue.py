"""`queue` and `resend`: what waits, what was delivered, and sending again."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import agreed, json_option, print_json, print_table, say, whole_number
from factorypos_tui.cli.station import open_station
from factorypos_tui.core import shipments
from factorypos_tui.core.assignment import assigned_store
from factorypos_tui.core.errors import FactoryPosError, StorageError, UsageError
from factorypos_tui.core.instants import rfc3339
from factorypos_tui.core.language import _, format_date, format_number, ngettext
from factorypos_tui.core.money import format_money
from factorypos_tui.core.queue import Queue
from factorypos_tui.core.rebuilding import report_bytes
from factorypos_tui.core.resending import resend_all
from factorypos_tui.core.shipments import Shipment, State
from factorypos_tui.core.station import Station
from factorypos_tui.core.wording import reason_words, state_name

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
        shipment = _existing(station, row_id)
        report = _report(station, row_id)
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
def retry(home: Home, row_id: int | None, everything: bool) -> None:
    if (row_id is None) != everything:
        raise UsageError(_("Say which report: queue retry ID, or queue retry --all."))
    with open_station(home) as station:
        found = _existing(station, row_id) if row_id is not None else None
        now, store = station.clock.now(), assigned_store(station.database)
        if found is None:
            count = Queue(station.database).retry_all(store.id, now)
        else:
            if found.store_id != store.id:
                raise FactoryPosError(
                    _("Report {id} was made for another store. Nothing was changed.").format(id=row_id)
                )
            if not Queue(station.database).retry(found.id, store.id, now):
                raise FactoryPosError(
                    _("Report {id} does not need attention. Nothing was changed.").format(id=row_id)
                )
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
        try:
            with _new_private_file(file) as lines:
                count = 0
                for shipment in shipments.every(station.database):
                    document = shipment_document(shipment) | {"report": _report(station, shipment.id)}
                    lines.write(json.dumps(document, ensure_ascii=False) + "\n")
                    count += 1
        except FileExistsError as error:
            raise UsageError(_("{file} exists already. Nothing was written.").format(file=file)) from error
        except OSError as error:
            raise StorageError(
                _("{file} cannot be written: {detail}").format(file=file, detail=error.strerror)
            ) from error
    say(ngettext("{n} report was written.", "{n} reports were written.", count).format(n=count))


def _new_private_file(path: Path) -> TextIO:
    """A new file for its owner only, since it is full of takings; `-` is standard output."""
    if str(path) == "-":
        return os.fdopen(os.dup(1), "w", encoding="utf-8")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8")


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


def shipment_document(shipment: Shipment) -> dict[str, Any]:
    """A row of the queue as JSON; `net` in minor units."""
    return {
        "id": shipment.id,
        "report_id": shipment.report_id,
        "kind": shipment.kind.value,
        "revision": shipment.revision,
        "z_number": shipment.z_number,
        "business_date": shipment.business_date.isoformat(),
        "store_id": shipment.store_id,
        "currency": shipment.currency,
        "net": shipment.net,
        "content_hash": shipment.content_hash,
        "state": shipment.state.value,
        "attempts": shipment.attempts,
        "queued_at": rfc3339(shipment.queued_at),
        "delivered_at": rfc3339(shipment.delivered_at) if shipment.delivered_at else None,
        "result": shipment.result,
        "last_status": shipment.last_status,
        "last_error": shipment.last_error,
    }


def _report(station: Station, row_id: int) -> Any:
    """The report itself; None where its bytes are gone and the till cannot build them again."""
    found = report_bytes(station, row_id)
    return found and json.loads(found)


def _say_again(count: int, none: str) -> None:
    words = ngettext("{n} report will be sent again.", "{n} reports will be sent again.", count)
    say(words.format(n=format_number(count)) if count else none)


def _existing(station: Station, row_id: int) -> Shipment:
    found = shipments.shipment(station.database, row_id)
    if found is None:
        raise FactoryPosError(_("There is no report {id} in the queue.").format(id=row_id))
    return found


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
