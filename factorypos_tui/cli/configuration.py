"""`config`: Synchronize configuration data."""

from collections.abc import Sequence

import click

from factorypos_tui.cli.configuration_documents import (
    applied_document,
    counts_document,
    difference_document,
    held_document,
    status_document,
)
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import (
    agree,
    json_option,
    print_facts,
    print_json,
    say,
    tell,
    whole_number,
)
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.capabilities import refuse
from factorypos_tui.core.configuration.change import Applied, Change, held_words, refuse_held
from factorypos_tui.core.configuration.configuration import Configuration
from factorypos_tui.core.configuration.difference import Difference
from factorypos_tui.core.configuration.download import (
    accept_download,
    accept_restoration,
    look_at_download,
    look_at_restoration,
)
from factorypos_tui.core.configuration.state import (
    ConfigurationStatus,
    configuration_status,
    no_upload_words,
)
from factorypos_tui.core.configuration.upload import (
    ConfigurationChanged,
    Upload,
    accept_upload,
    look_at_upload,
)
from factorypos_tui.core.configuration.wording import (
    applied_lines,
    change_words,
    cloud_words,
    connection_words,
    counts_words,
    lost_words,
    section_name,
)
from factorypos_tui.core.language import _, format_number
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.instants import SystemClock
from factorypos_tui.core.language.moments import when_words
from factorypos_tui.core.language.text import one_line

_MOST_SHOWN = 20
_yes = click.option("--yes", is_flag=True, help=_("Do not ask first."))


@click.group(
    help=_(
        "Synchronize items, prices and the rest with FactoryCLOUD.\n\n"
        "Nothing is changed before you have seen what would change, or said --yes."
    )
)
def config() -> None:
    pass


@config.command(
    help=_(
        "Show how the till's configuration stands with the cloud's.\n\n"
        "Also whether it may be uploaded, and which configurations can be brought back."
    )
)
@json_option
@click.pass_obj
def status(home: Home, as_json: bool) -> None:
    with open_station(home) as station:
        found = configuration_status(station)
    if as_json:
        print_json(status_document(found))
    else:
        print_facts(_status_lines(found))


@config.command(
    help=_(
        "Show what a download would change on this till.\n\n"
        "Price changes come first. With --json, prices are in minor units (cents). Where FactoryCLOUD has no "
        "departments, items or prices, the exit code is 1."
    )
)
@json_option
@click.pass_obj
def diff(home: Home, as_json: bool) -> None:
    with open_station(home) as station:
        download, why_not = look_at_download(station), station.till.can.why_no_configuration
    change = download.change
    if as_json:
        print_json(
            {"etag": download.etag, "held": held_document(change.held)}
            | difference_document(change.difference)
        )
    else:
        _show(change.difference, change.wanted, None)
        if change.held:
            say(held_words(change.held))
        if why_not:
            say(why_not)


@config.command(
    help=_(
        "Download FactoryCLOUD's configuration to this till.\n\n"
        "It is taken whole or not at all; what it replaces can be brought back with `config restore`. Where "
        "FactoryCLOUD has no departments, items or prices, nothing is changed and the exit code is 1."
    )
)
@_yes
@json_option
@click.pass_obj
def pull(home: Home, yes: bool, as_json: bool) -> None:
    with open_station(home) as station:
        refuse(station.till.can.why_no_configuration)
        download = look_at_download(station)
        if download.change.difference.changes:
            _agree_to(download.change, _("Take this configuration?"), yes, as_json)
        applied = accept_download(station, download)
    if as_json:
        print_json({"etag": download.etag} | applied_document(download.change, applied))
    elif applied is None:
        say(_("The till has FactoryCLOUD's configuration already. Nothing was changed."))
    else:
        say(_("The till has FactoryCLOUD's configuration now.") + " " + _done_words(download.change, applied))


