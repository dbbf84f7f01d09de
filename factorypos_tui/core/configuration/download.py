"""Data download: look at what FactoryCLOUD's configuration would change, then take it, or bring a backup
back.

Only a change that a person looked at is taken: the till gets the `Change` that the person accepted. It
refuses that if it has changed in the meantime."""

from dataclasses import dataclass

from factorypos_tui.core.account.assignment import assigned, refuse_another_store, terminal_token
from factorypos_tui.core.answers import StoredConfiguration
from factorypos_tui.core.configuration.accepted import Accepted, drop_accepted, drop_refused, load_accepted
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
from factorypos_tui.core.configuration.exchange import Way
from factorypos_tui.core.configuration.news import (
    compare_again,
    note_comparison,
    note_declined,
    note_version,
)
from factorypos_tui.core.configuration.state import digest, keep_connection
from factorypos_tui.core.errors import ConfigurationInvalid, NothingToDownload, TillAbsent, TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.station import Station


@dataclass(frozen=True, slots=True)
class Download:
    """What FactoryCLOUD holds for this till's store, beside what the till has."""

    store_id: str
    etag: str
    document: bytes
    """As FactoryCLOUD holds it."""
    change: Change


@dataclass(frozen=True, slots=True)
class Restoration:
    """A configuration that was replaced, beside what the till has."""

    backup: Backup
    change: Change


def look_at_download(station: Station) -> Download:
    """Ask FactoryCLOUD for the configuration; the till is not changed. What was found is noted for the home
    screen.

    Raises `NothingToDownload`, `ConfigurationInvalid`, `NotConnected`, `TillError` (another currency), and
    what the cloud says."""
    assignment = assigned(station.database)
    store_id = assignment.store.id
    stored = station.cloud().configuration(terminal_token(station, assignment))
    if stored is None:
        note_version(station.database, store_id, None, station.clock.now())
        raise _nothing(Section.DEPARTMENTS)
    try:
        download = download_of(station, store_id, stored)
    except TillAbsent:
        raise
    except NothingToDownload:
        _note(station, store_id, stored.etag, station.till.configuration(), None)
        raise
    except (ConfigurationInvalid, TillError) as error:
        _note(station, store_id, stored.etag, station.till.configuration(), str(error))
        raise
    change = download.change
    _note(station, store_id, stored.etag, change.here, len(change.difference.changes))
    return download


def download_of(station: Station, store_id: str, stored: StoredConfiguration) -> Download:
    """A configuration of FactoryCLOUD's beside what the till has now; raises as `look_at_download`."""
    wanted = decode(stored.document).configuration
    if empty := first_empty(wanted):
        raise _nothing(empty)
    return Download(store_id, stored.etag, stored.document, _change(station, wanted, Why.DOWNLOAD))


def decline_download(station: Station, download: Download) -> None:
    """Leave the till as it is; the home screen says no more of this version. What was accepted for after the
    close stays so."""
    with station.database.transaction():
        note_declined(station.database, download.store_id, download.etag, station.clock.now())
        drop_refused(station.database)


def accept_download(station: Station, download: Download, watch: Watch = UNWATCHED) -> Applied | None:
    """Take what the person looked at; None where there was no difference. It takes the place of what was
    accepted for after the close.

    Raises `DayOpen`, `Stopped`, `TillError` where the till was changed since, and `FactoryPosError` where
    another store was assigned since; then nothing is changed."""
    refuse_another_store(station.database, download.store_id)
    return take_download(station, download, load_accepted(station.database, download.store_id), watch)


def take_download(
    station: Station, download: Download, accepted: Accepted | None, watch: Watch
) -> Applied | None:
    """Take it; with it, `accepted` is done with."""
    applied = _apply(station, download.change, watch)
    keep_connection(
        station, download.store_id, Way.DOWNLOADED, download.etag, download.change.wanted, accepted
    )
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
    """Bring it back; as `accept_download`. What was accepted for after the close is taken back with it,
    unless there was no difference."""
    applied = _apply(station, restoration.change, watch)
    if applied is None:
        return None
    with station.database.transaction():
        drop_accepted(station.database)
        compare_again(station.database)
    return applied


def _note(station: Station, store_id: str, etag: str, here: Configuration, found: int | str | None) -> None:
    note_comparison(station.database, store_id, etag, station.clock.now(), digest(here), found)


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
