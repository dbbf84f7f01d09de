"""`cloud key`: the keys with which a FactoryCLOUD signs what it answers to reports."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from factorypos_tui.cli.cloud_database import Home, database_option, opened, print_items
from factorypos_tui.cli.output import agree, json_option, say
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.language.moments import moment_words

if TYPE_CHECKING:
    from factorypos_tui.server.ops.keys import ListedKey

_STATES = {
    "signs": N_("signs"),
    "unreadable": N_("should sign, and cannot be read"),
    "retired": N_("retired {moment}"),
    "lost": N_("lost {moment}"),
}


def _backup() -> str:
    file = _("FILE")
    return command(f"cloud key backup {file}")


@click.group("key", help=_("Look after the keys that sign acknowledgements and closings."))
def key() -> None:
    pass


@key.command("list", help=_("List every key, when it was made, and whether it signs."))
@json_option
@database_option
@click.pass_obj
def list_keys(home: Home, as_json: bool, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import keys

        found = keys.list_keys(database)
    none = _("There is no key here yet: the server makes the first one when it starts.")
    print_items(found, as_json, (_("Id"), _("Made"), _("State")), _row, none=none)


@key.command(
    "rotate",
    help=_(
        "Let a new key sign from now on.\n\n"
        "What the key before has signed stays valid. Back the new one up: {backup}."
    ).format(backup=_backup()),
)
@database_option
@click.pass_obj
def rotate(home: Home, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import keys

        key_id = keys.rotate(database)
    _say_it_signs(key_id)


@key.command(
    "lost",
    help=_(
        "Mark a key as one that others may have.\n\n"
        "What it signs from now on proves nothing; what it has signed before stays valid. If it is the one "
        "that signs, a new one takes its place."
    ),
)
@click.argument("key_id", metavar=_("ID"))
@click.option("--yes", is_flag=True, help=_("Do not ask first."))
@database_option
@click.pass_obj
def lost(home: Home, key_id: str, yes: bool, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import keys

        if not yes:
            agree(_("Mark the key {key} as lost, for ever?").format(key=key_id))
        lost_at, new_id = keys.lose(database, key_id)
    words = _("The key {key} is marked as lost since {moment}.")
    say(words.format(key=key_id, moment=moment_words(instant_of(lost_at))))
    if new_id:
        _say_it_signs(new_id)


@key.command(
    "backup",
    help=_(
        "Copy the key that signs to a new FILE, as PEM.\n\n"
        "Whoever has that file can sign in the name of this FactoryCLOUD: keep it where nobody else reads it."
    ),
)
@click.argument("file", metavar=_("FILE"), type=click.Path(path_type=Path))
@database_option
@click.pass_obj
def backup(home: Home, file: Path, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import keys

        key_id = keys.back_up_key(database, file)
    words = _("The key {key} is in {file}, which only you may read. Whoever has it can sign.")
    say(words.format(key=key_id, file=file))


@key.command(
    "restore",
    help=_(
        "Let the key of a FILE that backup made sign again.\n\n"
        "FILE is checked first. A key that signs in its place meanwhile is retired."
    ),
)
@click.argument("file", metavar=_("FILE"), type=click.Path(path_type=Path))
@database_option
@click.pass_obj
def restore(home: Home, file: Path, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import keys

        key_id = keys.restore_key(database, file)
    _say_who_signs(key_id)


def _say_who_signs(key_id: str) -> None:
    say(_("The key {key} signs from now on.").format(key=key_id))


def _say_it_signs(key_id: str) -> None:
    _say_who_signs(key_id)
    say(_("Next: {command}").format(command=_backup()))


def _row(listed: "ListedKey") -> tuple[str, ...]:
    ended = listed.lost_at or listed.retired_at
    moment = moment_words(instant_of(ended)) if ended else ""
    return (
        listed.key_id,
        moment_words(instant_of(listed.created_at)),
        _(_STATES[listed.state]).format(moment=moment),
    )
