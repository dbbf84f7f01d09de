"""What an operator may accept: a download, an upload, or a configuration brought back. Each is looked at
first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from factorypos_tui.core.capabilities import Capabilities
from factorypos_tui.core.configuration.accepted import load_accepted
from factorypos_tui.core.configuration.after_close import accept_after_close
from factorypos_tui.core.configuration.change import Change, Watch, held_words
from factorypos_tui.core.configuration.difference import Difference
from factorypos_tui.core.configuration.download import (
    accept_download,
    accept_restoration,
    decline_download,
    look_at_download,
    look_at_restoration,
)
from factorypos_tui.core.configuration.upload import (
    ConfigurationChanged,
    Upload,
    accept_upload,
    look_at_upload,
)
from factorypos_tui.core.configuration.wording import (
    applied_lines,
    backup_words,
    counts_lines,
    counts_words,
    lost_words,
)
from factorypos_tui.core.language import _
from factorypos_tui.core.language.moments import when_words
from factorypos_tui.core.station import Station
from factorypos_tui.core.status.configuration_answer import accepted_words

Look = Callable[[Station], "Proposal"]
"""Asks till and cloud, changes nothing, and returns a proposal; raises the errors of core's look."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would change, and what accepting it does."""

    effect: str
    same: str
    """Shown where nothing differs."""
    question: str
    doing: str
    difference: Difference
    currency: str
    accept: Callable[[Station, Watch], Sequence[str]]
    """Returns what was done, a sentence each; the first sentence alone is enough."""
    look: Look
    on_till: bool = True
    """Whether it changes this till: then it can be stopped before the commit, and brought back later."""
    accept_label: str = ""
    """What the answer that accepts is called; empty for the usual word."""
    accept_after_close: Callable[[Station], Sequence[str]] | None = None
    """Keeps it until the day is closed, and returns what follows, a sentence each; None where that is not
    offered."""
    decline: Callable[[Station], None] | None = None
    """Notes that the operator left it as it is; None where nobody needs to know."""
    held: str = ""
    """What must wait for the close of the day, in words."""
    way_on: str = ""
    """What can be done where something must wait."""
    why_no_close: str = ""
    """Why the day cannot be closed from here."""
    notice: str = ""
    meanwhile: Difference | None = None
    """What another person changed since the look before."""
    needs_user: bool = False
    """Whether a person must be logged in for it."""

    @property
    def leaves_a_backup(self) -> bool:
        """Whether what it replaces can be brought back."""
        return self.on_till and bool(self.difference.changes)

    @property
    def why_no_answer(self) -> str:
        """Why it can be accepted neither now nor for later; empty where it can."""
        return "" if self.accept_after_close else f"{self.held} {self.way_on}".strip()


def propose_download(station: Station) -> Proposal:
    """The changes of a Data Download to this till."""
    download = look_at_download(station)
    change = download.change
    waiting = load_accepted(station.database, download.store_id)

    def accept(station: Station, watch: Watch) -> Sequence[str]:
        applied = accept_download(station, download, watch)
        if applied is None:
            return [_("The till has FactoryCLOUD's configuration already. Nothing was changed.")]
        return [_("The till has FactoryCLOUD's configuration now."), *applied_lines(change, applied)]

    def accept_later(station: Station) -> Sequence[str]:
        accepted = accept_after_close(station, download)
        return [
            accepted_words(accepted),
            _("Nothing has been changed yet."),
            *counts_lines(change.difference),
        ]

    can_wait = bool(change.difference.changes) and station.till.can.take_configuration
    return Proposal(
        effect=_("Data Download: this is what changes on this till."),
        same=_("This till has FactoryCLOUD's configuration already: there is no difference."),
        question=_("Take FactoryCLOUD's configuration into this till?"),
        doing=_("Writing it into the till. Esc stops it, and nothing is changed then."),
        difference=change.difference,
        currency=change.wanted.company.currency or "",
        accept=accept,
        look=propose_download,
        accept_label=_("Accept now") if can_wait else "",
        accept_after_close=accept_later if can_wait else None,
        decline=lambda station: decline_download(station, download),
        held=_held(change),
        way_on=_way_on(change, station.till.can, can_wait=can_wait),
        why_no_close=station.till.can.why_no_close,
        notice=accepted_words(waiting) if waiting else "",
    )


def propose_restoration(station: Station, backup_id: int | None = None) -> Proposal:
    """The changes to this till if a backup is brought back: the newest one, where no other is named."""
    restoration = look_at_restoration(station, backup_id)
    change = restoration.change
    when = when_words(restoration.backup.taken_at, station.clock.now())
    what = backup_words(restoration.backup, station.clock.now())

    def accept(station: Station, watch: Watch) -> Sequence[str]:
        applied = accept_restoration(station, restoration, watch)
        if applied is None:
            return [_("The till has this configuration already. Nothing was changed.")]
        return [_("The configuration is back."), *applied_lines(change, applied)]

    return Proposal(
        effect=_("Bring back what was here {until}: this changes.").format(until=what),
        same=_("This till has that configuration already: there is no difference."),
        question=_("Bring back the configuration that this till had until {when}?").format(when=when),
        doing=_("Writing it into the till. Esc stops it, and nothing is changed then."),
        difference=change.difference,
        currency=change.wanted.company.currency or "",
        accept=accept,
        look=partial(propose_restoration, backup_id=restoration.backup.id),
        held=_held(change),
        way_on=_way_on(change, station.till.can),
        why_no_close=station.till.can.why_no_close,
    )


def propose_upload(station: Station) -> Proposal:
    """The changes of a Data Upload to FactoryCLOUD."""
    return _upload(look_at_upload(station))


def propose_again(changed: ConfigurationChanged) -> Proposal:
    """The same upload, compared with what another person has uploaded meanwhile."""
    theirs = _("Since you looked, FactoryCLOUD has changed: {counts} Nothing was overwritten.")
    notice = theirs.format(counts=counts_words(changed.meanwhile))
    return replace(_upload(changed.upload, notice), meanwhile=changed.meanwhile)


def _upload(upload: Upload, notice: str = "") -> Proposal:
    def accept(station: Station, _watch: Watch) -> Sequence[str]:
        accept_upload(station, upload)
        if upload.same:
            return [_("FactoryCLOUD has this till's configuration already. Nothing was changed.")]
        done = _("FactoryCLOUD has this till's configuration now.")
        return [done, *counts_lines(upload.difference)]

    return Proposal(
        effect=_("Data Upload: this is what changes in FactoryCLOUD."),
        same=_("FactoryCLOUD has this till's configuration already: there is no difference."),
        question=_("Put this till's configuration into FactoryCLOUD, for every terminal of the store?"),
        doing=_("Sending it to FactoryCLOUD, which takes it whole or not at all. Esc leaves it to itself."),
        difference=upload.difference,
        currency=upload.here.company.currency or "",
        accept=accept,
        look=propose_upload,
        on_till=False,
        notice=" ".join(filter(None, (notice, lost_words(upload.lost) if upload.lost else ""))),
        needs_user=upload.needs_word,
    )


def _held(change: Change) -> str:
    return held_words(change.held) if change.held else ""


def _way_on(change: Change, can: Capabilities, *, can_wait: bool = False) -> str:
    if not change.held:
        return ""
    by_closing = can.why_no_close or _("C closes it from here.")
    return " ".join([by_closing, *([_("Enter accepts it for after the close.")] if can_wait else [])])
