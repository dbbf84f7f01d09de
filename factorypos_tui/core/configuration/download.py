"""Data download: look at what FactoryCLOUD's configuration would change, then take it, or bring a backup
back.

Only a change that a person looked at is taken: the till gets the `Change` that the person accepted. It
refuses that if it has changed in the meantime."""

from dataclasses import dataclass

from factorypos_tui.core.account.assignment import assigned, terminal_token
from factorypos_tui.core.configuration.change import (
    UNWATCHED,
    Applied,
    Backup,
    Change,
    Watch,
    Why,
    held_today,
    refuse_held,
)
from factorypos_tui.core.configuration.configuration import (
    Configuration,
    Section,
    first_empty,
    with_company_of,
)
from factorypos_tui.core.configuration.difference import compare
from factorypos_tui.core.configuration.document import decode
from factorypos_tui.core.configuration.state import Way, keep_connection
from factorypos_tui.core.errors import NothingToDownload, TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.station import Station


@dataclass(frozen=True, slots=True)
class Download:
    """What FactoryCLOUD holds for this till's store, beside what the till has."""

    store_id: str
    etag: str
    change: Change


@dataclass(frozen=True, slots=True)
class Restoration:
    """A configuration that was replaced, beside what the till has."""

    backup: Backup
    change: Change


def look_at_download(station: Station) -> Download:
    """Ask FactoryCLOUD for the configuration; nothing is changed.

    Raises `NothingToDownload`, `ConfigurationInvalid`, `NotConnected`, `TillError` (another currency), and
    what the cloud says."""
    assignment = assigned(station.database)
    stored = station.cloud().configuration(terminal_token(station, assignment))
    if stored is None:
        raise _nothing(Section.DEPARTMENTS)
    wanted = decode(stored.document).configuration
    if empty := first_empty(wanted):
        raise _nothing(empty)
    return Download(assignment.store.id, stored.etag, _change(station, wanted, Why.DOWNLOAD))


def accept_download(station: Station, download: Download, watch: Watch = UNWATCHED) -> Applied | None:
    """Take what the person looked at; None where there was no difference.

    Raises `DayOpen`, `Stopped`, and `TillError` where the till was changed since; then nothing is changed."""
    applied = _apply(station, download.change, watch)
    keep_connection(station, download.store_id, Way.DOWNLOADED, download.etag, download.change.wanted)
    return applied


def look_at_restoration(station: Station, backup_id: int | None = None) -> Restoration:
    """What bringing back a backup would change, the newest one if no id is given. Nothing is changed.

    Raises `TillError` where there is no such backup."""
    backups = station.till.configuration_backups()
    backup = next((b for b in backups if backup_id in (None, b.id)), None)
    if backup is None:
        words = (
            _("There is no backup {id}. Nothing was changed.") if backups else _("There is no backup yet.")
        )
        raise TillError(words.format(id=backup_id))
    return Restoration(backup, _change(station, station.till.configuration_of_backup(backup.id), Why.RESTORE))


def accept_restoration(
    station: Station, restoration: Restoration, watch: Watch = UNWATCHED
) -> Applied | None:
    """Bring it back; as `accept_download`."""
    return _apply(station, restoration.change, watch)


def _change(station: Station, wanted: Configuration, why: Why) -> Change:
    here = station.till.configuration()
    wanted = with_company_of(wanted, here)
    held = held_today(here, wanted, station.till.sold())
    return Change(here, wanted, compare(here, wanted), held, why)


def _apply(station: Station, change: Change, watch: Watch) -> Applied | None:
    if not change.difference.changes:
        return None
    refuse_held(change.held)
    return station.till.apply_configuration(change, watch)


def _nothing(empty: Section) -> NothingToDownload:
    missing = {
        Section.DEPARTMENTS: _("it has no departments for this store yet"),
        Section.ITEMS: _("it has no items for this store yet"),
        Section.PRICES: _("it has no prices for this store yet"),
    }
    return NothingToDownload(
        _("There is no data available for download in FactoryCLOUD: {why}. Nothing was changed.").format(
            why=missing[empty]
        )
    )
