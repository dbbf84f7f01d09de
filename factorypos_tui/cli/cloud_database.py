"""The database of a FactoryCLOUD for its administrator's commands, and their errors in sentences."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from factorypos_tui.cli.output import print_json, print_table, say
from factorypos_tui.core.language import _, current_language
from factorypos_tui.core.language.hints import command

if TYPE_CHECKING:
    from peewee import Database

Item = TypeVar("Item", bound=Any)


class Home(Protocol):
    """Where the program keeps its files; the folder may not exist yet."""

    @property
    def path(self) -> Path: ...


database_option = click.option(
    "--database",
    "database_url",
    envvar="FACTORYPOS_DATABASE_URL",
    metavar="URL",
    help=_(
        "A PostgreSQL database, as postgresql://user:password@host/name (default: the file cloud.db in the "
        "home folder). Better put it in the variable FACTORYPOS_DATABASE_URL, where other users cannot read "
        "the password."
    ),
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

        from factorypos_tui.server.mail.postman import MailAddressError
        from factorypos_tui.server.ops.administration import AdministrationError
        from factorypos_tui.server.storage.database import DatabaseRefusedError
        from factorypos_tui.server.words import speak
    except ModuleNotFoundError as error:
        raise click.ClickException(
            _(
                "The server is not installed ({name} is missing). Run: pip install 'factorypos-tui[server]'"
            ).format(name=error.name)
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
        from factorypos_tui.server.serving import open_database
        from factorypos_tui.server.storage import database as databases

        if url and not url.startswith("postgresql://"):
            raise click.UsageError(_("--database must look like postgresql://user:password@host/name."))
        if must_exist and not url and not (home.path / "cloud.db").exists():
            raise click.ClickException(
                _("There is no FactoryCLOUD in {folder} yet. Run: {command}").format(
                    folder=home.path, command=command("cloud serve")
                )
            )
        database = open_database(home.path, url, only_to_look=only_to_look)
        try:
            yield database
        finally:
            databases.close(database)


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
