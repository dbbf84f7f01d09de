"""`login`, `logout`, `register`, `recover` and `disconnect`."""

import shlex
import sys

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import agree, say, secret
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.accounts import LoggedIn
from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.errors import CloudRefused, LogInFailed, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.operations.enrolment import disconnect as disconnect_station
from factorypos_tui.core.operations.wording import (
    disconnected_words,
    kept_words,
    logged_in_words,
    logged_out_words,
)
from factorypos_tui.core.queue.counting import waiting
from factorypos_tui.core.station import Station

_password_stdin = click.option(
    "--password-stdin",
    is_flag=True,
    help=_("Read the password from standard input (default: ask for it)."),
)
_email = click.option(
    "--email", metavar=_("EMAIL"), required=True, help=_("E-mail address of the FactoryCLOUD account.")
)


@click.command(
    help=_(
        "Log in to FactoryCLOUD.\n\n"
        "The password is asked for, or read from standard input. It is never stored. So is the code of the "
        "second factor, where the account has one: standard input has it in a second line."
    )
)
@_email
@_password_stdin
@click.pass_obj
def login(home: Home, email: str, password_stdin: bool) -> None:
    password = read_password(password_stdin)
    with open_station(home) as station:
        say(logged_in_words(_log_in(station, email, password, password_stdin)))


@click.command(
    help=_(
        "Log out of FactoryCLOUD.\n\n"
        "This terminal keeps its store and its own token, so its reports go on being sent. `disconnect` ends "
        "that."
    )
)
@click.pass_obj
def logout(home: Home) -> None:
    with open_station(home) as station:
        was_somebody = accounts.account(station) is not None
        told = accounts.log_out(station)
        if told and not was_somebody:
            say(_("Nobody was logged in."))
        else:
            say(logged_out_words(told, sends=load_assignment(station.database) is not None))


@click.command(
    help=_(
        "Create a FactoryCLOUD account and log in with it.\n\n"
        "The password is asked for, or read from standard input. It is never stored here."
    )
)
@_email
@click.option(
    "--name", metavar=_("NAME"), required=True, help=_("Your own name, as FactoryCLOUD will show it.")
)
@click.option("--if-missing", is_flag=True, help=_("Log in where there is such an account already."))
@_password_stdin
@click.pass_obj
def register(home: Home, email: str, name: str, if_missing: bool, password_stdin: bool) -> None:
    password = read_password(password_stdin)
    with open_station(home) as station:
        try:
            done, words = accounts.register(station, email, password, name), _("The account was created.")
        except CloudRefused as refused:
            if not (if_missing and refused.code in accounts.MAY_BE_THERE):
                raise
            done = _log_in(station, email, password, password_stdin)
            words = _("The account is there already.")
    say(" ".join([words, logged_in_words(done)]))


@click.command(
    help=_(
        "Recover a lost password.\n\n"
        "If there is an account with this e-mail address, FactoryCLOUD sends a code to it. Run it again "
        "with that code to set the new password, which is asked for, or read from standard input."
    )
)
@_email
@click.option(
    "--code", metavar=_("CODE"), help=_("The code from the mail, 8 characters; good for 10 minutes.")
)
@_password_stdin
@click.pass_obj
def recover(home: Home, email: str, code: str | None, password_stdin: bool) -> None:
    if code is not None:
        _choose_password(home, email, code, password_stdin)
        return
    if password_stdin:
        raise UsageError(_("--password-stdin needs the code from the mail: --code. Nothing was sent."))
    with open_station(home) as station:
        accounts.recover(station, email)
    code_word = _("CODE")
    say(
        _(
            "If there is an account with {email}, a code for a new password is on its way to it. "
            "Then: {command}"
        ).format(email=email, command=command(f"recover --email {shlex.quote(email)} --code {code_word}"))
    )


def _choose_password(home: Home, email: str, code: str, password_stdin: bool) -> None:
    password = read_password(password_stdin)
    with open_station(home) as station:
        try:
            done = accounts.choose_password(station, email, code, password)
        except LogInFailed as failed:
            if not accounts.needs_code(failed):
                raise
            done = accounts.log_in(station, email, password, _read_code(password_stdin))
    say(" ".join([_("The password was changed."), logged_in_words(done)]))


@click.command(
    help=_(
        "Disconnect this terminal from FactoryCLOUD.\n\n"
        "Nothing is sent until you log in and assign a store again, or enrol with a code. What waits stays "
        "in the queue."
    )
)
@click.option("--yes", is_flag=True, help=_("Do not ask first."))
@click.pass_obj
def disconnect(home: Home, yes: bool) -> None:
    with open_station(home) as station:
        if not yes:
            disconnect_now = _("Disconnect?")
            agree(f"{kept_words(waiting(station.database))} {disconnect_now}")
        say(disconnected_words(disconnect_station(station)))


def _log_in(station: Station, email: str, password: str, from_stdin: bool) -> LoggedIn:
    """Log in; the code of a second factor is read where it is asked for."""
    try:
        return accounts.log_in(station, email, password)
    except CloudRefused as refused:
        if not accounts.needs_code(refused):
            raise
    return accounts.log_in(station, email, password, _read_code(from_stdin))


def _read_code(from_stdin: bool) -> str:
    """The next line of standard input, or what the person types; raises `UsageError` if empty."""
    code = sys.stdin.readline().strip() if from_stdin else secret(_("Code of the second factor")).strip()
    if not code:
        raise UsageError(
            _(
                "This user has a second factor. Give its code in a second line of standard input: what the "
                "app shows now, or a recovery code."
            )
        )
    return code


def read_password(from_stdin: bool) -> str:
    """The first line of standard input, or what the person types unseen; raises `UsageError` if empty."""
    if from_stdin:
        if sys.stdin is None:
            raise UsageError(_("There is no standard input to read the password from. Nothing was sent."))
        password = sys.stdin.readline().rstrip("\r\n")
    elif not (sys.stdin and sys.stdin.isatty()):
        raise UsageError(_("There is no keyboard here. Give the password with --password-stdin."))
    else:
        password = secret(_("Password"))
    if not password:
        raise UsageError(_("No password was given. Nothing was sent."))
    return password
