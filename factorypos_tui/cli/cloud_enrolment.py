"""`cloud enrol-code`: codes with which terminals are assigned to a store without an account."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from factorypos_tui.cli.cloud_database import Home, database_option, opened, print_items
from factorypos_tui.cli.output import json_option, print_json, say, tell, whole_number
from factorypos_tui.core.language import N_, _, counted
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.language.moments import moment_words
from factorypos_tui.core.language.text import plain

if TYPE_CHECKING:
    from factorypos_tui.server.ops.enrolments import ListedCode


_STATES = {
    "good": N_("good"),
    "used_up": N_("used up"),
    "expired": N_("too old"),
    "revoked": N_("revoked"),
    "maker_gone": N_("not good: its maker may assign no terminals there now"),
}


@click.group("enrol-code", help=_("Look after the codes with which terminals enrol."))
def enrolment_code() -> None:
    pass


@enrolment_code.command(
    "create",
    help=_(
        "Make a code that assigns terminals to a store.\n\n"
        "The code is printed once. Whoever has it can assign terminals until it is used up, too old or "
        "revoked: give it to nobody else."
    ),
)
@click.option(
    "--store",
    "store",
    metavar=_("ID|NAME"),
    required=True,
    help=_("The store, by its id or its name."),
)
@click.option(
    "--uses",
    type=whole_number(1, 2_000),
    metavar="N",
    default=1,
    show_default=True,
    help=_("How many terminals it is good for."),
)
@click.option(
    "--days",
    type=whole_number(1, 366),
    metavar="N",
    default=1,
    show_default=True,
    help=_("How long it is good."),
)
@click.option("--name", metavar=_("NAME"), default="", help=_("What it is for (default: nothing)."))
@json_option
@database_option
@click.pass_obj
def create(
    home: Home, store: str, uses: int, days: int, name: str, as_json: bool, database_url: str | None
) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import enrolments, stores

        store_id = stores.find_store(database, store)
        made = enrolments.create_code(database, store_id, uses, days, plain(name, 200))
    if as_json:
        print_json(asdict(made))
        return
    tell(made.code)
    words = counted(
        "Good for {n} terminal until {instant}.",
        "Good for {n} terminals until {instant}.",
        uses,
        instant=moment_words(instant_of(made.expires_at)),
    )
    say(words)


@enrolment_code.command("list", help=_("List every code, its store and its state."))
@json_option
@database_option
@click.pass_obj
def list_codes(home: Home, as_json: bool, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import enrolments

        found = enrolments.list_codes(database)
    headings = (_("Id"), _("Name"), _("Store"), _("Terminals"), _("Until"), _("State"))
    print_items(found, as_json, headings, _row, none=_("There is no enrolment code here."))


@enrolment_code.command(
    "revoke", help=_("Let a code bring no more terminals.\n\nThose that it brought go on sending.")
)
@click.argument("code_id", metavar=_("ID"), type=click.UUID)
@database_option
@click.pass_obj
def revoke(home: Home, code_id: object, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import enrolments

        enrolments.end_code(database, str(code_id))
    say(_("The code brings no more terminals."))


def _row(listed: "ListedCode") -> tuple[str, ...]:
    return (
        listed.id,
        plain(listed.name) or "-",
        plain(f"{listed.store} ({listed.company})"),
        _("{n} of {most}").format(n=listed.used, most=listed.uses),
        moment_words(instant_of(listed.expires_at)),
        _(_STATES[listed.state]),
    )
