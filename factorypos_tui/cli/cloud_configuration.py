"""`cloud configuration`: every version of the stores' configurations, how to put one and bring one back."""

from typing import TYPE_CHECKING, BinaryIO

import click

from factorypos_tui.cli.cloud_database import Home, database_option, opened, print_items
from factorypos_tui.cli.output import json_option, print_document, say, whole_number
from factorypos_tui.core.language import _, format_number
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.language.moments import moment_words

if TYPE_CHECKING:
    from factorypos_tui.server.ops.administration import ListedVersion

_store = click.option(
    "--store",
    "store",
    metavar=_("ID|NAME"),
    required=True,
    help=_("The store, by its id or its name."),
)
_version = click.option(
    "--version",
    "version",
    type=whole_number(1, 2**53 - 1),
    metavar="N",
    required=True,
    help=_("The version, as `cloud configuration list` numbers them."),
)
_MOST_READ = (8 << 20) + 1


@click.group(help=_("Look after the configurations that terminals download.\n\nEvery version is kept."))
def configuration() -> None:
    pass


@configuration.command("list", help=_("List every version: of which store, by whom, and when."))
@click.option("--store", "store_id", metavar=_("ID"), help=_("Only of this store (default: of all)."))
@json_option
@database_option
@click.pass_obj
def list_versions(home: Home, store_id: str | None, as_json: bool, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import administration

        found = administration.list_versions(database, store_id)
    headings = (_("Store"), _("Name"), _("Version"), _("Uploaded"), _("By"), _("Bytes"))
    print_items(found, as_json, headings, _row, none=_("There is no configuration here."))


@configuration.command(
    "show",
    help=_("Print a version's document, byte for byte.\n\nPrices are in minor units (cents)."),
)
@_store
@_version
@database_option
@click.pass_obj
def show_version(home: Home, store: str, version: int, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import administration, stores

        document = administration.read_version(database, stores.find_store(database, store), version)
    print_document(document)


@configuration.command(
    "put",
    help=_(
        "Make the document in FILE a store's configuration.\n\n"
        "Terminals download it from now on. It becomes the newest version; the others stay. What a till "
        "would refuse is refused. With - as FILE, standard input is read."
    ),
)
@click.argument("file", metavar=_("FILE"), type=click.File("rb"))
@_store
@database_option
@click.pass_obj
def put_version(home: Home, file: BinaryIO, store: str, database_url: str | None) -> None:
    document = file.read(_MOST_READ)
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import putting, stores

        put = putting.put_configuration(database, stores.find_store(database, store), document)
    say(_("It is version {n} now. {changes}").format(n=put.version, changes=put.changes))


@configuration.command(
    "restore",
    help=_(
        "Bring a version back: terminals download it from now on.\n\n"
        "It becomes the newest version; the others stay."
    ),
)
@_store
@_version
@database_option
@click.pass_obj
def restore_version(home: Home, store: str, version: int, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import administration, stores

        newest = administration.restore_version(database, stores.find_store(database, store), version)
    say(_("Version {n} is back, as version {newest}.").format(n=version, newest=newest))


def _row(listed: "ListedVersion") -> tuple[str, ...]:
    uploader = listed.terminal or listed.account
    return (
        listed.store["id"],
        f"{listed.store['name']} ({listed.store['company']})",
        str(listed.version),
        moment_words(instant_of(listed.uploaded_at)),
        uploader["name"] if uploader else _("administrator"),
        format_number(listed.bytes),
    )
