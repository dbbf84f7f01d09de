"""`assign` and `enrol`: they bind this terminal to a store."""

import sys
from collections.abc import Collection
from itertools import count

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option, print_json, say
from factorypos_tui.cli.phone import wait_for_approval
from factorypos_tui.cli.reading import reading_line
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.account.accounts import account, log_out
from factorypos_tui.core.account.assignment import Assignment, History
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _, format_numbers
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.operations.choosing import assigned_already, enrolled_already, find_place
from factorypos_tui.core.operations.enrolment import assign as assign_store
from factorypos_tui.core.operations.enrolment import enrol as enrol_station
from factorypos_tui.core.operations.wording import log_in_ended_words
from factorypos_tui.core.queue.left_out import days_left_out, spans
from factorypos_tui.core.station import Station

_LONGEST_CODE = 200
"""As FactoryCLOUD takes it."""

_history = click.option(
    "--history",
    type=click.Choice([history.value for history in History]),
    help=_(
        "The days closed so far: send them all; those that FactoryCLOUD lacks since the first of this "
        "terminal that it has; or none of them, only those from now on (default: missing). `queue send` "
        "sends later what is left out."
    ),
)


@click.command(
    help=_(
        "Choose the store that this till's reports go to.\n\n"
        "FactoryCLOUD gives this terminal a token of its own, which can only send reports and synchronize "
        "the configuration of that store. Your log-in ends then, unless it is to stay. Where there is one "
        "store only, it need not be named. Where this till sends to the store already, nothing is changed, "
        "unless you say by --history which days to send."
    )
)
@click.option(
    "--company",
    metavar=_("ID|NAME"),
    help=_("The company, by its id or its name (default: the only one)."),
)
@click.option(
    "--store",
    metavar=_("ID|NAME"),
    help=_("The store, by its id or its name (default: the only one)."),
)
@_history
@click.option(
    "--move", is_flag=True, help=_("Move the terminal here from the store it belongs to in FactoryCLOUD.")
)
@click.option(
    "--stay-logged-in",
    "stays",
    is_flag=True,
    help=_("Keep the log-in of the person (default: it ends; reports need none)."),
)
@json_option
@click.pass_obj
def assign(
    home: Home,
    company: str | None,
    store: str | None,
    history: str | None,
    move: bool,
    stays: bool,
    as_json: bool,
) -> None:
    with open_station(home) as station:
        already = None if history else assigned_already(station, company, store)
        if already is None:
            place, sent = find_place(station, company, store), History(history or History.MISSING)
            with reading_line() as tell:
                assignment = assign_store(
                    station, place.company_id, place.store_id, sent, move=move, progress=tell
                )
        else:
            assignment = already
        ended = None if stays else _end_log_in(station)
        left_out = days_left_out(station.database, assignment.terminal.id)
    _print(assignment, left_out, as_json, is_new=already is None)
    if ended is not None:
        say(log_in_ended_words(ended))


@click.command(
    help=_(
        "Assign this till to a store with a code of its owner.\n\n"
        "No account and no password is needed. A code moves no terminal out of another store. Where it has "
        "brought this till to its store already, nothing is changed, unless you say by --history which days "
        "to send.\n\n"
        "With --phone no code is needed: this till shows one, and waits until the owner or a manager of a "
        "store approves it with a phone or a computer."
    )
)
@click.argument("code", metavar=_("CODE|-"), required=False)
@click.option(
    "--phone",
    "with_phone",
    is_flag=True,
    help=_(
        "Show a code and a QR code, and wait until a person approves this till, who also chooses the days."
    ),
)
@_history
@json_option
@click.pass_obj
def enrol(home: Home, code: str | None, with_phone: bool, history: str | None, as_json: bool) -> None:
    if with_phone and (code or history):
        raise UsageError(
            _("With --phone the person who approves this till chooses store and days. Leave the rest out.")
        )
    typed = "" if with_phone else _typed(code or "")
    with open_station(home) as station:
        if with_phone:
            already, assignment = None, wait_for_approval(station)
        else:
            already, assignment = _with_code(station, typed, history)
        ended = _end_log_in(station)
        left_out = days_left_out(station.database, assignment.terminal.id)
    _print(assignment, left_out, as_json, is_new=already is None)
    if ended is not None:
        say(log_in_ended_words(ended))


def _end_log_in(station: Station) -> bool | None:
    """End the log-in of a person, if there is one: whether FactoryCLOUD was told."""
    return log_out(station) if account(station) else None


def _with_code(station: Station, typed: str, history: str | None) -> tuple[Assignment | None, Assignment]:
    """The assignment that was in force already, if the code made that; and the one that is in force now."""
    already = None if history else enrolled_already(station, typed)
    if already is not None:
        return already, already
    with reading_line() as tell:
        return None, enrol_station(station, typed, History(history or History.MISSING), progress=tell)


def _typed(code: str) -> str:
    """The code, or the first line of standard input: what is an argument, others on this machine can read.
    Raises `UsageError` for what is none; its words do not repeat it."""
    if code == "-":
        code = sys.stdin.readline(_LONGEST_CODE + 2) if sys.stdin else ""
    if not 0 < len(code.strip()) <= _LONGEST_CODE:
        raise UsageError(
            _("This is no enrolment code. Nothing was sent. Ask the owner of the store for one.")
        )
    return code.strip()


def _print(assignment: Assignment, left_out: Collection[int], as_json: bool, *, is_new: bool) -> None:
    if as_json:
        print_json(_document(assignment, left_out))
        return
    _say(assignment, is_new=is_new)
    if left_out:
        words = _("Left out: Z {numbers}. To send one after all: {command}")
        send = command(f"queue send Z{min(left_out)}")
        say(words.format(numbers=format_numbers(left_out), command=send))


def _say(assignment: Assignment, *, is_new: bool) -> None:
    words = (
        _("This terminal now sends to {store} ({company}).")
        if is_new
        else _("This terminal sends to {store} ({company}) already. Nothing was changed.")
    )
    say(words.format(store=assignment.store.name, company=assignment.company.name))


def _document(assignment: Assignment, left_out: Collection[int]) -> dict[str, object]:
    return {
        "company": {"id": assignment.company.id, "name": assignment.company.name},
        "store": {"id": assignment.store.id, "name": assignment.store.name},
        "terminal": {"id": assignment.terminal.id, "name": assignment.terminal.name},
        "first_z_number": next(number for number in count(1) if number not in left_out),
        "left_out": [{"first": first, "last": last} for first, last in spans(left_out)],
    }
