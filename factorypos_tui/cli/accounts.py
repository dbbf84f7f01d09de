"""`login` and `register`."""

import sys

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import say
from factorypos_tui.cli.station import open_station
from factorypos_tui.core import accounts
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _

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
        "The password is asked for, or read from standard input. It is never stored."
    )
)
@_email
@_password_stdin
@click.pass_obj
def login(home: Home, email: str, password_stdin: bool) -> None:
    password = read_password(password_stdin)
    with open_station(home) as station:
        account = accounts.log_in(station, email, password)
        say(_("Logged in as {account}.").format(account=account))


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
@_password_stdin
@click.pass_obj
def register(home: Home, email: str, name: str, password_stdin: bool) -> None:
    password = read_password(password_stdin)
    with open_station(home) as station:
        account = accounts.register(station, email, password, name)
        say(_("The account was created. Logged in as {account}.").format(account=account))


def read_password(from_stdin: bool) -> str:
    """The first line of standard input, or what the person types unseen; raises `UsageError` if empty."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = str(click.prompt(_("Password"), hide_input=True, err=True))
    if not password:
        raise UsageError(_("No password was given. Nothing was sent."))
    return password
