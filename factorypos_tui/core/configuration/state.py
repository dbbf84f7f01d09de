"""Whether this till's configuration and FactoryCLOUD's differ, and whether it may be uploaded."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from factorypos_tui.core.account.assignment import assigned, terminal_token
from factorypos_tui.core.answers import CurrentTerminal
from factorypos_tui.core.capabilities import Capabilities
from factorypos_tui.core.configuration.accepted import Accepted, drop_this
from factorypos_tui.core.configuration.change import Backup
from factorypos_tui.core.configuration.configuration import Configuration, first_empty, in_use
from factorypos_tui.core.configuration.document import encode
from factorypos_tui.core.configuration.exchange import Connection, Way, load_connection, save_connection
from factorypos_tui.core.configuration.news import note_version
from factorypos_tui.core.language import _
from factorypos_tui.core.models import Store, TillStatus
from factorypos_tui.core.station import Station


class NoUpload(StrEnum):
    """Why uploading is not offered."""

    UPLOADED = "uploaded"
    SAME = "same"
    NOTHING = "nothing"
    DOWNLOADED = "downloaded"
    WIZARD = "wizard"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True)
class ConfigurationStatus:
    """How the configurations of this till and of the cloud compare."""

    store: Store
    etag: str | None
    """The cloud's version; None where it has none."""
    connection: Connection | None
    changed_here: bool | None
    """Since the last exchange; None where there was none."""
    changed_there: bool | None
    """Since the last exchange; None where there was none."""
    no_upload: NoUpload | None
    """Why uploading is not offered; None where it is."""
    can: Capabilities
    """Whether downloading is offered, among others."""
    backups: Sequence[Backup]


def configuration_status(station: Station) -> ConfigurationStatus:
    """Ask till and cloud. Raises their errors, and `NotConnected` where no store is assigned."""
    assignment = assigned(station.database)
    at_cloud = station.cloud().current_terminal(terminal_token(station, assignment))
    note_version(station.database, assignment.store.id, at_cloud.configuration_etag, station.clock.now())
    configuration = station.till.configuration()
    connection = load_connection(station.database, assignment.store.id)
    return ConfigurationStatus(
        store=assignment.store,
        etag=at_cloud.configuration_etag,
        connection=connection,
        changed_here=digest(configuration) != connection.digest if connection else None,
        changed_there=at_cloud.configuration_etag != connection.etag if connection else None,
        no_upload=why_no_upload(station.till.status(), configuration, connection, at_cloud),
        can=station.till.can,
        backups=station.till.configuration_backups(),
    )


def why_no_upload(
    till: TillStatus, configuration: Configuration, connection: Connection | None, at_cloud: CurrentTerminal
) -> NoUpload | None:
    """Why uploading is not offered; None where it is. It is offered once, where the till's wizard is finished
    and the till has not exchanged a configuration with this store yet. If the till's licence allows it, it is
    offered whenever the configuration differs from the one exchanged last. It is also offered where the cloud
    has lost what was exchanged."""
    if first_empty(in_use(configuration)):
        return NoUpload.NOTHING
    if connection and at_cloud.configuration_etag is None:
        return None
    if till.upload_licensed:
        return NoUpload.SAME if connection and digest(configuration) == connection.digest else None
    if connection:
        return NoUpload.UPLOADED if connection.uploaded else NoUpload.DOWNLOADED
    if not till.wizard_finished:
        return NoUpload.WIZARD
    return None if at_cloud.upload_allowed else NoUpload.NOT_ALLOWED


def no_upload_words(why: NoUpload, can: Capabilities) -> str:
    """Why uploading is not offered, and what can be done instead; a download is not named where the till
    takes none."""
    sentences = {
        NoUpload.UPLOADED: _(
            "This till's configuration is in FactoryCLOUD already; it is uploaded only once. "
            "Change it in FactoryCLOUD, and download it."
        ),
        NoUpload.SAME: _(
            "This till's configuration is as it was when it was last synchronized. "
            "Uploading is offered again once it is changed here."
        ),
        NoUpload.NOTHING: _("This till has no departments, items or prices yet: there is nothing to upload."),
        NoUpload.DOWNLOADED: _(
            "This till has its configuration from FactoryCLOUD, and its licence does not allow to upload "
            "another. Change it in FactoryCLOUD, and download it."
        ),
        NoUpload.WIZARD: _(
            "The configuration wizard of this till is not finished. Finish it first, or download a "
            "configuration."
        ),
        NoUpload.NOT_ALLOWED: _(
            "FactoryCLOUD has a configuration for this store already, from another terminal. Download it; "
            "only the owner of the store can let this terminal replace it."
        ),
    }
    without_download = {
        NoUpload.UPLOADED: _(
            "This till's configuration is in FactoryCLOUD already; it is uploaded only once."
        ),
        NoUpload.WIZARD: _("The configuration wizard of this till is not finished. Finish it first."),
        NoUpload.NOT_ALLOWED: _(
            "FactoryCLOUD has a configuration for this store already, from another terminal. Only the owner "
            "of the store can let this terminal replace it."
        ),
    }
    return sentences[why] if can.take_configuration else without_download.get(why, sentences[why])


def digest(configuration: Configuration) -> str:
    """A hash that tells whether two configurations are the same."""
    return hashlib.sha256(encode(configuration)).hexdigest()


def keep_connection(
    station: Station, store_id: str, way: Way, etag: str, held: Configuration, outdated: Accepted | None
) -> None:
    """Remember an exchange; `held`: what till and cloud both have now; `outdated`: what was accepted for
    after the close, and is done with by this."""
    database, now = station.database, station.clock.now()
    before = load_connection(database, store_id)
    connection = Connection(
        store_id=store_id,
        way=way,
        at=now,
        etag=etag,
        digest=digest(held),
        uploaded=way is Way.UPLOADED or bool(before and before.uploaded),
    )
    with database.transaction():
        save_connection(database, connection)
        drop_this(database, outdated)
        if way is Way.UPLOADED:  # a version that is taken may be an older one
            note_version(database, store_id, etag, now)
