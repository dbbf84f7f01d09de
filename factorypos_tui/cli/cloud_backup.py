"""`cloud backup` and `cloud restore`: a copy of the database, and the way back."""

from datetime import UTC, datetime
from pathlib import Path

import click

from factorypos_tui.cli.cloud_database import Home, database_option, opened, sentences_for_people
from factorypos_tui.cli.output import agree, say
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command


@click.command(
    help=_(
        "Copy the database to a new FILE, and check the copy.\n\n"
        "FILE may be a folder: then the copy is named after this moment. The server may be running. A "
        "database on PostgreSQL is backed up with pg_dump instead."
    )
)
@click.argument("file", metavar=_("FILE"), type=click.Path(path_type=Path))
@database_option
@click.pass_obj
def backup(home: Home, file: Path, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True, only_to_look=True) as database:
        from factorypos_tui.server.storage.backup import back_up

        if file.is_dir():
            file /= datetime.now(UTC).strftime("cloud-%Y%m%dT%H%M%SZ.db")
        back_up(database, file)
        say(_("Everything is in {file}; the copy was checked.").format(file=file))


@click.command(
    help=_(
        "Bring the database back from a FILE that backup made.\n\n"
        "Stop the server first. FILE is checked and copied; what it replaces is kept. Passwords, log-ins "
        "and terminals are those of the backup again, also those that were ended since. Tills send "
        "by themselves the days that it lacks. A database on PostgreSQL is brought back with pg_restore."
    )
)
@click.argument("file", metavar=_("FILE"), type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help=_("Do not ask first."))
@database_option
@click.pass_obj
def restore(home: Home, file: Path, yes: bool, database_url: str | None) -> None:
    with sentences_for_people():
        from factorypos_tui.server.storage import opening, restoring

        if database_url:
            raise click.ClickException(
                _("This FactoryCLOUD is on PostgreSQL: bring it back with pg_restore.")
            )
        path = opening.file_of(home.path)
        if path.exists() and not yes:
            agree(_("Put {file} in the place of {path}, which is kept?").format(file=file, path=path))
        kept = restoring.restore(path, file)
    say(_("{file} is the database now.").format(file=file))
    if kept:
        say(_("What was there before is in {file}; keep it until all is well.").format(file=kept))
    say(_("Next: {serve}, then {check}.").format(serve=command("cloud serve"), check=command("cloud check")))
