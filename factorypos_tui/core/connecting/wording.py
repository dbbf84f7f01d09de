"""What is said of a till of another program that is being connected, the same for command and screen."""

import textwrap
from collections.abc import Sequence

from factorypos_tui.core.connecting.found import FoundHost, PaperClose
from factorypos_tui.core.language import N_, _, counted, format_date, format_decimal
from factorypos_tui.core.language.money import currency_exponent, format_money
from factorypos_tui.core.language.text import at_both_ends, cut, plain

_QUESTIONS = {
    "kind": N_("Which program (unicenta, flocafe)"),
    "url": N_("Address of the database (mysql://USER@SERVER/DATABASE)"),
    "path": N_("File of the till (flo.db)"),
    "password": N_("Password of that user (empty: none)"),
    "host": N_("Which till"),
    "scope": N_("What closes it (day, session)"),
    "company": N_("Name of the company"),
    "country": N_("Country, in two letters"),
    "currency": N_("Currency"),
    "timezone": N_("Time zone"),
    "day_starts_at": N_("A business day begins at"),
}
_LONGEST_NAME = 24
_MOST_LINES = 4
"""Of the payments of one close: no till of a shop has more, and hostile data could."""


def question_words(name: str) -> str:
    """What a command asks for; `name` is a key of `[till]`, or `password`."""
    return _(_QUESTIONS[name])


def found_words(till: FoundHost) -> str:
    """A till that was found: its name and what it has closed."""
    name = plain(till.host, _LONGEST_NAME)
    if till.last_closed is None:
        return _("{name}: no closed day yet").format(name=name)
    return counted(
        "{name}: {n} closed day, up to Z {z}, {date}",
        "{name}: {n} closed days, up to Z {z}, {date}",
        till.closes,
        name=name,
        z=till.last_z,
        date=format_date(till.last_closed.date()),
    )


def close_lines(close: PaperClose, currency: str, columns: int) -> list[str]:
    """A closed day as its own paper has it, to be laid beside that: no payment is cut off."""

    def amount(minor_units: int) -> str:
        return format_decimal(minor_units, currency_exponent(currency))

    head = f"Z {close.z_number}  {format_date(close.closed_at.date())} {close.closed_at:%H:%M}"
    receipts = counted("{n} receipt", "{n} receipts", close.receipts)
    paid = [f"{plain(name, _LONGEST_NAME)} {amount(total)}" for name, total in close.payments]
    return [
        at_both_ends(f"{head}  {receipts}", format_money(close.total, currency), columns),
        _("  Without tax {net}, tax {tax}").format(net=amount(close.net), tax=amount(close.tax)),
        *_folded(paid, columns),
    ]


def _folded(parts: Sequence[str], columns: int) -> list[str]:
    """Parts with commas between, on as many lines as they need; none is broken."""
    whole = ", ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts)
    lines = textwrap.wrap(
        whole, columns, initial_indent="  ", subsequent_indent="  ", max_lines=_MOST_LINES, placeholder=" …"
    )
    return [cut(line.replace("\N{NO-BREAK SPACE}", " "), columns) for line in lines]


def compare_words(closes: Sequence[PaperClose]) -> str:
    """What a person does with the closes that are shown."""
    if not closes:
        return _("It has closed no day yet: compare the first one with its paper.")
    return _(
        "Compare them with the papers of these closes. Where an amount differs, do not go on: call support."
    )


def next_step_words() -> str:
    """What happens once the till is connected."""
    return _(
        "Nothing is sent yet: when you assign a store, you say which closed days go. The till's program goes"
        " on as before; we only read."
    )


def grant_words() -> str:
    """What the statements are for that follow."""
    return _(
        "Read with an account that can only read. Whoever runs the database makes one like this, with a"
        " password of your own:"
    )
