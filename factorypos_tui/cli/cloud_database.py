"""The database of a FactoryCLOUD for its administrator's commands, and their errors in sentences."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from factorypos_tui.cli.output import print_json, print_table, say, tell
from factorypos_tui.core.language import _, current_language
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.installed import how_to_add
from factorypos_tui.core.storage.secret_files import read_secret

if TYPE_CHECKING:
    from peewee import Database

Item = TypeVar("Item", bound=Any)
Command = TypeVar("Command", bound=Callable[..., Any])


class Home(Protocol):
    """Where the program keeps its files; the folder may not exist yet."""

    @property
    def path(self) -> Path: ...


class Secret(click.Option):
    """An option whose value may also stand in a file: that of its variable with `_FILE` at the end."""

    def value_from_envvar(self, ctx: click.Context) -> str | None:
        value: str | None = super().value_from_envvar(ctx)
        variable = f"{self.envvar}_FILE"
        if value is not None or not (file := os.environ.get(variable)):
            return value
        try:
            secret = read_secret(Path(file))
        except (OSError, UnicodeDecodeError) as error:
            words = _("The file {file} of the variable {variable} cannot be read.")
            raise click.UsageError(words.format(file=file, variable=variable)) from error
        if not secret.text.strip():  # else a server would begin without what the file is for
            words = _("The file {file} of the variable {variable} is empty.")
            raise click.UsageError(words.format(file=file, variable=variable))
        if not secret.is_private and not file.startswith("/run/"):  # a container's or systemd's own
            words = _("Other users may read the secret in {file}. To close it to them: chmod 600 {file}")
            tell(words.format(file=file), err=True)
        return secret.text


database_option = click.option(
    "--database",
    "database_url",
    cls=Secret,
    envvar="FACTORYPOS_DATABASE_URL",
    metavar="URL",
    help=_(
        "A PostgreSQL database, as postgresql://user:password@host/name (default: the file cloud.db in the "
        "home folder). Better put it in the variable FACTORYPOS_DATABASE_URL, or in a file that "
        "FACTORYPOS_DATABASE_URL_FILE names: other users cannot read the password there."
    ),
)


def public_url_option(purpose: str) -> Callable[[Command], Command]:
    return click.option("--public-url", metavar="URL", envvar="FACTORYPOS_PUBLIC_URL", help=purpose)


def check_public_url(url: str | None) -> None:
    from factorypos_tui.server.serving import is_public_address

    if url and not is_public_address(url):
        raise click.UsageError(
            _("--public-url takes an address such as https://cloud.example.com, without ? and #.")
        )


@contextlib.contextmanager
def sentences_for_people() -> Iterator[None]:
    """End the command with a sentence and exit code 1 for every error that can be expected."""
    try:
        import argon2  # noqa: F401  # only to see whether the extra is installed
        import fastapi  # noqa: F401
        import peewee
        import psycopg  # noqa: F401
        import uvicorn  # noqa: F401

        from factorypos_tui.server.mail.carriers import MailAddressError
        from factorypos_tui.server.ops.administration import AdministrationError
        from factorypos_tui.server.storage.database import DatabaseRefusedError
        from factorypos_tui.server.words import speak
    except ModuleNotFoundError as error:
        raise click.ClickException(
            _("The server is not installed: {name} is missing. Run: {command}").format(
                name=error.name, command=how_to_add("server")
            )
        ) from error
    speak(current_language())
    try:
        yield
    except (AdministrationError, DatabaseRefusedError, MailAddressError) as error:
        raise click.ClickException(str(error)) from error
    except peewee.OperationalError as error:
        raise click.ClickException(
            _("The database cannot be used: {detail}").format(detail=str(error).strip())
        ) from error
    except peewee.DatabaseError as error:
        raise click.ClickException(
            _(
                "The database is damaged: {detail}. Restore a backup, and keep the damaged file for support."
            ).format(detail=error)
        ) from error


@contextlib.contextmanager
def opened(
    home: Home, url: str | None, *, must_exist: bool = False, only_to_look: bool = False
) -> Iterator["Database"]:
    """The database, made where it is missing unless it `must_exist`, and closed afterwards."""
    with sentences_for_people():
        from factorypos_tui.server.storage import opening

        if url and not url.startswith("postgresql://"):
            raise click.UsageError(_("--database must look like postgresql://user:password@host/name."))
        if must_exist and not url and not opening.was_made(home.path):
            raise click.ClickException(
                _("There is no FactoryCLOUD in {folder} yet. Run: {command}").format(
                    folder=home.path, command=command("cloud serve")
                )
            )
        with opening.opened(home.path, url, say, only_to_look=only_to_look) as database:
            yield database


def print_items(
    items: Sequence[Item],
    as_json: bool,
    headings: Sequence[str],
    row: Callable[[Item], Sequence[str]],
    *,
    none: str,
) -> bool:
    """Print a list as JSON or in columns; an empty one as the text `none`. Returns whether there are columns
    to explain."""
    if as_json:
        print_json({"items": [asdict(item) for item in items]})
    elif items:
        print_table(headings, [row(item) for item in items])
    else:
        say(none)
    return bool(items) and not as_json
