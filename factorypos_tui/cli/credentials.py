"""`credentials`: where the tokens of this terminal rest, and moving them."""

import os
import sys
from collections.abc import Iterator, Sequence

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option, print_document, print_json, tell
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.account.assignment import TERMINAL
from factorypos_tui.core.account.ending import USER
from factorypos_tui.core.credentials import Credentials, Held, Rest, is_encrypted
from factorypos_tui.core.delivery.link import ask_for_a_try
from factorypos_tui.core.errors import FactoryPosError, NotConnected, UsageError
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.station import Station
from factorypos_tui.core.status.settings_wording import place_words, resting_words

_CREDENTIAL = "factorypos-terminal-token"
_TITLES = {TERMINAL: N_("Token of this terminal"), USER: N_("Token of the log-in")}
_OUT_OF_REACH = (Held.LOCKED, Held.ABSENT)
_LEFT_ASIDE = (Held.COPY, Held.NOT_CHOSEN, Held.OLDER)


@click.group(
    help=_(
        "Show where the tokens of this terminal rest, and move them.\n\n"
        "A token lies in a systemd credential of the service, in the keyring of this machine, or in a file "
        "that only its owner can read. No command shows one."
    )
)
def credentials() -> None:
    pass


@credentials.command(
    "status",
    help=_(
        "Show which place each token is used from.\n\n"
        "A token that is older than the one given last is named. It is not used."
    ),
)
@json_option
@click.pass_obj
def status(home: Home, as_json: bool) -> None:
    with open_station(home) as station:
        _show(station, as_json)


@credentials.command(
    "move",
    help=_(
        "Move the tokens to PLACE.\n\n"
        "The old place is emptied only after the new one has given the token back. Only root can give the "
        "service a systemd credential: `move systemd` says how, and empties the other places once the "
        "service has it."
    ),
)
@click.argument("place", metavar=_("PLACE"), type=click.Choice(["keyring", "file", "systemd"]))
@click.option(
    "--pipe", is_flag=True, help=_("With systemd: write the token into a pipe, for systemd-creds encrypt.")
)
@click.pass_obj
def move(home: Home, place: str, pipe: bool) -> None:
    if pipe and (place != "systemd" or sys.stdout.isatty()):
        raise UsageError(
            _("--pipe is for `move systemd`, and for a pipe: a token is never shown. Nothing was changed.")
        )
    with open_station(home) as station:
        kept = station.credentials()
        if pipe:
            print_document(_token(kept).encode())
        elif place == "systemd":
            _leave_it_to_the_service(kept)
            _show(station, as_json=False)
        else:
            _move(kept, place)
            ask_for_a_try(station.database, station.clock.now())  # who sends may reach the token now
            _show(station, as_json=False)


def _token(kept: Credentials) -> str:
    token = kept.get(TERMINAL)
    if token is None:
        raise NotConnected(_("There is no token to move. Log in, and assign a store first."))
    return token


def _move(kept: Credentials, place: str) -> None:
    moved = {name: kept.move(name, place) for name in _TITLES}
    if kept.place(TERMINAL) == "systemd":
        raise NotConnected(
            _(
                "The token of this terminal is a systemd credential, which only the service can read. To have"
                " it elsewhere, take it out of the service's unit and assign the store again."
            )
        )
    if not any(moved.values()):
        raise NotConnected(_("There is no token to move. Log in, and assign a store first."))


def _leave_it_to_the_service(kept: Credentials) -> None:
    """Empty the other places, if the service has the token by now; else raise what to do."""
    if kept.move(TERMINAL, "systemd"):
        return
    _token(kept)
    steps = _(
        "Only root can give the service a credential, and it does not have the newest token yet. Nothing was"
        " changed, reports go on. In this order:\n"
        "1. {pipe} | sudo systemd-creds encrypt --name={name} - /etc/credstore.encrypted/{name}\n"
        "2. sudo systemctl edit factorypos-tui, and there under [Service]: LoadCredentialEncrypted={name}\n"
        "3. sudo systemctl restart factorypos-tui\n"
        "4. {again}"
    )
    as_root = "sudo " if "SUDO_UID" in os.environ else ""
    raise FactoryPosError(
        steps.format(
            name=_CREDENTIAL,
            pipe=as_root + command("credentials move systemd --pipe"),
            again=as_root + command("credentials move systemd"),
        )
    )


def _show(station: Station, as_json: bool) -> None:
    kept = station.credentials()
    found = {name: kept.look(name) for name in _TITLES}
    if as_json:
        print_json({name: _document(kept, name, rests) for name, rests in found.items()})
        return
    for name, rests in found.items():
        for words in _words(kept, name, rests):
            tell(words)


def _place(kept: Credentials, name: str, rests: Sequence[Rest]) -> str | None:
    """The place of the token in use; what a locked one has, only the home remembers."""
    in_use = (rest.place for rest in rests if rest.held is Held.IN_USE)
    return next(in_use, None) or kept.place(name)


def _document(kept: Credentials, name: str, rests: Sequence[Rest]) -> dict[str, object]:
    place = _place(kept, name, rests)
    return {
        "backend": place,
        "encrypted": is_encrypted(place),
        "places": [
            {"place": rest.place, "encrypted": rest.is_encrypted, "holds": rest.held.value} for rest in rests
        ],
    }


def _words(kept: Credentials, name: str, rests: Sequence[Rest]) -> Iterator[str]:
    place = _place(kept, name, rests)
    yield _("{token}: {where}").format(token=_(_TITLES[name]), where=place_words(place) or _("there is none"))
    for rest in rests:
        if rest.held in _LEFT_ASIDE or (rest.held in _OUT_OF_REACH and rest.place == place):
            yield "  " + resting_words(rest)
    if place and any(rest.held in _LEFT_ASIDE and rest.place != "systemd" for rest in rests):
        wanted = kept.backend if any(rest.held is Held.NOT_CHOSEN for rest in rests) else place
        yield "  " + _("To have it there only: {command}").format(
            command=command(f"credentials move {wanted}")
        )
    if place and any(rest.held is Held.OLDER and rest.place == "systemd" for rest in rests):
        yield "  " + _("Give the service the newest one: {command}").format(
            command=command("credentials move systemd")
        )
