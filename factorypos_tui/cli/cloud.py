"""`factorypos-tui cloud`: host a FactoryCLOUD yourself, and look after it."""

import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

if TYPE_CHECKING:
    from peewee import Database


class Home(Protocol):
    """Where the program keeps its files; the folder may not be there yet."""

    @property
    def path(self) -> Path: ...


database_option = click.option(
    "--database",
    "database_url",
    envvar="FACTORYPOS_DATABASE_URL",
    metavar="URL",
    help="postgresql://user:password@host/name instead of the file cloud.db in the home folder. "
    "Better in the variable FACTORYPOS_DATABASE_URL, where other users cannot read the password.",
)


@click.group()
def cloud() -> None:
    """Host a FactoryCLOUD on your own computer.

    It keeps the reports of all your terminals. Outside this computer, put a web server with
    HTTPS (such as Caddy or nginx) in front of it.
    """


@contextlib.contextmanager
def sentences_for_people() -> Iterator[None]:
    """Whatever can be expected to go wrong ends the command with a sentence and exit code 1."""
    try:
        import argon2  # noqa: F401  # only to see that the extra is there
        import fastapi  # noqa: F401
        import peewee
        import psycopg  # noqa: F401
        import uvicorn  # noqa: F401

        from factorypos_tui.server.administration import AdministrationError
        from factorypos_tui.server.database import DatabaseRefusedError
        from factorypos_tui.server.mail import MailAddressError
    except ModuleNotFoundError as error:
        detail = f"The server part is not installed ({error.name} is missing)."
        raise click.ClickException(f"{detail} Run: pip install 'factorypos-tui[server]'") from error
    try:
        yield
    except (AdministrationError, DatabaseRefusedError, MailAddressError) as error:
        raise click.ClickException(str(error)) from error
    except peewee.OperationalError as error:
        raise click.ClickException(f"The database cannot be used: {error}") from error
    except peewee.DatabaseError as error:
        detail = "Restore a backup, and keep the damaged file for whoever looks into it."
        raise click.ClickException(f"The database is damaged: {error}. {detail}") from error


@contextlib.contextmanager
def opened(home: Home, url: str | None, *, must_exist: bool = False) -> Iterator["Database"]:
    """The database, made where it is missing unless it `must_exist`, and closed afterwards."""
    with sentences_for_people():
        from factorypos_tui.server import database as databases
        from factorypos_tui.server.serving import open_database

        if url and not url.startswith("postgresql://"):
            raise click.UsageError("--database must look like postgresql://user:password@host/name.")
        if must_exist and not url and not (home.path / "cloud.db").exists():
            raise click.ClickException(f"There is no FactoryCLOUD in {home.path} yet.")
        database = open_database(home.path, url)
        try:
            yield database
        finally:
            databases.close(database)


@cloud.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0 picks a free one."
)
@database_option
@click.option(
    "--mail",
    "mail_url",
    envvar="FACTORYPOS_MAIL_URL",
    metavar="URL",
    help="The mail server: smtp://user:password@host:587 or smtps://…, with ?from=ADDRESS if the sender is "
    "another. Better in the variable FACTORYPOS_MAIL_URL, where other users cannot read the password. "
    "Without it each mail becomes a file in the folder outbox.",
)
@click.option(
    "--public-url", metavar="URL", help="How people reach this server, for the links in mails: https://…"
)
@click.pass_obj
def serve(
    home: Home, host: str, port: int, database_url: str | None, mail_url: str | None, public_url: str | None
) -> None:
    """Run the server until Ctrl+C or SIGTERM.

    When it takes calls it prints its address on standard output; errors go to standard error, one
    JSON object a line.
    """
    with opened(home, database_url) as database:
        from factorypos_tui.server import serving

        state = serving.new_cloud(home.path, database, mail_url, public_url)
        try:
            listener = serving.listen(host, port)
        except OSError as error:
            detail = f"Cannot listen on {host} port {port}: {error.strerror}. Choose another with --port."
            raise click.ClickException(detail) from error
        address = serving.address_of(listener)
        serving.log_to_stderr()
        with listener:
            serving.serve(state, listener, lambda: click.echo(f"FactoryCLOUD is listening on {address}"))


@cloud.group()
def user() -> None:
    """The people who may log in."""


@user.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
@database_option
@click.pass_obj
def create_user(home: Home, email: str, name: str, password_stdin: bool, database_url: str | None) -> None:  # noqa: ARG001  # the flag says where the password comes from
    """Make an account."""
    password = sys.stdin.readline().rstrip("\r\n")
    with opened(home, database_url) as database:
        from factorypos_tui.server import administration

        click.echo(administration.create_user(database, email, name, password))


@user.command("disable")
@click.option("--email", required=True)
@database_option
@click.pass_obj
def disable_user(home: Home, email: str, database_url: str | None) -> None:
    """End a person's log-in. The terminals they assigned keep delivering, so no report is lost."""
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server import administration

        administration.disable_user(database, email)
        click.echo(f"{email} can no longer log in.", err=True)


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_option
@click.pass_obj
def list_users(home: Home, as_json: bool, database_url: str | None) -> None:
    """Show all accounts."""
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server import administration

        users = administration.list_users(database)
    if as_json:
        click.echo(json.dumps({"items": [asdict(user) for user in users]}, ensure_ascii=False))
        return
    for listed in users:
        ended = f"  (disabled since {listed.disabled_at})" if listed.disabled_at else ""
        click.echo(f"{listed.email}  {listed.name}{ended}")


@cloud.command()
@click.argument("file", type=click.Path(path_type=Path))
@database_option
@click.pass_obj
def backup(home: Home, file: Path, database_url: str | None) -> None:
    """Copy the database to a new FILE, also while the server runs. The copy is checked."""
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server import database as databases

        databases.back_up(database, file)
        click.echo(f"Everything is in {file}, and the copy was checked.", err=True)


@cloud.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_option
@click.pass_context
def check(context: click.Context, as_json: bool, database_url: str | None) -> None:
    """Look for damage in the database and count what is in it. Exit code 1 if something is wrong."""
    with opened(context.obj, database_url, must_exist=True) as database:
        from factorypos_tui.server import administration

        checked = administration.check(database)
    if as_json:
        click.echo(json.dumps(checked.as_json(), ensure_ascii=False))
    else:
        click.echo(f"Schema version {checked.schema_version}")
        click.echo(", ".join(f"{number} {name}" for name, number in checked.counts.items()))
        click.echo("\n".join(checked.damages) or "No damage found.")
    context.exit(1 if checked.damages else 0)
