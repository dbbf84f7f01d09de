"""What FactoryCLOUD and this till hold of a configuration, in numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from factorypos_tui.core.account.assignment import assigned, assigned_store, terminal_token
from factorypos_tui.core.capabilities import Capabilities
from factorypos_tui.core.configuration.accepted import Accepted, load_accepted
from factorypos_tui.core.configuration.change import Backup
from factorypos_tui.core.configuration.configuration import RECORD_SECTIONS, Configuration, Section, in_use
from factorypos_tui.core.configuration.document import decode
from factorypos_tui.core.station import Station

Counts = Mapping[Section, int]
"""Section -> how many records of it are in use; under `PRICES`, how many prices the items have."""


@dataclass(frozen=True, slots=True)
class HeldHere:
    """What is known without asking FactoryCLOUD: what the till holds, what it can bring back, and what it can
    do."""

    counts: Counts
    backups: Sequence[Backup]
    accepted: Accepted | None
    """What waits for the close of the day, or was not taken after it."""
    can: Capabilities


def held_here(station: Station) -> HeldHere:
    """Ask the till what it holds; raises `NotConnected` where no store is assigned."""
    till, store = station.till, assigned_store(station.database)
    return HeldHere(
        counts=_count(in_use(till.configuration())),
        backups=till.configuration_backups(),
        accepted=load_accepted(station.database, store.id),
        can=till.can,
    )


def held_there(station: Station) -> Counts:
    """Ask FactoryCLOUD for its configuration and count its records; nothing is changed.

    Raises `ConfigurationInvalid` where it cannot be read, `NotConnected`, and the cloud's errors."""
    stored = station.cloud().configuration(terminal_token(station, assigned(station.database)))
    return _count(decode(stored.document).configuration if stored else Configuration())


def _count(configuration: Configuration) -> Counts:
    counts = {section: len(getattr(configuration, section.value)) for section in RECORD_SECTIONS}
    return {**counts, Section.PRICES: sum(len(item.prices) for item in configuration.items)}
