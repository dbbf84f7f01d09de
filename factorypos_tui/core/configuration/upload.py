"""Data upload: look at what it would change in FactoryCLOUD, then replace exactly the version that was
seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from factorypos_tui.core.account.accounts import user_token
from factorypos_tui.core.account.assignment import (
    Assignment,
    assigned,
    refuse_another_store,
    terminal_token,
)
from factorypos_tui.core.answers import CurrentTerminal, StoredConfiguration
from factorypos_tui.core.configuration.accepted import load_accepted
from factorypos_tui.core.configuration.configuration import Configuration
from factorypos_tui.core.configuration.difference import Difference, compare
from factorypos_tui.core.configuration.document import LARGEST_DOCUMENT, Decoded, decode, encode, fault_words
from factorypos_tui.core.configuration.exchange import Way, load_connection
from factorypos_tui.core.configuration.state import (
    NoUpload,
    keep_connection,
    no_upload_words,
    why_no_upload,
)
from factorypos_tui.core.errors import (
    CloudRefused,
    ConfigurationInvalid,
    FactoryPosError,
    RecordFault,
    UploadNotOffered,
)
from factorypos_tui.core.language import _
from factorypos_tui.core.station import Station

_LOST = ("configuration_changed", "upload_not_allowed")


@dataclass(frozen=True, slots=True)
class Upload:
    """This till's configuration beside FactoryCLOUD's."""

    assignment: Assignment
    here: Configuration
    document: bytes
    theirs: StoredConfiguration | None
    """None where FactoryCLOUD has none yet."""
    difference: Difference
    """What changes in FactoryCLOUD."""
    lost: Sequence[str]
    """FactoryCLOUD's fields that this program does not know; the upload would delete them."""
    needs_word: bool
    """Whether the owner's account must allow it; the till's licence does."""

    @property
    def etag(self) -> str | None:
        """The version that is to be replaced."""
        return self.theirs.etag if self.theirs else None

    @property
    def same(self) -> bool:
        """Whether FactoryCLOUD has exactly this configuration already."""
        return self.theirs is not None and self.theirs.document == self.document


class ConfigurationChanged(CloudRefused):
    """Another person changed the configuration since it was looked at; nothing was overwritten."""

    def __init__(self, refusal: CloudRefused, upload: Upload, meanwhile: Difference) -> None:
        """`upload`: both sides as they are now, to look at and start again from; `meanwhile`: what has
        changed in FactoryCLOUD since the look before."""
        super().__init__(str(refusal), refusal.status, refusal.code)
        self.upload = upload
        self.meanwhile = meanwhile


def look_at_upload(station: Station) -> Upload:
    """What uploading would change; nothing is changed. What was exchanged last may be looked at again while
    FactoryCLOUD has it: then there is no difference.

    Raises `UploadNotOffered`, which says why, `ConfigurationInvalid` where either side cannot be read,
    `NotConnected`, and the cloud's errors."""
    assignment = assigned(station.database)
    at_cloud = station.cloud().current_terminal(terminal_token(station, assignment))
    configuration, till = station.till.configuration(), station.till.status()
    why = why_no_upload(till, configuration, load_connection(station.database, assignment.store.id), at_cloud)
    if why not in (None, NoUpload.SAME):
        raise UploadNotOffered(no_upload_words(why, station.till.can))
    upload = _beside(station, assignment, configuration, at_cloud)
    if why and not upload.same:
        raise UploadNotOffered(no_upload_words(why, station.till.can))
    return upload


def accept_upload(station: Station, upload: Upload) -> str:
    """Replace the version that the person looked at, unless it is the same already; returns the new version.

    Raises `ConfigurationChanged` where FactoryCLOUD has another version now, `NotConnected` where the owner
    must log in first, `FactoryPosError` where another store was assigned since, and the cloud's errors."""
    database, store_id = station.database, upload.assignment.store.id
    refuse_another_store(database, store_id)
    accepted = load_accepted(database, store_id)
    etag = upload.etag if upload.same and upload.etag else _put(station, upload)
    keep_connection(station, store_id, Way.UPLOADED, etag, upload.here, accepted)
    return etag


def _put(station: Station, upload: Upload) -> str:
    token = terminal_token(station, upload.assignment)
    if upload.needs_word:
        station.cloud().allow_upload(user_token(station), upload.assignment.terminal.id)
    try:
        return station.cloud().put_configuration(token, upload.document, upload.etag)
    except CloudRefused as refusal:
        if refusal.code not in _LOST:
            raise
        there = station.cloud().current_terminal(token)
        now = _beside(station, upload.assignment, upload.here, there)
        if now.same and now.etag:
            return now.etag  # the upload succeeded, but its answer was lost
        if now.etag == upload.etag:
            raise
        meanwhile = compare(_read(upload.theirs).configuration, _read(now.theirs).configuration)
        raise ConfigurationChanged(refusal, now, meanwhile) from refusal


def _beside(
    station: Station, assignment: Assignment, configuration: Configuration, at_cloud: CurrentTerminal
) -> Upload:
    document = _document(configuration)
    theirs = station.cloud().configuration(terminal_token(station, assignment))
    read = _read(theirs)
    return Upload(
        assignment=assignment,
        here=configuration,
        document=document,
        theirs=theirs,
        difference=compare(read.configuration, configuration),
        lost=read.unknown,
        needs_word=not at_cloud.upload_allowed and station.till.status().upload_licensed,
    )


def _read(stored: StoredConfiguration | None) -> Decoded:
    return decode(stored.document) if stored else Decoded(Configuration())


def _document(here: Configuration) -> bytes:
    """The document to send, read back as the till that downloads it will read it."""
    document = encode(here)
    if len(document) > LARGEST_DOCUMENT:
        raise FactoryPosError(_("This till's configuration is larger than 8 MiB. Nothing was uploaded."))
    try:
        decode(document)
    except ConfigurationInvalid as invalid:
        raise _not_uploadable(invalid.faults) from invalid
    return document


def _not_uploadable(faults: Sequence[RecordFault]) -> ConfigurationInvalid:
    message = _(
        "This till's configuration cannot be uploaded: {fault}. Nothing was uploaded. Correct it at the till."
    )
    return ConfigurationInvalid(message.format(fault=fault_words(faults)), faults)
