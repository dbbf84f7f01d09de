"""`config`: Synchronize configuration data."""

import click

from factorypos_tui.cli.config_init import init
from factorypos_tui.cli.configuration_documents import (
    applied_document,
    counts_document,
    difference_document,
    held_document,
    status_document,
)
from factorypos_tui.cli.configuration_printing import MOST_SHOWN, done_words, show, status_lines
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import (
    agree,
    agreed,
    json_option,
    print_facts,
    print_json,
    say,
    whole_number,
)
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.capabilities import refuse
from factorypos_tui.core.configuration.accepted import load_accepted
from factorypos_tui.core.configuration.after_close import accept_after_close, take_back
from factorypos_tui.core.configuration.backups import backups_beside_now
from factorypos_tui.core.configuration.change import Change, held_words, refuse_held
from factorypos_tui.core.configuration.download import (
    Download,
    Restoration,
    accept_download,
    accept_restoration,
    decline_download,
    look_at_download,
    look_at_restoration,
)
from factorypos_tui.core.configuration.state import (
    configuration_status,
)
from factorypos_tui.core.configuration.upload import (
    ConfigurationChanged,
    Upload,
    accept_upload,
    look_at_upload,
)
from factorypos_tui.core.configuration.wording import (
    counts_words,
    lost_words,
)
from factorypos_tui.core.errors import DayOpen, FactoryPosError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.station import Station
from factorypos_tui.core.status.configuration_answer import accepted_words

_yes = click.option("--yes", is_flag=True, help=_("Do not ask first."))
_backup = click.option(
    "--backup",
    "backup_id",
    type=whole_number(1, 2**63 - 1),
    metavar="N",
    help=_("Which backup, as `config status` numbers them."),
)


@click.group(
    help=_(
        "Synchronize items, prices and the rest with FactoryCLOUD.\n\n"
        "Nothing is changed before you have seen what would change, or said --yes."
    )
)
def config() -> None:
    pass


config.add_command(init)


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
        found, backups = configuration_status(station), backups_beside_now(station)
        accepted = load_accepted(station.database, found.store.id)
    if as_json:
        print_json(status_document(found, backups, accepted))
    else:
        print_facts(status_lines(found, backups, accepted))


@config.command(
    help=_(
        "Show what a download would change on this till.\n\n"
        "Price changes come first. With --json, prices are in minor units (cents). Where FactoryCLOUD has no "
        "departments, items or prices, the exit code is 1. With --backup, it shows what would change if that "
        "backup were brought back; FactoryCLOUD is not asked then."
    )
)
@_backup
@json_option
@click.pass_obj
def diff(home: Home, backup_id: int | None, as_json: bool) -> None:
    with open_station(home) as station:
        why_not = station.till.can.why_no_configuration
        looked: dict[str, object]
        if backup_id is None:
            download = look_at_download(station)
            change, looked = download.change, {"etag": download.etag}
        else:
            restoration = look_at_restoration(station, backup_id)
            change, looked = restoration.change, {"backup": restoration.backup.id}
    if as_json:
        held = {"held": held_document(change.held)}
        print_json(looked | held | difference_document(change.difference))
    else:
        show(change.difference, change.wanted, None)
        if change.held:
            say(held_words(change.held))
        if why_not:
            say(why_not)


