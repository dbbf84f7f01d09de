"""`cloud check`: whether everything that a FactoryCLOUD keeps can be read and fits together."""

from typing import TYPE_CHECKING

import click

from factorypos_tui.cli.cloud_database import database_option, opened
from factorypos_tui.cli.output import json_option, print_json, tell
from factorypos_tui.core.language import N_, _, counted, format_number, format_numbers
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.text import one_line

if TYPE_CHECKING:
    from factorypos_tui.server.ops.administration import Checked
    from factorypos_tui.server.ops.checking import Finding

_COUNTED = {
    "users": N_("Users"),
    "companies": N_("Companies"),
    "stores": N_("Stores"),
    "terminals": N_("Terminals"),
    "reports": N_("Reports"),
    "conflicts": N_("Conflicts"),
}
_WORDS = {
    "missing_z": N_(
        "{name}: missing between others: {numbers}. The till sends it by itself when it is next connected,"
        " unless somebody left it out there by choice: the till's command verify says which."
    ),
    "broken_chain": N_(
        "{name}: made after another day than the one before it here: {numbers}. Nothing was changed."
        " Compare with the till: it has the command verify."
    ),
    "changed_report": N_(
        "{name}: no longer what the till sent: {numbers}. Keep this database for support, and restore a"
        " backup."
    ),
    "lost_document": N_(
        "{name}: its document is not here: {numbers}. Nobody dropped it. Keep this database for support, and"
        " restore a backup."
    ),
    "uncounted": N_(
        "{name}: not in the figures: {numbers}. Something else than this program changed the database. Keep"
        " it for support, and restore a backup."
    ),
    "counted_without_report": N_(
        "{name}: reports that count in the figures and are no longer here: {n}. Restore a backup, or send all"
        " days from the till again: it has the command resend."
    ),
    "open_conflict": N_(
        "{name}: refused, because another report holds its place: {numbers}. Both are kept; the owner"
        " decides which one counts."
    ),
    "changed_configuration": N_(
        "{name}: no longer what was uploaded: {numbers} of the configuration. Restore a backup, or bring"
        " another version back: {restore}."
    ),
    "sequence_behind": N_(
        "{name}: PostgreSQL gives numbers that are taken already, so that log-ins and reports fail: it was"
        " restored without the values of its sequences. Start the server again: it sets them right."
    ),
    "no_signing_key": N_(
        "{name}: this key signed last, and none signs now: reports are acknowledged without a signature. To"
        " let a new key sign, run: {rotate}"
    ),
    "unreadable_signing_key": N_(
        "{name}: this key should sign and cannot be read: reports are acknowledged without a signature. Bring"
        " it back: {restore_key}; without a backup: {rotate}"
    ),
    "dated_before_arrival": N_(
        "{name}: arrived more than a day after its date: {numbers}. It was sent late, or the till's clock"
        " was wrong. Nothing was changed."
    ),
    "dated_after_arrival": N_(
        "{name}: dated more than a day after its arrival: {numbers}. The till's clock was wrong; set it"
        " right. Nothing was changed."
    ),
    "letter_waits": N_("{name}: {letters} to send; tried again by itself. {cause}"),
    "letter_given_up": N_("{name}: {letters} given up. {cause}"),
}


@click.command(
    help=_(
        "Look for damage in the database and count its contents.\n\n"
        "It also looks for missing reports, for those that no figure counts, for reports and configurations "
        "that were changed, for conflicts that nobody has settled, for dates that are more than a day off, "
        "for the key that signs, and for mails that wait or were given up. The exit code is 1 if something "
        "is wrong."
    )
)
@json_option
@database_option
@click.pass_context
def check(context: click.Context, as_json: bool, database_url: str | None) -> None:
    with opened(context.obj, database_url, must_exist=True, only_to_look=True) as database:
        from factorypos_tui.server.ops import administration

        checked = administration.check(database)
    if as_json:
        print_json(checked.as_json())
    else:
        tell("\n".join(_lines(checked)))
    context.exit(0 if checked.ok else 1)


def _lines(checked: "Checked") -> list[str]:
    lines = [_("Schema version: {number}").format(number=checked.schema_version)]
    lines += [f"{_(_COUNTED[kind])}: {format_number(number)}" for kind, number in checked.counts.items()]
    lines += checked.damages
    lines += [one_line(_words(finding)) for finding in checked.findings]
    if checked.left_out:
        lines.append(counted("and {n} finding more", "and {n} findings more", checked.left_out))
    return [*lines, _("No damage found.")] if checked.ok else lines


def _words(finding: "Finding") -> str:
    numbers = _("version {numbers}") if finding.code == "changed_configuration" else _("Z {numbers}")
    numbers = numbers.format(numbers=format_numbers(finding.numbers))
    if not finding.numbers:  # reports of a running day have none
        numbers = counted("{n} X report", "{n} X reports", finding.count)
    elif finding.count > len(finding.numbers):
        numbers = _("{numbers} ({n} in all)").format(numbers=numbers, n=format_number(finding.count))
    return _(_WORDS[finding.code]).format(
        name=finding.name,
        numbers=numbers,
        n=format_number(finding.count),
        restore=command("cloud configuration restore"),
        restore_key=command("cloud key restore"),
        rotate=command("cloud key rotate"),
        letters=counted("{n} mail", "{n} mails", finding.count),
        cause=finding.cause,
    )
