"""`factorypos-tui cloud`: host a FactoryCLOUD yourself, and look after it."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from factorypos_tui.cli.cloud_check import check
from factorypos_tui.cli.cloud_configuration import configuration
from factorypos_tui.cli.cloud_conflict import conflict
from factorypos_tui.cli.cloud_database import Home, database_option, opened
from factorypos_tui.cli.cloud_terminal import terminal
from factorypos_tui.cli.output import json_option, print_json, say, tell, whole_number
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.language.moments import moment_words
from factorypos_tui.core.language.system_words import system_words
from factorypos_tui.core.language.text import one_line

_email = click.option(
    "--email",
    metavar=_("EMAIL"),
    required=True,
    help=_("The e-mail address they log in with."),
)


@click.group(
    help=_(
        "Host a FactoryCLOUD of your own.\n\n"
        "It keeps the reports of all your terminals. Before other computers use it, put a web server with "
        "HTTPS, such as Caddy or nginx, in front of it."
    )
)
def cloud() -> None:
    pass


cloud.add_command(configuration)
cloud.add_command(check)
cloud.add_command(terminal)
cloud.add_command(conflict)


@cloud.command(
    help=_(
        "Run the server until Ctrl+C or SIGTERM.\n\n"
        "Once it takes calls it prints its address on standard output. Errors go to standard error, one JSON "
        "object a line."
    )
)
@click.option(
    "--host",
    metavar=_("ADDRESS"),
    default="127.0.0.1",
    show_default=True,
    help=_("The address to listen on."),
)
@click.option(
    "--port",
    type=whole_number(0, 65535),
    metavar="N",
    default=8080,
    show_default=True,
    help=_("The port to listen on; 0 takes a free one."),
)
@database_option
@click.option(
    "--mail",
    "mail_url",
    envvar="FACTORYPOS_MAIL_URL",
    metavar="URL",
    help=_(
        "The mail server: smtp://user:password@host:587 or smtps://…, with ?from=ADDRESS if the sender is "
        "another (default: each mail becomes a file in the folder outbox). Better put it in the variable "
        "FACTORYPOS_MAIL_URL, where other users cannot read the password."
    ),
)
@click.option(
    "--public-url",
    metavar="URL",
    help=_(
        "How people reach this server, https://…, for the links in mails (default: the address it listens "
        "on, where that is this machine's own; else no links)."
    ),
)
@click.pass_obj
def serve(
    home: Home, host: str, port: int, database_url: str | None, mail_url: str | None, public_url: str | None
) -> None:
    with opened(home, database_url) as database:
        from factorypos_tui.server import serving

        state = serving.new_cloud(home.path, database, mail_url, public_url)
        try:
            listener = serving.listen(host, port)
        except OSError as error:
            raise click.ClickException(
                _("Cannot listen on {host} port {port}: {detail}. Choose another with --port.").format(
                    host=host, port=port, detail=system_words(error.strerror)
                )
            ) from error
        address = serving.address_of(listener)
        serving.log_to_stderr()
        listening = _("FactoryCLOUD is listening on {address}").format(address=address)
        with listener:
            serving.serve(state, listener, lambda: tell(listening))


@cloud.group(help=_("Manage the accounts of the people who may log in."))
def user() -> None:
    pass


@user.command("create", help=_("Create an account; its id is printed."))
@_email
@click.option("--name", metavar=_("NAME"), required=True, help=_("The person's name."))
@click.option(
    "--password-stdin", is_flag=True, required=True, help=_("Read the password from standard input.")
)
@database_option
@click.pass_obj
def create_user(home: Home, email: str, name: str, password_stdin: bool, database_url: str | None) -> None:  # noqa: ARG001  # the flag says where the password comes from
    password = sys.stdin.readline().rstrip("\r\n")
    with opened(home, database_url) as database:
        from factorypos_tui.server.ops import administration

        tell(administration.create_user(database, email, name, password))


@user.command(
    "disable",
    help=_(
        "End a person's access.\n\n"
        "They can no longer log in. The terminals they assigned go on sending, so no report is lost."
    ),
)
@_email
@database_option
@click.pass_obj
def disable_user(home: Home, email: str, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import administration

        administration.disable_user(database, email)
        say(_("{email} can no longer log in. Their terminals go on sending.").format(email=email))


@user.command("list", help=_("List all accounts."))
@json_option
@database_option
@click.pass_obj
def list_users(home: Home, as_json: bool, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import administration

        users = administration.list_users(database)
    if as_json:
        print_json({"items": [asdict(user) for user in users]})
        return
    for listed in users:
        words = f"{listed.email}  {listed.name}"
        if listed.disabled_at:
            since = moment_words(instant_of(listed.disabled_at))
            words += "  " + _("(disabled since {instant})").format(instant=since)
        tell(one_line(words))


@cloud.command(
    help=_(
        "Copy the database to a new FILE, and check the copy.\n\n"
        "The server may be running. A database on PostgreSQL is backed up with pg_dump instead."
    )
)
@click.argument("file", metavar=_("FILE"), type=click.Path(path_type=Path))
@database_option
@click.pass_obj
def backup(home: Home, file: Path, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.storage.backup import back_up

        back_up(database, file)
        say(_("Everything is in {file}; the copy was checked.").format(file=file))
