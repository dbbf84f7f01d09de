"""`archive compare`: what a till exported by itself beside this terminal's own Zs."""

from pathlib import Path
from typing import Any

import click

from factorypos_tui.archive.compare.closings import CARD, CASH, NOT_CASH, OTHER, Close, Difference, Field
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option, print_json, print_table, tell
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.errors import FactoryPosError, UsageError
from factorypos_tui.core.language import N_, _, counted
from factorypos_tui.core.language.money import format_money
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.operations.comparing_closes import own_zs, terminal_meant

_FIELDS = {
    Field.MISSING_HERE: N_("missing here"),
    Field.MISSING_THERE: N_("missing in the file"),
    Field.DATE: N_("date"),
    Field.GROSS: N_("gross at {of} %"),
    Field.TAX: N_("tax at {of} %"),
    Field.TOTAL: N_("total"),
    Field.PAYMENTS: N_("paid: {of}"),
    Field.CASH: N_("cash in {of}"),
    Field.CURRENCY: N_("currency"),
    Field.PLACE: N_("location"),
}
_KINDS = {CASH: N_("cash"), CARD: N_("card"), OTHER: N_("other"), NOT_CASH: N_("not cash")}


@click.command(
    help=_(
        "Compare a DSFinV-K zip of the till with the Zs here.\n\n"
        "Its cash point closings are compared with this terminal's own Z reports, number by number: date, "
        "gross and tax at each rate, total, payments, cash by currency, place. What cannot be compared is "
        "said. Nothing is changed. The exit code is 1 if anything differs."
    )
)
@click.argument("file", metavar=_("FILE"), type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--terminal", metavar="UUID", help=_("The terminal whose Zs are meant, where several are here.")
)
@click.option("--register", metavar="ID", help=_("The register (Z_KASSE_ID), where the file has several."))
@json_option
@click.pass_obj
def compare(home: Home, file: Path, terminal: str | None, register: str | None, as_json: bool) -> None:
    from factorypos_tui.archive.compare.closings import differences, our_close

    there = _closes_of(file, register)
    with open_station(home) as station:
        terminal_id = terminal_meant(station, terminal)
        ours = (our_close(*it) for it in own_zs(station, terminal_id))
        here = {close.z_number: close for close in ours}
    found = list(differences(here, there))
    if as_json:
        print_json(_document(terminal_id, here, there, found))
    else:
        tell(counted("{n} close compared.", "{n} closes compared.", len(here.keys() & there.keys())))
        if found:
            print_table(
                (_("No."), _("What"), _("Here"), _("In the file")), [_row(it, here, there) for it in found]
            )
        for words in (*_place_words(here, there), *_not_compared_words(here, there)):
            tell(words)
    if found:
        raise FactoryPosError(_("The file and the Zs here are not the same."))


def _closes_of(file: Path, register: str | None) -> dict[int, Close]:
    from factorypos_tui.archive.compare.dsfinvk import UnreadableZipError, read_closings

    try:
        registers = read_closings(file)
    except UnreadableZipError as error:
        words = _("This is no DSFinV-K export that can be read ({reason}). Nothing was compared.")
        raise FactoryPosError(words.format(reason=error)) from error
    if register is None and len(registers) == 1:
        register = next(iter(registers))
    if register is None or register not in registers:
        words = _("Say with --register which register of the file is meant: {registers}")
        raise UsageError(words.format(registers=", ".join(registers) or _("none")))
    return dict(registers[register])


def _row(it: Difference, here: dict[int, Close], there: dict[int, Close]) -> tuple[str, str, str, str]:
    of = _(_KINDS[it.of]) if it.of in _KINDS else it.of
    currency = (here.get(it.z_number) or there[it.z_number]).currency
    return (
        str(it.z_number),
        _(_FIELDS[it.field]).format(of=of),
        _value(it.here, currency),
        _value(it.there, currency),
    )


def _value(value: int | str | None, currency: str) -> str:
    return format_money(value, currency) if isinstance(value, int) else value or "-"


def _place_words(here: dict[int, Close], there: dict[int, Close]) -> list[str]:
    from factorypos_tui.archive.compare.closings import places

    words = _("The store {store} here is taken for {place} in the file.")
    return [
        words.format(store=plain(store), place=plain(place))
        for store, place in sorted(places(here, there).items())
        if store != place
    ]


def _not_compared_words(here: dict[int, Close], there: dict[int, Close]) -> list[str]:
    """What the file has and no Z, or the other way round."""
    from factorypos_tui.archive.compare.closings import is_cash_compared

    words, both = [], here.keys() & there.keys()
    if any(there[number].cash is None for number in both):
        words.append(_("Not compared: cash by currency, since cash_per_currency.csv is not in the file."))
    elif others := sum(not is_cash_compared(here[number], there[number]) for number in both):
        words.append(
            counted(
                "Not compared: cash by currency of {n} close that has several; a Z has one sum.",
                "Not compared: cash by currency of {n} closes that have several; a Z has one sum.",
                others,
            )
        )
    if any(there[number].place is None for number in both):
        words.append(_("Not compared: the place of closes of which location.csv tells none."))
    words.append(_("Not compared, since no Z has them: addresses, tax numbers, receipts, signatures."))
    return words


def _document(
    terminal_id: str, here: dict[int, Close], there: dict[int, Close], found: list[Difference]
) -> dict[str, Any]:
    return {
        "terminal_id": terminal_id,
        "compared": len(here.keys() & there.keys()),
        "differences": [
            {
                "z_number": it.z_number,
                "field": it.field.value,
                "of": it.of or None,
                "here": it.here,
                "there": it.there,
            }
            for it in found
        ],
        "not_compared": _not_compared_words(here, there),
    }
