"""What a judgement needs to know beside the status: tokens, damaged files, room on the disk."""

import shutil

from factorypos_tui.core.account.assignment import has_token
from factorypos_tui.core.recovery.recovery import standing_trouble, unseen_files
from factorypos_tui.core.station import Station
from factorypos_tui.core.status.judging import Surroundings


def look_around(station: Station) -> Surroundings:
    """Look at all of that; may ask the keyring. Raises `StorageError`."""
    return Surroundings(
        has_token=has_token(station),
        unseen=unseen_files(station.database),
        free_mib=_free_mib(station),
        standing=standing_trouble(station),
    )


def _free_mib(station: Station) -> int | None:
    try:
        return shutil.disk_usage(station.database.path.parent).free >> 20
    except OSError:
        return None  # then nothing is judged by it
