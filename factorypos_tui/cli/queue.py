"""`queue` and `resend`: what waits, what was delivered, and what a person can do about it."""

import os
import shlex
from dataclasses import replace
from pathlib import Path

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import (
    agree,
    ending_with_the_reader,
    json_option,
    print_json,
    say,
    whole_number,
)
from factorypos_tui.cli.queue_printing import print_report, print_shipments, report_document
from factorypos_tui.cli.queue_send import send
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.account.assignment import assigned_store
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _, counted, format_number
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.operations.accepting import accept, accepted_words, take_back
from factorypos_tui.core.operations.exporting import (
    EVERYTHING,
    Format,
    export_queue,
    format_of,
    shipment_document,
    write_queue,
)
from factorypos_tui.core.operations.inspecting import inspect
from factorypos_tui.core.operations.resending import resend_all, resendable
from factorypos_tui.core.operations.retrying import retry, retry_all
from factorypos_tui.core.operations.sending_left_out import left_out_here
from factorypos_tui.core.operations.wording import again_words, passed_over_words
from factorypos_tui.core.queue.left_out import spans
from factorypos_tui.core.queue.pages import Query, first_window
from factorypos_tui.core.queue.referring import row_meant
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.station import Station
from factorypos_tui.core.status.status import read_status
from factorypos_tui.core.status.wording import not_queued_sentences
from factorypos_tui.core.storage.files import disk_errors_in_words
from factorypos_tui.core.storage.lock import holder_of

_MOST_ROWS = 50
_MOST_IN_JSON = 2**62
_ref = click.argument("ref", metavar="REF")
_state = click.option(
    "--state",
    type=click.Choice([state.value for state in State]),
    help=_("Only reports in this state (default: all)."),
)
_search = click.option(
    "--search",
    metavar=_("TEXT"),
    default="",
    help=_("Only reports that fit these words: a number, a date, an amount, a state, a reason."),
)


@click.group(
    help=_(
        "Look at the reports on their way to FactoryCLOUD.\n\n"
        "REF says which report: Z412, the number of its row in `queue list`, or its report id."
    )
)
def queue() -> None:
    pass


@queue.command(
    "list",
    help=_(
        "List the reports, the newest first.\n\n"
        "With --json there is one JSON object a line, money in minor units (cents).\n\n"
        "The states: pending waits to be sent, also after a failed try; sending is on its way; delivered has "
        "arrived; attention was refused by FactoryCLOUD and a person must look; accepted was accepted as it "
        "stands; superseded is an X report that a newer one replaced before it was sent."
    ),
)
@_state
@_search
@click.option(
    "--limit",
    type=whole_number(1),
    metavar="N",
    help=_("At most N reports (default: 50; with --json all of them)."),
)
@json_option
@click.pass_obj
def list_(home: Home, state: str | None, search: str, limit: int | None, as_json: bool) -> None:
    with open_station(home) as station:
        most = min(limit or (_MOST_IN_JSON if as_json else _MOST_ROWS), _MOST_IN_JSON)
        window = first_window(station, Query(_state_of(state), search), most)
        if as_json:
            for shipment in window.rows:
                print_json(shipment_document(shipment))
        else:
            for words in (not_queued := not_queued_sentences(read_status(station))):
                say(words)
            if window.rows:
                print_shipments(station, window.rows)
            elif not not_queued:
                say(_("No reports here."))
    if not window.ends:
        say(
            _("These are the newest {n} of {total}. To see all: {command}").format(
                n=format_number(len(window.rows)),
                total=format_number(window.found),
                command=command(_list_all(state, search, window.found)),
            )
        )


@queue.command(
    "show",
    help=_(
        "Show a report as it prints, and its whole way.\n\n"
        "With --json, money is in minor units (cents) and times are in UTC."
    ),
)
@_ref
@click.option("--text", "as_text", is_flag=True, help=_("Print it as text (the default)."))
@json_option
@click.pass_obj
def show(home: Home, ref: str, as_text: bool, as_json: bool) -> None:
    if as_text and as_json:
        raise UsageError(_("Say either --text or --json."))
    with open_station(home) as station:
        found = inspect(station, row_meant(station.database, ref))
        if as_json:
            print_json(report_document(found))
        else:
            print_report(found)


