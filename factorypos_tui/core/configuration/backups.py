"""The configurations that were replaced, told apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from factorypos_tui.core.configuration.change import Backup
from factorypos_tui.core.configuration.configuration import Configuration, in_use, with_company_of
from factorypos_tui.core.configuration.difference import compare
from factorypos_tui.core.station import Station


@dataclass(frozen=True, slots=True)
class BackupBesideNow:
    """A backup, and how it differs from what the till has now."""

    backup: Backup
    items: int
    """How many it holds in use."""
    changes: int
    """How many records bringing it back would change."""


def backups_beside_now(station: Station) -> Sequence[BackupBesideNow]:
    """Compare each backup with the till, the newest first; that takes a moment for a large catalogue."""
    here = station.till.configuration()
    return [_beside(station, backup, here) for backup in station.till.configuration_backups()]


def _beside(station: Station, backup: Backup, here: Configuration) -> BackupBesideNow:
    then = with_company_of(station.till.configuration_of_backup(backup.id), here)
    return BackupBesideNow(backup, len(in_use(then).items), len(compare(here, then).changes))
