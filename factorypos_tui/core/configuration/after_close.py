"""Taking a configuration after the close of the day: accepted now, taken by the process that sends.

The till gets exactly the version that the person saw, if it still holds what it held then. FactoryCLOUD is
not asked again. Where nobody sends at the close, and the next day has sold already, it waits for the next
close: prices never change in the middle of a day."""

import logging

from factorypos_tui.core.account.assignment import Assignment, load_assignment, refuse_another_store
from factorypos_tui.core.answers import StoredConfiguration
from factorypos_tui.core.capabilities import refuse
from factorypos_tui.core.configuration.accepted import (
    Accepted,
    accepted_document,
    drop_accepted,
    keep_accepted,
    load_accepted,
    note_refusal,
)
from factorypos_tui.core.configuration.change import Watch, changed_meanwhile
from factorypos_tui.core.configuration.download import Download, download_of, take_download
from factorypos_tui.core.configuration.state import digest
from factorypos_tui.core.errors import (
    ConfigurationInvalid,
    DayOpen,
    FactoryPosError,
    NothingToDownload,
    Stopped,
    TillAbsent,
    TillError,
)
from factorypos_tui.core.language import _
from factorypos_tui.core.models import TillStatus
from factorypos_tui.core.station import Station

_log = logging.getLogger(__name__)


def accept_after_close(station: Station, download: Download) -> Accepted:
    """Keep what the person looked at until the running day is closed, in place of what was accepted before.

    Raises `TillError` where the till takes no configuration, and `FactoryPosError` where another store was
    assigned since."""
    refuse(station.till.can.why_no_configuration)
    refuse_another_store(station.database, download.store_id)
    accepted = Accepted(
        store_id=download.store_id,
        etag=download.etag,
        seen_digest=digest(download.change.here),
        changes=len(download.change.difference.changes),
        at=station.clock.now(),
        after_z=station.till.status().last_z_number or 0,
    )
    keep_accepted(station.database, accepted, download.document)
    _log.info("configuration accepted", extra={"facts": {"changes": accepted.changes}})
    return accepted


def take_back(station: Station) -> None:
    """Take nothing after the close; raises `FactoryPosError` where nothing was accepted."""
    if not drop_accepted(station.database):
        raise FactoryPosError(_("Nothing waits for the close of the day."))
    _log.info("configuration taken back")


def take_after_close(station: Station) -> bool:
    """Take what was accepted, if the day has been closed since and the next one has not sold yet; whether
    anything was done. For the process that sends. Raises `StorageError`, and `TillError` where the till
    cannot be read: then it is tried again.

    Where the till refuses it, the reason is kept until a person has decided again. A process that is killed
    on the way leaves the till as it was, or with all of it: then only the note of it is repeated."""
    database = station.database
    assignment = load_assignment(database)
    accepted = load_accepted(database, assignment.store.id) if assignment else None
    if assignment is None or accepted is None or accepted.refusal is not None:
        return False
    till = station.till.status()
    try:
        if not _is_time(till, assignment, accepted):
            return False
        _take(station, accepted)
    except TillAbsent:
        raise
    except (Stopped, DayOpen):  # the new day has sold in this moment: it waits for the next close
        return False
    except (ConfigurationInvalid, NothingToDownload, TillError) as error:
        note_refusal(database, accepted, str(error))
        _log.error("configuration not taken", extra={"facts": {"error": str(error)}})
    return True


def _is_time(till: TillStatus, assignment: Assignment, accepted: Accepted) -> bool:
    """Whether the day has been closed, and nothing sold since. Raises `TillError` where another till is here
    now, or an older copy of it."""
    last_z = till.last_z_number or 0
    if till.terminal.id != assignment.terminal.id or last_z < accepted.after_z:
        raise changed_meanwhile()
    return last_z > accepted.after_z and not till.receipts


def _take(station: Station, accepted: Accepted) -> None:
    database, store_id = station.database, accepted.store_id
    stored = StoredConfiguration(accepted.etag, accepted_document(database))
    download = download_of(station, store_id, stored)
    if download.change.difference.changes and digest(download.change.here) != accepted.seen_digest:
        raise changed_meanwhile()
    # It may be taken back, or replaced by another one, until the till commits.
    watch = Watch(stopped=lambda: load_accepted(database, store_id) != accepted)
    take_download(station, download, accepted, watch)
    _log.info("configuration taken", extra={"facts": {"changes": accepted.changes}})
