"""`till identity new`: a machine that was copied from another one becomes a terminal of its own."""

from pathlib import Path

import click

from factorypos_tui.cli.bundled_till import opened, say_or_print
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import agree, json_option
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.delivery.drain import busy
from factorypos_tui.core.errors import StorageError, UsageError
from factorypos_tui.core.language import _, counted
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.system_words import system_words
from factorypos_tui.core.operations.own_identity import NONE, leave_the_original, own_days
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.lock import DrainLock
from factorypos_tui.tills.bundled.identity import copy_till, running_receipts, take_new_identity
from factorypos_tui.tills.bundled.opening import refuse_bad_name
from factorypos_tui.tills.bundled.setup import read_setup


@click.group(help=_("Give a till that was copied, card and all, an identity of its own."))
def identity() -> None:
    pass


@identity.command(
    "new",
    help=_(
        "Make this till a terminal of its own.\n\n"
        "For a machine whose card was copied from another till: two machines with one identity give two "
        "days one number. This one gets a new id and begins with Z 1; the original goes on as before. "
        "The original's days, its queue and its till are kept here in a folder, and are not sent. Assign "
        "a store afterwards."
    ),
)
@click.option(
    "--own-since",
    metavar=_("Z|none"),
    help=_(
        "The first day that this machine closed after it was copied: the days from there on that are not in "
        "FactoryCLOUD go with the new identity."
    ),
)
@click.option("--terminal-name", metavar=_("NAME"), help=_("What the till is called from now on."))
@click.option("--yes", is_flag=True, help=_("Do not ask first."))
@json_option
@click.pass_obj
def new(home: Home, own_since: str | None, terminal_name: str | None, yes: bool, as_json: bool) -> None:
    said = _number(own_since)
    if terminal_name is not None:
        refuse_bad_name(terminal_name)
    with opened(home) as bundled, open_station(home) as station:
        lock, database = DrainLock(station.worker_lock), bundled.database()
        if not lock.acquire("worker", station.clock.now()):
            raise busy(station)
        try:
            before, own = read_setup(database), own_days(station, said)
            if not yes:
                stay = len(bundled.closes(0)) - len(own)
                agree(_question(len(own), stay, running_receipts(database)))
            folder = _set_aside(station, database)
            terminal_id = take_new_identity(database, own, terminal_name)
        finally:
            lock.release()
    words = _(
        "{name} is a terminal of its own now. What was before is kept in {folder}. Next: {login}, then"
        " {assign}"
    )
    text = words.format(
        name=terminal_name or before.name, folder=folder, login=command("login"), assign=command("assign")
    )
    facts = {
        "terminal": {"id": terminal_id, "name": terminal_name or before.name},
        "before": before.id,
        "kept_in": str(folder),
    }
    say_or_print(text, facts, as_json)


def _set_aside(station: Station, till: Database) -> Path:
    """Keep till and queue as they are in a new folder of the home. Raises `StorageError`."""
    home = station.database.path.parent
    folder = home / f"original-{station.clock.now():%Y%m%dT%H%M%S%f}"
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        words = _("{file} cannot be written to: {detail}")
        raise StorageError(words.format(file=folder, detail=system_words(error.strerror))) from error
    copy_till(till, folder / till.path.name)
    leave_the_original(station, folder)
    return folder


def _question(own: int, stay: int, receipts: int) -> str:
    sentences = [
        counted("{n} closed day stays with the original.", "{n} closed days stay with the original.", stay)
    ]
    if own:
        sentences.append(
            counted(
                "{n} closed day goes with the new identity, from Z 1.",
                "{n} closed days go with the new identity, from Z 1.",
                own,
            )
        )
    if receipts:
        sentences.append(
            counted(
                "The running day goes with the new identity, with {n} receipt.",
                "The running day goes with the new identity, with {n} receipts.",
                receipts,
            )
        )
        sentences.append(
            _("Sales that the original has, too, would count twice: if there are any, close the day first.")
        )
    return " ".join([*sentences, _("Make this till a terminal of its own?")])


def _number(typed: str | None) -> int | None:
    """The Z number that was typed; `NONE` for none, None where nothing was typed."""
    if typed is None or typed == "none":
        return None if typed is None else NONE
    digits = typed.upper().removeprefix("Z").strip()
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits) < 10**9):
        raise UsageError(_("{text} is no Z number. Write it like Z412, or none.").format(text=typed[:40]))
    return int(digits)
