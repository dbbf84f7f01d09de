"""`factorypos-tui till`: the bundled till, for scripts, importers and the demo."""

import uuid
from collections.abc import Sequence
from typing import BinaryIO

import click

from factorypos_tui.cli.bundled_till import opened, say_or_print
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option, say, whole_number
from factorypos_tui.cli.till_closing import close
from factorypos_tui.cli.till_connect import connect
from factorypos_tui.cli.till_documents import receipt_document, running_day_document
from factorypos_tui.cli.till_identity import identity
from factorypos_tui.cli.till_setup import default_name, init, zone
from factorypos_tui.core.language import _, counted
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.language.money import format_money
from factorypos_tui.tills.bundled.catalogue import load_catalogue
from factorypos_tui.tills.bundled.importing import import_receipts
from factorypos_tui.tills.bundled.recording import record_receipts
from factorypos_tui.tills.bundled.seeding import seed_days
from factorypos_tui.tills.bundled.seen_before import Changed
from factorypos_tui.tills.bundled.selling import Sale, SaleLine, Tender, make_receipt, parse_quantity
from factorypos_tui.tills.bundled.setup import read_setup

_MOST_CHANGED = 20


@click.group(
    help=_(
        "The bundled till: sell, close the day, import receipts.\n\n"
        "For scripts, for tills that hand over their receipts, and for demos. Money is in minor units "
        "(cents) wherever it is read or printed as JSON."
    )
)
def till() -> None:
    pass


@till.command(
    help=_("Sell: record one receipt in the running day.\n\nItems, prices and taxes come from the till.")
)
@click.option(
    "--item",
    "items",
    metavar=_("CODE[*QUANTITY]"),
    multiple=True,
    required=True,
    help=_("What is sold, such as CAFE, CANA*3 or GAMBAS*0.250; can be given several times."),
)
@click.option("--pay", metavar=_("CODE"), default="CASH", show_default=True, help=_("Payment method."))
@click.option(
    "--level", metavar=_("CODE"), help=_("Price level (default: the till's first; BARRA in the demo bar).")
)
@click.option(
    "--user", metavar=_("CODE"), help=_("Who sells (default: the first user who is not in training).")
)
@json_option
@click.pass_obj
def sale(
    home: Home, items: tuple[str, ...], pay: str, level: str | None, user: str | None, as_json: bool
) -> None:
    with opened(home) as bundled:
        database = bundled.database()
        lines = [_sale_line(text) for text in items]
        asked = Sale(str(uuid.uuid4()), utc_now(), lines, [Tender(pay)], user=user, level=level)
        with database.transaction():
            catalogue, currency = load_catalogue(database), read_setup(database).currency
            receipt = make_receipt(catalogue, asked)
            recorded = record_receipts(database, catalogue, [receipt])
    if recorded:
        text = _("Receipt {number}: {total}, {payment}.")
        receipt = recorded[0]
    else:
        text = _("Practice sale: {total}, {payment}. It is kept apart and appears in no report.")
    total = format_money(sum(line.net for line in receipt.lines), currency)
    text = text.format(number=receipt.number, total=total, payment=receipt.payments[0].name)
    say_or_print(text, receipt_document(receipt, currency, training=not recorded), as_json)


@till.command(help=_("Show the running day and the last Z."))
@json_option
@click.pass_obj
def status(home: Home, as_json: bool) -> None:
    with opened(home) as bundled:
        now, period = bundled.status(), bundled.open_period()
    text = counted(
        "{name}: {n} receipt today, {net}. Last Z: {last}.",
        "{name}: {n} receipts today, {net}. Last Z: {last}.",
        now.receipts,
        name=now.terminal.name,
        net=format_money(now.net, now.currency),
        last=now.last_z_number or _("none yet"),
    )
    say_or_print(text, running_day_document(now, period), as_json)


@till.command(
    "import",
    help=_(
        "Import receipts from another program: all or nothing.\n\n"
        "FILE has one receipt a line, as JSON, money in minor units (cents); - is standard input. Receipts "
        "imported before are skipped and counted."
    ),
)
@click.argument("file", metavar=_("FILE"), type=click.File("rb"))
@json_option
@click.pass_obj
def import_(home: Home, file: BinaryIO, as_json: bool) -> None:
    with opened(home) as bundled:
        result = import_receipts(bundled.database(), file)
    text = counted("{n} receipt imported", "{n} receipts imported", result.receipts)
    if result.training:
        text += counted(", {n} practice sale kept apart", ", {n} practice sales kept apart", result.training)
    if result.skipped:
        text += counted(", {n} seen before and skipped", ", {n} seen before and skipped", result.skipped)
    say_or_print(
        text + ".",
        {
            "imported": result.receipts,
            "training": result.training,
            "skipped": result.skipped,
            "net": result.net,
            "changed": [
                {"line": found.line, "receipt_uid": found.uid, "field": found.field}
                for found in result.changed
            ],
        },
        as_json,
    )
    if not as_json:
        _say_what_changed(result.changed)


@till.command(
    help=_(
        "Fill a demo till with believable days up to yesterday.\n\n"
        "Each day is sold and closed. Without a till, one is set up first. Days that are there already are "
        "not added twice."
    )
)
@click.option(
    "--days",
    type=whole_number(1, 3650),
    metavar="N",
    default=30,
    show_default=True,
    help=_("How many days."),
)
@click.option(
    "--receipts",
    type=whole_number(0, 5000),
    metavar="N",
    help=_("Receipts a day (default: as many as a bar would have)."),
)
@click.option(
    "--seed",
    type=whole_number(0),
    metavar="N",
    default=1,
    show_default=True,
    help=_("Seed of the random numbers: the same seed gives the same days."),
)
@json_option
@click.pass_obj
def seed(home: Home, days: int, receipts: int | None, seed: int, as_json: bool) -> None:
    done = seed_days(
        home.till_db,
        days=days,
        seed=seed,
        now=utc_now(),
        terminal_name=default_name(home),
        receipts=receipts,
    )
    if done.days:
        text = counted("{n} day added", "{n} days added", done.days)
        text += counted(
            ", {n} receipt. Last Z: {last}.",
            ", {n} receipts. Last Z: {last}.",
            done.receipts,
            last=done.last_z_number,
        )
    else:
        text = _("These days are there already: nothing was added. Last Z: {last}.")
        text = text.format(last=done.last_z_number)
    say_or_print(
        text,
        {
            "days": done.days,
            "skipped": done.skipped,
            "receipts": done.receipts,
            "last_z_number": done.last_z_number,
        },
        as_json,
    )


def _say_what_changed(changed: Sequence[Changed]) -> None:
    for found in changed[:_MOST_CHANGED]:
        say(
            _(
                "Line {line}: {uid} was imported before with other content ({field}). It stays as it was."
            ).format(line=found.line, uid=found.uid, field=found.field)
        )
    left = len(changed) - _MOST_CHANGED
    if left > 0:
        say(counted("{n} more differs.", "{n} more differ.", left))


def _sale_line(text: str) -> SaleLine:
    code, star, quantity = text.partition("*")
    return SaleLine(code, parse_quantity(quantity if star else "1"))


for _command in (init, close, connect, zone, identity):
    till.add_command(_command)
