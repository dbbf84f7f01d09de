"""`worker`: the engine without a screen."""

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option, print_json, say
from factorypos_tui.cli.reading import reading_line
from factorypos_tui.cli.station import open_station
from factorypos_tui.cli.until_stopped import send_until_stopped
from factorypos_tui.core.account.assignment import assigned, load_assignment, terminal_token
from factorypos_tui.core.account.stores import open_stores
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.delivery.link import LinkState
from factorypos_tui.core.delivery.link_wording import link_words
from factorypos_tui.core.delivery.worker import Drained
from factorypos_tui.core.errors import (
    Cause,
    CloudRefused,
    CloudUnreachable,
    DamagedError,
    KeyringLocked,
    NotConnected,
)
from factorypos_tui.core.language import _, counted
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.queue.waiting import waiting_but_for
from factorypos_tui.core.queue.wording import TOKEN_REASONS, UNREACHABLE_REASONS, waiting_words
from factorypos_tui.core.recovery.recovery import recall_assignment
from factorypos_tui.core.station import Station


@click.command(
    help=_(
        "Send reports without a screen, until stopped.\n\n"
        "This is what a service runs: it waits for its first store, and begins again by itself when "
        "config.toml changes. With --once it ends as soon as nothing is due; the exit code then says whether "
        "everything was delivered."
    )
)
@click.option("--once", is_flag=True, help=_("End as soon as nothing is due."))
@json_option
@click.pass_obj
def worker(home: Home, once: bool, as_json: bool) -> None:
    if once:
        with open_station(home) as station:
            if not _is_assigned(station):
                raise NotConnected(_("Assign this terminal to a store first."))
            _once(station, as_json)
    else:
        drained = send_until_stopped(home)
        if as_json:
            print_json(_document(drained))


def _is_assigned(station: Station) -> bool:
    try:
        return load_assignment(station.database) is not None or recall_assignment(station)
    except DamagedError:  # the drainer sets the file aside, and asks whose token it is
        return True


def _once(station: Station, as_json: bool) -> None:
    with reading_line() as tell:
        drained = drain_once(station, tell)
    if as_json:
        print_json(_document(drained))
    else:
        say(counted("{n} report delivered.", "{n} reports delivered.", drained.delivered))
    _fail_if_not_done(station, drained)


def _fail_if_not_done(station: Station, drained: Drained) -> None:
    """Raise the error because of which reports wait, now or on the next try: its exit code tells a script."""
    if station.cloud_url is None:
        station.cloud()  # raises an error that says where to set it
    stranded = waiting_but_for(station.database, open_stores(station.database))
    if stranded and drained.waiting == sum(waiting.reports for waiting in stranded):
        raise NotConnected(" ".join(map(waiting_words, stranded)))
    if drained.waiting or drained.link.reason in TOKEN_REASONS:
        _fail_without_token(station, drained)
        message, reason = link_words(drained.link), drained.link.reason or "waiting"
        if reason == "configuration":
            station.cloud()  # raises an error that says what is wrong
        if reason in TOKEN_REASONS:
            raise NotConnected(message)
        if drained.link.state is LinkState.HELD and reason not in UNREACHABLE_REASONS:
            raise CloudRefused(message, 0, reason)
        raise CloudUnreachable(message, reason)
    if drained.attention:
        message = counted(
            "FactoryCLOUD refused {n} report. It is safe here; to see it: {command}",
            "FactoryCLOUD refused {n} reports. They are safe here; to see them: {command}",
            drained.attention,
            command=command("queue list --state attention"),
        )
        raise CloudRefused(message, 0, "attention")


def _fail_without_token(station: Station, drained: Drained) -> None:
    """Raise the error that says where the token is, if that is what holds the link."""
    if drained.link.cause in (Cause.KEYRING_LOCKED, Cause.TOKEN_MISSING):
        terminal_token(station, assigned(station.database))
        if drained.link.cause is Cause.KEYRING_LOCKED:  # it gives it by now
            raise KeyringLocked(link_words(drained.link))


def _document(drained: Drained) -> dict[str, object]:
    return {
        "delivered": drained.delivered,
        "attention": drained.attention,
        "waiting": drained.waiting,
        "link": {
            "state": drained.link.state.value,
            "reason": drained.link.reason,
            "cause": drained.link.cause,
        },
    }