@config.command(
    help=_(
        "Upload this till's configuration to FactoryCLOUD.\n\n"
        "It is offered once, to a till whose wizard is finished and that has not synchronized its "
        "configuration yet. Where the licence allows it, it is offered whenever the configuration was "
        "changed here. It is offered again where FactoryCLOUD has lost it. `config status` says so. What "
        "somebody else changed meanwhile is never overwritten: then the exit code is 5, and you look again."
    )
)
@_yes
@json_option
@click.pass_obj
def push(home: Home, yes: bool, as_json: bool) -> None:
    with open_station(home) as station:
        upload = look_at_upload(station)
        while True:
            if not upload.same:
                _agree_to_upload(upload, yes, as_json)
            try:
                etag = accept_upload(station, upload)
                break
            except ConfigurationChanged as changed:
                if yes:
                    raise
                say(str(changed))
                upload = changed.upload
    if as_json:
        print_json({"uploaded": not upload.same, "etag": etag, "counts": counts_document(upload.difference)})
    elif upload.same:
        say(_("FactoryCLOUD has this till's configuration already. Nothing was changed."))
    else:
        say(_("FactoryCLOUD has this till's configuration now.") + " " + counts_words(upload.difference))


@config.command(
    help=_(
        "Bring back a configuration that was replaced.\n\n"
        "What the till has now is kept too, so this can be undone the same way."
    )
)
@click.option(
    "--backup",
    "backup_id",
    type=whole_number(1, 2**63 - 1),
    metavar="N",
    help=_("Which one, as `config status` numbers them (default: the newest)."),
)
@_yes
@json_option
@click.pass_obj
def restore(home: Home, backup_id: int | None, yes: bool, as_json: bool) -> None:
    with open_station(home) as station:
        refuse(station.till.can.why_no_configuration)
        restoration = look_at_restoration(station, backup_id)
        if restoration.change.difference.changes:
            _agree_to(restoration.change, _("Bring this configuration back?"), yes, as_json)
        applied = accept_restoration(station, restoration)
    if as_json:
        print_json({"restored": restoration.backup.id} | applied_document(restoration.change, applied))
    elif applied is None:
        say(_("The till has this configuration already. Nothing was changed."))
    else:
        say(_("The configuration is back.") + " " + _done_words(restoration.change, applied))


def _agree_to(change: Change, question: str, yes: bool, as_json: bool) -> None:
    """Show what would change and ask. Raises `DayOpen` before it asks, and an error where the person says
    no."""
    refuse_held(change.held)
    if not yes:
        _show(change.difference, change.wanted, _MOST_SHOWN, to_stderr=as_json)
        agree(question)


def _agree_to_upload(upload: Upload, yes: bool, as_json: bool) -> None:
    if upload.lost:
        say(lost_words(upload.lost))
    if not yes:
        _show(upload.difference, upload.here, _MOST_SHOWN, to_stderr=as_json)
        agree(_("Change FactoryCLOUD like this?"))


def _show(
    difference: Difference, prices_of: Configuration, most: int | None, *, to_stderr: bool = False
) -> None:
    """Print the changes by section, at most `most` of each, and how many there are in all."""
    currency = prices_of.company.currency or ""
    for section, changes in difference.sections().items():
        tell(f"{section_name(section)} ({format_number(len(changes))})", err=to_stderr)
        for change in changes[:most]:
            tell(f"  {one_line(change_words(change, currency))}", err=to_stderr)
        if most is not None and len(changes) > most:
            more = _("and {n} more; to see all: {command}").format(
                n=format_number(len(changes) - most), command=command("config diff")
            )
            tell(f"  … {more}", err=to_stderr)
    tell(counts_words(difference), err=to_stderr)


def _done_words(change: Change, applied: Applied) -> str:
    back = _("To bring back how it was before: {command}").format(command=command("config restore"))
    return " ".join([*applied_lines(change, applied), back])


def _status_lines(status: ConfigurationStatus) -> Sequence[tuple[str, str]]:
    now = SystemClock().now()
    lines = [
        (_("Store"), status.store.name),
        (_("FactoryCLOUD"), cloud_words(status)),
        (_("This till"), ", ".join(connection_words(status, now))),
    ]
    why_not = status.no_upload and no_upload_words(status.no_upload, status.can)
    lines.append((_("Upload"), why_not or _("possible")))
    if not status.can.take_configuration:
        lines.append((_("Download"), status.can.why_no_configuration))
    backups = ", ".join(f"{backup.id} ({when_words(backup.taken_at, now)})" for backup in status.backups)
    lines.append((_("Backups"), backups or _("no backup yet")))
    return lines