@queue.command(
    "retry",
    help=_("Send a refused report again.\n\nWith --all every report in the state attention is sent."),
)
@click.argument("ref", metavar="[REF]", required=False)
@click.option("--all", "everything", is_flag=True, help=_("Every report that needs attention."))
@click.pass_obj
def retry_(home: Home, ref: str | None, everything: bool) -> None:
    if (ref is None) != everything:
        raise UsageError(_("Say which report: queue retry REF, or queue retry --all."))
    with open_station(home) as station:
        if ref is None:
            count = retry_all(station)
        else:
            retry(station, row_meant(station.database, ref))
            count = 1
        _say_again(count, _("No report needs attention. Nothing was changed."))


queue.add_command(send)


@queue.command(
    "accept",
    help=_(
        "Accept a report that needs attention as it stands.\n\n"
        "It needs no person any more. Where FactoryCLOUD holds another report with its number, that one "
        "counts and both are kept; the next process that sends tells FactoryCLOUD. A report that "
        "FactoryCLOUD refused stays here only, and `verify` goes on naming it. --undo takes it back."
    ),
)
@_ref
@click.option("--undo", is_flag=True, help=_("Take it back: the report needs attention again."))
@click.pass_obj
def accept_(home: Home, ref: str, undo: bool) -> None:
    with open_station(home) as station:
        row_id = row_meant(station.database, ref)
        if undo:
            take_back(station, row_id)
            say(_("Taken back: the report needs attention again."))
        else:
            say(accepted_words(accept(station, row_id)))
            undo_it = command(f"queue accept --undo {ref}")
            say(_("To take it back: {command}").format(command=undo_it))


@queue.command(
    "export",
    help=_(
        "Write reports with their states to a new FILE.\n\n"
        "All of them, unless --state or --search say which. As jsonl there is one JSON object a line, each "
        "report whole in it, money in minor units (cents); as csv there is a table of where they stand. A "
        "FILE that exists is not overwritten; - is standard output."
    ),
)
@click.argument("file", metavar=_("FILE"), type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in Format]),
    help=_("How it is written (default: csv for a FILE that ends in .csv, else jsonl)."),
)
@_state
@_search
@click.pass_obj
def export(home: Home, file: Path, form: str | None, state: str | None, search: str) -> None:
    query = replace(EVERYTHING, state=_state_of(state), search=search)
    wanted = Format(form) if form else format_of(file)
    with open_station(home) as station:
        if str(file) == "-":
            count = _print_queue(station, query, wanted)
        else:
            count = export_queue(station, file, query, wanted)
    say(counted("{n} report was written.", "{n} reports were written.", count))


def _list_all(state: str | None, search: str, found: int) -> str:
    only = [*(["--state", state] if state else []), *(["--search", search] if search else [])]
    return shlex.join(["queue", "list", *only, "--limit", str(found)])


def _state_of(name: str | None) -> State | None:
    return State(name) if name else None


def _print_queue(station: Station, query: Query, form: Format) -> int:
    with (
        disk_errors_in_words(Path("-")),
        ending_with_the_reader(),
        os.fdopen(os.dup(1), "w", encoding="utf-8") as lines,
    ):
        return write_queue(station, lines, query, form)


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
        found = resendable(station)
        for words in passed_over_words(found, spans(left_out_here(station))):
            say(words)
        question = _("Send all Z reports to {store} again? Nothing will be duplicated.")
        if found.stores > 1:
            question = _("Send all Z reports again, each to its own store? Nothing will be duplicated.")
        if not yes:
            agree(question.format(store=store.name))
        count = resend_all(station)
        _say_again(
            count, _("Nothing to send again: no Z report has arrived yet, or all are waiting already.")
        )
        if count and holder_of(station.worker_lock) is None:
            words = _("Nothing sends at the moment: open the app, or run: {command}")
            say(words.format(command=command("worker --once")))


def _say_again(count: int, none: str) -> None:
    say(again_words(count) if count else none)