@config.command(
    help=_(
        "Download FactoryCLOUD's configuration to this till.\n\n"
        "It is taken whole or not at all; what it replaces can be brought back with `config restore`. Where "
        "FactoryCLOUD has no departments, items or prices, nothing is changed and the exit code is 1.\n\n"
        "With --after-close, what you see now is taken right after the close of the running day, by the "
        "process that sends. Where none runs then, and the next day has sold already, it waits for the next "
        "close. `config cancel` takes it back."
    )
)
@click.option("--after-close", is_flag=True, help=_("Take it after the close of the running day."))
@_yes
@json_option
@click.pass_obj
def pull(home: Home, after_close: bool, yes: bool, as_json: bool) -> None:
    with open_station(home) as station:
        refuse(station.till.can.why_no_configuration)
        download = look_at_download(station)
        if after_close and download.change.difference.changes:
            _accept_after_close(station, download, yes, as_json)
            return
        if download.change.difference.changes:
            _refuse_held(download.change)
            _agree_to_download(station, download, _("Take this configuration?"), yes, as_json)
        applied = accept_download(station, download)
    if as_json:
        print_json({"etag": download.etag} | applied_document(download.change, applied))
    elif applied is None:
        say(_("The till has FactoryCLOUD's configuration already. Nothing was changed."))
    else:
        say(_("The till has FactoryCLOUD's configuration now.") + " " + done_words(download.change, applied))


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
        "What the till has now is kept too, so this can be undone the same way. It is the newest one that "
        "comes back, unless --backup says another."
    )
)
@_backup
@_yes
@json_option
@click.pass_obj
def restore(home: Home, backup_id: int | None, yes: bool, as_json: bool) -> None:
    with open_station(home) as station:
        refuse(station.till.can.why_no_configuration)
        restoration = look_at_restoration(station, backup_id)
        if restoration.change.difference.changes:
            _agree_to_restoration(restoration, yes, as_json)
        applied = accept_restoration(station, restoration)
    if as_json:
        print_json({"restored": restoration.backup.id} | applied_document(restoration.change, applied))
    elif applied is None:
        say(_("The till has this configuration already. Nothing was changed."))
    else:
        say(_("The configuration is back.") + " " + done_words(restoration.change, applied))


@config.command(help=_("Take back what was accepted for after the close."))
@json_option
@click.pass_obj
def cancel(home: Home, as_json: bool) -> None:
    with open_station(home) as station:
        take_back(station)
    if as_json:
        print_json({"cancelled": True})
    else:
        say(_("Nothing will be taken after the close of the day."))


def _accept_after_close(station: Station, download: Download, yes: bool, as_json: bool) -> None:
    _agree_to_download(
        station, download, _("Take this configuration after the close of the day?"), yes, as_json
    )
    accepted = accept_after_close(station, download)
    if as_json:
        counts = counts_document(download.change.difference)
        print_json({"etag": download.etag, "applied": False, "after_close": True, "counts": counts})
    else:
        back = _("To take nothing then: {command}").format(command=command("config cancel"))
        say(" ".join([accepted_words(accepted), _("Nothing has been changed yet."), back]))


def _agree_to_download(station: Station, download: Download, question: str, yes: bool, as_json: bool) -> None:
    """Show what would change and ask. Where the person says no, this version is news no more."""
    if yes:
        return
    change = download.change
    show(change.difference, change.wanted, MOST_SHOWN, to_stderr=as_json)
    if not agreed(question):
        decline_download(station, download)
        raise FactoryPosError(_("Nothing was changed."))


def _refuse_held(change: Change) -> None:
    """Raise `DayOpen` where today's sales hold the change up, and say how it can be taken all the same."""
    if change.held:
        later = _("To take it after the close: {command}").format(
            command=command("config pull --after-close")
        )
        raise DayOpen(" ".join([held_words(change.held), _("Nothing was changed."), later]))


def _agree_to_restoration(restoration: Restoration, yes: bool, as_json: bool) -> None:
    """Show what would change and ask. Raises `DayOpen` before it asks, and an error where the person says
    no."""
    change = restoration.change
    refuse_held(change.held)
    if not yes:
        all_by = f"config diff --backup {restoration.backup.id}"
        show(change.difference, change.wanted, MOST_SHOWN, all_by=all_by, to_stderr=as_json)
        agree(_("Bring this configuration back?"))


def _agree_to_upload(upload: Upload, yes: bool, as_json: bool) -> None:
    if upload.lost:
        say(lost_words(upload.lost))
    if not yes:
        show(upload.difference, upload.here, MOST_SHOWN, to_stderr=as_json)
        agree(_("Change FactoryCLOUD like this?"))
